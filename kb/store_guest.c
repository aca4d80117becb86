#include "kb/store_guest.h"

#include <stdio.h>

#include "kb/store_sql.h"

void guest_name(struct str session, char out[GUEST_NAME])
{
	struct str hash = str_sub(session, 0, GUEST_HASH);

	snprintf(out, GUEST_NAME, GUEST_PREFIX "%.*s", STR_ARG(hash));
}

bool guest_is_name(struct str user)
{
	return str_starts(user, STR(GUEST_PREFIX));
}

/* ?1 the session, ?2 the learner, ?3 the guest. */
#define LEARNER "(SELECT id FROM learners WHERE name = ?2)"
#define GUEST	"(SELECT id FROM learners WHERE name = ?3)"

/* One with the same experiment as exposure `e`, by another name. */
#define MET_BY(whom, when)                                                                         \
	"EXISTS (SELECT 1 FROM exposures x JOIN arms b ON b.id = x.arm WHERE x.learner = " whom    \
	" AND b.experiment = (SELECT experiment FROM arms WHERE id = exposures.arm) AND x.at "     \
	"" when " exposures.at)"

#define DOING "give the learner what the guest did"

static const struct sql session_steps[] = {
	{"INSERT INTO learners (name) VALUES (?2) ON CONFLICT DO NOTHING", DOING},
	/* Two indexes, one each side, have the rows of a session. */
	{"UPDATE talk SET user = ?2 WHERE session = ?1 AND side <> 0 AND user = ''", DOING},
	{"UPDATE talk SET user = ?2 WHERE session = ?1 AND side = 0 AND user = ''", DOING},
	{"UPDATE feedback SET user = ?2 WHERE session = ?1 AND user = ''", DOING},
	{"UPDATE handoffs SET user = ?2 WHERE session = ?1 AND user = ''", DOING},
	{"UPDATE desk_chats SET user = ?2, logged_in = 1 WHERE session = ?1 AND logged_in = 0",
	 DOING},
};

static const struct sql guest_steps[] = {
	{"UPDATE lists SET learner = " LEARNER " WHERE learner = " GUEST, DOING},
	{"DELETE FROM exposures WHERE learner = " GUEST " AND " MET_BY(LEARNER, "<="), DOING},
	{"DELETE FROM exposures WHERE learner = " LEARNER " AND " MET_BY(GUEST, "<"), DOING},
	{"UPDATE exposures SET learner = " LEARNER " WHERE learner = " GUEST, DOING},
};

enum { ARGS = 3 };

static int run_all(struct store *s, const struct sql *steps, size_t n, const struct sql_arg *args,
		   size_t n_args, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = sql_run(s, &steps[i], args, n_args, err);
	return rc;
}

static int move_events(struct store *s, const struct sql_arg args[ARGS], int64_t *n,
		       struct err *err)
{
	static const struct sql move = {
		"UPDATE OR IGNORE events SET learner = " LEARNER " WHERE learner = " GUEST, DOING};
	/* What the learner has as well. */
	static const struct sql rest = {"DELETE FROM events WHERE learner = " GUEST, DOING};
	static const struct sql gone = {"DELETE FROM learners WHERE name = ?3", DOING};
	int rc = sql_run(s, &move, args, ARGS, err);

	if (rc == 0) {
		*n = sql_changes(s);
		rc = sql_run(s, &rest, args, ARGS, err);
	}
	if (rc == 0) {
		*n += sql_changes(s);
		rc = sql_run(s, &gone, args, ARGS, err);
	}
	return rc;
}

static int merge(struct store *s, const struct session_row *session, int64_t *events,
		 struct err *err)
{
	char guest[GUEST_NAME];
	struct sql_arg args[ARGS] = {SQL_TEXT(session->session), SQL_TEXT(session->user)};
	int rc = run_all(s, session_steps, sizeof session_steps / sizeof *session_steps, args,
			 ARGS - 1, err);

	guest_name(session->session, guest);
	args[ARGS - 1] = SQL_TEXT(str_of(guest));
	if (rc == 0)
		rc = run_all(s, guest_steps, sizeof guest_steps / sizeof *guest_steps, args, ARGS,
			     err);
	return rc == 0 ? move_events(s, args, events, err) : rc;
}

/* *yes: the database knows the session as another learner's. */
static int is_anothers(struct store *s, const struct session_row *session, bool *yes,
		       struct err *err)
{
	static const struct sql get = {
		"SELECT 1 FROM sessions WHERE session = ?1 AND user NOT IN ('', ?2)", DOING};
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_ARGS(SQL_TEXT(session->session), SQL_TEXT(session->user)),
			  &r, err);

	if (rc == 0)
		rc = sql_next(&r, err);
	*yes = rc == 1;
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

int store_guest_merge(struct store *s, const struct session_row *session, int64_t *events,
		      struct err *err)
{
	struct sql_scope scope;
	bool anothers = false;
	int rc;

	*events = 0;
	if (!session->user.n || guest_is_name(session->user))
		return 0;
	rc = sql_scope_begin(s, &scope, err);
	if (rc < 0)
		return rc;
	rc = is_anothers(s, session, &anothers, err);
	if (rc == 0 && !anothers)
		rc = store_session_put(s, session, err);
	if (rc == 0 && !anothers)
		rc = merge(s, session, events, err);
	return sql_scope_end(&scope, rc, err);
}
