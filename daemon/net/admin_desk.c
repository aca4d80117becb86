/* Beside the desk's WebSocket: the learner in numbers, what could be answered, ready answers. */
#include "bot/turn.h"
#include "kb/event.h"
#include "kb/store_canned.h"
#include "kb/store_desk.h"
#include "kb/store_look.h"
#include "net/admin.h"

enum { SESSION_BYTES = 32, COURSES_MAX = 100, EARLIER_MAX = 10, LINES_MAX = 200, SUGGESTIONS = 6 };

/* The conversation asked about; false: the problem is set. */
static bool session_of(struct call *c, struct store *s, struct session_row *row)
{
	struct str session = call_param(c, "session");
	struct err err;
	int rc;

	if (session.n != SESSION_BYTES) {
		call_wrong(c, "session", "must be a conversation's name of 32 hex digits");
		return false;
	}
	rc = store_session_get(s, &c->arena, session, row, &err);
	if (rc != 0)
		call_failed(c, rc, &err);
	return rc == 0;
}

/* ---- the learner ---- */

/* What a learner has to do with one course. */
struct studied {
	struct str course;
	unsigned types; /* bit 1 << enum event_type */
	double progress, score;
	int64_t at_unix_ms;
};

struct shelf {
	struct call *call;
	struct studied v[COURSES_MAX];
	size_t n;
};

static struct studied *place_of(struct shelf *shelf, struct str course)
{
	for (size_t i = 0; i < shelf->n; i++) {
		if (str_eq(shelf->v[i].course, course))
			return &shelf->v[i];
	}
	if (shelf->n == COURSES_MAX)
		return NULL;
	shelf->v[shelf->n] = (struct studied){
		.course = arena_str(&shelf->call->arena, course), .progress = -1, .score = -1};
	return &shelf->v[shelf->n++];
}

static int put_on_shelf(void *arg, const struct event *e)
{
	struct studied *st = place_of(arg, e->course);

	if (!st)
		return 0;
	st->types |= 1u << e->type;
	st->at_unix_ms = e->at_unix_ms;
	if (e->progress >= 0)
		st->progress = e->progress;
	if (e->score >= 0)
		st->score = e->score;
	return 0;
}

static void put_studied(struct call *c, const struct studied *st)
{
	const struct catalogue *all = c->snapshot->courses;
	int32_t at = all ? catalogue_find(all, st->course) : -1;
	bool done = st->types & 1u << EVENT_COMPLETE;

	json_open(&c->out, '{');
	json_kstr(&c->out, "id", st->course);
	json_kstr(&c->out, "title", at >= 0 ? all->courses[at].title : st->course);
	json_kbool(&c->out, "owned", st->types & (1u << EVENT_PURCHASE | 1u << EVENT_ENROLL));
	json_kbool(&c->out, "completed", done);
	json_key(&c->out, "progress");
	if (done || st->progress >= 0)
		json_num(&c->out, done ? 1 : st->progress);
	else
		json_nil(&c->out);
	json_key(&c->out, "score");
	if (st->score >= 0)
		json_num(&c->out, st->score);
	else
		json_nil(&c->out);
	json_kint(&c->out, "at", st->at_unix_ms);
	json_close(&c->out, '}');
}

static int put_courses(struct call *c, struct store *s, struct str user, struct err *err)
{
	struct shelf shelf = {.call = c};
	int rc = user.n ? event_each(s, user, put_on_shelf, &shelf, err) : 0;

	json_key(&c->out, "courses");
	json_open(&c->out, '[');
	for (size_t i = shelf.n; i-- > 0;)
		put_studied(c, &shelf.v[i]);
	json_close(&c->out, ']');
	return rc;
}

static int put_intents(struct call *c, struct store *s, struct str session, struct err *err)
{
	struct look_line *lines;
	size_t n = 0;
	int rc = store_look_lines(s, &c->arena, session, LINES_MAX, &lines, &n, err);

	json_key(&c->out, "intents");
	json_open(&c->out, '[');
	for (size_t i = n, put = 0; rc == 0 && i-- > 0 && put < 5;) {
		if (lines[i].side != TALK_BOT || !lines[i].intent.n)
			continue;
		json_str(&c->out, lines[i].intent);
		put++;
	}
	json_close(&c->out, ']');
	return rc;
}

static int put_earlier(struct call *c, struct store *s, const struct session_row *row,
		       struct err *err)
{
	struct look what = {.before_unix_ms = INT64_MAX,
			    .user = row->user,
			    .feedback = -1,
			    .max = EARLIER_MAX + 1};
	struct look_row *rows;
	size_t n = 0;
	int rc = row->user.n ? store_look(s, &c->arena, &what, &rows, &n, err) : 0;

	json_key(&c->out, "earlier");
	json_open(&c->out, '[');
	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (str_eq(rows[i].session, row->session))
			continue;
		json_open(&c->out, '{');
		json_kstr(&c->out, "session", rows[i].session);
		json_kint(&c->out, "started", rows[i].started_unix_ms);
		json_kint(&c->out, "seen", rows[i].seen_unix_ms);
		json_kint(&c->out, "messages", rows[i].messages);
		json_kint(&c->out, "handoffs", rows[i].handoffs);
		json_kstr(&c->out, "first", rows[i].first);
		json_close(&c->out, '}');
	}
	json_close(&c->out, ']');
	return rc;
}

void admin_learner_work(struct call *c, struct store *s)
{
	struct session_row row;
	struct str name;
	struct err err;
	int rc;

	if (!session_of(c, s, &row))
		return;
	/* What a guest did is kept under the conversation's name. */
	name = row.user.n ? row.user
			  : arena_printf(&c->arena, "guest:%.16s", call_param(c, "session").p);
	json_open(&c->out, '{');
	json_kstr(&c->out, "session", row.session);
	json_kstr(&c->out, "user", row.user);
	json_kstr(&c->out, "lang", row.lang);
	json_kint(&c->out, "seen", row.seen_unix_ms);
	if ((rc = put_courses(c, s, name, &err)) == 0 &&
	    (rc = put_intents(c, s, row.session, &err)) == 0)
		rc = put_earlier(c, s, &row, &err);
	json_close(&c->out, '}');
	if (rc != 0)
		call_failed(c, rc, &err);
}

/* ---- what could be answered ---- */

struct asking {
	struct turn turn;
	struct session session;
};

/* A turn for the learner's language and page, of which nothing is kept. */
static void ask_bot(struct call *c, struct asking *a, const struct session_row *row,
		    enum turn_kind kind, struct str text)
{
	turn_init(&a->turn);
	session_init(&a->session, 0);
	session_set(&a->session.lang, row->lang);
	session_set(&a->session.reply_lang, row->lang);
	session_set(&a->session.user, row->user);
	a->session.logged_in = row->user.n > 0;
	a->turn.snapshot = c->snapshot;
	a->turn.session = &a->session;
	a->turn.suggest = true;
	a->turn.kind = kind;
	a->turn.text = text;
	a->turn.now_unix_ms = c->now_unix_ms;
	bot_turn(&a->turn);
}

static void ask_done(struct asking *a)
{
	turn_done(&a->turn);
	session_done(&a->session);
}

static void put_suggestion(struct call *c, const struct session_row *row,
			   const struct considered *o)
{
	bool faq = str_starts(o->intent, STR("faq:"));
	struct asking a;

	ask_bot(c, &a, row, TURN_CLICK,
		faq ? o->intent : arena_printf(&c->arena, "intent:%.*s", STR_ARG(o->intent)));
	/* An intent kept from this learner is no answer for them. */
	if (a.turn.reply.text.n && str_eq(a.turn.reply.intent, o->intent)) {
		json_open(&c->out, '{');
		json_kstr(&c->out, "kind", faq ? STR("faq") : STR("rule"));
		json_kstr(&c->out, "id", faq ? str_sub(o->intent, 4, o->intent.n) : o->intent);
		json_kstr(&c->out, "title", turn_option_title(&a.turn, o->intent));
		json_kstr(&c->out, "text", a.turn.reply.text);
		json_kstr(&c->out, "lang", a.turn.reply.lang);
		json_knum(&c->out, "score", o->score);
		json_close(&c->out, '}');
	}
	ask_done(&a);
}

/* The learner's last words, as written while a person has the conversation. */
static int last_words(struct call *c, struct store *s, struct str session, struct str *out,
		      struct err *err)
{
	struct desk_known one;
	int rc = store_desk_said(s, &c->arena, session, &one.last, err);

	*out = rc == 0 ? one.last.raw.n ? one.last.raw : one.last.text : STR_NONE;
	return rc;
}

void admin_suggest_work(struct call *c, struct store *s)
{
	struct str q = call_param(c, "q");
	struct session_row row;
	struct asking a;
	struct err err;
	int rc = 0;

	if (!session_of(c, s, &row))
		return;
	if (!q.n && (rc = last_words(c, s, row.session, &q, &err)) != 0) {
		call_failed(c, rc, &err);
		return;
	}
	ask_bot(c, &a, &row, TURN_MESSAGE, q);
	json_open(&c->out, '{');
	json_kstr(&c->out, "q", q);
	json_key(&c->out, "suggestions");
	json_open(&c->out, '[');
	for (size_t i = 0; q.n && i < a.turn.reply.n_considered && i < SUGGESTIONS; i++)
		put_suggestion(c, &row, &a.turn.reply.considered[i]);
	json_close(&c->out, ']');
	json_close(&c->out, '}');
	ask_done(&a);
}

/* ---- ready answers ---- */

void admin_canned_work(struct call *c, struct store *s)
{
	struct canned *rows;
	struct err err;
	size_t n;
	int rc = store_canned_list(s, &c->arena, c->name, &rows, &n, &err);

	if (rc != 0) {
		call_failed(c, rc, &err);
		return;
	}
	json_open(&c->out, '{');
	json_key(&c->out, "canned");
	json_open(&c->out, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(&c->out, '{');
		json_kint(&c->out, "id", rows[i].id);
		json_kstr(&c->out, "title", rows[i].title);
		json_kstr(&c->out, "text", rows[i].text);
		json_kstr(&c->out, "lang", rows[i].lang);
		json_kbool(&c->out, "shared", rows[i].shared);
		json_kbool(&c->out, "mine", str_eq(rows[i].owner, c->name));
		json_close(&c->out, '}');
	}
	json_close(&c->out, ']');
	json_close(&c->out, '}');
}

static bool canned_read(struct call *c, struct canned *one, bool *drop)
{
	*one = (struct canned){.owner = c->name};
	*drop = false;
	if (json_member(c->json, "id") && (!json_get_int(c->json, "id", &one->id) || one->id < 1)) {
		call_wrong(c, "id", "must be the number of a ready answer");
		return false;
	}
	if (json_member(c->json, "delete") && !json_get_bool(c->json, "delete", drop)) {
		call_wrong(c, "delete", "must be true or false");
		return false;
	}
	if (*drop && one->id)
		return true;
	if (json_member(c->json, "shared") && !json_get_bool(c->json, "shared", &one->shared)) {
		call_wrong(c, "shared", "must be true or false");
		return false;
	}
	return call_text(c, "title", true, CANNED_TITLE_MAX, &one->title) &&
	       call_text(c, "text", true, CANNED_TEXT_MAX, &one->text) &&
	       call_text(c, "lang", false, 35, &one->lang);
}

void admin_canned_put_work(struct call *c, struct store *s)
{
	struct canned one;
	int64_t id = 0;
	struct err err;
	bool drop;
	int rc;

	if (!canned_read(c, &one, &drop))
		return;
	rc = drop ? store_canned_drop(s, c->name, one.id, &err)
		  : store_canned_put(s, &one, c->now_unix_ms, &id, &err);
	if (rc == ERR_LIMIT) {
		call_problem(c, 409, "too-many", "%s", err.text);
	} else if (rc != 0) {
		call_failed(c, rc, &err);
	} else {
		json_open(&c->out, '{');
		json_kint(&c->out, "id", drop ? one.id : id);
		json_close(&c->out, '}');
	}
}
