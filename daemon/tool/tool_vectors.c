/* kefu vectors: which vectors the courses carry, how much each name weighs, and away with one. */
#include <stdio.h>

#include "kb/store_vector.h"
#include "tool/tool.h"

struct listing {
	struct buf json;
	bool as_json;
	size_t n;
};

static int show(void *arg, const struct vector_name *v)
{
	struct listing *l = arg;

	l->n++;
	if (!l->as_json) {
		printf("%-16.*s %5zu numbers  %8lld courses  weight %g\n", STR_ARG(v->name), v->dim,
		       (long long)v->courses, v->weight);
		return 0;
	}
	json_open(&l->json, '{');
	json_kstr(&l->json, "name", v->name);
	json_kint(&l->json, "dim", (int64_t)v->dim);
	json_kint(&l->json, "courses", v->courses);
	json_knum(&l->json, "weight", v->weight);
	json_close(&l->json, '}');
	return 0;
}

static int list(struct store *s, bool as_json, struct err *err)
{
	struct listing l = {.as_json = as_json};
	int rc;

	json_open(&l.json, '[');
	rc = vector_each_name(s, show, &l, err);
	json_close(&l.json, ']');
	if (rc == 0 && as_json)
		puts(l.json.p);
	else if (rc == 0 && !l.n)
		puts("the courses carry no vectors; kefu import vectors FILE");
	buf_done(&l.json);
	return rc;
}

enum verb { VERB_LIST, VERB_DROP, VERB_WEIGH, VERB_NONE };

static enum verb read_verb(const struct args *args, double *weight)
{
	struct str verb = args->n ? str_of(args->operands[0]) : STR_NONE;

	if (!args->n)
		return VERB_LIST;
	if (str_eq(verb, STR("drop")) && args->n == 2)
		return VERB_DROP;
	if (str_eq(verb, STR("weigh")) && args->n == 3 &&
	    str_to_double(str_of(args->operands[2]), weight))
		return VERB_WEIGH;
	return VERB_NONE;
}

static int run(const char *db, enum verb verb, const char *name, double weight, bool as_json)
{
	struct store *s = NULL;
	struct err err = {0};
	int rc = store_open(db, verb == VERB_LIST ? STORE_READ : STORE_WRITE, &s, &err);

	if (rc == 0 && verb == VERB_LIST)
		rc = list(s, as_json, &err);
	else if (rc == 0 && verb == VERB_DROP)
		rc = vector_drop(s, str_of(name), &err);
	else if (rc == 0)
		rc = vector_weigh(s, str_of(name), weight, &err);
	if (s)
		store_close(s);
	return rc == 0 ? EXIT_OK : tool_fail(EXIT_WRONG, "%s", err.text);
}

int tool_vectors(int argc, char **argv)
{
	const char *db = NULL;
	bool as_json = false;
	const struct arg_option options[] = {
		{"db", 0, ARG_TEXT, &db, "FILE", "database (./kefu.db)"},
		{"json", 0, ARG_FLAG, &as_json, NULL, "the list as JSON"},
		{0},
	};
	enum verb verb;
	double weight = 0;
	struct args args;
	int code;

	if (!tool_args(&args, options, argc, argv,
		       "kefu vectors [weigh NAME NUMBER | drop NAME] [OPTION…]",
		       "Lists the vectors that courses carry, by name; sets how much a name weighs "
		       "against words (1), 0 to leave it out; or forgets a name.",
		       &code))
		return code;
	verb = read_verb(&args, &weight);
	db = tool_db(db);
	if (verb == VERB_NONE)
		code = tool_fail(EXIT_USAGE,
				 "vectors: kefu vectors, kefu vectors weigh NAME NUMBER, or "
				 "kefu vectors drop NAME");
	else if (!db)
		code = tool_fail(EXIT_USAGE, "vectors: no database; --db FILE");
	else
		code = run(db, verb, args.n > 1 ? args.operands[1] : "", weight, as_json);
	args_done(&args);
	return code;
}
