/* kefu eval intents: does the phrase model tell intents apart, and what is none of them. */
#include <stdlib.h>

#include "intents/eval_intents.h"
#include "kb/intern.h"
#include "kb/rows.h"
#include "text/vectors.h"
#include "tool/tool_eval.h"

enum { COLUMN_SPLIT, COLUMN_LABEL, COLUMN_TEXT, COLUMNS };

static const char *const column_names[COLUMNS] = {"split", "label", "text"};

struct judging {
	const char *path, *rule_name, *train, *test, *vectors_path, *threshold_text;
	bool json;
	enum eval_rule rule;
	double threshold; /* of EVAL_GIVEN */
	struct arena arena;
	int columns[COLUMNS]; /* place in the row */
	struct intern labels;
	struct eval_message *messages;
	size_t n, cap;
	struct diags diags;
	struct eval_result result;
};

static const struct rule_name {
	const char *name;
	enum eval_rule rule;
} rules[] = {{"balanced", EVAL_BALANCED}, {"accuracy", EVAL_ACCURACY}};

enum { RULES = sizeof rules / sizeof *rules };

/* ---- printing ---- */

static void print_json(const struct judging *j)
{
	const struct eval_result *r = &j->result;
	struct buf out = {0};

	json_open(&out, '{');
	json_kint(&out, "trained", (int64_t)r->trained);
	json_kint(&out, "tested", (int64_t)r->tested);
	json_kstr(&out, "rule", str_of(j->rule_name));
	json_knum(&out, "threshold", r->threshold);
	json_knum(&out, "accuracy", r->accuracy);
	json_knum(&out, "macro_precision", r->macro.precision);
	json_knum(&out, "macro_recall", r->macro.recall);
	json_knum(&out, "macro_f1", r->macro.f1);
	json_knum(&out, "micro_precision", r->micro.precision);
	json_knum(&out, "micro_recall", r->micro.recall);
	json_knum(&out, "micro_f1", r->micro.f1);
	json_knum(&out, "in_scope_accuracy", r->in_scope_accuracy);
	json_knum(&out, "oos_recall", r->none_recall);
	json_knum(&out, "oos_precision", r->none_precision);
	json_knum(&out, "train_s", r->train_s);
	json_knum(&out, "decisions_per_s", r->decisions_per_s);
	json_kint(&out, "model_bytes", (int64_t)r->model_bytes);
	json_close(&out, '}');
	puts(out.p);
	buf_done(&out);
}

static void print_measures(const char *name, const struct eval_measures *m)
{
	printf("%-6s precision %.4f  recall %.4f  F1 %.4f\n", name, m->precision, m->recall, m->f1);
}

static void print(const struct judging *j)
{
	const struct eval_result *r = &j->result;

	if (j->json) {
		print_json(j);
		return;
	}
	printf("%zu messages learnt, %zu asked about, %zu of them with no intent\n", r->trained,
	       r->tested, r->none);
	printf("accuracy %.4f  in scope %.4f\n", r->accuracy, r->in_scope_accuracy);
	if (r->none)
		printf("none of these: recall %.4f  precision %.4f (%s threshold %.4f)\n",
		       r->none_recall, r->none_precision, j->rule_name, r->threshold);
	print_measures("macro", &r->macro);
	print_measures("micro", &r->micro);
	printf("trained in %.2f s, %.0f messages a second, %.2f MB\n", r->train_s,
	       r->decisions_per_s, (double)r->model_bytes / 1e6);
}

/* ---- reading ---- */

/* False: a part that is not asked for. */
static bool part_of(const struct judging *j, struct str split, enum eval_part *out)
{
	if (str_eq(split, str_of(j->train)))
		*out = EVAL_TRAIN;
	else if (str_eq(split, str_of(j->test)))
		*out = EVAL_TEST;
	else if (str_eq(split, STR("val")) || str_eq(split, STR("valid")))
		*out = EVAL_VAL;
	else
		return false;
	return true;
}

static void read_row(struct judging *j, const struct row *row)
{
	struct str label = row->values[j->columns[COLUMN_LABEL]];
	struct str text = row->values[j->columns[COLUMN_TEXT]];
	enum eval_part part;
	uint32_t number;

	if (!part_of(j, row->values[j->columns[COLUMN_SPLIT]], &part))
		return;
	if (!label.n || !text.n) {
		diags_add(&j->diags, DIAG_ERROR, (struct mark){str_of(j->path), (int)row->line, 0},
			  "bad-row", "%s", "%s", "label and text must not be empty");
		return;
	}
	number = str_eq(label, STR("oos")) ? EVAL_NONE : intern_put(&j->labels, label);
	ARENA_PUSH(&j->arena, j->messages, j->n, j->cap,
		   ((struct eval_message){text, number, (uint8_t)part}));
}

static int read_rows(struct judging *j, struct rows *rows, struct err *err)
{
	struct err why = {0};
	struct row row;
	int rc = rows_columns(rows, str_of(j->path), column_names, COLUMNS, COLUMNS, j->columns,
			      err);

	while (rc == 0 && (rc = rows_next(rows, &j->arena, &row, &why)) != 0) {
		if (rc == 1)
			read_row(j, &row);
		else if (rc == ERR_INVALID)
			diags_add(&j->diags, DIAG_ERROR,
				  (struct mark){str_of(j->path), (int)row.line, 0}, "bad-row", "%s",
				  "%s", why.text);
		else
			return err_set(err, (enum err_code)rc, "%s: %s", j->path, why.text);
		rc = 0;
	}
	return rc;
}

/* ---- running ---- */

static int judge(struct judging *j, struct err *err)
{
	struct eval_set set;
	struct rows *rows;
	struct vectors *vectors = NULL;
	struct err why;
	int rc = rows_open(j->path, ROWS_TSV, &rows, err);

	if (rc != 0)
		return rc;
	rc = read_rows(j, rows, err);
	rows_close(rows);
	if (rc != 0)
		return rc;
	if (j->vectors_path)
		rc = vectors_open(j->vectors_path, &vectors, &why);
	if (rc != 0)
		return err_set(err, (enum err_code)rc, "%s: %s", j->vectors_path, why.text);
	set = (struct eval_set){j->messages, j->n, j->labels.n, j->labels.names};
	rc = eval_intents_run(&set, lexicon_new(&j->arena, NULL, 0, NULL, 0), vectors, j->rule,
			      j->threshold, &j->result, err);
	vectors_close(vectors);
	return rc;
}

static int run(struct judging *j)
{
	struct err err = {0};
	int code, rc;

	arena_init(&j->arena);
	intern_init(&j->labels);
	diags_init(&j->diags, err_locale_chinese());
	rc = judge(j, &err);
	code = eval_say_rows(&j->diags);
	if (rc != 0)
		code = tool_fail(EXIT_USAGE, "%s", err.text);
	else
		print(j);
	diags_done(&j->diags);
	intern_done(&j->labels);
	arena_done(&j->arena);
	return code;
}

static bool find_rule(struct judging *j)
{
	for (size_t i = 0; i < RULES; i++) {
		if (str_eq(str_of(j->rule_name), str_of(rules[i].name))) {
			j->rule = rules[i].rule;
			return true;
		}
	}
	return false;
}

/* Instead of one chosen by a rule, where it is given. */
static bool read_threshold(struct judging *j)
{
	char *end;

	if (!j->threshold_text)
		return true;
	j->rule = EVAL_GIVEN;
	j->rule_name = "given";
	j->threshold = strtod(j->threshold_text, &end);
	return end != j->threshold_text && !*end && j->threshold >= 0 && j->threshold <= 1;
}

int tool_eval_intents(int argc, char **argv)
{
	struct judging j = {.rule_name = "balanced", .train = "train", .test = "test"};
	const struct arg_option options[] = {
		{"rule", 0, ARG_TEXT, &j.rule_name, "RULE",
		 "what the threshold is chosen for: balanced or accuracy (balanced)"},
		{"threshold", 0, ARG_TEXT, &j.threshold_text, "SCORE",
		 "below it a message is none of the intents, instead of a chosen one"},
		{"train", 0, ARG_TEXT, &j.train, "SPLIT", "rows to learn from (train)"},
		{"test", 0, ARG_TEXT, &j.test, "SPLIT", "rows to ask about (test)"},
		{"vectors", 0, ARG_TEXT, &j.vectors_path, "FILE",
		 "word vectors to use besides (./dev vectors makes them)"},
		{"json", 0, ARG_FLAG, &j.json, NULL, "as JSON"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(
		    &args, options, argc, argv, "kefu eval intents [OPTION…] FILE.tsv",
		    "Trains the phrase model on rows (split `train`) of a tab-separated file with "
		    "the "
		    "columns split, label and text, and asks it about others (split `test`, else "
		    "`val`, else cross-validation). Label `oos` means none of the intents; the "
		    "threshold for it is chosen on `val`, or by hiding intents from training.",
		    &code))
		return code;
	if (args.n != 1) {
		code = tool_fail(EXIT_USAGE,
				 "eval intents: one file, please: kefu eval intents FILE.tsv");
	} else if (!find_rule(&j)) {
		code = tool_fail(EXIT_USAGE, "eval intents: --rule is balanced or accuracy");
	} else if (!read_threshold(&j)) {
		code = tool_fail(EXIT_USAGE, "eval intents: --threshold is a number from 0 to 1");
	} else {
		j.path = args.operands[0];
		code = run(&j);
	}
	args_done(&args);
	return code;
}
