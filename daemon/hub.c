#include "hub.h"

#include <assert.h>
#include <stdlib.h>

#include "secret.h"
#include "text/mem.h"

#define uthash_malloc(size)  mem_alloc(size)
#define uthash_free(p, size) free(p)
#include <uthash.h>

enum { TOKEN_DIGITS = 32, OUTBOX_FIRST = 8 };

struct frame {
	int64_t seq;
	uint64_t to_hash; /* 0: answers nothing */
	char *bytes;	  /* to, then json */
	size_t to_n, json_n;
	bool held, dropped;
};

/* A chat and what only the hub knows of it. `chat` comes first: one is the other's address. */
struct entry {
	struct chat chat;
	struct entry *prev, *next; /* by last activity */
	struct frame *ring;	   /* cap frames, the oldest at `head` */
	size_t head, n, cap;
	UT_hash_handle hh; /* by chat.hash: how long a look-up takes tells nothing of a token */
};

struct hub {
	struct hub_limits limits;
	struct entry *by_hash;
	struct entry lru; /* sentinel: next = longest unseen */
	size_t size;
};

static struct entry *entry_of(const struct chat *c)
{
	return (struct entry *)(uintptr_t)c;
}

struct hub *hub_new(const struct hub_limits *limits)
{
	struct hub *h = mem_zalloc(sizeof *h);

	h->limits = *limits;
	h->lru.prev = h->lru.next = &h->lru;
	return h;
}

/* ---- order of last activity ---- */

static void lru_drop(struct entry *e)
{
	e->prev->next = e->next;
	e->next->prev = e->prev;
}

static void lru_last(struct hub *h, struct entry *e)
{
	e->prev = h->lru.prev;
	e->next = &h->lru;
	e->prev->next = e->next->prev = e;
}

void hub_touch(struct hub *h, struct chat *c, int64_t now_unix_ms)
{
	c->seen_unix_ms = now_unix_ms;
	lru_drop(entry_of(c));
	lru_last(h, entry_of(c));
}

/* The longest unseen one without a connection. Those with one that lie before it go to the end, so
 * that the walk is short the next time. */
static struct entry *lru_idle(struct hub *h)
{
	for (size_t left = h->size; left; left--) {
		struct entry *e = h->lru.next;

		if (!e->chat.conn)
			return e;
		lru_drop(e);
		lru_last(h, e);
	}
	return NULL;
}

/* ---- coming and going ---- */

bool hub_token_valid(struct str token)
{
	if (token.n != TOKEN_DIGITS)
		return false;
	for (size_t i = 0; i < token.n; i++) {
		char c = token.p[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return true;
}

void hub_token_hash(struct str token, char out[33])
{
	unsigned char hash[32];

	secret_hash(token, hash);
	secret_hex(hash, 16, out);
}

/* From the half of the hash that is not stored: the same after a restart, unknown to who reads the
 * database. */
static uint64_t token_seed(struct str token)
{
	unsigned char hash[32];
	uint64_t seed;

	secret_hash(token, hash);
	memcpy(&seed, hash + 16, sizeof seed);
	return seed;
}

static void entry_free(struct hub *h, struct entry *e)
{
	HASH_DEL(h->by_hash, e);
	lru_drop(e);
	h->size--;
	for (size_t i = 0; i < e->n; i++)
		free(e->ring[(e->head + i) % e->cap].bytes);
	free(e->ring);
	session_done(&e->chat.session);
	buf_done(&e->chat.said);
	recent_done(&e->chat.recent);
	free(e);
}

static struct chat *entry_new(struct hub *h, struct str token, int64_t now_unix_ms)
{
	struct entry *e = mem_zalloc(sizeof *e);

	memcpy(e->chat.token, token.p, TOKEN_DIGITS);
	hub_token_hash(token, e->chat.hash);
	session_init(&e->chat.session, token_seed(token));
	e->chat.seen_unix_ms = e->chat.rate_unix_ms = now_unix_ms;
	e->chat.rate_tokens = h->limits.rate;
	HASH_ADD_STR(h->by_hash, chat.hash, e);
	lru_last(h, e);
	h->size++;
	return &e->chat;
}

static int make_room(struct hub *h, struct err *err)
{
	struct entry *idle;

	if (h->size < h->limits.sessions)
		return 0;
	idle = lru_idle(h);
	if (!idle)
		return err_set(err, ERR_LIMIT,
			       "all %zu sessions are in use; raise the setting 'sessions'",
			       h->limits.sessions);
	entry_free(h, idle);
	return 0;
}

int hub_open(struct hub *h, int64_t now_unix_ms, struct chat **out, struct err *err)
{
	char token[TOKEN_DIGITS + 1];
	int code = make_room(h, err);

	if (code)
		return code;
	secret_token(token);
	*out = entry_new(h, str_of(token), now_unix_ms);
	return 0;
}

int hub_adopt(struct hub *h, struct str token, int64_t now_unix_ms, struct chat **out,
	      struct err *err)
{
	int code;

	if (!hub_token_valid(token) || hub_find(h, token))
		return err_set(err, ERR_INVALID, "not a session to take up: malformed or open");
	code = make_room(h, err);
	if (code)
		return code;
	*out = entry_new(h, token, now_unix_ms);
	return 0;
}

struct chat *hub_find(struct hub *h, struct str token)
{
	char hash[33];
	struct entry *e;

	if (!hub_token_valid(token))
		return NULL;
	hub_token_hash(token, hash);
	HASH_FIND_STR(h->by_hash, hash, e);
	if (!e || !secret_equal(str_of(e->chat.token), token))
		return NULL;
	return &e->chat;
}

struct chat *hub_named(struct hub *h, struct str hash)
{
	struct entry *e;

	HASH_FIND(hh, h->by_hash, hash.p, hash.n, e);
	return e ? &e->chat : NULL;
}

void hub_end(struct hub *h, struct chat *c)
{
	entry_free(h, entry_of(c));
}

size_t hub_size(const struct hub *h)
{
	return h->size;
}

void hub_sweep(struct hub *h, int64_t now_unix_ms)
{
	for (size_t left = h->size; left; left--) {
		struct entry *e = h->lru.next;

		if (now_unix_ms - e->chat.seen_unix_ms < h->limits.session_ms)
			break;
		if (e->chat.conn) {
			lru_drop(e);
			lru_last(h, e);
		} else {
			entry_free(h, e);
		}
	}
}

void hub_free(struct hub *h)
{
	if (!h)
		return;
	while (h->size)
		entry_free(h, h->lru.next);
	free(h);
}

bool hub_rate(struct hub *h, struct chat *c, int64_t now_unix_ms)
{
	double per_ms = (double)h->limits.rate / (h->limits.rate_seconds * 1000.0);
	int64_t passed = now_unix_ms - c->rate_unix_ms;

	if (passed > 0) /* the system's clock may be set back */
		c->rate_tokens += (double)passed * per_ms;
	if (c->rate_tokens > h->limits.rate)
		c->rate_tokens = h->limits.rate;
	c->rate_unix_ms = now_unix_ms;
	if (c->rate_tokens < 1)
		return false;
	c->rate_tokens -= 1;
	return true;
}

/* ---- the outbox ---- */

static struct frame *frame_at(const struct entry *e, size_t i)
{
	return &e->ring[(e->head + i) % e->cap];
}

/* The ring starts small (most chats are short) and doubles up to the limit; then the oldest gives
 * way. */
static struct frame *frame_slot(struct hub *h, struct entry *e)
{
	size_t limit = h->limits.outbox_frames ? h->limits.outbox_frames : 1;

	if (e->n == e->cap && e->cap < limit) {
		size_t cap = e->cap ? e->cap * 2 : OUTBOX_FIRST;
		struct frame *wider;

		cap = cap < limit ? cap : limit;
		wider = mem_resize(NULL, cap, sizeof *wider);
		for (size_t i = 0; i < e->n; i++)
			wider[i] = *frame_at(e, i);
		free(e->ring);
		e->ring = wider;
		e->cap = cap;
		e->head = 0;
	}
	if (e->n == e->cap) {
		free(e->ring[e->head].bytes);
		e->head = (e->head + 1) % e->cap;
		e->n--;
	}
	return frame_at(e, e->n++);
}

/* Never 0, which stands for "answers nothing". */
static uint64_t id_hash(struct str id)
{
	return str_hash(id) | 1;
}

static struct frame *put_frame(struct hub *h, struct chat *c, int64_t seq, struct str to,
			       struct str json)
{
	struct entry *e = entry_of(c);
	struct frame *f;

	assert(!e->n || frame_at(e, e->n - 1)->seq < seq);
	f = frame_slot(h, e);
	*f = (struct frame){.seq = seq, .to_n = to.n, .json_n = json.n};
	f->to_hash = to.n ? id_hash(to) : 0;
	f->bytes = mem_alloc(to.n + json.n);
	if (to.n)
		memcpy(f->bytes, to.p, to.n);
	if (json.n)
		memcpy(f->bytes + to.n, json.p, json.n);
	c->seq = seq;
	return f;
}

void hub_sent(struct hub *h, struct chat *c, int64_t seq, struct str to, struct str json)
{
	put_frame(h, c, seq, to, json);
}

void hub_hold(struct hub *h, struct chat *c, int64_t seq, struct str to, struct str json)
{
	put_frame(h, c, seq, to, json)->held = true;
}

/* Held frames are among the newest. */
static struct frame *frame_find(const struct chat *c, int64_t seq)
{
	const struct entry *e = entry_of(c);

	for (size_t i = e->n; i-- > 0 && frame_at(e, i)->seq >= seq;) {
		if (frame_at(e, i)->seq == seq)
			return frame_at(e, i);
	}
	return NULL;
}

bool hub_release(struct chat *c, int64_t seq)
{
	struct frame *f = frame_find(c, seq);

	if (f)
		f->held = false;
	return f != NULL;
}

void hub_late(struct hub *h, struct chat *c, int64_t seq, struct str to, struct str json)
{
	const struct entry *e = entry_of(c);
	int64_t newest = e->n ? frame_at(e, e->n - 1)->seq : 0, known = c->seq;

	if (newest >= seq)
		return;
	put_frame(h, c, seq, to, json);
	if (c->seq < known)
		c->seq = known;
}

void hub_drop(struct chat *c, int64_t seq)
{
	struct frame *f = frame_find(c, seq);

	if (!f)
		return;
	f->held = false;
	f->dropped = true;
	f->to_hash = 0;
}

static struct str frame_json(const struct frame *f)
{
	return (struct str){f->bytes + f->to_n, f->json_n};
}

static const struct frame *frame_answering(const struct chat *c, struct str client_id)
{
	const struct entry *e = entry_of(c);
	uint64_t hash = id_hash(client_id);

	for (size_t i = client_id.n ? e->n : 0; i-- > 0;) {
		const struct frame *f = frame_at(e, i);

		if (f->to_hash == hash && str_eq((struct str){f->bytes, f->to_n}, client_id))
			return f;
	}
	return NULL;
}

struct str hub_answer(const struct chat *c, struct str client_id)
{
	const struct frame *f = frame_answering(c, client_id);

	return f && !f->held ? frame_json(f) : STR_NONE;
}

bool hub_holds(const struct chat *c, struct str client_id)
{
	const struct frame *f = frame_answering(c, client_id);

	return f && f->held;
}

int64_t hub_oldest(const struct chat *c)
{
	const struct entry *e = entry_of(c);

	return e->n ? frame_at(e, 0)->seq : c->seq + 1;
}

bool hub_since(const struct chat *c, int64_t since,
	       void (*each)(void *ctx, int64_t seq, struct str json), void *ctx)
{
	const struct entry *e = entry_of(c);

	if (since < 0)
		since = 0;
	if (since < c->seq && hub_oldest(c) > since + 1)
		return false;
	for (size_t i = 0; i < e->n; i++) {
		const struct frame *f = frame_at(e, i);

		if (f->held)
			break;
		if (f->seq > since && !f->dropped)
			each(ctx, f->seq, frame_json(f));
	}
	return true;
}
