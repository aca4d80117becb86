/* kefu eval faq: is the right entry found, and how fast. */
#include <stdlib.h>

#include "kb/eval_faq.h"
#include "text/lexicon.h"
#include "tool/tool_eval.h"

struct judging {
	bool json;
	const char *path;
	struct eval_faq set;
	struct measure result;
	double seconds; /* of all queries */
};

static double per_second(const struct judging *j)
{
	return j->seconds > 0 ? (double)j->set.n_queries / j->seconds : 0;
}

static void print_json(const struct judging *j)
{
	struct buf out = {0};

	json_open(&out, '{');
	json_kint(&out, "entries", (int64_t)j->set.n_docs);
	json_kint(&out, "wordings", (int64_t)j->set.n_wordings);
	json_kint(&out, "queries", (int64_t)j->set.n_queries);
	json_knum(&out, "p_at_1", measure_at(&j->result, 1)->hit);
	json_knum(&out, "mrr", j->result.mrr);
	json_knum(&out, "recall_at_5", measure_at(&j->result, 5)->recall);
	json_knum(&out, "ndcg_at_5", measure_at(&j->result, 5)->ndcg);
	json_knum(&out, "ndcg_at_10", measure_at(&j->result, 10)->ndcg);
	json_knum(&out, "queries_per_s", per_second(j));
	json_close(&out, '}');
	puts(out.p);
	buf_done(&out);
}

static void print(const struct judging *j)
{
	if (j->json) {
		print_json(j);
		return;
	}
	printf("%zu entries, %zu wordings, %zu queries\n", j->set.n_docs, j->set.n_wordings,
	       j->set.n_queries);
	if (j->set.orphans)
		printf("%zu queries left out: no wording has their id\n", j->set.orphans);
	printf("P@1 %.4f  MRR %.4f  Recall@5 %.4f  nDCG@5 %.4f  nDCG@10 %.4f\n",
	       measure_at(&j->result, 1)->hit, j->result.mrr, measure_at(&j->result, 5)->recall,
	       measure_at(&j->result, 5)->ndcg, measure_at(&j->result, 10)->ndcg);
	printf("%.0f queries a second\n", per_second(j));
}

static void ask(struct judging *j, struct arena *a)
{
	const struct lexicon *l = lexicon_new(a, NULL, 0, NULL, 0);
	struct faq_index *f = faq_index_new(l, j->set.docs, j->set.n_docs);
	double begun = eval_seconds();

	eval_faq_run(&j->set, f, l, &j->result);
	j->seconds = eval_seconds() - begun;
	faq_index_free(f);
}

static int run(struct judging *j)
{
	struct err err = {0};
	struct diags diags;
	struct arena a;
	struct rows *rows;
	int code = EXIT_OK, rc = rows_open(j->path, ROWS_TSV, &rows, &err);

	if (rc < 0)
		return tool_fail(EXIT_USAGE, "%s", err.text);
	arena_init(&a);
	diags_init(&diags, err_locale_chinese());
	rc = eval_faq_read(rows, &a, str_of(j->path), &j->set, &diags, &err);
	rows_close(rows);
	code = eval_say_rows(&diags);
	if (rc < 0) {
		code = tool_fail(EXIT_USAGE, "%s", err.text);
	} else {
		ask(j, &a);
		print(j);
	}
	diags_done(&diags);
	arena_done(&a);
	return code;
}

int tool_eval_faq(int argc, char **argv)
{
	struct judging j = {0};
	const struct arg_option options[] = {
		{"json", 0, ARG_FLAG, &j.json, NULL, "as JSON"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(
		    &args, options, argc, argv, "kefu eval faq [--json] FILE.tsv",
		    "Asks the questions (split `query`) of a tab-separated file with the columns "
		    "split, id and text of an index made from its wordings (split `kb`).",
		    &code))
		return code;
	if (args.n == 1) {
		j.path = args.operands[0];
		code = run(&j);
	} else {
		code = tool_fail(EXIT_USAGE, "eval faq: one file, please: kefu eval faq FILE.tsv");
	}
	args_done(&args);
	return code;
}
