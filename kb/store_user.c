#include "kb/store_user.h"

#include <sqlite3.h>

#include "kb/event.h"
#include "kb/store_change.h"
#include "kb/store_sql.h"
#include "text/when.h"

/* Sessions of ?1: signed in when last seen, or at any message. */
#define SESSIONS                                                                                   \
	"(SELECT session FROM sessions WHERE user = ?1 UNION SELECT session FROM talk WHERE user " \
	"= ?1)"

/* The names under which what was done in those sessions is kept: the learner's, and what each conversation is
 * called while nobody is signed in (store_guest.h), should something have come after the two were merged. */
#define NAMES(sessions)                                                                            \
	"(SELECT id FROM learners WHERE name = ?1 OR name IN (SELECT 'guest:' || "                 \
	"substr(session, 1, 16) FROM " sessions "))"

/* A time that may be missing. */
#define TIME(column) "ifnull(strftime('%Y-%m-%dT%H:%M:%SZ', " column " / 1000, 'unixepoch'), '')"

/* ---- export ---- */

static void put_when(struct buf *out, const char *name, int64_t unix_ms)
{
	char text[WHEN_TEXT_MAX];

	when_print(unix_ms, text);
	json_key(out, name);
	json_cstr(out, text);
}

static int put_event(void *arg, const struct event *e)
{
	struct buf *out = arg;

	json_open(out, '{');
	put_when(out, "at", e->at_unix_ms);
	json_key(out, "type");
	json_cstr(out, event_type_name(e->type));
	json_kstr(out, "course", e->course);
	json_knum(out, "value", e->value);
	if (e->minutes >= 0)
		json_knum(out, "minutes", e->minutes);
	if (e->progress >= 0)
		json_knum(out, "progress", e->progress);
	if (e->score >= 0)
		json_knum(out, "score", e->score);
	json_close(out, '}');
	return 0;
}

/* A list of the export: the names of its columns are the names in the JSON; `at` and `seen` are
 * times. */
struct list {
	const char *name;
	struct sql sql;
	const char *columns[12];
};

static const struct list lists[] = {
	{"sessions",
	 {"SELECT seen, session, lang, state FROM sessions WHERE session IN " SESSIONS
	  " ORDER BY seen",
	  "export the sessions"},
	 {"seen", "session", "lang", "state"}},
	{"messages",
	 {"SELECT at, session, CASE side WHEN 0 THEN 'user' WHEN 1 THEN 'bot' ELSE 'agent' END, "
	  "text, intent FROM talk WHERE session IN " SESSIONS " ORDER BY at, id",
	  "export the messages"},
	 {"at", "session", "side", "text", "intent"}},
	{"feedback",
	 {"SELECT at, session, seq, helpful FROM feedback WHERE user = ?1 OR session IN " SESSIONS
	  " ORDER BY at",
	  "export the feedback"},
	 {"at", "session", "seq", "helpful"}},
	{"handoffs",
	 {"SELECT at, session, team, note, said FROM handoffs WHERE user = ?1 OR session "
	  "IN " SESSIONS " ORDER BY at",
	  "export the handovers"},
	 {"at", "session", "team", "note", "said"}},
	{"desk",
	 {"SELECT at, session, CASE side WHEN 2 THEN 'agent' WHEN 3 THEN 'note' ELSE 'event' END, "
	  "text FROM desk_lines WHERE side >= 2 AND session IN " SESSIONS
	  " ORDER BY at, session, n",
	  "export the desk's lines"},
	 {"at", "session", "side", "text"}},
	{"recommendations",
	 {"SELECT l.at, printf('%016x', l.id), CASE l.via WHEN 0 THEN 'reply' WHEN 1 THEN 'push' "
	  "ELSE 'http' END, i.name, c.place + 1, " TIME("c.shown") ", " TIME("c.clicked") ", " TIME(
		  "c.dismissed") ", " TIME("c.enrolled") ", " TIME("c.purchased") " FROM lists l "
										  "JOIN "
										  "list_courses c "
										  "ON c.list = "
										  "l.id "
										  "JOIN items i ON "
										  "i.id = c.item "
										  "WHERE "
										  "l.learner "
										  "IN " NAMES(
											  SESSIONS) " OR l.session "
												    "IN " SESSIONS
												    " ORDER BY l.at, l.id, "
												    "c.place",
	  "export the recommendations"},
	 {"at", "list", "via", "course", "place", "shown", "clicked", "dismissed", "enrolled",
	  "purchased"}},
	{"experiments",
	 {"SELECT e.at, a.experiment, a.variant FROM exposures e JOIN arms a ON a.id = e.arm "
	  "WHERE e.learner IN " NAMES(SESSIONS) " OR e.session IN " SESSIONS " ORDER BY e.at",
	  "export the experiments"},
	 {"at", "experiment", "variant"}},
};

static void put_row(struct buf *out, const struct list *list, const struct sql_rows *r)
{
	json_open(out, '{');
	put_when(out, list->columns[0], sql_int(r, 0));
	for (int i = 1; list->columns[i]; i++)
		json_kstr(out, list->columns[i], sql_text(r, i));
	json_close(out, '}');
}

static int put_list(struct store *s, struct str user, const struct list *list, struct buf *out,
		    struct err *err)
{
	struct sql_rows r;
	int rc = sql_open(s, &list->sql, SQL_ARGS(SQL_TEXT(user)), &r, err);

	json_key(out, list->name);
	json_open(out, '[');
	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			put_row(out, list, &r);
	json_close(out, ']');
	sql_close(&r);
	return rc;
}

static int put_events(struct store *s, struct str user, struct buf *out, struct err *err)
{
	static const struct sql names = {"SELECT name FROM learners WHERE id IN " NAMES(SESSIONS),
					 "export the events"};
	struct sql_rows r;
	int rc = sql_open(s, &names, SQL_ARGS(SQL_TEXT(user)), &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			if ((rc = event_each(s, sql_text(&r, 0), put_event, out, err)) < 0)
				break;
	sql_close(&r);
	return rc;
}

int store_user_export(struct store *s, struct str user, struct buf *out, struct err *err)
{
	int rc;

	json_open(out, '{');
	json_kstr(out, "user", user);
	json_key(out, "events");
	json_open(out, '[');
	/* An empty name would mean everybody's. */
	rc = user.n ? put_events(s, user, out, err) : 0;
	json_close(out, ']');
	for (size_t i = 0; i < sizeof lists / sizeof *lists && rc == 0; i++)
		rc = put_list(s, user, &lists[i], out, err);
	json_close(out, '}');
	return rc;
}

/* ---- forget ---- */

static int delete_rows(struct store *s, const struct sql *sql, struct str user, int64_t *n,
		       struct err *err)
{
	int rc = sql_run(s, sql, SQL_ARGS(SQL_TEXT(user)), err);

	if (rc == 0)
		*n = sql_changes(s);
	return rc;
}

/* Lists and exposures: before the learners they point to. */
static int delete_given(struct store *s, struct str user, struct forgotten *out, struct err *err)
{
	static const struct sql courses = {
		"DELETE FROM list_courses WHERE list IN (SELECT id FROM lists WHERE learner "
		"IN " NAMES("temp.gone") " OR session IN temp.gone)",
		"forget the recommendations"};
	static const struct sql given = {
		"DELETE FROM lists WHERE learner IN " NAMES("temp.gone") " OR session IN temp.gone",
		"forget the recommendations"};
	static const struct sql exposures = {"DELETE FROM exposures WHERE learner IN " NAMES(
						     "temp.gone") " OR session IN temp.gone",
					     "forget the experiments"};
	static const struct sql guests = {
		"DELETE FROM learners WHERE name IN (SELECT 'guest:' || substr(session, 1, 16) "
		"FROM temp.gone) AND name <> ?1 AND NOT EXISTS "
		"(SELECT 1 FROM events WHERE learner = learners.id)",
		"forget the learner"};
	int64_t ignored;
	int rc = delete_rows(s, &courses, user, &out->recommendations, err);

	if (rc == 0)
		rc = delete_rows(s, &given, user, &ignored, err);
	if (rc == 0)
		rc = delete_rows(s, &exposures, user, &out->experiments, err);
	return rc == 0 ? delete_rows(s, &guests, user, &ignored, err) : rc;
}

/* What people of the staff had to do with those conversations. */
static int delete_desk(struct store *s, struct err *err)
{
	static const struct sql lines = {"DELETE FROM desk_lines WHERE session IN temp.gone",
					 "forget the desk's lines"};
	static const struct sql moves = {"DELETE FROM desk_moves WHERE session IN temp.gone",
					 "forget the desk's moves"};
	static const struct sql chats = {"DELETE FROM desk_chats WHERE session IN temp.gone",
					 "forget the handovers"};
	int rc = sql_run(s, &lines, SQL_NO_ARGS, err);

	if (rc == 0)
		rc = sql_run(s, &moves, SQL_NO_ARGS, err);
	return rc == 0 ? sql_run(s, &chats, SQL_NO_ARGS, err) : rc;
}

/* Sessions and messages name each other: they go last, and together. */
static int delete_all(struct store *s, struct str user, struct forgotten *out, struct err *err)
{
	static const struct sql mark = {
		"CREATE TEMP TABLE IF NOT EXISTS gone (session TEXT PRIMARY KEY)",
		"forget the learner"};
	static const struct sql clear = {"DELETE FROM temp.gone", "forget the learner"};
	static const struct sql fill = {"INSERT INTO temp.gone SELECT * FROM " SESSIONS,
					"forget the learner"};
	static const struct sql learner = {"DELETE FROM learners WHERE name = ?1",
					   "forget the learner"};
	static const struct sql events = {"DELETE FROM events WHERE learner IN " NAMES("temp.gone"),
					  "forget the events"};
	static const struct sql feedback = {
		"DELETE FROM feedback WHERE user = ?1 OR session IN temp.gone",
		"forget the feedback"};
	static const struct sql handoffs = {
		"DELETE FROM handoffs WHERE user = ?1 OR session IN temp.gone",
		"forget the handovers"};
	static const struct sql talk = {"DELETE FROM talk WHERE user = ?1 OR session IN temp.gone",
					"forget the messages"};
	static const struct sql sessions = {
		"DELETE FROM sessions WHERE user = ?1 OR session IN temp.gone",
		"forget the sessions"};
	int64_t ignored;
	int rc = sql_run(s, &mark, SQL_NO_ARGS, err);

	if (rc == 0)
		rc = sql_run(s, &clear, SQL_NO_ARGS, err);
	if (rc == 0)
		rc = delete_rows(s, &fill, user, &ignored, err);
	if (rc == 0)
		rc = delete_rows(s, &events, user, &out->events, err);
	if (rc == 0)
		rc = delete_given(s, user, out, err);
	if (rc == 0)
		rc = delete_rows(s, &learner, user, &ignored, err);
	if (rc == 0)
		rc = delete_rows(s, &feedback, user, &out->feedback, err);
	if (rc == 0)
		rc = delete_rows(s, &handoffs, user, &out->handoffs, err);
	if (rc == 0)
		rc = delete_desk(s, err);
	if (rc == 0)
		rc = delete_rows(s, &talk, user, &out->messages, err);
	if (rc == 0)
		rc = delete_rows(s, &sessions, user, &out->sessions, err);
	return rc == 0 ? sql_run(s, &clear, SQL_NO_ARGS, err) : rc;
}

int store_user_forget(struct store *s, struct str user, struct forgotten *out, struct err *err)
{
	struct forgotten n = {0};
	int rc;

	if (!user.n)
		return err_set(err, ERR_INVALID, "no learner is named; give an id");
	rc = store_exec(s, "PRAGMA secure_delete = ON", "set up the connection", err);
	if (rc == 0)
		rc = store_begin(s, err);
	if (rc < 0)
		return rc;
	rc = delete_all(s, user, &n, err);
	if (rc == 0)
		rc = store_change_note(s, CHANGE_EVENTS, NULL, err);
	if (rc < 0) {
		store_rollback(s);
		return rc;
	}
	rc = store_commit(s, err);
	if (rc == 0)
		*out = n;
	/* Another reader may hold the log: then it is shortened when that one is gone. */
	if (rc == 0)
		sqlite3_wal_checkpoint_v2(s->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return rc;
}
