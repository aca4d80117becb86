#include "intents/match_index.h"

#include <math.h>

/* How many rules a clause will wake up a message, up to a factor: rules that share a literal share
 * a common word, which messages have too; longer texts are rarer. */
static double clause_cost(const struct matcher *m, const struct clause *c,
			  const uint32_t *rules_with)
{
	double cost = 0;

	for (size_t i = 0; i < c->n; i++) {
		double many = rules_with[c->ids[i]];

		cost += many * (many > 3 ? 4 : 1) *
			exp2(-0.5 * (double)literals_size(m->literals, c->ids[i]));
	}
	return cost;
}

/* Rarest first: the first is the trigger, and the next is what most often says no. */
static void sort_clauses(const struct matcher *m, struct draft *d, const uint32_t *rules_with)
{
	for (size_t i = 1; i < d->n_clauses; i++) {
		struct clause c = d->clauses[i];
		double cost = clause_cost(m, &c, rules_with);
		size_t k = i;

		for (; k > 0 && cost < clause_cost(m, &d->clauses[k - 1], rules_with); k--)
			d->clauses[k] = d->clauses[k - 1];
		d->clauses[k] = c;
	}
}

static size_t group_size(const struct clause *c)
{
	return c->n > 0 ? 1 + c->n : 0;
}

static size_t check_size(const struct draft *d)
{
	size_t n = 2 + group_size(&d->absent);

	for (size_t i = 1; i < d->n_clauses; i++)
		n += group_size(&d->clauses[i]);
	return n;
}

static uint32_t *put_group(uint32_t *to, const struct clause *c, bool absent)
{
	*to++ = (uint32_t)(2 * c->n + absent);
	for (size_t i = 0; i < c->n; i++)
		*to++ = c->ids[i];
	return to;
}

static uint32_t *put_check(uint32_t *to, const struct draft *d, uint32_t rule)
{
	uint32_t *groups = to + 1;

	*to = rule;
	to += 2;
	for (size_t i = 1; i < d->n_clauses; i++)
		to = put_group(to, &d->clauses[i], false);
	if (d->absent.n > 0)
		to = put_group(to, &d->absent, true);
	*groups = (uint32_t)(d->n_clauses > 1 ? d->n_clauses - 1 : 0) + (d->absent.n > 0);
	return to;
}

static void count_literals(const struct draft *drafts, size_t n, uint32_t *rules_with)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < drafts[i].n_clauses; k++) {
			for (size_t j = 0; j < drafts[i].clauses[k].n; j++)
				rules_with[drafts[i].clauses[k].ids[j]]++;
		}
	}
}

struct pairs {
	struct literal_pair *v;
	size_t n, cap;
};

static void index_rule(struct matcher *m, struct arena *scratch, const struct draft *d,
		       uint32_t rule, uint32_t at, struct pairs *pairs)
{
	for (size_t j = 0; d->n_clauses > 0 && j < d->clauses[0].n; j++)
		ARENA_PUSH(scratch, pairs->v, pairs->n, pairs->cap,
			   ((struct literal_pair){d->clauses[0].ids[j], at}));
	if (d->n_clauses == 0 && m->rules[rule].regex)
		ARENA_PUSH(&m->arena, m->always, m->n_always, m->cap_always, at);
}

void match_index_make(struct matcher *m, struct draft *drafts)
{
	struct arena scratch;
	uint32_t *rules_with, *to;
	struct pairs pairs = {0};
	size_t size = 0;

	arena_init(&scratch);
	rules_with = ARENA_ARRAY(&scratch, uint32_t, literals_count(m->literals) + 1);
	count_literals(drafts, m->n_rules, rules_with);
	for (size_t i = 0; i < m->n_rules; i++) {
		sort_clauses(m, &drafts[i], rules_with);
		size += check_size(&drafts[i]);
	}
	m->checks = to = ARENA_ARRAY(&m->arena, uint32_t, size);
	for (uint32_t i = 0; i < m->n_rules; i++) {
		index_rule(m, &scratch, &drafts[i], i, (uint32_t)(to - m->checks), &pairs);
		to = put_check(to, &drafts[i], i);
	}
	literal_index_make(&m->arena, pairs.v, pairs.n, literals_count(m->literals), &m->triggers);
	arena_done(&scratch);
}
