/* The message as typed and, when that says too little, with its misspelt words put right. */
#include "bot/steps.h"

struct match_state reading_state(const struct turn *t)
{
	const struct session *s = t->session;

	return (struct match_state){.logged_in = s->logged_in,
				    .context = str_of(s->context),
				    .lang = t->reply.lang,
				    .page = str_of(s->page),
				    .rules_alone = t->rules_alone};
}

void reading_match(struct turn *t)
{
	const struct match_state state = reading_state(t);

	intent_match(t->snapshot->matcher, &t->arena, &t->utterance, &state, t->explain,
		     &t->matches);
}

bool reading_correct(struct turn *t, struct reading *before)
{
	struct spelling *spelling;

	if (t->spelling || !t->snapshot->speller)
		return false;
	spelling = ARENA_NEW(&t->arena, struct spelling);
	if (!spell_correct(t->snapshot->speller, &t->arena, &t->utterance, spelling))
		return false;
	*before = (struct reading){t->utterance, t->matches, t->reply.considered,
				   t->reply.n_considered};
	t->spelling = spelling;
	t->utterance = spelling->utterance;
	reading_match(t);
	return true;
}

void reading_restore(struct turn *t, const struct reading *before)
{
	t->spelling = NULL;
	t->utterance = before->utterance;
	t->matches = before->matches;
	t->reply.considered = before->considered;
	t->reply.n_considered = before->n_considered;
}
