/* kefu recommend: courses for a learner, from the database alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/reply.h"
#include "tool/tool.h"

struct recommending {
	const char *db, *user, *query, *category, *level, *language, *format, *lang;
	const char *min_price, *max_price, *order;
	struct arg_list like;
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
		rc = profiles_read(r->profiles, r->store, NULL, err);
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

static void print_nothing(const struct recommended_list *list, bool chinese)
{
	if (list->text_matched)
		fputs(chinese ? "没有符合条件的课程" : "no course fits", stdout);
	else
		fputs(chinese ? "没有课程与这些词相关" : "no course matches these words", stdout);
	for (size_t i = 0; i < list->n_categories; i++)
		printf("%s%.*s",
		       i	 ? (chinese ? "、" : ", ")
		       : chinese ? "；现有类别："
				 : "; there are: ",
		       STR_ARG(list->categories[i]));
	puts("");
}

static void print_without(const struct recommended_list *list, bool chinese)
{
	struct buf names = {0};

	if (!list->without)
		return;
	recommend_filters_put(&names, list->without, chinese);
	printf("%s%.*s%s\n", chinese ? "没有符合条件的课程；不限" : "no course fits; without the ",
	       STR_ARG(buf_view(&names)), chinese ? "时最接近的：" : " the nearest are:");
	buf_done(&names);
}

static void print(const struct recommending *r, const struct recommended_list *list, bool chinese)
{
	if (r->json) {
		print_json(r, list);
		return;
	}
	print_without(list, chinese);
	for (size_t i = 0; i < list->n; i++) {
		const struct recommended *c = &list->v[i];

		printf("%2zu. %-10.*s %.*s", i + 1, STR_ARG(c->course->id),
		       STR_ARG(c->course->title));
		if (c->course->price >= 0)
			printf("  ¥%g", c->course->price);
		if (c->course->format.n)
			printf("  [%.*s]", STR_ARG(c->course->format));
		printf("  %.*s\n", STR_ARG(c->reason));
	}
	if (list->n == 0)
		print_nothing(list, chinese);
}

static int read_price(const char *option, const char *text, double *price)
{
	if (!text || (str_to_double(str_of(text), price) && *price >= 0))
		return EXIT_OK;
	return tool_fail(EXIT_USAGE, "recommend: --%s '%s' is not a number from 0 up", option,
			 text);
}

static int read_prices(const struct recommending *r, struct recommend_query *q)
{
	int code = read_price("min-price", r->min_price, &q->min_price);

	if (code == EXIT_OK)
		code = read_price("max-price", r->max_price, &q->max_price);
	q->by_price = r->order && strcmp(r->order, "price") == 0;
	if (code == EXIT_OK && r->order && !q->by_price && strcmp(r->order, "score") != 0)
		code = tool_fail(EXIT_USAGE, "recommend: --order '%s' is neither score nor price",
				 r->order);
	return code;
}

/* EXIT_USAGE: a filter's value is none there can be. */
static int read_query(struct recommending *r, struct recommend_query *q)
{
	struct str *likes = ARENA_ARRAY(&r->arena, struct str, r->like.n);

	for (size_t i = 0; i < r->like.n; i++)
		likes[i] = str_of(r->like.v[i]);
	*q = (struct recommend_query){.profiles = r->profiles,
				      .user = str_of(r->user),
				      .text = str_of(r->query),
				      .likes = likes,
				      .n_likes = r->like.n,
				      .category = str_of(r->category),
				      .level = normal_text(&r->arena, str_of(r->level)),
				      .lang = str_of(r->language),
				      .format = normal_text(&r->arena, str_of(r->format)),
				      .max_price = -1,
				      .count = r->count > 50 ? 50 : (size_t)r->count,
				      .reply_lang = r->lang		   ? str_of(r->lang)
						    : err_locale_chinese() ? STR("zh")
									   : STR("en")};
	if (q->level.n && !course_knows_level(q->level))
		return tool_fail(EXIT_USAGE, "recommend: --level '%s' is none of %s", r->level,
				 course_level_names);
	if (q->format.n && !course_knows_format(q->format))
		return tool_fail(EXIT_USAGE, "recommend: --format '%s' is none of %s", r->format,
				 course_format_names);
	return read_prices(r, q);
}

static int ask(struct recommending *r)
{
	struct recommended_list list;
	struct recommend_query q;
	struct err err = {0};
	int code = read_query(r, &q);

	if (code != EXIT_OK)
		return code;
	if (open_data(r, &err) != 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	recommend_nearest(r->recommender, &r->arena, &q, &list);
	print(r, &list, str_starts(q.reply_lang, STR("zh")));
	return EXIT_OK;
}

static int run(struct recommending *r)
{
	int code;

	arena_init(&r->arena);
	r->profiles = profiles_new();
	code = ask(r);
	recommender_free(r->recommender);
	profiles_free(r->profiles);
	store_close(r->store);
	arena_done(&r->arena);
	return code;
}

int tool_recommend(int argc, char **argv)
{
	struct recommending r = {.count = 10};
	const struct arg_option options[] = {
		{"db", 0, ARG_TEXT, &r.db, "FILE", "database (./kefu.db)"},
		{"user", 0, ARG_TEXT, &r.user, "ID", "learner"},
		{"query", 0, ARG_TEXT, &r.query, "TEXT", "words to look for"},
		{"like", 0, ARG_LIST, &r.like, "COURSE",
		 "id or title of a course to resemble; several: again, or with commas"},
		{"category", 0, ARG_TEXT, &r.category, "NAME", "only courses of that category"},
		{"level", 0, ARG_TEXT, &r.level, "LEVEL", course_level_names},
		{"format", 0, ARG_TEXT, &r.format, "FORMAT", course_format_names},
		{"language", 0, ARG_TEXT, &r.language, "LANG", "taught in it, as in zh or en"},
		{"max-price", 0, ARG_TEXT, &r.max_price, "PRICE", "no dearer than that; 0: free"},
		{"min-price", 0, ARG_TEXT, &r.min_price, "PRICE", "no cheaper than that"},
		{"order", 0, ARG_TEXT, &r.order, "ORDER", "score, or price: the cheapest first"},
		{"lang", 0, ARG_TEXT, &r.lang, "LANG",
		 "zh or en: the reasons (that of the locale)"},
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
