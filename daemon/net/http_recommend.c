/* GET /recommend?user_id=1&query=Python&n=10: courses for a learner. */
#include <stdio.h>

#include "bot/reply.h"
#include "net/given.h"
#include "net/header.h"
#include "net/http.h"
#include "net/server.h"
#include "text/utf8.h"

enum { PARAM_MAX = 512, COUNT_DEFAULT = 10, COUNT_MAX = 50, LIKES_MAX = 20 };

/* A question being read; its texts live in the arena. */
struct asking {
	struct request *r;
	struct arena arena;
	struct recommend_query q;
	struct str likes[LIKES_MAX];
};

static bool wrong(struct asking *k, const char *parameter, const char *what)
{
	struct buf b = {0};
	char detail[300];

	snprintf(detail, sizeof detail, "the parameter '%s' %s", parameter, what);
	json_kstr(&b, "parameter", str_of(parameter));
	request_problem_with(k->r, 400, detail, buf_view(&b), "");
	buf_done(&b);
	return false;
}

/* The nth of that name; *out is STR_NONE (p NULL) when there is none. False: the problem was
 * answered. */
static bool read_nth(struct asking *k, const char *name, size_t nth, struct str *out)
{
	char buf[PARAM_MAX];
	struct str text;
	bool fits;

	*out = STR_NONE;
	if (!query_read_nth(k->r->wsi, name, nth, buf, sizeof buf, &text, &fits))
		return true;
	if (!fits)
		return wrong(k, name, "is too long");
	if (utf8_valid(text) < text.n)
		return wrong(k, name, "is not UTF-8");
	*out = arena_str(&k->arena, text);
	return true;
}

static bool read_text(struct asking *k, const char *name, struct str *out)
{
	return read_nth(k, name, 0, out);
}

static bool read_user(struct asking *k)
{
	if (!read_text(k, "user_id", &k->q.user))
		return false;
	if (!k->q.user.p)
		return wrong(k, "user_id", "is missing");
	return str_trim(k->q.user).n || wrong(k, "user_id", "is empty");
}

static bool read_count(struct asking *k)
{
	struct str text;
	uint64_t n = COUNT_DEFAULT;

	if (!read_text(k, "n", &text))
		return false;
	if (text.p && (!str_to_u64(text, &n) || n < 1 || n > COUNT_MAX))
		return wrong(k, "n", "must be a whole number from 1 to 50");
	k->q.count = (size_t)n;
	return true;
}

static bool read_price(struct asking *k, const char *name, double none, double *price)
{
	struct str text;

	*price = none;
	if (!read_text(k, name, &text))
		return false;
	if (text.n && !(str_to_double(text, price) && *price >= 0))
		return wrong(k, name, "must be a number from 0 up");
	return true;
}

static bool read_order(struct asking *k)
{
	struct str text;

	if (!read_text(k, "order", &text))
		return false;
	k->q.by_price = str_eq(text, STR("price"));
	return !text.n || k->q.by_price || str_eq(text, STR("score")) ||
	       wrong(k, "order", "must be score or price");
}

static bool read_likes(struct asking *k)
{
	struct str one;

	for (size_t nth = 0;; nth++) {
		if (!read_nth(k, "like", nth, &one))
			return false;
		if (!one.p)
			break;
		if (k->q.n_likes == LIKES_MAX)
			return wrong(k, "like", "is there more than 20 times");
		if (str_trim(one).n)
			k->likes[k->q.n_likes++] = str_trim(one);
	}
	k->q.likes = k->likes;
	return true;
}

/* A word of a closed list, in any of its names. */
static bool read_word(struct asking *k, const char *name, bool (*knows)(struct str),
		      const char *all, struct str *out)
{
	char what[120];

	if (!read_text(k, name, out))
		return false;
	*out = normal_text(&k->arena, *out);
	if (!out->n || knows(*out))
		return true;
	snprintf(what, sizeof what, "must be one of %s", all);
	return wrong(k, name, what);
}

static bool read_filters(struct asking *k)
{
	return read_text(k, "category", &k->q.category) && read_text(k, "language", &k->q.lang) &&
	       read_price(k, "min_price", 0, &k->q.min_price) &&
	       read_price(k, "max_price", -1, &k->q.max_price) && read_order(k) &&
	       read_word(k, "level", course_knows_level, course_level_names, &k->q.level) &&
	       read_word(k, "format", course_knows_format, course_format_names, &k->q.format);
}

static bool read_lang(struct asking *k)
{
	struct str wanted;

	if (!read_text(k, "lang", &wanted))
		return false;
	if (!wanted.n)
		wanted = utterance_lang(k->q.text);
	k->q.reply_lang = str_starts(wanted, STR("en")) ? STR("en") : STR("zh");
	return true;
}

static void answer(struct asking *k)
{
	struct snapshot *snap = snapshot_ref(k->r->server->snapshot);
	struct recommended_list list = {0};
	struct exposures met = {0};
	struct tuning tuning;
	struct buf b = {0};
	char id[LIST_ID_TEXT];

	experiment_tune(snap->rules, k->q.user, AREA_RECOMMEND, &tuning, &met);
	k->q.tuning = &tuning.recommend;
	if (snap->recommender)
		recommend_nearest(snap->recommender, &k->arena, &k->q, &list);
	given_http(k->r->server, k->q.user, &list, &met, id);
	list.id = str_of(id);
	recommended_json(k->q.user, k->q.text, &list, &b);
	buf_char(&b, '\n');
	request_answer(k->r, 200, "application/json", buf_view(&b), "");
	buf_done(&b);
	snapshot_unref(snap);
}

void http_recommend(struct request *r)
{
	struct asking k = {.r = r, .q = {.profiles = r->server->profiles}};

	arena_init(&k.arena);
	if (read_user(&k) && read_text(&k, "query", &k.q.text) && read_count(&k) &&
	    read_likes(&k) && read_filters(&k) && read_lang(&k))
		answer(&k);
	arena_done(&k.arena);
}
