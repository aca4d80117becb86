#include "kb/missed_merge.h"

#include <math.h>
#include <stdlib.h>

#include "text/mem.h"
#include "text/senses.h"
#include "text/utterance.h"
#include "text/vectors.h"

enum { DIMS = 64 };

/* What so few forms have in common is what they are about, not how people ask here. */
#define COMMON_FROM 20.f

#define NONE UINT32_MAX

/* A group as it comes, and then a cluster of such. */
struct unit {
	uint32_t leader;   /* form */
	uint32_t messages; /* of the leader */
	uint32_t forms;
	uint32_t next; /* unit of the same cluster, NONE = none */
	float sense[DIMS];
};

/* What a unit has of a term. */
struct part {
	uint32_t term, unit;
	float weight;
};

struct merging {
	struct arena scratch;
	const struct missed_forms *forms;
	struct unit *units;
	size_t n;
	uint32_t *unit_of;  /* by form; NONE: not compared */
	struct part *parts; /* by term, then unit */
	size_t n_parts;
	float *like; /* n x n: average over the pairs of forms */
	bool *open;  /* by unit: stands for a cluster that may still grow */
};

static float *row(const struct merging *m, size_t unit)
{
	return m->like + unit * m->n;
}

/* ---- units ---- */

static int largest_first(const void *pa, const void *pb)
{
	const struct unit *a = pa, *b = pb;

	return a->forms != b->forms ? (a->forms < b->forms) - (a->forms > b->forms)
				    : (a->leader > b->leader) - (a->leader < b->leader);
}

static void take_units(struct merging *m, const uint32_t *leader)
{
	size_t n_forms = m->forms->n;

	m->units = ARENA_ARRAY(&m->scratch, struct unit, n_forms);
	m->unit_of = ARENA_ARRAY(&m->scratch, uint32_t, n_forms);
	for (uint32_t i = 0; i < n_forms; i++)
		m->units[leader[i]].forms++;
	for (uint32_t i = 0; i < n_forms; i++) {
		struct unit one = {.leader = i,
				   .messages = (uint32_t)m->forms->v[i].n,
				   .forms = m->units[i].forms,
				   .next = NONE};

		m->unit_of[i] = NONE;
		if (leader[i] == i)
			m->units[m->n++] = one;
	}
	qsort(m->units, m->n, sizeof *m->units, largest_first);
	if (m->n > MISSED_MERGE_MOST)
		m->n = MISSED_MERGE_MOST;
	for (uint32_t u = 0; u < m->n; u++)
		m->unit_of[m->units[u].leader] = u;
	for (uint32_t i = 0; i < n_forms; i++)
		m->unit_of[i] = m->unit_of[leader[i]];
}

/* ---- what words mean ---- */

static float length(const float *v)
{
	float sum = 0;

	for (size_t i = 0; i < DIMS; i++)
		sum += v[i] * v[i];
	return sqrtf(sum);
}

/* The mean of each form's words, without what all of them have in common, of length 1; added up. */
static void add_senses(struct merging *m, const struct lexicon *l)
{
	const struct vectors *vectors = senses_vectors(&m->scratch);
	float(*mean)[DIMS] = mem_zalloc((m->forms->n + 1) * sizeof *mean);
	float *all = mean[m->forms->n], count = 0;
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < m->forms->n; i++) {
		struct utterance u;

		if (m->unit_of[i] == NONE)
			continue;
		utterance_read(&a, l, m->forms->v[i].text, &u);
		vectors_mean(vectors, &u, mean[i]);
		for (size_t k = 0; k < DIMS; k++)
			all[k] += mean[i][k];
		count++;
		arena_reset(&a);
	}
	for (size_t i = 0; i < m->forms->n; i++) {
		float whole = length(mean[i]);

		for (size_t k = 0; whole > 0 && k < DIMS; k++)
			mean[i][k] -= all[k] / (count + COMMON_FROM);
		whole = length(mean[i]);
		for (size_t k = 0; whole > 0 && k < DIMS; k++)
			m->units[m->unit_of[i]].sense[k] += mean[i][k] / whole;
	}
	arena_done(&a);
	free(mean);
}

static void compare_senses(struct merging *m)
{
	for (size_t i = 0; i < m->n; i++)
		for (size_t k = 0; k < i; k++) {
			float sum = 0;

			for (size_t d = 0; d < DIMS; d++)
				sum += m->units[i].sense[d] * m->units[k].sense[d];
			row(m, i)[k] = (1 - MISSED_MERGE_TERMS) * sum;
		}
}

/* ---- terms ---- */

static int by_term(const void *pa, const void *pb)
{
	const struct part *a = pa, *b = pb;

	return a->term != b->term ? (a->term > b->term) - (a->term < b->term)
				  : (a->unit > b->unit) - (a->unit < b->unit);
}

static void take_parts(struct merging *m)
{
	size_t most = 0, n = 0;

	for (size_t i = 0; i < m->forms->n; i++)
		most += m->unit_of[i] == NONE ? 0 : m->forms->v[i].n_terms;
	m->parts = ARENA_ARRAY(&m->scratch, struct part, most);
	for (size_t i = 0; i < m->forms->n; i++) {
		const struct missed_form *f = &m->forms->v[i];

		for (size_t k = 0; m->unit_of[i] != NONE && k < f->n_terms; k++)
			m->parts[n++] = (struct part){f->v[k].term, m->unit_of[i], f->v[k].weight};
	}
	if (n)
		qsort(m->parts, n, sizeof *m->parts, by_term);
	for (size_t i = 0; i < n; i++) {
		struct part *last = m->n_parts ? &m->parts[m->n_parts - 1] : NULL;

		if (last && last->term == m->parts[i].term && last->unit == m->parts[i].unit)
			last->weight += m->parts[i].weight;
		else
			m->parts[m->n_parts++] = m->parts[i];
	}
}

/* The parts of one term are in order of units: each meets those before it. */
static void compare_terms(struct merging *m)
{
	for (size_t from = 0, i = 0; i < m->n_parts; i++) {
		const struct part *p = &m->parts[i];

		if (p->term != m->parts[from].term)
			from = i;
		for (size_t k = from; k < i; k++)
			row(m, p->unit)[m->parts[k].unit] +=
				MISSED_MERGE_TERMS * p->weight * m->parts[k].weight;
	}
}

/* ---- average linkage ---- */

static void average(struct merging *m)
{
	for (size_t i = 0; i < m->n; i++)
		for (size_t k = 0; k < i; k++) {
			float pairs = (float)m->units[i].forms * (float)m->units[k].forms;

			row(m, i)[k] /= pairs;
			row(m, k)[i] = row(m, i)[k];
		}
}

/* The open cluster that is nearest; of equals `before`, so that chains end, else the first. */
static uint32_t nearest(const struct merging *m, uint32_t unit, uint32_t before)
{
	uint32_t best = before;

	for (uint32_t i = 0; i < m->n; i++)
		if (m->open[i] && i != unit &&
		    (best == NONE || row(m, unit)[i] > row(m, unit)[best]))
			best = i;
	return best;
}

/* `b` goes into `a`. */
static void join(struct merging *m, uint32_t a, uint32_t b)
{
	float na = (float)m->units[a].forms, nb = (float)m->units[b].forms;
	uint32_t last = a;

	for (size_t i = 0; i < m->n; i++)
		row(m, a)[i] = row(m, i)[a] = (na * row(m, a)[i] + nb * row(m, b)[i]) / (na + nb);
	m->units[a].forms += m->units[b].forms;
	while (m->units[last].next != NONE)
		last = m->units[last].next;
	m->units[last].next = b;
	m->open[b] = false;
}

static void link_up(struct merging *m)
{
	uint32_t *chain = ARENA_ARRAY(&m->scratch, uint32_t, m->n + 1);
	size_t n = 0;

	for (uint32_t start = 0; start < m->n;) {
		uint32_t tip, near, before;

		if (!n && !m->open[start]) {
			start++;
			continue;
		}
		if (!n)
			chain[n++] = start;
		tip = chain[n - 1];
		before = n > 1 ? chain[n - 2] : NONE;
		near = nearest(m, tip, before);
		if (near == NONE || row(m, tip)[near] < MISSED_MERGE_LIKE) {
			m->open[tip] = false; /* nothing that is joined comes nearer to it */
			n--;
		} else if (near == before) {
			join(m, before < tip ? before : tip, before < tip ? tip : before);
			n -= 2;
		} else {
			chain[n++] = near;
		}
	}
}

/* ---- names ---- */

/* How much a unit is like its cluster's sums. */
static float typical(const struct merging *m, const struct unit *u, const float *terms,
		     const float *sense)
{
	const struct missed_form *f = &m->forms->v[u->leader];
	float whole = length(u->sense), by_terms = 0, by_sense = 0;

	for (size_t i = 0; i < f->n_terms; i++)
		by_terms += f->v[i].weight * terms[f->v[i].term];
	for (size_t i = 0; i < DIMS && whole > 0; i++)
		by_sense += u->sense[i] * sense[i] / whole;
	return MISSED_MERGE_TERMS * by_terms + (1 - MISSED_MERGE_TERMS) * by_sense;
}

static void add_terms(const struct merging *m, const struct unit *u, float *terms, bool away)
{
	const struct missed_form *f = &m->forms->v[u->leader];

	for (size_t i = 0; i < f->n_terms; i++)
		terms[f->v[i].term] = away ? 0 : terms[f->v[i].term] + f->v[i].weight;
}

/* The leader of the cluster that begins with a unit. `terms`: zeros, by term. */
static uint32_t name(const struct merging *m, uint32_t first, float *terms)
{
	float sense[DIMS] = {0}, best_typical = 0;
	const struct unit *best = NULL;

	for (uint32_t u = first; u != NONE; u = m->units[u].next) {
		add_terms(m, &m->units[u], terms, false);
		for (size_t i = 0; i < DIMS; i++)
			sense[i] += m->units[u].sense[i];
	}
	for (uint32_t u = first; u != NONE; u = m->units[u].next) {
		const struct unit *one = &m->units[u];
		float t = typical(m, one, terms, sense);

		if (!best || one->messages > best->messages ||
		    (one->messages == best->messages && t > best_typical)) {
			best = one;
			best_typical = t;
		}
	}
	for (uint32_t u = first; u != NONE; u = m->units[u].next)
		add_terms(m, &m->units[u], terms, true);
	return best->leader;
}

static void name_all(const struct merging *m, uint32_t *leader)
{
	float *terms = mem_zalloc((m->forms->n_terms + 1) * sizeof *terms);
	uint32_t *named = mem_alloc((m->n + 1) * sizeof *named);
	bool *within = mem_zalloc(m->n + 1);

	for (uint32_t u = 0; u < m->n; u++)
		if (m->units[u].next != NONE)
			within[m->units[u].next] = true;
	for (uint32_t u = 0; u < m->n; u++)
		for (uint32_t k = u, by = within[u] ? 0 : name(m, u, terms);
		     !within[u] && k != NONE; k = m->units[k].next)
			named[k] = by;
	for (size_t i = 0; i < m->forms->n; i++)
		if (m->unit_of[i] != NONE)
			leader[i] = named[m->unit_of[i]];
	free(within);
	free(named);
	free(terms);
}

void missed_merge(const struct lexicon *l, const struct missed_forms *forms, uint32_t *leader)
{
	struct merging m = {.forms = forms};

	arena_init(&m.scratch);
	take_units(&m, leader);
	m.like = mem_zalloc((m.n * m.n + 1) * sizeof *m.like);
	m.open = ARENA_ARRAY(&m.scratch, bool, m.n);
	memset(m.open, true, m.n);
	add_senses(&m, l);
	compare_senses(&m);
	take_parts(&m);
	compare_terms(&m);
	average(&m);
	link_up(&m);
	name_all(&m, leader);
	free(m.like);
	arena_done(&m.scratch);
}
