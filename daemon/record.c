#include "record.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "log.h"
#include "metrics.h"
#include "record_file.h"
#include "text/mem.h"
#include "text/when.h"

enum { QUEUE_BYTES = 16 << 20 };

/* One event: the conversation's head and the event's lines behind it, in one malloc. */
struct entry {
	struct entry *next;
	uint64_t session;
	int64_t at_unix_ms;
	size_t head_n, lines_n;
	char bytes[];
};

struct record {
	pthread_t thread;
	struct record_file *file;
	struct buf head, lines; /* the loop's, reused */

	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct entry *first, *last;
	size_t queued; /* bytes */
	bool stopping;
};

/* ---- the thread ---- */

static struct entry *take(struct record *r)
{
	struct entry *e;

	pthread_mutex_lock(&r->lock);
	while (!r->first && !r->stopping)
		pthread_cond_wait(&r->changed, &r->lock);
	e = r->first;
	if (e) {
		r->first = e->next;
		if (!r->first)
			r->last = NULL;
		r->queued -= e->head_n + e->lines_n;
	}
	pthread_mutex_unlock(&r->lock);
	return e;
}

static void *run(void *arg)
{
	struct record *r = arg;
	struct entry *e;

	while ((e = take(r))) {
		struct str head = {e->bytes, e->head_n}, lines = {e->bytes + e->head_n, e->lines_n};
		struct err err;

		if (record_file_put(r->file, e->at_unix_ms, e->session, head, lines, &err)) {
			metric_add(METRIC_RECORDS_DROPPED, 1);
			log_error("record", "%s", err.text);
		}
		free(e);
	}
	return NULL;
}

/* ---- start and stop ---- */

static void record_free(struct record *r)
{
	record_file_close(r->file);
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	buf_done(&r->head);
	buf_done(&r->lines);
	free(r);
}

int record_start(const char *folder, size_t file_bytes, struct record **out, struct err *err)
{
	struct record *r = mem_zalloc(sizeof *r);
	int code = record_file_open(folder, (int64_t)time(NULL) * 1000, file_bytes, &r->file, err);

	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	if (!code && pthread_create(&r->thread, NULL, run, r))
		code = err_set(err, ERR_LIMIT, "cannot start the thread that writes recordings");
	if (code)
		record_free(r);
	else
		*out = r;
	return code;
}

void record_stop(struct record *r)
{
	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	r->stopping = true;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);
	record_free(r);
}

/* ---- lines ---- */

static void put_who(struct buf *b, const struct record_who *who)
{
	char at[WHEN_TEXT_MAX];

	when_print(who->at_unix_ms, at);
	json_open(b, '{');
	json_kstr(b, "session", str_sub(who->hash, 0, 16));
	json_kstr(b, "at", str_of(at));
}

static void end_line(struct buf *b)
{
	json_close(b, '}');
	buf_char(b, '\n');
}

/* What a replay must know before the first message. The seed is text: it takes all 64 bits, which
 * numbers of JSON do not. */
static void put_head(struct buf *b, const struct record_who *who)
{
	const struct session *s = who->session;
	char seed[24];

	snprintf(seed, sizeof seed, "%llu", (unsigned long long)s->seed);
	put_who(b, who);
	json_kstr(b, "lang", str_of(s->lang));
	json_key(b, "as");
	json_open(b, '{');
	json_kstr(b, "user", str_of(s->user));
	json_kbool(b, "logged_in", s->logged_in);
	json_kstr(b, "page", str_of(s->page));
	json_close(b, '}');
	json_kstr(b, "seed", str_of(seed));
	if (s->turns > 1)
		json_kbool(b, "continued", true);
	end_line(b);
}

static struct entry *entry_new(const struct record *r, const struct record_who *who)
{
	struct entry *e = mem_alloc(sizeof *e + r->head.n + r->lines.n);

	*e = (struct entry){.session = str_hash(who->hash),
			    .at_unix_ms = who->at_unix_ms,
			    .head_n = r->head.n,
			    .lines_n = r->lines.n};
	memcpy(e->bytes, r->head.p, r->head.n);
	memcpy(e->bytes + r->head.n, r->lines.p, r->lines.n);
	return e;
}

static void queue_lines(struct record *r, const struct record_who *who)
{
	struct entry *e;
	bool fits;

	buf_reset(&r->head);
	put_head(&r->head, who);
	e = entry_new(r, who);
	pthread_mutex_lock(&r->lock);
	fits = r->queued + e->head_n + e->lines_n <= QUEUE_BYTES;
	if (fits) {
		if (r->last)
			r->last->next = e;
		else
			r->first = e;
		r->last = e;
		r->queued += e->head_n + e->lines_n;
		pthread_cond_signal(&r->changed);
	}
	pthread_mutex_unlock(&r->lock);
	if (!fits) {
		metric_add(METRIC_RECORDS_DROPPED, 1);
		free(e);
	}
}

static void put_slots(struct buf *b, const struct slots *slots)
{
	json_key(b, "slots");
	json_open(b, '{');
	for (size_t i = 0; i < slots->n; i++) {
		if (slots->v[i].private)
			continue;
		json_key_str(b, slots->v[i].name);
		json_str(b, slots->v[i].value);
	}
	json_close(b, '}');
}

static bool done_before(const struct reply *reply, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (str_eq(reply->done[k].verb, reply->done[i].verb))
			return true;
	}
	return false;
}

/* A verb comes once: the object's names must differ. */
static void put_done(struct buf *b, const struct reply *reply)
{
	json_key(b, "does");
	json_open(b, '{');
	for (size_t i = 0; i < reply->n_done; i++) {
		if (done_before(reply, i))
			continue;
		json_key_str(b, reply->done[i].verb);
		json_str(b, reply->done[i].arg);
	}
	json_close(b, '}');
}

static void put_lists(struct buf *b, const struct reply *reply)
{
	json_key(b, "buttons");
	json_open(b, '[');
	for (size_t i = 0; i < reply->n_buttons; i++)
		json_str(b, reply->buttons[i].title);
	json_close(b, ']');
	json_key(b, "courses");
	json_open(b, '[');
	for (size_t i = 0; i < reply->n_cards; i++)
		json_str(b, reply->cards[i].id);
	json_close(b, ']');
}

/* The members of `bot` are a transcript's expectations; what was measured stands beside it. */
static void put_bot(struct buf *b, const struct record_who *who, const struct reply *reply,
		    struct str replied, double us)
{
	put_who(b, who);
	json_key(b, "bot");
	json_open(b, '{');
	json_key(b, "intent");
	if (reply->intent.n)
		json_str(b, reply->intent);
	else
		json_nil(b);
	json_kstr(b, "says", replied);
	json_kstr(b, "source", str_of(reply_source_name(reply->source)));
	json_kstr(b, "lang", reply->lang);
	put_slots(b, &reply->slots);
	put_lists(b, reply);
	put_done(b, reply);
	json_kstr(b, "context", str_of(who->session->context));
	json_close(b, '}');
	json_knum(b, "score", reply->score);
	json_kint(b, "us", (int64_t)us);
	end_line(b);
}

static void put_said(struct buf *b, const struct record_who *who, const char *key, struct str said,
		     bool masked)
{
	put_who(b, who);
	json_kstr(b, key, said);
	if (masked)
		json_kbool(b, "masked", true);
	end_line(b);
}

static void put_turn(struct buf *b, const struct record_who *who, const struct turn *t,
		     struct str said)
{
	put_who(b, who);
	json_kstr(b, t->kind == TURN_CLICK ? "click" : "user", said);
	if (!str_eq(said, t->text))
		json_kbool(b, "masked", true);
	if (t->people != PEOPLE_UNKNOWN)
		json_kstr(b, "people", str_of(turn_people_name(t->people)));
	end_line(b);
}

/* ---- the door ---- */

void record_turn(struct record *r, const struct record_who *who, const struct turn *t,
		 struct str said, struct str replied, double us)
{
	if (!r || t->kind == TURN_WELCOME)
		return;
	buf_reset(&r->lines);
	put_turn(&r->lines, who, t, said);
	put_bot(&r->lines, who, &t->reply, replied, us);
	queue_lines(r, who);
}

void record_agent(struct record *r, const struct record_who *who, struct str said)
{
	if (!r)
		return;
	buf_reset(&r->lines);
	put_said(&r->lines, who, "agent", said, false);
	queue_lines(r, who);
}

void record_agent_state(struct record *r, const struct record_who *who, const char *state)
{
	if (!r)
		return;
	buf_reset(&r->lines);
	put_who(&r->lines, who);
	json_key(&r->lines, "agent");
	json_open(&r->lines, '{');
	json_kstr(&r->lines, "state", str_of(state));
	json_close(&r->lines, '}');
	end_line(&r->lines);
	queue_lines(r, who);
}

void record_silent(struct record *r, const struct record_who *who, struct str said)
{
	if (!r)
		return;
	buf_reset(&r->lines);
	put_said(&r->lines, who, "user", said, false);
	put_said(&r->lines, who, "bot", STR("silent"), false);
	queue_lines(r, who);
}

void record_event(struct record *r, const struct record_who *who, const char *name,
		  struct str course)
{
	if (!r)
		return;
	buf_reset(&r->lines);
	put_who(&r->lines, who);
	json_key(&r->lines, "event");
	json_open(&r->lines, '{');
	json_kstr(&r->lines, name, course);
	json_close(&r->lines, '}');
	end_line(&r->lines);
	queue_lines(r, who);
}
