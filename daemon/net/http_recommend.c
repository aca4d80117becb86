/* GET /recommend?user_id=1&query=Python&n=10: courses for a learner. */
#include <stdio.h>

#include "kb/recommend.h"
#include "net/header.h"
#include "net/http.h"
#include "net/server.h"
#include "text/utf8.h"

enum { PARAM_MAX = 512, COUNT_DEFAULT = 10, COUNT_MAX = 50 };

static void wrong(struct request *r, const char *parameter, const char *what)
{
	struct buf b = {0};
	char detail[200];

	snprintf(detail, sizeof detail, "the parameter '%s' %s", parameter, what);
	json_kstr(&b, "parameter", str_of(parameter));
	request_problem_with(r, 400, detail, buf_view(&b), "");
	buf_done(&b);
}

/* A parameter's text in `buf`; false: the problem was answered. */
static bool text_read(struct request *r, const char *name, bool required, char buf[PARAM_MAX],
		      struct str *out)
{
	bool fits;

	*out = STR_NONE;
	if (!query_read(r->wsi, name, buf, PARAM_MAX, out, &fits)) {
		if (required)
			wrong(r, name, "is missing");
		return !required;
	}
	if (!fits)
		wrong(r, name, "is too long");
	else if (utf8_valid(*out) < out->n)
		wrong(r, name, "is not UTF-8");
	else if (required && !str_trim(*out).n)
		wrong(r, name, "is empty");
	else
		return true;
	return false;
}

static bool count_read(struct request *r, size_t *out)
{
	char buf[PARAM_MAX];
	struct str text;
	uint64_t n = COUNT_DEFAULT;

	if (!text_read(r, "n", false, buf, &text))
		return false;
	if (text.p && (!str_to_u64(text, &n) || n < 1 || n > COUNT_MAX)) {
		wrong(r, "n", "must be a whole number from 1 to 50");
		return false;
	}
	*out = (size_t)n;
	return true;
}

static void put_course(struct buf *b, const struct recommended *c)
{
	json_open(b, '{');
	json_kstr(b, "id", c->course->id);
	json_kstr(b, "title", c->course->title);
	json_kstr(b, "description", c->course->description);
	json_key(b, "price");
	if (c->course->price < 0)
		json_nil(b);
	else
		json_num(b, c->course->price);
	json_knum(b, "score", c->score);
	json_kstr(b, "reason", c->reason);
	json_close(b, '}');
}

static void answer(struct request *r, const struct recommend_query *q)
{
	struct snapshot *snap = snapshot_ref(r->server->snapshot);
	struct recommended_list list = {0};
	struct arena arena;
	struct buf b = {0};

	arena_init(&arena);
	if (snap->recommender)
		recommend(snap->recommender, &arena, q, &list);
	json_open(&b, '{');
	json_kstr(&b, "user_id", q->user);
	json_kstr(&b, "query", q->text);
	json_key(&b, "courses");
	json_open(&b, '[');
	for (size_t i = 0; i < list.n; i++)
		put_course(&b, &list.v[i]);
	json_close(&b, ']');
	json_close(&b, '}');
	buf_char(&b, '\n');
	request_answer(r, 200, "application/json", buf_view(&b), "");
	buf_done(&b);
	arena_done(&arena);
	snapshot_unref(snap);
}

void http_recommend(struct request *r)
{
	char user[PARAM_MAX], query[PARAM_MAX], lang[PARAM_MAX];
	struct str wanted;
	struct recommend_query q = {.profiles = r->server->profiles, .max_price = -1};

	if (!text_read(r, "user_id", true, user, &q.user) ||
	    !text_read(r, "query", false, query, &q.text) || !count_read(r, &q.count) ||
	    !text_read(r, "lang", false, lang, &wanted))
		return;
	if (wanted.n)
		q.reply_lang = str_starts(wanted, STR("en")) ? STR("en") : STR("zh");
	else
		q.reply_lang = str_eq(utterance_lang(q.text), STR("en")) ? STR("en") : STR("zh");
	answer(r, &q);
}
