/* A list of courses in words: what was asked of the recommender, and what it had. */
#include "bot/steps.h"

/* The words of a sentence, one after the other. */
struct sentence {
	struct buf *out;
	bool chinese;
	size_t n;
};

static void put_next(struct sentence *s)
{
	buf_cstr(s->out, !s->n++ ? "" : s->chinese ? "，" : ", ");
}

static void put_pair(struct sentence *s, const char *zh, const char *en, struct str value)
{
	if (!value.n)
		return;
	put_next(s);
	buf_printf(s->out, "%s %.*s", s->chinese ? zh : en, STR_ARG(value));
}

static void put_price(struct sentence *s, const struct recommend_query *q)
{
	const char *name = s->chinese ? "价格" : "price";

	if (!recommend_has_filter(q, FILTER_PRICE) && !q->by_price)
		return;
	put_next(s);
	if (q->min_price > 0 && q->max_price >= 0)
		buf_printf(s->out, "%s %.10g–%.10g", name, q->min_price, q->max_price);
	else if (q->min_price > 0)
		buf_printf(s->out, "%s ≥ %.10g", name, q->min_price);
	else if (q->max_price >= 0)
		buf_printf(s->out, "%s ≤ %.10g", name, q->max_price);
	else
		buf_cstr(s->out, s->chinese ? "从最便宜的排起" : "the cheapest first");
}

static void put_asked(struct sentence *s, const struct recommend_query *q)
{
	put_pair(s, "查词", "words", q->text);
	for (size_t i = 0; i < q->n_likes; i++)
		put_pair(s, "类似", "like", q->likes[i]);
	put_pair(s, "类别", "category", q->category);
	put_pair(s, "难度", "level", q->level);
	put_pair(s, "形式", "format", q->format);
	put_pair(s, "授课语言", "language", q->lang);
	put_price(s, q);
	if (!s->n)
		buf_cstr(s->out, s->chinese ? "没有条件" : "no conditions");
}

static void put_without(const struct recommended_list *got, bool chinese, struct buf *out)
{
	buf_cstr(out,
		 chinese ? "没有课程全部符合，不限" : "no course passes all of it; without the ");
	recommend_filters_put(out, got->without, chinese);
	buf_cstr(out, chinese ? "时最接近的" : " the nearest are");
}

static void put_got(const struct recommended_list *got, bool chinese, struct buf *out)
{
	if (!got->text_matched) {
		buf_cstr(out, chinese ? "没有课程有这些词" : "no course has the words");
		return;
	}
	if (!got->n) {
		buf_cstr(out, chinese ? "没有课程" : "no course");
		return;
	}
	if (got->without)
		put_without(got, chinese, out);
	else
		buf_cstr(out, chinese ? "有" : "there are");
	for (size_t i = 0; i < got->n; i++)
		buf_printf(out, "%s%.*s", i ? ", " : " ", STR_ARG(got->v[i].course->id));
}

bool explain_recommend(const struct turn *t, bool chinese, struct buf *out)
{
	struct sentence s = {out, chinese, 0};

	if (!t->asked)
		return false;
	buf_cstr(out, chinese ? "推荐：" : "recommend: ");
	put_asked(&s, t->asked);
	buf_cstr(out, " → ");
	put_got(t->got, chinese, out);
	return true;
}
