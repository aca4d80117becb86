#include "kb/store_ab.h"

#include "kb/event.h"
#include "kb/store_sql.h"

static const int64_t day_ms = 86400000;

static const char *const outcome_names[AB_OUTCOMES] = {"click", "enroll", "purchase", "helpful",
						       "answered"};

bool ab_outcome_read(struct str word, enum ab_outcome *out)
{
	for (int i = 0; i < AB_OUTCOMES; i++)
		if (str_eq(word, str_of(outcome_names[i]))) {
			*out = (enum ab_outcome)i;
			return true;
		}
	return false;
}

const char *ab_outcome_name(enum ab_outcome o)
{
	return outcome_names[o];
}

/* ---- the counting, in SQL ---- */

/* Each learner's first meeting: of one aggregate min(), SQLite takes the other columns from its row. */
#define MET                                                                                        \
	"WITH met AS (SELECT e.learner AS learner, min(e.at) AS at, e.session AS session, "        \
	"a.variant AS variant, a.plan AS plan, count(DISTINCT a.variant) AS variants FROM arms a " \
	"JOIN exposures e ON e.arm = a.id WHERE a.experiment = ?1 GROUP BY e.learner) "

#define IN_TIME(column) column " >= met.at AND " column " <= met.at + ?4"

#define LISTED(column)                                                                             \
	"EXISTS (SELECT 1 FROM lists l JOIN list_courses c ON c.list = l.id WHERE l.learner = "    \
	"met.learner AND " IN_TIME("c." column) ")"

#define DID(type)                                                                                  \
	"EXISTS (SELECT 1 FROM events v WHERE v.learner = met.learner AND v.type = " type          \
	" AND " IN_TIME("v.at") ")"

/* In conversations signed in, or the one of the first meeting. The + keeps SQLite from walking over everybody's rows
 * of those days; side <> 0 is the condition of the index by session. */
#define NAME "(SELECT name FROM learners WHERE id = met.learner)"
#define REPLIES(whose, what)                                                                       \
	"SELECT 1 FROM talk t WHERE " whose                                                        \
	" AND t.side <> 0 AND t.side = 1 AND t.seq > 1 AND " what " AND " IN_TIME("+t.at")
#define SAID(what)                                                                                 \
	"EXISTS (" REPLIES("t.session = met.session", what) " UNION ALL " REPLIES(                 \
		"t.user <> '' AND t.user = " NAME, what) ")"
#define RATINGS(whose)                                                                             \
	"SELECT 1 FROM feedback f WHERE " whose " AND f.helpful <> 0 AND " IN_TIME("+f.at")
#define HELPED                                                                                     \
	"EXISTS (" RATINGS("f.session = met.session") " UNION ALL " RATINGS(                       \
		"f.user <> '' AND f.user = " NAME) ")"

#define COUNT(converted)                                                                           \
	{                                                                                          \
		MET "SELECT plan, variant, count(*), ifnull(sum(" converted                        \
		    "), 0) FROM met WHERE "                                                        \
		    "variants = 1 AND at >= ?2 AND at < ?3 GROUP BY plan, variant",                \
			"count the learners of an experiment"                                      \
	}

_Static_assert(EVENT_ENROLL == 1 && EVENT_PURCHASE == 2, "DID names them by number");

static const struct sql counts[AB_OUTCOMES] = {
	[AB_CLICK] = COUNT(LISTED("clicked")),
	[AB_ENROLL] = COUNT(DID("1") " OR " LISTED("enrolled")),
	[AB_PURCHASE] = COUNT(DID("2") " OR " LISTED("purchased")),
	[AB_HELPFUL] = COUNT(HELPED),
	[AB_ANSWERED] = COUNT(SAID("1") " AND NOT " SAID("t.source = 'fallback'")),
};
static const struct sql listed_enroll = COUNT(LISTED("enrolled"));
static const struct sql listed_purchase = COUNT(LISTED("purchased"));

static const struct sql *count_of(enum ab_outcome o, bool listed)
{
	if (listed && o == AB_ENROLL)
		return &listed_enroll;
	return listed && o == AB_PURCHASE ? &listed_purchase : &counts[o];
}

/* ---- variants ---- */

enum { VARIANTS_MOST = 64 };

struct reader {
	struct store *s;
	struct arena *a;
	const struct store_ab_query *q;
	struct store_ab *out;
	struct store_ab_lists *lists;
};

static struct ab_variant *variant_named(struct reader *r, struct str name, double share)
{
	struct ab_result *result = &r->out->result;

	for (size_t i = 0; i < result->n; i++)
		if (str_eq(result->variants[i].name, name))
			return &result->variants[i];
	if (result->n == VARIANTS_MOST)
		return NULL;
	result->variants[result->n] =
		(struct ab_variant){.name = arena_str(r->a, name), .share = share};
	return &result->variants[result->n++];
}

/* The next "control 50" of a plan, "control 50, diverse 50; salt x": false at the end. */
static bool next_share(struct str *plan, struct str *name, double *share)
{
	size_t end = str_find(*plan, STR(", "), 0), space;
	struct str one = str_sub(*plan, 0, end);

	*plan = end == SIZE_MAX ? STR_NONE : str_sub(*plan, end + 2, plan->n);
	space = str_find(one, STR(" "), 0);
	if (space == SIZE_MAX)
		return false;
	*name = str_sub(one, 0, space);
	return str_to_double(str_sub(one, space + 1, one.n), share);
}

static struct str shares_of(struct str plan)
{
	return str_sub(plan, 0, str_find(plan, STR(";"), 0));
}

static void read_plan(struct reader *r, struct str plan)
{
	struct str rest = shares_of(plan), name;
	double share;

	while (next_share(&rest, &name, &share))
		variant_named(r, name, share);
}

/* The newest plan first: its variants stand in front, and what it hopes for counts. */
static int read_plans(struct reader *r, struct err *err)
{
	static const struct sql get = {
		"SELECT a.plan, a.outcome, a.within FROM arms a LEFT JOIN exposures e ON e.arm = "
		"a.id WHERE a.experiment = ?1 GROUP BY a.plan ORDER BY max(e.at) DESC",
		"read the plans of an experiment"};
	struct sql_rows rows;
	bool first = true;
	int rc = sql_open(r->s, &get, SQL_ARGS(SQL_TEXT(r->out->result.name)), &rows, err);

	if (rc == 0)
		while ((rc = sql_next(&rows, err)) == 1) {
			read_plan(r, sql_text(&rows, 0));
			if (first && !ab_outcome_read(sql_text(&rows, 1), &r->out->outcome))
				r->out->outcome = AB_CLICK;
			if (first)
				r->out->within = sql_int(&rows, 2);
			first = false;
		}
	sql_close(&rows);
	return rc;
}

/* ---- counts ---- */

/* The learners of one plan, by variant of the result; those shares are the plan's. */
struct met {
	struct str plan;
	int64_t n[VARIANTS_MOST];
};

static void add_plan(struct reader *r, const struct met *m)
{
	struct ab_result *result = &r->out->result;
	struct str rest = shares_of(m->plan), name;
	double shares[VARIANTS_MOST] = {0}, share;

	while (next_share(&rest, &name, &share)) {
		struct ab_variant *v = variant_named(r, name, share);

		if (v)
			shares[v - result->variants] = share;
	}
	ab_srm_add(&result->srm, m->n, shares, result->n);
}

static int read_counts(struct reader *r, struct err *err)
{
	struct store_ab *ab = r->out;
	struct met met = {0};
	struct sql_rows rows;
	int rc = sql_open(r->s, count_of(ab->outcome, r->q->listed),
			  SQL_ARGS(SQL_TEXT(ab->result.name), SQL_INT(r->q->since_unix_ms),
				   SQL_INT(r->q->until_unix_ms), SQL_INT(ab->within * day_ms)),
			  &rows, err);

	if (rc == 0)
		while ((rc = sql_next(&rows, err)) == 1) {
			struct ab_variant *v = variant_named(r, sql_text(&rows, 1), 0);

			if (met.plan.n && !str_eq(met.plan, sql_text(&rows, 0))) {
				add_plan(r, &met);
				met = (struct met){0};
			}
			if (!met.plan.n)
				met.plan = arena_str(r->a, sql_text(&rows, 0));
			if (!v)
				continue;
			met.n[v - ab->result.variants] = sql_int(&rows, 2);
			v->arm.exposed += sql_int(&rows, 2);
			v->arm.converted += sql_int(&rows, 3);
		}
	sql_close(&rows);
	if (met.plan.n)
		add_plan(r, &met);
	ab->result.srm_known = true;
	return rc;
}

static int read_moved(struct reader *r, struct err *err)
{
	static const struct sql get = {
		MET "SELECT count(*) FROM met WHERE variants > 1 AND at >= ?2 AND at < ?3",
		"count the learners of an experiment"};
	struct sql_rows rows;
	int rc = sql_open(r->s, &get,
			  SQL_ARGS(SQL_TEXT(r->out->result.name), SQL_INT(r->q->since_unix_ms),
				   SQL_INT(r->q->until_unix_ms)),
			  &rows, err);

	if (rc == 0)
		rc = sql_next(&rows, err);
	if (rc == 1)
		r->out->moved = sql_int(&rows, 0);
	sql_close(&rows);
	return rc < 0 ? rc : 0;
}

static int read_lists(struct reader *r, struct err *err)
{
	static const struct sql get = {
		"SELECT a.variant, count(DISTINCT c.list), count(c.shown), count(c.clicked), "
		"count(c.dismissed), count(c.enrolled), count(c.purchased) FROM arms a "
		"JOIN list_arms m ON m.arm = a.id JOIN lists l ON l.id = m.list "
		"JOIN list_courses c ON c.list = l.id WHERE a.experiment = ?1 AND l.at >= ?2 "
		"AND l.at < ?3 GROUP BY a.variant",
		"count the lists of an experiment"};
	struct sql_rows rows;
	int rc = sql_open(r->s, &get,
			  SQL_ARGS(SQL_TEXT(r->out->result.name), SQL_INT(r->q->since_unix_ms),
				   SQL_INT(r->q->until_unix_ms)),
			  &rows, err);

	if (rc == 0)
		while ((rc = sql_next(&rows, err)) == 1) {
			struct ab_variant *v = variant_named(r, sql_text(&rows, 0), 0);

			if (v)
				r->lists[v - r->out->result.variants] = (struct store_ab_lists){
					sql_int(&rows, 1), sql_int(&rows, 2), sql_int(&rows, 3),
					sql_int(&rows, 4), sql_int(&rows, 5), sql_int(&rows, 6)};
		}
	sql_close(&rows);
	return rc;
}

/* ---- experiments ---- */

static int read_one(struct reader *r, struct str name, struct err *err)
{
	int rc;

	r->out->result.name = name;
	r->out->result.variants = ARENA_ARRAY(r->a, struct ab_variant, VARIANTS_MOST);
	r->lists = ARENA_ARRAY(r->a, struct store_ab_lists, VARIANTS_MOST);
	r->out->lists = r->lists;
	rc = read_plans(r, err);
	if (r->q->outcome_given)
		r->out->outcome = r->q->outcome;
	if (r->q->within)
		r->out->within = r->q->within;
	if (rc == 0)
		rc = read_counts(r, err);
	if (rc == 0)
		rc = read_moved(r, err);
	if (rc == 0)
		rc = read_lists(r, err);
	r->out->result.control = ab_result_control(r->out->result.variants, r->out->result.n);
	return rc;
}

static int read_names(struct store *s, struct arena *a, struct str wanted, struct str **out,
		      size_t *n, struct err *err)
{
	static const struct sql get = {
		"SELECT DISTINCT experiment FROM arms WHERE ?1 IN ('', experiment) ORDER BY 1",
		"read the names of experiments"};
	struct sql_rows rows;
	size_t used = 0, cap = 0;
	struct str *names = NULL;
	int rc = sql_open(s, &get, SQL_ARGS(SQL_TEXT(wanted)), &rows, err);

	if (rc == 0)
		while ((rc = sql_next(&rows, err)) == 1)
			ARENA_PUSH(a, names, used, cap, arena_str(a, sql_text(&rows, 0)));
	sql_close(&rows);
	*out = names;
	*n = used;
	return rc;
}

int store_ab_read(struct store *s, struct arena *a, const struct store_ab_query *q,
		  struct store_ab **out, size_t *n, struct err *err)
{
	struct reader r = {.s = s, .a = a, .q = q};
	struct store_ab *all;
	struct str *names;
	size_t n_names, used = 0;
	int rc = read_names(s, a, q->experiment, &names, &n_names, err);

	if (rc < 0)
		return rc;
	all = ARENA_ARRAY(a, struct store_ab, n_names);
	for (size_t i = 0; i < n_names && rc == 0; i++) {
		r.out = &all[used];
		rc = read_one(&r, names[i], err);
		if (all[used].result.n >= 2)
			used++;
		else
			all[used] = (struct store_ab){0};
	}
	if (rc < 0)
		return rc;
	*out = all;
	*n = used;
	return 0;
}
