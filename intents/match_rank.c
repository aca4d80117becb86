#include "intents/match_rank.h"

static int compare_numbers(double a, double b)
{
	return a > b ? -1 : a < b;
}

enum standing { STANDING_WEAK, STANDING_ASK, STANDING_ANSWER };

static enum standing standing_of(const struct candidate *c, const struct rule_settings *s)
{
	return c->score >= s->answer_at ? STANDING_ANSWER
	       : c->score >= s->ask_at	? STANDING_ASK
					: STANDING_WEAK;
}

static int compare_candidates(const struct candidate *a, const struct candidate *b,
			      const struct rule_settings *settings)
{
	enum standing standing = standing_of(a, settings);
	int order = (int)standing_of(b, settings) - (int)standing;

	if (order == 0 && standing > STANDING_WEAK)
		order = b->in_context - a->in_context;
	if (order == 0 && standing > STANDING_WEAK)
		order = compare_numbers(a->intent->priority, b->intent->priority);
	if (order == 0)
		order = compare_numbers(a->score, b->score);
	if (order == 0)
		order = (int)a->source - (int)b->source;
	return order ? order : compare_numbers(b->intent->index, a->intent->index);
}

void ranking_add(struct ranking *r, struct arena *a, const struct candidate *c)
{
	size_t i = r->n;

	if (!r->v)
		r->v = ARENA_ARRAY(a, struct candidate, MATCH_CANDIDATES_MAX);
	if (i == MATCH_CANDIDATES_MAX) {
		if (compare_candidates(c, &r->v[i - 1], r->settings) >= 0)
			return;
		i--;
	} else {
		r->n++;
	}
	for (; i > 0 && compare_candidates(c, &r->v[i - 1], r->settings) < 0; i--)
		r->v[i] = r->v[i - 1];
	r->v[i] = *c;
}
