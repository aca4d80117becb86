#include "kb/store_vector.h"

#include <math.h>

#include "kb/store_change.h"
#include "kb/store_sql.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "floats are kept as they are in memory");

/* 1: found. */
static int find_name(struct store *s, struct str name, struct vector_name *out, struct err *err)
{
	static const struct sql get = {"SELECT id, dim FROM vector_names WHERE name = ?1",
				       "look up the vectors"};
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_ARGS(SQL_TEXT(name)), &r, err);

	if (rc == 0)
		rc = sql_next(&r, err);
	if (rc == 1)
		*out = (struct vector_name){.id = sql_int(&r, 0), .dim = (size_t)sql_int(&r, 1)};
	sql_close(&r);
	return rc;
}

static int count_names(struct store *s, int64_t *out, struct err *err)
{
	static const struct sql get = {"SELECT count(*) FROM vector_names", "count the vectors"};
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_NO_ARGS, &r, err);

	if (rc == 0)
		rc = sql_next(&r, err);
	*out = rc == 1 ? sql_int(&r, 0) : 0;
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

int vector_check(struct store *s, struct str name, size_t dim, struct err *err)
{
	struct vector_name known;
	int64_t names;
	int rc;

	if (!vector_name_valid(name))
		return err_set(
			err, ERR_INVALID,
			"the name of a vector, '%.*s', must be 1 to %d letters, digits, - or _",
			(int)(name.n < 40 ? name.n : 40), name.p, VECTOR_NAME_MAX);
	rc = find_name(s, name, &known, err);
	if (rc == 1 && known.dim != dim)
		return err_set(err, ERR_INVALID,
			       "vectors '%.*s' have %zu numbers, this one has %zu; give another "
			       "name to those of another model",
			       STR_ARG(name), known.dim, dim);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	rc = count_names(s, &names, err);
	if (rc == 0 && names >= VECTOR_NAMES_MAX)
		rc = err_set(err, ERR_INVALID, "there are vectors of %d names already; drop one",
			     VECTOR_NAMES_MAX);
	return rc;
}

int vector_put(struct store *s, struct str course, struct str name, const struct vector *v,
	       struct err *err)
{
	static const struct sql add = {
		"INSERT INTO vector_names (name, dim, weight) VALUES (?1, ?2, ?3) "
		"ON CONFLICT DO NOTHING",
		"save the vector"};
	static const struct sql put = {"INSERT INTO vectors (name, course, v) "
				       "SELECT id, ?2, ?3 FROM vector_names WHERE name = ?1 "
				       "ON CONFLICT DO UPDATE SET v = ?3",
				       "save the vector"};
	const struct str bytes = {(const char *)v->v, v->dim * sizeof *v->v};
	int rc = sql_run(
		s, &add,
		SQL_ARGS(SQL_TEXT(name), SQL_INT((int64_t)v->dim), SQL_REAL(VECTOR_WEIGHT_DEFAULT)),
		err);

	if (rc < 0)
		return rc;
	return sql_run(s, &put, SQL_ARGS(SQL_TEXT(name), SQL_TEXT(course), SQL_BLOB(bytes)), err);
}

static int no_such(struct store *s, struct str name, struct err *err)
{
	if (sql_changes(s) > 0)
		return 0;
	return err_set(err, ERR_NOT_FOUND, "there are no vectors '%.*s'", STR_ARG(name));
}

int vector_weigh(struct store *s, struct str name, double weight, struct err *err)
{
	static const struct sql set = {"UPDATE vector_names SET weight = ?2 WHERE name = ?1",
				       "weigh the vectors"};
	struct sql_scope scope;
	int rc;

	if (!(weight >= 0 && weight <= 100))
		return err_set(err, ERR_INVALID, "a weight is a number from 0 to 100");
	rc = sql_scope_begin(s, &scope, err);
	if (rc < 0)
		return rc;
	rc = sql_run(s, &set, SQL_ARGS(SQL_TEXT(name), SQL_REAL(weight)), err);
	if (rc == 0)
		rc = no_such(s, name, err);
	if (rc == 0)
		rc = store_change_note(s, CHANGE_COURSES, NULL, err);
	return sql_scope_end(&scope, rc, err);
}

int vector_drop(struct store *s, struct str name, struct err *err)
{
	static const struct sql rows = {
		"DELETE FROM vectors WHERE name = (SELECT id FROM vector_names WHERE name = ?1)",
		"drop the vectors"};
	static const struct sql one = {"DELETE FROM vector_names WHERE name = ?1",
				       "drop the vectors"};
	struct sql_scope scope;
	int rc = sql_scope_begin(s, &scope, err);

	if (rc < 0)
		return rc;
	rc = sql_run(s, &rows, SQL_ARGS(SQL_TEXT(name)), err);
	if (rc == 0)
		rc = sql_run(s, &one, SQL_ARGS(SQL_TEXT(name)), err);
	if (rc == 0)
		rc = no_such(s, name, err);
	if (rc == 0)
		rc = store_change_note(s, CHANGE_COURSES, NULL, err);
	return sql_scope_end(&scope, rc, err);
}

int vector_each_name(struct store *s, int (*each)(void *arg, const struct vector_name *n),
		     void *arg, struct err *err)
{
	static const struct sql get = {
		"SELECT n.id, n.name, n.dim, n.weight, count(v.id) FROM vector_names n "
		"LEFT JOIN vectors v ON v.name = n.id GROUP BY n.id ORDER BY n.name",
		"read the vectors"};
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_NO_ARGS, &r, err);

	while (rc >= 0 && (rc = sql_next(&r, err)) == 1) {
		const struct vector_name n = {sql_int(&r, 0), sql_text(&r, 1),
					      (size_t)sql_int(&r, 2), sql_real(&r, 3),
					      sql_int(&r, 4)};

		rc = each(arg, &n);
		if (rc < 0)
			break;
	}
	sql_close(&r);
	return rc;
}

/* A row of another size than its name's, or not of length 1, was not written by us: passed over. */
static int read_vector(const struct sql_rows *r, float *v,
		       int (*each)(void *arg, int64_t name, struct str course, const float *v),
		       void *arg)
{
	struct str bytes = sql_blob(r, 2);
	int64_t dim = sql_int(r, 3);

	if (dim < 1 || dim > VECTOR_DIM_MAX || bytes.n != (size_t)dim * sizeof *v)
		return 0;
	memcpy(v, bytes.p, bytes.n);
	if (!(fabs(vector_length(v, (size_t)dim) - 1) < .01))
		return 0;
	return each(arg, sql_int(r, 0), sql_text(r, 1), v);
}

int vector_each(struct store *s,
		int (*each)(void *arg, int64_t name, struct str course, const float *v), void *arg,
		struct err *err)
{
	static const struct sql get = {"SELECT v.name, v.course, v.v, n.dim FROM vectors v "
				       "JOIN vector_names n ON n.id = v.name",
				       "read the vectors"};
	float v[VECTOR_DIM_MAX];
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_NO_ARGS, &r, err);

	while (rc >= 0 && (rc = sql_next(&r, err)) == 1) {
		rc = read_vector(&r, v, each, arg);
		if (rc < 0)
			break;
	}
	sql_close(&r);
	return rc;
}
