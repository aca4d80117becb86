#include "kb/event.h"

#include <math.h>

#include "kb/store_list.h"
#include "kb/store_sql.h"
#include "text/utf8.h"

enum { ID_MAX = 256 };

static const int64_t latest_unix_ms = 253402300799999; /* the last of the year 9999 */

static const struct kind {
	const char *name;
	bool learning;
} kinds[] = {
	[EVENT_VIEW] = {"view", true},	       [EVENT_ENROLL] = {"enroll", true},
	[EVENT_PURCHASE] = {"purchase", true}, [EVENT_RATE] = {"rate", true},
	[EVENT_COMPLETE] = {"complete", true}, [EVENT_STUDY] = {"study", true},
	[EVENT_DISMISS] = {"dismiss", false},  [EVENT_UNDISMISS] = {"undismiss", false},
};

const char event_type_names[] =
	"view, enroll, purchase, rate, complete, study, dismiss or undismiss";

enum { TYPES = sizeof kinds / sizeof *kinds };

bool event_type_read(struct str name, enum event_type *out)
{
	for (size_t i = 0; i < TYPES; i++)
		if (str_eq(name, str_of(kinds[i].name))) {
			*out = (enum event_type)i;
			return true;
		}
	return false;
}

const char *event_type_name(enum event_type t)
{
	return (unsigned)t < TYPES ? kinds[t].name : "?";
}

bool event_is_learning(enum event_type t)
{
	return (unsigned)t < TYPES && kinds[t].learning;
}

static int check_id(const char *field, struct str id, struct err *err)
{
	if (!id.n)
		return err_say(err, ERR_INVALID, "%s is empty; give the id of the %s",
			       "%s 是空的；请填写 %s 的 id", field, field);
	if (id.n > ID_MAX)
		return err_say(err, ERR_LIMIT, "%s is %zu bytes long; at most %d are allowed",
			       "%s 有 %zu 字节；最多允许 %d 字节", field, id.n, ID_MAX);
	if (utf8_valid(id) != id.n)
		return err_say(err, ERR_INVALID, "%s is not UTF-8; save the file as UTF-8",
			       "%s 不是 UTF-8；请把文件保存为 UTF-8", field);
	return 0;
}

/* A number that may be left out (negative). NaN compares false with everything. */
static int check_number(const char *field, double v, double max, struct err *err)
{
	if (v < 0 || (v >= 0 && v <= max))
		return 0;
	return err_say(err, ERR_INVALID, "%s must be a number from 0 to %g",
		       "%s 必须是 0 到 %g 的数字", field, max);
}

static int check_study(const struct event *e, struct err *err)
{
	int rc = check_number("minutes", e->minutes, 1e6, err);

	if (rc == 0)
		rc = check_number("progress", e->progress, 1, err);
	if (rc == 0)
		rc = check_number("score", e->score, 100, err);
	if (rc == 0 && e->minutes < 0 && e->progress < 0 && e->score < 0)
		rc = err_say(err, ERR_INVALID,
			     "a study event says nothing; give minutes, progress or score",
			     "study 事件什么都没说；请填写 minutes、progress 或 score");
	return rc;
}

int event_check(const struct event *e, struct err *err)
{
	int rc = check_id("user", e->user, err);

	if (rc == 0)
		rc = check_id("course", e->course, err);
	if (rc < 0)
		return rc;
	if ((unsigned)e->type >= TYPES)
		return err_say(err, ERR_INVALID, "type must be %s", "type 必须是 %s",
			       event_type_names);
	if (e->at_unix_ms < 0 || e->at_unix_ms > latest_unix_ms)
		return err_say(err, ERR_INVALID,
			       "at is out of range; give the time in milliseconds since 1970",
			       "at 超出范围；请写 1970 年以来的毫秒数");
	if (e->type == EVENT_RATE && !(e->value >= 1 && e->value <= 5))
		return err_say(err, ERR_INVALID, "value of a rating must be from 1 to 5",
			       "评分的 value 必须是 1 到 5");
	if (!isfinite(e->value))
		return err_say(err, ERR_INVALID, "value must be a finite number",
			       "value 必须是有限的数字");
	return e->type == EVENT_STUDY ? check_study(e, err) : 0;
}

static int put_names(struct store *s, const struct event *e, struct err *err)
{
	static const struct sql learner = {
		"INSERT INTO learners (name) VALUES (?1) ON CONFLICT DO NOTHING",
		"save the learner"};
	static const struct sql item = {
		"INSERT INTO items (name) VALUES (?1) ON CONFLICT DO NOTHING", "save the event"};
	int rc = sql_run(s, &learner, SQL_ARGS(SQL_TEXT(e->user)), err);

	return rc < 0 ? rc : sql_run(s, &item, SQL_ARGS(SQL_TEXT(e->course)), err);
}

/* Puts nothing (see sql_changes) when one of the names has no number yet. */
static int put_event(struct store *s, const struct event *e, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO events (learner, at, item, type, value, minutes, progress, score) "
		"SELECT l.id, ?2, i.id, ?4, ?5, ?6, ?7, ?8 FROM learners l, items i "
		"WHERE l.name = ?1 AND i.name = ?3 "
		"ON CONFLICT DO UPDATE SET value = ?5, minutes = ?6, progress = ?7, score = ?8",
		"save the event"};
	bool study = e->type == EVENT_STUDY;

	return sql_run(
		s, &put,
		SQL_ARGS(SQL_TEXT(e->user), SQL_INT(e->at_unix_ms), SQL_TEXT(e->course),
			 SQL_INT(e->type), SQL_REAL(e->value), SQL_GIVEN(study ? e->minutes : -1),
			 SQL_GIVEN(study ? e->progress : -1), SQL_GIVEN(study ? e->score : -1)),
		err);
}

static int mark_list(struct store *s, const struct event *e, struct err *err)
{
	static const struct {
		enum event_type type;
		enum list_mark mark;
		bool named; /* only when it names the list: most pages are reached in other ways */
	} rows[] = {{EVENT_VIEW, LIST_CLICKED, true},
		    {EVENT_ENROLL, LIST_ENROLLED, false},
		    {EVENT_PURCHASE, LIST_PURCHASED, false},
		    {EVENT_DISMISS, LIST_DISMISSED, false},
		    {EVENT_UNDISMISS, LIST_RECALLED, false}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct list_mark_row row = {e->list, e->user, e->course, rows[i].mark,
					    e->at_unix_ms};

		if (rows[i].type == e->type && (e->list || !rows[i].named))
			return store_list_mark(s, &row, err);
	}
	return 0;
}

int event_put(struct store *s, const struct event *e, struct err *err)
{
	struct sql_scope scope;
	int rc = sql_scope_begin(s, &scope, err);

	if (rc < 0)
		return rc;
	rc = put_event(s, e, err);
	if (rc == 0 && sql_changes(s) == 0) {
		rc = put_names(s, e, err);
		if (rc == 0)
			rc = put_event(s, e, err);
	}
	if (rc == 0)
		rc = mark_list(s, e, err);
	return sql_scope_end(&scope, rc, err);
}

/* A walk over events: courses have their names in memory, the learner's is looked up when it
 * changes. */
struct walk {
	struct store *store;
	struct arena arena;
	struct item {
		int64_t id;
		struct str name;
	} * items; /* by id */
	size_t n_items, cap_items;
	struct buf user;
	int64_t learner; /* whose name `user` is */
};

static int read_items(struct walk *w, struct err *err)
{
	static const struct sql get = {"SELECT id, name FROM items ORDER BY id",
				       "read the names of the courses"};
	struct sql_rows r;
	int rc = sql_open(w->store, &get, SQL_NO_ARGS, &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(&w->arena, w->items, w->n_items, w->cap_items,
				   ((struct item){sql_int(&r, 0),
						  arena_str(&w->arena, sql_text(&r, 1))}));
	sql_close(&r);
	return rc;
}

static struct str item_name(const struct walk *w, int64_t id)
{
	size_t low = 0, high = w->n_items;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (w->items[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < w->n_items && w->items[low].id == id ? w->items[low].name : STR_NONE;
}

static int read_learner(struct walk *w, int64_t learner, struct err *err)
{
	static const struct sql get = {"SELECT name FROM learners WHERE id = ?1",
				       "read the name of a learner"};
	struct sql_rows r;
	int rc;

	if (learner == w->learner)
		return 0;
	rc = sql_open(w->store, &get, SQL_ARGS(SQL_INT(learner)), &r, err);
	if (rc == 0)
		rc = sql_next(&r, err);
	buf_reset(&w->user);
	if (rc == 1)
		buf_str(&w->user, sql_text(&r, 0));
	w->learner = learner;
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

/* False: a type of a later version, or a row without names: not ours to judge. */
static bool read_event(const struct walk *w, const struct sql_rows *r, struct event *e)
{
	*e = (struct event){
		.user = buf_view(&w->user),
		.course = item_name(w, sql_int(r, 1)),
		.type = (enum event_type)sql_int(r, 2),
		.value = sql_real(r, 3),
		.minutes = sql_given(r, 4),
		.progress = sql_given(r, 5),
		.score = sql_given(r, 6),
		.at_unix_ms = sql_int(r, 7),
	};
	return (unsigned)e->type < TYPES && e->user.n && e->course.n;
}

static int walk_events(struct walk *w, struct sql_rows *r,
		       int (*each)(void *arg, const struct event *e), void *arg, struct err *err)
{
	int rc;

	while ((rc = sql_next(r, err)) == 1) {
		struct event e;

		rc = read_learner(w, sql_int(r, 0), err);
		if (rc == 0 && read_event(w, r, &e))
			rc = each(arg, &e);
		if (rc < 0)
			break;
	}
	return rc;
}

#define EVENTS "SELECT learner, item, type, value, minutes, progress, score, at FROM events "

int event_each(struct store *s, struct str user, int (*each)(void *arg, const struct event *e),
	       void *arg, struct err *err)
{
	static const struct sql all = {EVENTS "ORDER BY learner, at, item, type",
				       "read the events"};
	static const struct sql one = {EVENTS
				       "WHERE learner = (SELECT id FROM learners WHERE name = ?1) "
				       "ORDER BY at, item, type",
				       "read the events of the learner"};
	struct walk w = {.store = s, .learner = -1};
	struct sql_rows r = {0};
	int rc;

	arena_init(&w.arena);
	rc = read_items(&w, err);
	if (rc == 0)
		rc = user.n ? sql_open(s, &one, SQL_ARGS(SQL_TEXT(user)), &r, err)
			    : sql_open(s, &all, SQL_NO_ARGS, &r, err);
	if (rc == 0)
		rc = walk_events(&w, &r, each, arg, err);
	sql_close(&r);
	buf_done(&w.user);
	arena_done(&w.arena);
	return rc;
}
