/* kefu eval recommender: is what learners took next among what would have been recommended. */
#include <stdlib.h>

#include "kb/eval_recommender.h"
#include "tool/tool_eval.h"

struct judging {
	const char *train, *test, *negatives, *courses, *cuts, *diversity_text;
	double diversity;
	bool json;
	size_t ks[MEASURE_CUTS_MAX];
	size_t n_ks;
	struct eval_recommender_result result;
	double fit_s, ask_s;
};

/* "1,5,10" */
static bool read_cuts(struct judging *j)
{
	struct str rest = str_of(j->cuts);

	while (rest.n) {
		size_t comma = str_find(rest, STR(","), 0);
		uint64_t k;

		if (j->n_ks == MEASURE_CUTS_MAX || !str_to_u64(str_sub(rest, 0, comma), &k) ||
		    k < 1 || k > 100 || (j->n_ks && k <= j->ks[j->n_ks - 1]))
			return false;
		j->ks[j->n_ks++] = (size_t)k;
		rest = str_sub(rest, comma == SIZE_MAX ? rest.n : comma + 1, rest.n);
	}
	return j->n_ks > 0;
}

/* ---- printing ---- */

static const struct column {
	const char *name;
	size_t offset; /* in struct measure_at */
} columns[] = {
	{"hr", offsetof(struct measure_at, hit)},
	{"ndcg", offsetof(struct measure_at, ndcg)},
	{"precision", offsetof(struct measure_at, precision)},
	{"recall", offsetof(struct measure_at, recall)},
	{"f1", offsetof(struct measure_at, f1)},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static double value_of(const struct measure_at *at, const struct column *c)
{
	double v;

	memcpy(&v, (const char *)at + c->offset, sizeof v);
	return v;
}

static void put_measure(struct buf *out, const char *name, const struct measure *m)
{
	char k[24];

	json_key(out, name);
	json_open(out, '{');
	for (size_t c = 0; c < COLUMNS; c++) {
		json_key(out, columns[c].name);
		json_open(out, '{');
		for (size_t i = 0; i < m->n_at; i++) {
			snprintf(k, sizeof k, "%zu", m->at[i].k);
			json_knum(out, k, value_of(&m->at[i], &columns[c]));
		}
		json_close(out, '}');
	}
	json_knum(out, "mrr", m->mrr);
	json_close(out, '}');
}

static void print_json(const struct judging *j)
{
	const struct eval_recommender_result *r = &j->result;
	struct buf out = {0};

	json_open(&out, '{');
	json_kint(&out, "users", (int64_t)r->users);
	json_kint(&out, "items", (int64_t)r->items);
	json_kint(&out, "interactions", (int64_t)r->interactions);
	put_measure(&out, "full", &r->full);
	if (r->sampled.lists)
		put_measure(&out, "sampled", &r->sampled);
	if (r->shown.lists) {
		put_measure(&out, "shown", &r->shown);
		json_knum(&out, "diversity", r->diversity);
	}
	json_knum(&out, "coverage", r->coverage);
	json_knum(&out, "novelty", r->novelty);
	json_knum(&out, "fit_s", j->fit_s);
	json_close(&out, '}');
	puts(out.p);
	buf_done(&out);
}

static void print_measure(const char *name, const struct measure *m)
{
	printf("%-8s %4s", name, "k");
	for (size_t c = 0; c < COLUMNS; c++)
		printf(" %9s", columns[c].name);
	printf("   (%zu lists, MRR %.4f)\n", m->lists, m->mrr);
	for (size_t i = 0; i < m->n_at; i++) {
		printf("%-8s %4zu", "", m->at[i].k);
		for (size_t c = 0; c < COLUMNS; c++)
			printf(" %9.4f", value_of(&m->at[i], &columns[c]));
		printf("\n");
	}
}

static void print(const struct judging *j)
{
	const struct eval_recommender_result *r = &j->result;

	if (j->json) {
		print_json(j);
		return;
	}
	printf("%zu users, %zu items, %zu interactions; neighbours made in %.2f s\n", r->users,
	       r->items, r->interactions, j->fit_s);
	print_measure("full", &r->full);
	if (r->sampled.lists)
		print_measure("sampled", &r->sampled);
	if (r->shown.lists) {
		print_measure("shown", &r->shown);
		printf("diversity of the lists shown %.4f\n", r->diversity);
	}
	printf("coverage %.4f  novelty %.2f bits  %.1f s\n", r->coverage, r->novelty, j->ask_s);
}

/* ---- running ---- */

struct files {
	struct buf train, test, negatives, courses;
};

static int read_files(const struct judging *j, struct files *f, struct err *err)
{
	int rc = tool_read_file(j->train, &f->train, err);

	if (rc == 0)
		rc = tool_read_file(j->test, &f->test, err);
	if (rc == 0 && j->negatives)
		rc = tool_read_file(j->negatives, &f->negatives, err);
	if (rc == 0 && j->courses)
		rc = tool_read_file(j->courses, &f->courses, err);
	return rc;
}

static int judge(struct judging *j, const struct files *f)
{
	const struct eval_recommender_files files = {buf_view(&f->train),     buf_view(&f->test),
						     buf_view(&f->negatives), buf_view(&f->courses),
						     str_of(j->train),	      str_of(j->test),
						     str_of(j->negatives),    str_of(j->courses)};
	struct eval_recommender *e;
	struct diags diags;
	struct err err = {0};
	int code;

	diags_init(&diags, err_locale_chinese());
	if (eval_recommender_read(&files, &e, &diags, &err) < 0) {
		eval_say_rows(&diags);
		code = tool_fail(EXIT_USAGE, "%s", err.text);
	} else {
		double begun = eval_seconds();

		eval_recommender_fit(e);
		j->fit_s = eval_seconds() - begun;
		eval_recommender_run(e, j->ks, j->n_ks, (float)j->diversity, &j->result);
		j->ask_s = eval_seconds() - begun - j->fit_s;
		eval_recommender_free(e);
		code = eval_say_rows(&diags);
		print(j);
	}
	diags_done(&diags);
	return code;
}

static int run(struct judging *j)
{
	struct files f = {0};
	struct err err = {0};
	int code;

	if (read_files(j, &f, &err) < 0)
		code = tool_fail(EXIT_USAGE, "%s", err.text);
	else
		code = judge(j, &f);
	buf_done(&f.train);
	buf_done(&f.test);
	buf_done(&f.negatives);
	buf_done(&f.courses);
	return code;
}

int tool_eval_recommender(int argc, char **argv)
{
	struct judging j = {.cuts = "1,5,10", .diversity = -1};
	const struct arg_option options[] = {
		{"train", 0, ARG_TEXT, &j.train, "FILE", "user TAB item [TAB value [TAB time]]"},
		{"test", 0, ARG_TEXT, &j.test, "FILE", "user TAB item"},
		{"negatives", 0, ARG_TEXT, &j.negatives, "FILE", "user TAB item TAB other TAB …"},
		{"courses", 0, ARG_TEXT, &j.courses, "FILE",
		 "item TAB title [TAB description [TAB tags]]"},
		{"diversity", 0, ARG_TEXT, &j.diversity_text, "NUMBER",
		 "of lists shown, 0 to 1, against their score (0.2)"},
		{"k", 'k', ARG_TEXT, &j.cuts, "LIST", "cuts, ascending, to 100 (1,5,10)"},
		{"json", 0, ARG_FLAG, &j.json, NULL, "as JSON"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(
		    &args, options, argc, argv,
		    "kefu eval recommender --train FILE --test FILE [OPTION…]",
		    "Learns from one file what learners take together and after one another, and "
		    "looks for what they took next in the lists they would have been given.",
		    &code))
		return code;
	if (args.n || !j.train || !j.test)
		code = tool_fail(EXIT_USAGE,
				 "eval recommender: from which files? --train FILE --test FILE");
	else if (j.diversity_text && !(str_to_double(str_of(j.diversity_text), &j.diversity) &&
				       j.diversity >= 0 && j.diversity <= 1))
		code = tool_fail(EXIT_USAGE,
				 "eval recommender: --diversity wants a number from 0 to 1");
	else if (!read_cuts(&j))
		code = tool_fail(EXIT_USAGE,
				 "eval recommender: -k wants up to %d ascending numbers "
				 "from 1 to 100, as in 1,5,10",
				 MEASURE_CUTS_MAX);
	else
		code = run(&j);
	args_done(&args);
	return code;
}
