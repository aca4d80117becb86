/* kefu eval ab: which variant of an experiment is better, and may one say so already. */
#include <math.h>
#include <stdlib.h>

#include "kb/ab_result.h"
#include "tool/tool_eval.h"

struct judging {
	const char *path;
	const char *experiment; /* NULL: all */
	bool json, chinese;
	struct ab_options options;
	struct ab_result *results;
	size_t n;
};

/* ---- as JSON ---- */

static const char *const verdict_names[] = {[AB_KEEP_RUNNING] = "keep_running",
					    [AB_BETTER] = "better",
					    [AB_WORSE] = "worse",
					    [AB_SAME] = "same"};

static void put_number(struct buf *out, const char *name, double v)
{
	if (isfinite(v)) {
		json_knum(out, name, v);
	} else {
		json_key(out, name);
		json_nil(out);
	}
}

static void put_interval(struct buf *out, const char *name, const struct ab_interval *i)
{
	json_key(out, name);
	json_open(out, '[');
	json_num(out, i->low);
	json_num(out, i->high);
	json_close(out, ']');
}

static void put_comparison(struct buf *out, const struct ab_variant *v)
{
	json_knum(out, "difference", v->difference);
	put_number(out, "relative", v->relative);
	put_interval(out, "interval", &v->interval);
	json_knum(out, "z", v->z.z);
	json_knum(out, "p", v->z.p);
	json_knum(out, "p_holm", v->p_holm);
	json_knum(out, "sequential_p", v->sequential.p);
	json_knum(out, "sequential_p_holm", v->sequential_p_holm);
	put_interval(out, "sequential_interval", &v->sequential.interval);
	json_knum(out, "detectable", v->detectable);
	json_kstr(out, "verdict", str_of(verdict_names[v->verdict]));
}

static void put_variant(struct buf *out, const struct ab_variant *v, bool control)
{
	json_open(out, '{');
	json_kstr(out, "variant", v->name);
	json_kbool(out, "control", control);
	json_kint(out, "exposed", v->arm.exposed);
	json_kint(out, "converted", v->arm.converted);
	json_knum(out, "rate", v->rate);
	put_interval(out, "rate_interval", &v->rate_interval);
	if (!control)
		put_comparison(out, v);
	json_close(out, '}');
}

/* AB_BETTER of the whole is a winner's name, AB_WORSE control's. */
static void put_winner(struct buf *out, const struct ab_result *r)
{
	json_key(out, "winner");
	if (!r->mismatch && r->all == AB_BETTER)
		json_str(out, r->variants[r->best].name);
	else if (!r->mismatch && r->all == AB_WORSE)
		json_str(out, r->variants[r->control].name);
	else
		json_nil(out);
}

static void put_result(struct buf *out, const struct judging *j, const struct ab_result *r)
{
	struct buf words = {0};

	json_open(out, '{');
	json_kstr(out, "experiment", r->name);
	json_key(out, "variants");
	json_open(out, '[');
	for (size_t i = 0; i < r->n; i++)
		put_variant(out, &r->variants[i], i == r->control);
	json_close(out, ']');
	json_knum(out, "srm_p", r->srm_p);
	json_kbool(out, "srm_alarm", r->mismatch);
	put_number(out, "needed_per_variant", r->needed);
	put_number(out, "needed_per_variant_sequential", r->needed_look);
	put_number(out, "more_learners", r->more);
	json_kstr(out, "verdict",
		  str_of(r->mismatch ? "sample_ratio_mismatch" : verdict_names[r->all]));
	put_winner(out, r);
	ab_result_words(r, &j->options, j->chinese, &words);
	json_kstr(out, "words", buf_view(&words));
	json_close(out, '}');
	buf_done(&words);
}

static void print_json(const struct judging *j)
{
	struct buf out = {0};

	json_open(&out, '{');
	json_key(&out, "experiments");
	json_open(&out, '[');
	for (size_t i = 0; i < j->n; i++)
		put_result(&out, j, &j->results[i]);
	json_close(&out, ']');
	json_close(&out, '}');
	puts(out.p);
	buf_done(&out);
}

/* ---- for people ---- */

static void print_comparison(const struct judging *j, const struct ab_variant *v)
{
	const struct ab_interval *seq = &v->sequential.interval;
	bool zh = j->chinese;

	printf(zh ? "      相差 %+.2f 个百分点" : "      difference %+.2f points",
	       100 * v->difference);
	if (isfinite(v->relative))
		printf(zh ? "（相对 %+.1f%%）" : " (%+.1f %% of control's rate)",
		       100 * v->relative);
	printf(zh ? "，%.0f%% 置信区间 %+.2f 至 %+.2f\n" : ", %.0f %% interval %+.2f to %+.2f\n",
	       100 * (1 - j->options.alpha), 100 * v->interval.low, 100 * v->interval.high);
	printf(zh ? "      随时可看：区间 %+.2f 至 %+.2f，p = %.3g（多方案校正后 %.3g）\n"
		  : "      whenever you look: interval %+.2f to %+.2f, p = %.3g (for all variants "
		    "together %.3g)\n",
	       100 * seq->low, 100 * seq->high, v->sequential.p, v->sequential_p_holm);
	printf(zh ? "      只看一次的检验：z = %.2f，p = %.3g（校正后 "
		    "%.3g）；现有人数能看出的最小提升 %.2f\n"
		  : "      looked at once only: z = %.2f, p = %.3g (together %.3g); these numbers "
		    "tell a rise of %.2f points or more\n",
	       v->z.z, v->z.p, v->p_holm, 100 * v->detectable);
}

static void print_result(const struct judging *j, const struct ab_result *r)
{
	struct buf words = {0};

	printf("%.*s\n", STR_ARG(r->name));
	for (size_t i = 0; i < r->n; i++) {
		const struct ab_variant *v = &r->variants[i];

		printf(j->chinese ? "  %.*s：%lld 人，其中 %lld 人转化，%.2f%%\n"
				  : "  %.*s: %lld learners, %lld converted, %.2f %%\n",
		       STR_ARG(v->name), (long long)v->arm.exposed, (long long)v->arm.converted,
		       100 * v->rate);
		if (i != r->control)
			print_comparison(j, v);
	}
	if (!r->mismatch)
		printf(j->chinese ? "  人数比例与设定相符（p = %.2g）\n"
				  : "  the variants are as large as their shares say (p = %.2g)\n",
		       r->srm_p);
	ab_result_words(r, &j->options, j->chinese, &words);
	printf("  => %s\n", words.p);
	buf_done(&words);
}

static void print(const struct judging *j)
{
	if (j->json) {
		print_json(j);
		return;
	}
	for (size_t i = 0; i < j->n; i++) {
		if (i)
			putchar('\n');
		print_result(j, &j->results[i]);
	}
}

/* ---- running ---- */

/* Keeps the one that was asked for. False: there is none of that name. */
static bool choose(struct judging *j)
{
	for (size_t i = 0; j->experiment && i < j->n; i++)
		if (str_eq(j->results[i].name, str_of(j->experiment))) {
			j->results += i;
			j->n = 1;
			return true;
		}
	return !j->experiment;
}

static int report(struct judging *j)
{
	if (!choose(j))
		return tool_fail(EXIT_USAGE, "eval ab: there is no experiment '%s' in it",
				 j->experiment);
	for (size_t i = 0; i < j->n; i++)
		ab_result_compute(&j->results[i], &j->options);
	print(j);
	return EXIT_OK;
}

static int run_file(struct judging *j)
{
	struct err err = {0};
	struct diags diags;
	struct arena a;
	struct rows *rows;
	int code, rc = rows_open(j->path, ROWS_TSV, &rows, &err);

	if (rc < 0)
		return tool_fail(EXIT_USAGE, "%s", err.text);
	arena_init(&a);
	diags_init(&diags, j->chinese);
	rc = ab_result_read(rows, &a, str_of(j->path), &j->results, &j->n, &diags, &err);
	rows_close(rows);
	code = eval_say_rows(&diags);
	if (rc < 0)
		code = tool_fail(EXIT_USAGE, "%s", err.text);
	else if (report(j) != EXIT_OK)
		code = EXIT_USAGE;
	diags_done(&diags);
	arena_done(&a);
	return code;
}

int tool_eval_ab(int argc, char **argv)
{
	struct judging j = {.options = AB_DEFAULTS, .chinese = err_locale_chinese()};
	long effect = 10, planned = AB_PLANNED;
	const struct arg_option options[] = {
		{"experiment", 0, ARG_TEXT, &j.experiment, "NAME", "only this one"},
		{"effect", 0, ARG_COUNT, &effect, "PERCENT", "relative change worth finding (10)"},
		{"planned", 0, ARG_COUNT, &planned, "LEARNERS",
		 "where the sequential test is sharpest, chosen before looking (10000)"},
		{"json", 0, ARG_FLAG, &j.json, NULL, "as JSON"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(
		    &args, options, argc, argv, "kefu eval ab [--experiment NAME] FILE.tsv",
		    "Compares the variants of experiments with control: rates, intervals, tests, "
		    "and whether to stop. FILE names in its first line the columns experiment, "
		    "variant, exposed, converted and perhaps share.",
		    &code))
		return code;
	j.options.effect = (double)effect / 100;
	j.options.planned = (double)planned;
	if (args.n == 1) {
		j.path = args.operands[0];
		code = run_file(&j);
	} else {
		code = tool_fail(EXIT_USAGE, "eval ab: one file, please: kefu eval ab FILE.tsv");
	}
	args_done(&args);
	return code;
}
