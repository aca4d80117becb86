/* Slot filling: an intent's questions, one at a time, until all its slots are there. */
#include "bot/steps.h"

static void close_question(struct session *s)
{
	session_set(&s->asking_intent, STR_NONE);
	session_set(&s->asking_slot, STR_NONE);
	s->asked = 0;
}

static const struct slot_ask *find_ask(const struct intent *intent, struct str slot)
{
	for (size_t i = 0; i < intent->n_asks; i++)
		if (str_eq(intent->asks[i].slot, slot))
			return &intent->asks[i];
	return NULL;
}

static bool interrupted(const struct turn *t, const struct intent *asking)
{
	for (size_t i = 0; i < t->matches.n; i++) {
		const struct candidate *c = &t->matches.v[i];

		if (c->source == MATCH_RULE && c->intent->priority > asking->priority)
			return true;
	}
	return false;
}

static void question(struct turn *t, const struct intent *intent, const struct slot_ask *ask)
{
	struct session *s = t->session;
	struct str words = render_text(t, &ask->question);

	session_set(&s->asking_intent, intent->name);
	session_set(&s->asking_slot, ask->slot);
	s->asked++;
	reply_say(t, words.n ? words : ask->slot);
}

static void give_up(struct turn *t, const struct slot_ask *ask)
{
	close_question(t->session);
	answer_act(t, &ask->otherwise);
	if (!t->reply.text.n)
		reply_say(t, render_named(t, "given_up"));
}

/* Entities of this message that other questions of the intent wait for. */
static void capture_more(struct turn *t, const struct intent *intent)
{
	for (size_t i = 0; i < intent->n_asks; i++) {
		struct slot have;
		const struct slot *found = slot_find(&t->matches.entities, intent->asks[i].slot);

		if (found && !render_find(t, intent->asks[i].slot, &have))
			slot_put(&t->arena, &t->reply.slots, *found);
	}
}

bool form_ask(struct turn *t, const struct intent *intent)
{
	capture_more(t, intent);
	for (size_t i = 0; i < intent->n_asks; i++) {
		struct slot have;

		if (render_find(t, intent->asks[i].slot, &have))
			continue;
		t->session->asked = 0;
		question(t, intent, &intent->asks[i]);
		return true;
	}
	return false;
}

enum heard { HEARD_NOTHING, HEARD_VALUE, HEARD_OTHER };

static enum heard hear(struct turn *t, const struct intent *intent, const struct slot_ask *ask,
		       struct slot *value)
{
	if (interrupted(t, intent))
		return HEARD_OTHER;
	return slot_fill(t->snapshot->matcher, &t->arena, ask->slot, &t->utterance, value)
		       ? HEARD_VALUE
		       : HEARD_NOTHING;
}

/* As typed, and if that is no answer as it was probably meant. */
static enum heard hear_twice(struct turn *t, const struct intent *intent,
			     const struct slot_ask *ask, struct slot *value)
{
	enum heard heard = hear(t, intent, ask, value);
	struct reading typed;

	if (heard != HEARD_NOTHING || !reading_correct(t, &typed))
		return heard;
	heard = hear(t, intent, ask, value);
	if (heard == HEARD_NOTHING)
		reading_restore(t, &typed);
	return heard;
}

bool form_continue(struct turn *t)
{
	struct session *s = t->session;
	const struct intent *intent;
	const struct slot_ask *ask;
	struct slot filled;
	enum heard heard;

	if (!*s->asking_intent)
		return false;
	intent = rule_intent(t->snapshot->rules, str_of(s->asking_intent));
	ask = intent ? find_ask(intent, str_of(s->asking_slot)) : NULL;
	heard = ask ? hear_twice(t, intent, ask, &filled) : HEARD_OTHER;
	if (heard == HEARD_OTHER) {
		close_question(s);
		return false;
	}
	t->reply.intent = intent->name;
	t->reply.source = SOURCE_SLOT;
	t->reply.score = 1.0;
	if (heard == HEARD_NOTHING) {
		if (s->asked < ask->tries)
			question(t, intent, ask);
		else
			give_up(t, ask);
		return true;
	}
	slot_put(&t->arena, &t->reply.slots, filled);
	close_question(s);
	if (!form_ask(t, intent))
		answer_finish(t, intent);
	return true;
}
