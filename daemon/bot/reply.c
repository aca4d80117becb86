#include "bot/reply.h"

static void put_buttons(const struct reply *r, struct buf *out)
{
	json_open(out, '[');
	for (size_t i = 0; i < r->n_buttons; i++) {
		json_open(out, '{');
		json_kstr(out, "title", r->buttons[i].title);
		json_kstr(out, "value", r->buttons[i].value);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void put_price(double price, struct buf *out)
{
	json_key(out, "price");
	if (price < 0)
		json_nil(out);
	else
		json_num(out, price);
}

static void put_course(const struct card *c, struct buf *out)
{
	json_open(out, '{');
	json_kstr(out, "id", c->id);
	json_kstr(out, "title", c->title);
	json_kstr(out, "url", c->url);
	put_price(c->price, out);
	json_kstr(out, "image", c->image);
	json_kstr(out, "reason", c->reason);
	json_kstr(out, "level", c->level);
	json_kstr(out, "format", c->format);
	json_close(out, '}');
}

static void put_courses(const struct reply *r, struct buf *out)
{
	json_open(out, '[');
	for (size_t i = 0; i < r->n_cards; i++)
		put_course(&r->cards[i], out);
	json_close(out, ']');
}

static void put_intent(struct str intent, struct buf *out)
{
	json_key(out, "intent");
	if (intent.n)
		json_str(out, intent);
	else
		json_nil(out);
}

static void put_said(const struct reply *r, struct buf *out)
{
	json_kstr(out, "text", r->text);
	json_key(out, "buttons");
	put_buttons(r, out);
	json_key(out, "courses");
	put_courses(r, out);
}

void reply_json(const struct reply *r, struct buf *out)
{
	json_kstr(out, "text", r->text);
	put_intent(r->intent, out);
	json_knum(out, "score", r->score);
	json_kstr(out, "source", str_of(reply_source_name(r->source)));
	json_key(out, "buttons");
	put_buttons(r, out);
	json_key(out, "courses");
	put_courses(r, out);
	if (r->list.n)
		json_kstr(out, "list", r->list);
	json_kstr(out, "lang", r->lang);
}

static void put_tokens(const struct turn *t, struct buf *out)
{
	json_open(out, '[');
	for (size_t i = 0; i < t->utterance.n; i++)
		json_str(out, t->utterance.tokens[i].text);
	json_close(out, ']');
}

static void put_slots(const struct slots *slots, struct buf *out)
{
	json_open(out, '{');
	for (size_t i = 0; i < slots->n; i++) {
		json_key_str(out, slots->v[i].name);
		json_str(out, slots->v[i].raw);
	}
	json_close(out, '}');
}

static void put_candidates(const struct reply *r, struct buf *out)
{
	json_open(out, '[');
	for (size_t i = 0; i < r->n_considered; i++) {
		const struct considered *c = &r->considered[i];

		json_open(out, '{');
		json_kstr(out, "intent", c->intent);
		json_knum(out, "score", c->score);
		json_kstr(out, "source", str_of(reply_source_name(c->source)));
		json_close(out, '}');
	}
	json_close(out, ']');
}

void turn_json(const struct turn *t, struct buf *out)
{
	const struct reply *r = &t->reply;

	json_open(out, '{');
	json_kstr(out, "text", t->text);
	json_kstr(out, "lang", r->lang);
	json_key(out, "tokens");
	put_tokens(t, out);
	put_intent(r->intent, out);
	json_knum(out, "score", r->score);
	json_kstr(out, "source", str_of(reply_source_name(r->source)));
	json_key(out, "slots");
	put_slots(&r->slots, out);
	json_key(out, "reply");
	json_open(out, '{');
	put_said(r, out);
	json_close(out, '}');
	json_key(out, "candidates");
	put_candidates(r, out);
	json_key(out, "why");
	turn_why(t, out);
	json_close(out, '}');
}

static void put_recommended(const struct recommended *r, struct buf *out)
{
	const struct course *c = r->course;

	json_open(out, '{');
	json_kstr(out, "id", c->id);
	json_kstr(out, "title", c->title);
	json_kstr(out, "description", c->description);
	put_price(c->price, out);
	json_knum(out, "score", r->score);
	json_kstr(out, "reason", r->reason);
	json_kstr(out, "because", str_of(r->because));
	json_kstr(out, "url", c->url);
	json_kstr(out, "image", c->image);
	json_kstr(out, "level", c->level);
	json_kstr(out, "format", c->format);
	json_close(out, '}');
}

static void put_list(const struct recommended_list *list, bool are_these, struct buf *out)
{
	json_open(out, '[');
	for (size_t i = 0; are_these && i < list->n; i++)
		put_recommended(&list->v[i], out);
	json_close(out, ']');
}

/* What does not pass the filters stands apart from what does. */
static void put_nearest(const struct recommended_list *list, struct buf *out)
{
	if (!list->without)
		return;
	json_key(out, "nearest");
	put_list(list, true, out);
	json_key(out, "without");
	json_open(out, '[');
	for (enum recommend_filter f = 0; f < FILTERS; f++)
		if (list->without & 1u << f)
			json_str(out, str_of(recommend_filter_name(f)));
	json_close(out, ']');
}

/* Whether the words are in any course, and what there is instead. */
static void put_offers(const struct recommended_list *list, struct buf *out)
{
	json_key(out, "matched");
	json_bool(out, list->text_matched);
	put_nearest(list, out);
	if (!list->n_categories)
		return;
	json_key(out, "categories");
	json_open(out, '[');
	for (size_t i = 0; i < list->n_categories; i++)
		json_str(out, list->categories[i]);
	json_close(out, ']');
}

void recommended_json(struct str user, struct str query, const struct recommended_list *list,
		      struct buf *out)
{
	json_open(out, '{');
	json_kstr(out, "user_id", user);
	json_kstr(out, "query", query);
	json_key(out, "courses");
	put_list(list, !list->without, out);
	put_offers(list, out);
	if (list->id.n)
		json_kstr(out, "list", list->id);
	json_close(out, '}');
}
