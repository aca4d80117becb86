/* kefu recommend: courses for a learner, from the database alone. */
#include <stdio.h>
#include <stdlib.h>

#include "bot/reply.h"
#include "tool/tool.h"

struct recommending {
	const char *db, *user, *query, *like;
	long count;
	bool json;
	struct arena arena;
	struct store *store;
	const struct catalogue *courses;
	struct recommender *recommender;
	struct profiles *profiles;
};

static int open_data(struct recommending *r, struct err *err)
{
	struct str *titles;
	int rc = store_open(r->db, STORE_READ, &r->store, err);

	if (rc == 0)
		rc = catalogue_read(r->store, &r->arena, &r->courses, err);
	if (rc != 0)
		return rc;
	titles = ARENA_ARRAY(&r->arena, struct str, r->courses->n);
	for (size_t i = 0; i < r->courses->n; i++)
		titles[i] = r->courses->courses[i].title;
	rc = recommender_new(r->courses, lexicon_new(&r->arena, NULL, 0, titles, r->courses->n),
			     r->store, &r->recommender, err);
	if (rc == 0)
		rc = profiles_read(r->profiles, r->store, err);
	return rc;
}

static void print_json(const struct recommending *r, const struct recommended_list *list)
{
	struct buf out = {0};

	recommended_json(r->user ? str_of(r->user) : STR_NONE,
			 r->query ? str_of(r->query) : STR_NONE, list, &out);
	printf("%.*s\n", STR_ARG(buf_view(&out)));
	buf_done(&out);
}

static void print(const struct recommending *r, const struct recommended_list *list)
{
	if (r->json) {
		print_json(r, list);
		return;
	}
	for (size_t i = 0; i < list->n; i++) {
		const struct recommended *c = &list->v[i];

		printf("%2zu. %-10.*s %.*s", i + 1, STR_ARG(c->course->id),
		       STR_ARG(c->course->title));
		if (c->course->price >= 0)
			printf("  ¥%g", c->course->price);
		printf("  %.*s\n", STR_ARG(c->reason));
	}
	if (list->n == 0)
		puts(list->text_matched ? "no course fits" : "no course matches these words");
}

static int run(struct recommending *r)
{
	struct recommended_list list;
	struct err err = {0};
	int rc;

	arena_init(&r->arena);
	r->profiles = profiles_new();
	rc = open_data(r, &err);
	if (rc == 0) {
		const struct recommend_query q = {.profiles = r->profiles,
						  .user = str_of(r->user),
						  .text = str_of(r->query),
						  .like = str_of(r->like),
						  .max_price = -1,
						  .count = r->count > 50 ? 50 : (size_t)r->count,
						  .reply_lang = err_locale_chinese() ? STR("zh")
										     : STR("en")};

		recommend(r->recommender, &r->arena, &q, &list);
		print(r, &list);
	} else {
		tool_fail(EXIT_WRONG, "%s", err.text);
	}
	recommender_free(r->recommender);
	profiles_free(r->profiles);
	store_close(r->store);
	arena_done(&r->arena);
	return rc == 0 ? EXIT_OK : EXIT_WRONG;
}

int tool_recommend(int argc, char **argv)
{
	struct recommending r = {.count = 10};
	const struct arg_option options[] = {
		{"db", 0, ARG_TEXT, &r.db, "FILE", "database (./kefu.db)"},
		{"user", 0, ARG_TEXT, &r.user, "ID", "learner"},
		{"query", 0, ARG_TEXT, &r.query, "TEXT", "words to look for"},
		{"like", 0, ARG_TEXT, &r.like, "COURSE", "id or title of a course to resemble"},
		{"count", 'n', ARG_COUNT, &r.count, "N", "how many, 1 to 50 (10)"},
		{"json", 0, ARG_FLAG, &r.json, NULL, "as JSON"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(&args, options, argc, argv, "kefu recommend [OPTION…]",
		       "Recommends courses to a learner, for a query, or like a course.", &code))
		return code;
	if (args.n) {
		code = tool_fail(EXIT_USAGE, "recommend: '%s' is not an option; --query %s?",
				 args.operands[0], args.operands[0]);
	} else {
		r.db = tool_db(r.db);
		code = r.db ? run(&r)
			    : tool_fail(EXIT_USAGE,
					"recommend: no database; --db FILE, or kefu import "
					"courses FILE first");
	}
	args_done(&args);
	return code;
}
