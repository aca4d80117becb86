/* do: {recommend: {topic: <topic>, like: <course>, max_price: <budget>, count: 3}}
 *
 * Arguments: topic and query (words), like (course id or title), level, lang, format, category,
 * max_price, count (1..10, default 3). All may be slots that came to nothing. Without words and
 * with a `like` that came to nothing, the course last spoken of or the page's own stands in: "like
 * this one". */
#include "bot/steps.h"

enum { COUNT_DEFAULT = 3, COUNT_MAX = 10 };

/* "/course/py101?x=1" -> "py101" when the catalogue has it. */
static struct str page_course(const struct turn *t)
{
	struct str page = str_of(t->session->page);
	size_t at = str_find(page, STR("/course/"), 0), end;
	struct str id;

	if (at == SIZE_MAX)
		return STR_NONE;
	id = str_sub(page, at + 8, page.n);
	for (end = 0; end < id.n && !strchr("/?#", id.p[end]); end++)
		;
	id = str_sub(id, 0, end);
	return catalogue_find(t->snapshot->courses, id) >= 0 ? id : STR_NONE;
}

/* A copy: the session's own is about to be replaced. */
static struct str this_one(struct turn *t)
{
	struct str page = page_course(t);

	return arena_str(&t->arena, page.n ? page : str_of(t->session->last_course));
}

static struct str both_words(struct turn *t, struct str topic, struct str query)
{
	if (!topic.n || !query.n)
		return topic.n ? topic : query;
	return arena_printf(&t->arena, "%.*s %.*s", STR_ARG(topic), STR_ARG(query));
}

static void read_query(struct turn *t, const struct action *a, struct recommend_query *q)
{
	double number;

	*q = (struct recommend_query){
		.profiles = t->profiles,
		.user = str_of(t->session->user),
		.text = both_words(t, action_value(t, a, "topic"), action_value(t, a, "query")),
		.like = action_value(t, a, "like"),
		.level = action_value(t, a, "level"),
		.lang = action_value(t, a, "lang"),
		.format = action_value(t, a, "format"),
		.category = action_value(t, a, "category"),
		.max_price = -1,
		.count = COUNT_DEFAULT,
		.reply_lang = t->reply.lang,
	};
	if (str_to_double(action_value(t, a, "max_price"), &number) && number >= 0)
		q->max_price = number;
	if (str_to_double(action_value(t, a, "count"), &number) && number >= 1)
		q->count = number > COUNT_MAX ? COUNT_MAX : (size_t)number;
	if (!q->like.n && !q->text.n && action_arg(a, "like"))
		q->like = this_one(t);
}

static struct card card_of(const struct recommended *r)
{
	const struct course *c = r->course;

	return (struct card){c->id,	c->title, c->url,    c->image,
			     r->reason, c->level, c->format, c->price};
}

static bool run(struct turn *t, const struct action *a)
{
	struct recommend_query q;
	struct recommended_list list;
	struct card *cards;

	if (!t->snapshot->recommender)
		return false;
	read_query(t, a, &q);
	recommend(t->snapshot->recommender, &t->arena, &q, &list);
	reply_done(t, "recommend", q.text.n ? q.text : q.like);
	if (!list.n)
		return false;
	cards = ARENA_ARRAY(&t->arena, struct card, list.n);
	for (size_t i = 0; i < list.n; i++)
		cards[i] = card_of(&list.v[i]);
	t->reply.cards = cards;
	t->reply.n_cards = list.n;
	session_set(&t->session->last_course, cards[0].id);
	return true;
}

static const char *words(struct turn *t, const struct action *a)
{
	(void)a;
	return t->reply.n_cards ? "recommended" : "nothing_found";
}

static const struct action_param params[] = {
	{"topic", false}, {"query", false},  {"like", false},	  {"level", false},
	{"lang", false},  {"format", false}, {"category", false}, {"max_price", false},
	{"count", false}, {NULL, false}};

const struct action_kind action_recommend = {"recommend", params, run, words, NULL};
