#include "bot/steps.h"

enum { JUMPS_MAX = 4 };

/* ---- conditions ---- */

static int order(struct str have, struct str want)
{
	double a, b;

	if (str_to_double(have, &a) && str_to_double(want, &b))
		return (a > b) - (a < b);
	return str_cmp(have, want);
}

static bool cond_holds(struct turn *t, const struct cond *c)
{
	struct slot slot;
	bool have = render_find(t, c->slot, &slot) && slot.value.n;
	int cmp;

	if (c->op == COND_SET || c->op == COND_UNSET)
		return have == (c->op == COND_SET);
	if (!have)
		return c->op == COND_NE;
	cmp = order(slot.value, render_slots(t, c->value, true));
	switch (c->op) {
	case COND_EQ:
		return cmp == 0 || str_eq(slot.raw, c->value);
	case COND_NE:
		return cmp != 0;
	case COND_LT:
		return cmp < 0;
	case COND_LE:
		return cmp <= 0;
	case COND_GT:
		return cmp > 0;
	default:
		return cmp >= 0;
	}
}

static const struct answer *choose_answer(struct turn *t, const struct intent *intent)
{
	for (size_t i = 0; i < intent->n_answers; i++) {
		const struct answer *a = &intent->answers[i];
		size_t held = 0;

		while (held < a->n_conds && cond_holds(t, &a->conds[held]))
			held++;
		if (held == a->n_conds)
			return a;
	}
	return NULL;
}

/* ---- actions ---- */

bool answer_act(struct turn *t, const struct actions *acts)
{
	bool found = true;

	for (size_t i = 0; i < acts->n; i++) {
		const struct action_kind *kind = action_find(acts->v[i].verb);

		if (kind && !kind->run(t, &acts->v[i]))
			found = false;
	}
	return found;
}

/* What the actions say for themselves where the rules gave no words: "I have passed this on …". */
static void say_words(struct turn *t, const struct actions *acts)
{
	for (size_t i = 0; i < acts->n; i++) {
		const struct action_kind *kind = action_find(acts->v[i].verb);

		if (kind && kind->words)
			reply_say(t, render_named(t, kind->words(t, &acts->v[i])));
	}
}

static void intent_button(struct turn *t, const struct intent *intent)
{
	reply_button(t, reply_title(t, intent),
		     arena_printf(&t->arena, "intent:%.*s", STR_ARG(intent->name)));
}

static void faq_button(struct turn *t, const struct faq_entry *entry)
{
	reply_button(t, render_text(t, &entry->question),
		     arena_printf(&t->arena, "faq:%.*s", STR_ARG(entry->id)));
}

/* A button is an intent's name, `faq:ID`, or words that are sent as if typed. */
void reply_buttons(struct turn *t, const struct strs *buttons)
{
	const struct ruleset *rs = t->snapshot->rules;

	for (size_t i = 0; i < buttons->n; i++) {
		struct str name = buttons->v[i], words;
		const struct intent *intent = rule_intent(rs, name);
		const struct faq_entry *entry = str_starts(name, STR("faq:"))
							? rule_faq(rs, str_sub(name, 4, name.n))
							: NULL;

		if (intent) {
			intent_button(t, intent);
		} else if (entry) {
			faq_button(t, entry);
		} else {
			words = render_slots(t, name, false);
			reply_button(t, words, words);
		}
	}
}

static void open_context(struct turn *t, const struct intent *intent)
{
	if (!intent->then_context.n)
		return;
	session_set(&t->session->context, intent->then_context);
	t->session->context_turns = intent->then_turns;
}

void answer_finish(struct turn *t, const struct intent *intent)
{
	static const struct answer nothing;
	const struct answer *a = choose_answer(t, intent);
	struct str before = t->reply.text, extra;
	bool found;

	if (!a)
		a = &nothing;
	t->reply.text = STR_NONE;
	found = answer_act(t, &intent->acts) && answer_act(t, &a->acts);
	extra = t->reply.text;
	t->reply.text = before;
	if (found)
		reply_say(t, render_text(t, &a->text));
	else
		reply_say(t, render_text(t, &a->none));
	reply_say(t, extra);
	if (!t->reply.text.n) {
		say_words(t, &intent->acts);
		say_words(t, &a->acts);
	}
	reply_buttons(t, &a->buttons);
	open_context(t, intent);
}

/* ---- starting an intent ---- */

/* An intent that reads slots must not see those of an earlier, finished matter. */
static bool reads_slots(const struct intent *intent, const struct slots *captured)
{
	if (intent->n_asks || captured->n)
		return true;
	for (size_t i = 0; i < intent->n_answers; i++)
		if (intent->answers[i].n_conds)
			return true;
	return false;
}

static bool continues_context(const struct session *s, const struct intent *intent)
{
	for (size_t i = 0; i < intent->only.contexts.n; i++)
		if (str_eq(intent->only.contexts.v[i], str_of(s->context)))
			return true;
	return false;
}

void answer_start(struct turn *t, const struct intent *intent, const struct slots *slots)
{
	if (reads_slots(intent, slots) && !continues_context(t->session, intent))
		session_slots_clear(t->session);
	for (size_t i = 0; i < slots->n; i++)
		slot_put(&t->arena, &t->reply.slots, slots->v[i]);
	t->reply.intent = intent->name;
	if (!form_ask(t, intent))
		answer_finish(t, intent);
}

void answer_jump(struct turn *t, struct str name)
{
	const struct intent *intent = rule_intent(t->snapshot->rules, name);
	static const struct slots none;

	if (!intent || t->jumps++ >= JUMPS_MAX)
		return;
	answer_start(t, intent, &none);
}

/* ---- the other answers ---- */

void answer_faq(struct turn *t, const struct faq_entry *entry)
{
	t->reply.intent = arena_printf(&t->arena, "faq:%.*s", STR_ARG(entry->id));
	reply_say(t, render_text(t, &entry->answer));
	reply_buttons(t, &entry->next);
}

static void option_button(struct turn *t, const struct option *o)
{
	if (o->intent)
		intent_button(t, o->intent->intent);
	else
		faq_button(t, &t->snapshot->rules->faq[o->faq]);
}

void answer_ask(struct turn *t, const struct decision *d)
{
	t->reply.source = SOURCE_ASK;
	t->reply.score = d->options[0].score;
	reply_say(t, render_named(t, "did_you_mean"));
	for (size_t i = 0; i < d->n && i < ASK_BUTTONS_MAX; i++)
		option_button(t, &d->options[i]);
}

void answer_also(struct turn *t, const struct decision *d)
{
	for (size_t i = 0; i < d->n_also; i++)
		option_button(t, &d->also[i]);
}

void answer_fallback(struct turn *t)
{
	const struct fallback *f = &t->snapshot->rules->fallback;
	const struct fallback_after *after = NULL;
	struct str words;

	t->reply.source = SOURCE_FALLBACK;
	t->session->misses++;
	for (size_t i = 0; i < f->n; i++)
		if (f->after[i].misses <= t->session->misses)
			after = &f->after[i];
	words = after && after->text.n ? render_text(t, &after->text) : render_text(t, &f->text);
	reply_say(t, words.n ? words : render_named(t, "fallback"));
	if (after) {
		answer_act(t, &after->acts);
		if (!after->text.n)
			say_words(t, &after->acts);
	}
}

void answer_welcome(struct turn *t)
{
	t->reply.source = SOURCE_RULE;
	t->reply.score = 1.0;
	reply_say(t, render_named(t, "welcome"));
	reply_buttons(t, &t->snapshot->rules->settings.welcome_buttons);
}
