/* do: {recommend: {topic: <topic>, like: <course>, max_price: <budget>, count: 3}}
 *
 * Arguments: topic, or else query (words), like (course id or title), level, lang, format,
 * category, max_price, count (1..10, default 3). All may be slots that came to nothing. Without
 * words and with a `like` that came to nothing, the course last spoken of or the page's own stands
 * in: "like this one". `course: <course>` shows that very course, or else this one, and nothing
 * more.
 *
 * A topic is searched in the learner's own words first ("yoga"), and when no course is left
 * under the name that the rules give it ("fitness"); when no course has the words at all, the
 * catalogue's categories are offered as buttons. `more: yes` leaves out what was shown since
 * the last question without it: "show me others". */
#include "bot/steps.h"

enum { COUNT_DEFAULT = 3, COUNT_MAX = 10, FOUND_MAX = 50, OFFERS_MAX = 4 };

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

/* The words to search for: the topic, else the query. `values`: the topic under its canonical name,
 * not as it was said. */
static struct str search_words(struct turn *t, const struct action *a, bool values)
{
	const struct action_arg *arg = action_arg(a, "topic");
	struct str topic =
		arg && arg->values.n ? render_slots(t, arg->values.v[0], values) : STR_NONE;

	return topic.n ? topic : action_value(t, a, "query");
}

static void read_like(struct turn *t, const struct action *a, struct recommend_query *q)
{
	struct str *like = ARENA_NEW(&t->arena, struct str);

	*like = action_value(t, a, "like");
	if (!like->n && !q->text.n && action_arg(a, "like"))
		*like = this_one(t);
	q->likes = like;
	q->n_likes = like->n > 0;
}

static void read_query(struct turn *t, const struct action *a, struct recommend_query *q)
{
	struct tuning *tuning = ARENA_NEW(&t->arena, struct tuning);
	double number;

	*q = (struct recommend_query){
		.profiles = t->profiles,
		.user = str_of(t->session->user),
		.text = search_words(t, a, false),
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
	read_like(t, a, q);
	experiment_tune(t->snapshot->rules, q->user, AREA_RECOMMEND, tuning, &t->effects.met);
	q->tuning = &tuning->recommend;
}

static struct card card_of(const struct recommended *r)
{
	const struct course *c = r->course;

	return (struct card){c->id,	c->title, c->url,    c->image,
			     r->reason, c->level, c->format, c->price};
}

static void show(struct turn *t, struct card *cards, size_t n)
{
	t->reply.cards = cards;
	t->reply.n_cards = n;
	session_set(&t->session->last_course, cards[0].id);
}

static bool show_course(struct turn *t, struct str id)
{
	int32_t at = catalogue_find(t->snapshot->courses, id.n ? id : this_one(t));
	struct card *card;

	reply_done(t, "recommend", id);
	if (at < 0)
		return false;
	card = ARENA_NEW(&t->arena, struct card);
	*card = card_of(&(struct recommended){.course = &t->snapshot->courses->courses[at]});
	show(t, card, 1);
	return true;
}

/* ---- others than before ---- */

static struct str shown_mark(struct turn *t, struct str id)
{
	return arena_printf(&t->arena, ";%.*s;", STR_ARG(id));
}

static bool was_shown(struct turn *t, struct str id)
{
	return str_find(str_of(t->session->shown), shown_mark(t, id), 0) != SIZE_MAX;
}

static void remember_shown(struct turn *t, bool more)
{
	struct str all = more ? arena_str(&t->arena, str_of(t->session->shown)) : STR_NONE;

	for (size_t i = 0; i < t->reply.n_cards; i++)
		all = arena_printf(&t->arena, "%.*s%.*s", STR_ARG(all),
				   STR_ARG(shown_mark(t, t->reply.cards[i].id)));
	session_set(&t->session->shown, all);
}

/* ---- the action ---- */

/* Cards of what is found, at most `max`: how many. */
static size_t find(struct turn *t, const struct recommend_query *q, bool more, struct card *cards,
		   size_t max, struct recommended_list *list)
{
	size_t n = 0;

	recommend(t->snapshot->recommender, &t->arena, q, list);
	for (size_t i = 0; i < list->n && n < max; i++)
		if (!more || !was_shown(t, list->v[i].course->id))
			cards[n++] = card_of(&list->v[i]);
	return n;
}

/* The slot that the words are taken from, when they are nothing but that slot: <topic> -> topic. */
static struct str words_slot(const struct action *a)
{
	const struct action_arg *arg = action_arg(a, "topic");
	struct str v = arg && arg->values.n ? arg->values.v[0] : STR_NONE;

	if (v.n < 3 || v.p[0] != '<' || str_find(v, STR(">"), 0) != v.n - 1)
		return STR_NONE;
	return str_sub(v, 1, v.n - 1);
}

/* A button for each category there is: the same intent with that word. */
static void offer(struct turn *t, const struct action *a, const struct recommended_list *list)
{
	struct str slot = words_slot(a);

	for (size_t i = 0; i < list->n_categories && i < OFFERS_MAX; i++) {
		struct str name = list->categories[i];

		reply_button(t, name,
			     slot.n ? arena_printf(&t->arena, "intent:%.*s?%.*s=%.*s",
						   STR_ARG(t->reply.intent), STR_ARG(slot),
						   STR_ARG(name))
				    : name);
	}
}

static bool run(struct turn *t, const struct action *a)
{
	bool more = str_eq(action_value(t, a, "more"), STR("yes"));
	struct recommended_list list;
	struct recommend_query q;
	struct card *cards;
	size_t count, n;

	if (!t->snapshot->recommender)
		return false;
	if (action_arg(a, "course"))
		return show_course(t, action_value(t, a, "course"));
	read_query(t, a, &q);
	reply_done(t, "recommend", q.text.n ? q.text : q.n_likes ? *q.likes : STR_NONE);
	count = q.count;
	if (more)
		q.count = FOUND_MAX;
	cards = ARENA_ARRAY(&t->arena, struct card, count);
	n = find(t, &q, more, cards, count, &list);
	if (!n && q.text.n) {
		q.text = search_words(t, a, true);
		n = find(t, &q, more, cards, count, &list);
	}
	if (!n) {
		if (!list.text_matched)
			offer(t, a, &list);
		return false;
	}
	show(t, cards, n);
	remember_shown(t, more);
	return true;
}

static const char *words(struct turn *t, const struct action *a)
{
	(void)a;
	if (t->reply.n_cards)
		return "recommended";
	return t->reply.n_buttons ? "nothing_matched" : "nothing_found"; /* see offer */
}

static const struct action_param params[] = {
	{"topic", false}, {"query", false},  {"like", false},	  {"level", false},
	{"lang", false},  {"format", false}, {"category", false}, {"max_price", false},
	{"count", false}, {"course", false}, {"more", false},	  {NULL, false}};

const struct action_kind action_recommend = {"recommend", params, run, words, NULL};
