/* What was said: the list of conversations, and one whole. */
#include <stdio.h>

#include "kb/store_look.h"
#include "net/admin.h"
#include "text/when.h"

enum { LIMIT = 50, LIMIT_MAX = 200, LINES_MAX = 2000, NAME_BYTES = 32 };

/* ---- the list ---- */

/* "1772333999000.9c0f…", as `next` was given. */
static bool read_before(struct call *c, struct look *what)
{
	struct str text = call_param(c, "before");
	size_t dot = str_find(text, STR("."), 0);
	uint64_t at;

	what->before_unix_ms = INT64_MAX;
	if (!text.n)
		return true;
	if (dot == SIZE_MAX || !str_to_u64(str_sub(text, 0, dot), &at) || at > INT64_MAX) {
		call_wrong(c, "before", "is not a 'next' that was given");
		return false;
	}
	what->before_unix_ms = (int64_t)at;
	what->before_session = str_sub(text, dot + 1, text.n);
	return true;
}

static bool read_word(struct call *c, const char *name, const char *const *words, size_t n)
{
	struct str given = call_param(c, name);
	struct buf all = {0};

	if (!given.n)
		return true;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(given, str_of(words[i])))
			return true;
	}
	for (size_t i = 0; i < n; i++)
		buf_printf(&all, "%s%s", i ? ", " : "must be one of: ", words[i]);
	call_wrong(c, name, all.p);
	buf_done(&all);
	return false;
}

static bool read_look(struct call *c, struct look *what, int64_t *limit)
{
	static const char *const sources[] = {"rule",	 "phrase", "faq",     "slot",
					      "context", "ask",	   "fallback"};
	static const char *const feelings[] = {"up", "down"};
	static const char *const yes[] = {"1", "0"};

	*what = (struct look){
		.words = call_param(c, "q"),
		.intent = call_param(c, "intent"),
		.source = call_param(c, "source"),
		.user = call_param(c, "user"),
		.unanswered = str_eq(call_param(c, "unanswered"), STR("1")),
		.handoff = str_eq(call_param(c, "handoff"), STR("1")),
	};
	what->feedback =
		!call_param(c, "feedback").n ? -1 : str_eq(call_param(c, "feedback"), STR("up"));
	return read_before(c, what) && call_number(c, "limit", 1, LIMIT_MAX, limit) &&
	       read_word(c, "source", sources, 7) && read_word(c, "feedback", feelings, 2) &&
	       read_word(c, "unanswered", yes, 2) && read_word(c, "handoff", yes, 2);
}

static void put_row(struct buf *b, const struct look_row *row)
{
	json_open(b, '{');
	json_kstr(b, "session", row->session);
	json_kstr(b, "user", row->user);
	json_kstr(b, "lang", row->lang);
	json_kint(b, "started", row->started_unix_ms);
	json_kint(b, "seen", row->seen_unix_ms);
	json_kint(b, "messages", row->messages);
	json_kint(b, "unanswered", row->unanswered);
	json_kint(b, "up", row->up);
	json_kint(b, "down", row->down);
	json_kint(b, "handoffs", row->handoffs);
	json_kstr(b, "first", row->first);
	json_kstr(b, "last", row->last);
	json_close(b, '}');
}

void admin_conversations_work(struct call *c, struct store *s)
{
	struct look what;
	struct look_row *rows;
	int64_t limit = LIMIT;
	char next[96];
	struct err err;
	size_t n;
	int rc;

	if (!read_look(c, &what, &limit))
		return;
	what.max = (size_t)limit + 1;
	rc = store_look(s, &c->arena, &what, &rows, &n, &err);
	if (rc != 0) {
		call_failed(c, rc, &err);
		return;
	}
	json_open(&c->out, '{');
	json_key(&c->out, "conversations");
	json_open(&c->out, '[');
	for (size_t i = 0; i < n && i < (size_t)limit; i++)
		put_row(&c->out, &rows[i]);
	json_close(&c->out, ']');
	json_key(&c->out, "next");
	if (n > (size_t)limit) {
		snprintf(next, sizeof next, "%lld.%.*s", (long long)rows[limit - 1].seen_unix_ms,
			 STR_ARG(rows[limit - 1].session));
		json_cstr(&c->out, next);
	} else {
		json_nil(&c->out);
	}
	json_close(&c->out, '}');
}

/* ---- one ---- */

static void put_line(struct buf *b, const struct look_line *line)
{
	static const char *const sides[] = {
		[TALK_USER] = "learner", [TALK_BOT] = "bot", [TALK_AGENT] = "agent"};

	json_open(b, '{');
	json_kint(b, "at", line->at_unix_ms);
	json_kint(b, "seq", line->seq);
	json_kstr(b, "side", str_of(sides[line->side]));
	json_kstr(b, "text", line->text);
	if (line->side == TALK_BOT) {
		json_kstr(b, "intent", line->intent);
		json_kstr(b, "source", line->source);
		json_knum(b, "score", line->score);
		json_key(b, "helpful");
		if (line->helpful < 0)
			json_nil(b);
		else
			json_bool(b, line->helpful > 0);
	}
	json_close(b, '}');
}

static void put_handoffs(struct buf *b, const struct handoff_row *rows, size_t n)
{
	json_key(b, "handoffs");
	json_open(b, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(b, '{');
		json_kint(b, "at", rows[i].at_unix_ms);
		json_kstr(b, "team", rows[i].team);
		json_kstr(b, "note", rows[i].note);
		json_close(b, '}');
	}
	json_close(b, ']');
}

static void put_conversation(struct call *c, const struct session_row *row,
			     const struct look_line *lines, size_t n)
{
	size_t skip = n > LINES_MAX ? n - LINES_MAX : 0;

	json_open(&c->out, '{');
	json_kstr(&c->out, "session", row->session);
	json_kstr(&c->out, "user", row->user);
	json_kstr(&c->out, "lang", row->lang);
	json_kint(&c->out, "seen", row->seen_unix_ms);
	json_kbool(&c->out, "more", skip > 0);
	json_key(&c->out, "turns");
	json_open(&c->out, '[');
	for (size_t i = skip; i < n; i++)
		put_line(&c->out, &lines[i]);
	json_close(&c->out, ']');
}

void admin_conversation_work(struct call *c, struct store *s)
{
	struct str session = call_param(c, "session");
	struct session_row row;
	struct look_line *lines;
	struct handoff_row *handoffs;
	size_t n, n_handoffs;
	struct err err;
	int rc;

	if (session.n != NAME_BYTES) {
		call_wrong(c, "session", "must be a conversation's name of 32 hex digits");
		return;
	}
	rc = store_session_get(s, &c->arena, session, &row, &err);
	if (rc == 0)
		rc = store_look_lines(s, &c->arena, session, LINES_MAX + 1, &lines, &n, &err);
	if (rc == 0)
		rc = store_look_handoffs(s, &c->arena, session, &handoffs, &n_handoffs, &err);
	if (rc != 0) {
		call_failed(c, rc, &err);
		return;
	}
	put_conversation(c, &row, lines, n);
	put_handoffs(&c->out, handoffs, n_handoffs);
	json_close(&c->out, '}');
}
