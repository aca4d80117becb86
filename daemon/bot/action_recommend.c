/* do: {recommend: {topic: <topic>, like: <course>, price: <price>, count: 3}}
 *
 * Arguments: topic, or else query (words), like (course id or title), level, lang, format,
 * category, price, max_price, count (1..10, default 3). All may be slots that came to nothing. Without
 * words and with a `like` that came to nothing, the course last spoken of or the page's own stands
 * in: "like this one". `course: <course>` shows that very course, or else this one, and nothing
 * more.
 *
 * `price` is one or several of kb/price.h, all of which hold. `cheaper` is less than the cheapest course
 * shown before; the slot beside it ([cheaper, <price>]) keeps that bound for what is asked next.
 *
 * A topic is searched in the learner's own words first ("yoga"), and when no course is left
 * under the name that the rules give it ("fitness"); when no course has the words at all, the
 * catalogue's categories are offered as buttons. When courses have the words and none passes the
 * filters, the nearest are shown and it is said which filter they do not pass. What led nowhere is
 * forgotten: it does not count in the next question. `more: yes` leaves out what was shown since
 * the last question without it: "show me others". */
#include "bot/steps.h"
#include "kb/price.h"

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

static void read_like(struct turn *t, const struct action *a, bool more, struct recommend_query *q)
{
	struct str *like = ARENA_NEW(&t->arena, struct str);

	*like = action_value(t, a, "like");
	if (!like->n && !q->text.n && !more && action_arg(a, "like"))
		*like = this_one(t);
	q->likes = like;
	q->n_likes = like->n > 0;
}

/* ---- prices ---- */

/* "<topic>" -> "topic"; "" when it is anything but a slot alone. */
static struct str slot_alone(struct str v)
{
	if (v.n < 3 || v.p[0] != '<' || str_find(v, STR(">"), 0) != v.n - 1)
		return STR_NONE;
	return str_sub(v, 1, v.n - 1);
}

/* The least price of what was shown, ";a;b;"; < 0: none. */
static double least_shown(const struct turn *t)
{
	struct str rest = str_of(t->session->shown);
	double least = -1;

	while (rest.n) {
		size_t end = str_find(rest, STR(";"), 0);
		struct str id = str_sub(rest, 0, end);
		int32_t at = catalogue_find(t->snapshot->courses, id);
		double price = at < 0 ? -1 : t->snapshot->courses->courses[at].price;

		if (price >= 0 && (least < 0 || price < least))
			least = price;
		rest = end == SIZE_MAX ? STR_NONE : str_sub(rest, end + 1, rest.n);
	}
	return least;
}

/* The slot beside `cheaper` says from now on what it came to. */
static void keep_bound(struct turn *t, const struct action_arg *arg, const struct price_range *r)
{
	for (size_t i = 0; i < arg->values.n; i++) {
		struct str name = slot_alone(arg->values.v[i]), value;

		if (!name.n)
			continue;
		value = arena_printf(&t->arena, "%.10g-%.10g", r->min > 0 ? r->min : 0, r->max);
		slot_put(&t->arena, &t->reply.slots,
			 (struct slot){.name = name, .raw = value, .value = value});
		return;
	}
}

/* Less than what was shown; nothing was: the cheapest there are. */
static void read_cheaper(struct turn *t, const struct action_arg *arg, struct price_range *r)
{
	const double cent = .01;
	double least = least_shown(t);

	if (least < 0)
		return;
	least = least > cent ? least - cent : 0;
	if (r->max < 0 || r->max > least)
		r->max = least;
	r->cheap = false;
	keep_bound(t, arg, r);
}

static void read_price(struct turn *t, const struct action *a, struct recommend_query *q)
{
	const struct action_arg *arg = action_arg(a, "price");
	struct price_range r = PRICE_ANY;

	price_narrow(&r, action_value(t, a, "max_price"));
	for (size_t i = 0; arg && i < arg->values.n; i++)
		price_narrow(&r, str_trim(render_slots(t, arg->values.v[i], true)));
	if (r.cheaper)
		read_cheaper(t, arg, &r);
	q->min_price = r.min;
	q->max_price = r.max;
	q->by_price = r.cheap;
}

static void read_query(struct turn *t, const struct action *a, bool more, struct recommend_query *q)
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
		.count = COUNT_DEFAULT,
		.reply_lang = t->reply.lang,
	};
	if (str_to_double(action_value(t, a, "count"), &number) && number >= 1)
		q->count = number > COUNT_MAX ? COUNT_MAX : (size_t)number;
	read_price(t, a, q);
	read_like(t, a, more, q);
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

/* Cards of what is found, at most `max`: how many. */
static size_t find(struct turn *t, const struct recommend_query *q, bool more, struct card *cards,
		   size_t max, struct recommended_list *list)
{
	size_t n = 0;

	recommend_nearest(t->snapshot->recommender, &t->arena, q, list);
	for (size_t i = 0; i < list->n && n < max; i++)
		if (!more || !was_shown(t, list->v[i].course->id))
			cards[n++] = card_of(&list->v[i]);
	return n;
}

/* The slot that the words are taken from, when they are nothing but that slot: <topic> -> topic. */
static struct str words_slot(const struct action *a)
{
	const struct action_arg *arg = action_arg(a, "topic");

	return arg && arg->values.n ? slot_alone(arg->values.v[0]) : STR_NONE;
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

/* ---- what led nowhere ---- */

static void forget(struct turn *t, const struct action *a, const char *name)
{
	const struct action_arg *arg = action_arg(a, name);
	size_t n = arg ? arg->values.n : 0;
	struct str *all = ARENA_ARRAY(&t->arena, struct str, t->forgotten.n + n);

	if (t->forgotten.n)
		memcpy(all, t->forgotten.v, t->forgotten.n * sizeof *all);
	for (size_t i = 0; i < n; i++)
		all[t->forgotten.n++] = slot_alone(arg->values.v[i]);
	t->forgotten.v = all;
}

static const struct {
	enum recommend_filter filter;
	const char *arg, *zh, *en;
} filters[] = {
	{FILTER_CATEGORY, "category", "类别", "category"},
	{FILTER_LEVEL, "level", "难度", "level"},
	{FILTER_LANGUAGE, "lang", "授课语言", "language"},
	{FILTER_FORMAT, "format", "上课形式", "format"},
	{FILTER_PRICE, "price", "价格", "price"},
	{FILTER_PRICE, "max_price", NULL, NULL},
};

enum { N_FILTERS = sizeof filters / sizeof *filters };

/* These are not what was asked for: it is said what they do not have. */
static void say_nearest(struct turn *t, const struct action *a, unsigned without)
{
	bool chinese = str_eq(t->reply.lang, STR("zh"));

	for (size_t i = 0; i < N_FILTERS; i++) {
		if (!(without & 1u << filters[i].filter))
			continue;
		forget(t, a, filters[i].arg);
		if (filters[i].zh)
			t->dropped = arena_printf(&t->arena, "%.*s%s%s", STR_ARG(t->dropped),
						  !t->dropped.n ? ""
						  : chinese	? "、"
								: " and ",
						  chinese ? filters[i].zh : filters[i].en);
	}
	reply_say(t, render_named(t, "nearest"));
}

static void forget_all(struct turn *t, const struct action *a)
{
	static const char *const words[] = {"topic", "query", "like"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		forget(t, a, words[i]);
	for (size_t i = 0; i < N_FILTERS; i++)
		forget(t, a, filters[i].arg);
}

/* ---- the action ---- */

/* For the explanation. */
static void note(struct turn *t, const struct recommend_query *q,
		 const struct recommended_list *list)
{
	struct recommend_query *asked = ARENA_NEW(&t->arena, struct recommend_query);
	struct recommended_list *got = ARENA_NEW(&t->arena, struct recommended_list);

	*asked = *q;
	*got = *list;
	t->asked = asked;
	t->got = got;
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
	read_query(t, a, more, &q);
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
	note(t, &q, &list);
	if (!n) {
		if (!list.text_matched)
			offer(t, a, &list);
		if (!list.n)
			forget_all(t, a);
		return false;
	}
	show(t, cards, n);
	remember_shown(t, more);
	if (list.without)
		say_nearest(t, a, list.without);
	return !list.without;
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
	{"price", false}, {"count", false},  {"course", false},	  {"more", false},
	{NULL, false}};

const struct action_kind action_recommend = {"recommend", params, run, words, NULL};
