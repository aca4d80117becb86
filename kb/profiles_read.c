#include <stdlib.h>

#include "kb/profiles_part.h"
#include "kb/store_sql.h"
#include "text/mem.h"

/* Every event in one walk over the clustered table, learner by learner. Names are looked at once each:
 * events carry numbers of the database, which arrays translate. */

enum { TYPES = EVENT_UNDISMISS + 1, TOLD_EVERY = 1 << 20, TAKINGS = 4096 };

struct reading {
	struct profiles *p;
	uint32_t *course_of; /* by id of item: number + 1; 0: none */
	int64_t n_ids;
	struct sql_rows names; /* of learners, in step with the events */
	int64_t name_id;       /* of the row that `names` is on; INT64_MAX: no more */
	int64_t learner;       /* id of the one being read */
	uint32_t number;
	bool known; /* has a name */

	struct seen *list; /* of that learner, in order of first event */
	uint32_t n, cap;
	uint32_t *place; /* by course: in `list`, + 1 */

	struct taking *takings; /* that the takers were not told of yet */
	size_t n_takings;
};

/* ---- courses ---- */

static int read_courses(struct reading *r, struct store *s, struct err *err)
{
	static const struct sql get = {"SELECT id, name FROM items ORDER BY id",
				       "read the names of the courses"};
	struct sql_rows rows;
	int rc = sql_open(s, &get, SQL_NO_ARGS, &rows, err);

	if (rc == 0)
		while ((rc = sql_next(&rows, err)) == 1) {
			int64_t id = sql_int(&rows, 0);

			if (id < 0 || id > INT32_MAX)
				continue;
			if (id >= r->n_ids) {
				int64_t n = id + id / 2 + 64;

				r->course_of =
					mem_resize(r->course_of, (size_t)n, sizeof(uint32_t));
				memset(r->course_of + r->n_ids, 0,
				       (size_t)(n - r->n_ids) * sizeof(uint32_t));
				r->n_ids = n;
			}
			r->course_of[id] = intern_put(&r->p->courses, sql_text(&rows, 1)) + 1;
		}
	sql_close(&rows);
	r->place = mem_zalloc((r->p->courses.n + 1) * sizeof *r->place);
	return rc;
}

/* ---- learners ---- */

static int next_name(struct reading *r, struct err *err)
{
	int rc = sql_next(&r->names, err);

	r->name_id = rc == 1 ? sql_int(&r->names, 0) : INT64_MAX;
	return rc < 0 ? rc : 0;
}

static void sort_list(struct reading *r)
{
	for (uint32_t i = 1; i < r->n; i++) {
		struct seen x = r->list[i];
		uint32_t at = i;

		for (; at > 0 && profiles_is_before(r->p, &x, &r->list[at - 1]); at--)
			r->list[at] = r->list[at - 1];
		r->list[at] = x;
	}
}

/* A long list that is in no order would take the square of its length. */
static void move_late(struct reading *r, uint32_t at)
{
	struct seen x = r->list[at];

	memmove(&r->list[at], &r->list[at + 1], (r->n - at - 1) * sizeof x);
	for (uint32_t i = at; i < r->n - 1; i++)
		r->place[r->list[i].course] = i + 1;
	r->list[r->n - 1] = x;
	r->place[x.course] = r->n;
}

static void end_learner(struct reading *r)
{
	if (!r->n)
		return;
	sort_list(r);
	seen_list_fill(&r->p->learners[r->number], r->list, r->n);
	profiles_count(r->p, r->number);
	for (uint32_t i = 0; i < r->n; i++)
		r->place[r->list[i].course] = 0;
	r->n = 0;
}

static int begin_learner(struct reading *r, int64_t id, struct err *err)
{
	int rc = 0;

	end_learner(r);
	while (rc == 0 && r->name_id < id)
		rc = next_name(r, err);
	r->learner = id;
	r->known = r->name_id == id;
	if (rc == 0 && r->known)
		r->number = profiles_put_user(r->p, sql_text(&r->names, 1));
	return rc;
}

/* ---- events ---- */

static struct seen *find_seen(struct reading *r, uint32_t course)
{
	uint32_t at = r->place[course];

	if (at) {
		if (at < r->n)
			move_late(r, at - 1);
		return &r->list[r->n - 1];
	}
	if (r->n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 64;
		r->list = mem_resize(r->list, r->cap, sizeof *r->list);
	}
	r->list[r->n] = (struct seen){.course = course, .progress = -1, .at_unix_ms = INT64_MIN};
	r->place[course] = r->n + 1;
	return &r->list[r->n++];
}

static void tell_takers(struct reading *r)
{
	takers_add_all(&r->p->takers, r->takings, r->n_takings);
	r->n_takings = 0;
}

static void see_event(struct reading *r, uint32_t course, const struct sql_rows *row)
{
	struct seen *seen = find_seen(r, course);
	int64_t at = sql_int(row, 5);

	if (!seen->types) {
		if (r->n_takings == TAKINGS)
			tell_takers(r);
		r->takings[r->n_takings++] = (struct taking){course, r->number, at};
	}
	profiles_see(seen, (enum event_type)sql_int(row, 2), sql_real(row, 3), sql_given(row, 4),
		     at);
}

static int read_event(struct reading *r, const struct sql_rows *row, struct err *err)
{
	int64_t learner = sql_int(row, 0), item = sql_int(row, 1), type = sql_int(row, 2);
	int rc = learner != r->learner ? begin_learner(r, learner, err) : 0;

	/* A type of a later version, or a row without names: not ours to judge. */
	if (rc == 0 && r->known && type >= 0 && type < TYPES && item >= 0 && item < r->n_ids &&
	    r->course_of[item])
		see_event(r, r->course_of[item] - 1, row);
	return rc;
}

static int read_events(struct reading *r, struct store *s, const struct profiles_watch *w,
		       struct err *err)
{
	static const struct sql get = {
		"SELECT learner, item, type, value, progress, at FROM events "
		"ORDER BY learner, at, item, type",
		"read the events"};
	struct sql_rows rows;
	uint64_t n = 0;
	int rc = sql_open(s, &get, SQL_NO_ARGS, &rows, err);

	if (rc == 0)
		while ((rc = sql_next(&rows, err)) == 1) {
			rc = read_event(r, &rows, err);
			if (rc < 0)
				break;
			if (++n % TOLD_EVERY == 0 && w)
				w->told(w->ctx, n);
		}
	end_learner(r);
	tell_takers(r);
	sql_close(&rows);
	return rc;
}

int profiles_read(struct profiles *p, struct store *s, const struct profiles_watch *w,
		  struct err *err)
{
	static const struct sql names = {"SELECT id, name FROM learners ORDER BY id",
					 "read the names of the learners"};
	struct reading r = {
		.p = p, .learner = INT64_MIN, .takings = mem_alloc(TAKINGS * sizeof *r.takings)};
	int rc;

	profiles_clear(p);
	rc = read_courses(&r, s, err);
	if (rc == 0) {
		rc = sql_open(s, &names, SQL_NO_ARGS, &r.names, err);
		if (rc == 0)
			rc = next_name(&r, err);
		if (rc == 0)
			rc = read_events(&r, s, w, err);
		sql_close(&r.names);
	}
	free(r.course_of);
	free(r.place);
	free(r.list);
	free(r.takings);
	return rc;
}
