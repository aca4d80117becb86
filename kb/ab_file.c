/* Counts of experiments in a tab-separated file. */
#include <math.h>

#include "kb/ab_result.h"
#include "kb/intern.h"

enum { COLUMN_EXPERIMENT, COLUMN_VARIANT, COLUMN_EXPOSED, COLUMN_CONVERTED, COLUMN_SHARE, COLUMNS };

enum { VARIANTS_MOST = 64 };

static const char *const column_names[COLUMNS] = {"experiment", "variant", "exposed", "converted",
						  "share"};

struct line {
	uint32_t experiment;
	struct ab_variant variant;
};

struct reader {
	struct rows *rows;
	struct arena *a;
	struct str name;
	struct diags *diags;
	int columns[COLUMNS]; /* place in the row; -1: share is not given */
	struct intern experiments;
	struct line *lines;
	size_t n, cap;
};

static void say_bad(struct reader *r, int64_t line, const char *en, const char *zh)
{
	struct mark mark = {r->name, (int)line, 0};

	diags_add(r->diags, DIAG_ERROR, mark, "bad-row", "%s", "%s", r->diags->chinese ? zh : en);
}

static bool read_count(struct str text, int64_t *out)
{
	uint64_t n;

	/* Beyond 2^53 a double is not exact. */
	if (!str_to_u64(text, &n) || n > (UINT64_C(1) << 53))
		return false;
	*out = (int64_t)n;
	return true;
}

static bool read_share(const struct reader *r, const struct row *row, double *out)
{
	*out = 1;
	return r->columns[COLUMN_SHARE] < 0 ||
	       (str_to_double(row->values[r->columns[COLUMN_SHARE]], out) && *out >= 0 &&
		isfinite(*out));
}

static bool is_double(const struct reader *r, uint32_t experiment, struct str variant)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->lines[i].experiment == experiment &&
		    str_eq(r->lines[i].variant.name, variant))
			return true;
	return false;
}

static void keep_line(struct reader *r, const struct row *row, struct str experiment,
		      const struct ab_variant *v)
{
	uint32_t id = intern_put(&r->experiments, experiment);

	if (is_double(r, id, v->name))
		say_bad(r, row->line, "this variant of the experiment was there already",
			"同一试验的这个方案已经出现过");
	else
		ARENA_PUSH(r->a, r->lines, r->n, r->cap, ((struct line){id, *v}));
}

static void read_line(struct reader *r, const struct row *row)
{
	struct str experiment = row->values[r->columns[COLUMN_EXPERIMENT]];
	struct ab_variant variant = {.name = row->values[r->columns[COLUMN_VARIANT]]};
	struct ab_variant *v = &variant;

	if (!experiment.n || !v->name.n)
		say_bad(r, row->line, "experiment and variant must not be empty",
			"experiment 和 variant 不能为空");
	else if (!read_count(row->values[r->columns[COLUMN_EXPOSED]], &v->arm.exposed) ||
		 !read_count(row->values[r->columns[COLUMN_CONVERTED]], &v->arm.converted))
		say_bad(r, row->line, "exposed and converted must be whole numbers",
			"exposed 和 converted 应为整数");
	else if (v->arm.converted > v->arm.exposed)
		say_bad(r, row->line,
			"more learners converted than were exposed; count learners, not events",
			"converted 大于 exposed；请按人数统计，不要按次数");
	else if (!read_share(r, row, &v->share))
		say_bad(r, row->line, "share must be a number from 0 on",
			"share 应为不小于 0 的数");
	else
		keep_line(r, row, experiment, v);
}

static int read_lines(struct reader *r, struct err *err)
{
	struct err why = {0};
	struct row row;
	int rc;

	while ((rc = rows_next(r->rows, r->a, &row, &why)) != 0) {
		if (rc == 1)
			read_line(r, &row);
		else if (rc == ERR_INVALID)
			say_bad(r, row.line, why.text, why.text);
		else
			return err_set(err, (enum err_code)rc, "%.*s: %s", STR_ARG(r->name),
				       why.text);
	}
	return 0;
}

/* The variants of one experiment; n 0 when it has fewer than two. */
static struct ab_result gather(struct reader *r, uint32_t experiment)
{
	struct ab_result out = {.name = arena_str(r->a, r->experiments.names[experiment])};

	out.variants = ARENA_ARRAY(r->a, struct ab_variant, VARIANTS_MOST);
	for (size_t i = 0; i < r->n && out.n < VARIANTS_MOST; i++)
		if (r->lines[i].experiment == experiment)
			out.variants[out.n++] = r->lines[i].variant;
	if (out.n < 2)
		out.n = 0;
	out.control = ab_result_control(out.variants, out.n);
	return out;
}

static void gather_all(struct reader *r, struct ab_result **out, size_t *n)
{
	struct ab_result *v = NULL;
	size_t used = 0, cap = 0;

	for (uint32_t e = 0; e < r->experiments.n; e++) {
		struct ab_result one = gather(r, e);

		if (one.n)
			ARENA_PUSH(r->a, v, used, cap, one);
	}
	*out = v;
	*n = used;
}

int ab_result_read(struct rows *rows, struct arena *a, struct str name, struct ab_result **out,
		   size_t *n, struct diags *diags, struct err *err)
{
	struct reader r = {.rows = rows, .a = a, .name = name, .diags = diags};
	int rc = rows_columns(r.rows, r.name, column_names, COLUMNS, COLUMN_SHARE, r.columns, err);

	if (rc < 0)
		return rc;
	intern_init(&r.experiments);
	rc = read_lines(&r, err);
	if (rc == 0) {
		gather_all(&r, out, n);
		if (!*n)
			rc = err_set(err, ERR_INVALID,
				     "%.*s: no experiment has two variants; give a row for control "
				     "and one for each other variant",
				     STR_ARG(name));
	}
	intern_done(&r.experiments);
	return rc;
}
