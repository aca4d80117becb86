/* What a browser of the staff may send: a body's members (whatever JSON they are in), a cookie, the memory
 * of a conversation that was tried out, a path, a row of latencies. The first byte chooses which. */
#include "fuzz/fuzz.h"

#include "bot/session.h"
#include "kb/store_tally.h"
#include "net/admin.h"
#include "net/rules_path.h"
#include "text/utf8.h"

static const struct admin_row row = {.name = "x", .params = {"n", "text"}};

/* Either a text within its bounds, or a problem that says what is wrong. */
static void body(struct str bytes)
{
	struct call *c = call_new();
	struct str text;
	int64_t n = 7;
	struct err err;

	c->row = &row;
	c->params[0] = bytes;
	if (call_number(c, "n", 5, 100, &n))
		HOLDS(n >= 5 && n <= 100);
	else
		HOLDS(c->status == 400 && c->detail[0] && c->members.n);
	c->status = 0;
	if (json_read(bytes, &c->json, &err) == 0) {
		if (call_text(c, "text", true, 10, &text))
			HOLDS(text.n >= 1 && text.n <= 10 && utf8_valid(text) == text.n);
		else
			HOLDS(c->status == 400);
		call_chinese(c);
	}
	call_free(c);
}

static void cookie(struct str bytes)
{
	char token[CALL_TOKEN + 1];

	memset(token, 'x', sizeof token);
	call_cookie(bytes, token);
	HOLDS(strlen(token) == 0 || strlen(token) == CALL_TOKEN);
	HOLDS(strspn(token, "0123456789abcdef") == strlen(token));
	HOLDS(!token[0] || str_find(bytes, str_of(token), 0) != SIZE_MAX);
}

/* What was taken is saved and taken again. */
static void state(struct str bytes)
{
	struct session s, again;
	struct buf saved = {0};
	struct err err;

	session_init(&s, 0);
	if (session_load(&s, bytes, &err) == 0) {
		session_save(&s, &saved);
		session_init(&again, 0);
		HOLDS(session_load(&again, buf_view(&saved), &err) == 0);
		HOLDS(again.n_slots == s.n_slots && s.n_slots <= SESSION_SLOTS_MAX);
		session_done(&again);
	} else {
		HOLDS(err.text[0]);
	}
	session_done(&s);
	buf_done(&saved);
}

static void path(struct str bytes)
{
	static const struct str files[] = {STR_INIT("/srv/intents.yaml"),
					   STR_INIT("/srv/faq/a.yaml")};
	static const struct ruleset rs = {.files = {files, 2}};
	struct str found = rules_long(&rs, bytes);

	HOLDS(!found.n || str_eq(found, files[0]) || str_eq(found, files[1]));
	HOLDS(!found.n || str_eq(rules_short(&rs, found), bytes));
}

static void latencies(struct str bytes)
{
	uint64_t counts[TURN_BUCKETS] = {0};

	turn_buckets_add(bytes, counts);
	turn_percentile(counts, 0.5);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parts[])(struct str) = {body, cookie, state, path, latencies};
	struct str rest = {(const char *)data + 1, size - 1};

	if (!size)
		return 0;
	parts[data[0] % 5](rest);
	return 0;
}
