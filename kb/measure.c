#include "kb/measure.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void measure_begin(struct measure *m, const size_t *ks, size_t n)
{
	assert(n <= MEASURE_CUTS_MAX);
	memset(m, 0, sizeof *m);
	for (size_t i = 0; i < n; i++)
		m->at[i].k = ks[i];
	m->n_at = n;
}

static double gain(size_t place)
{
	return 1 / log2((double)place + 2);
}

static void add_cut(struct measure_at *at, const size_t *places, size_t n, size_t relevant)
{
	double found = 0, best = 0, precision, recall;
	size_t hits = 0;

	for (; hits < n && places[hits] < at->k; hits++)
		found += gain(places[hits]);
	for (size_t i = 0; i < relevant && i < at->k; i++)
		best += gain(i);
	precision = (double)hits / (double)at->k;
	recall = (double)hits / (double)relevant;
	at->hit += hits > 0;
	at->precision += precision;
	at->recall += recall;
	at->f1 += hits ? 2 * precision * recall / (precision + recall) : 0;
	at->ndcg += found / best;
}

void measure_add(struct measure *m, const size_t *places, size_t n, size_t relevant)
{
	if (!relevant)
		return;
	for (size_t i = 0; i < m->n_at; i++)
		add_cut(&m->at[i], places, n, relevant);
	m->mrr += n ? 1 / ((double)places[0] + 1) : 0;
	m->lists++;
}

void measure_end(struct measure *m)
{
	double n = m->lists ? (double)m->lists : 1;

	for (size_t i = 0; i < m->n_at; i++) {
		struct measure_at *at = &m->at[i];

		at->hit /= n;
		at->precision /= n;
		at->recall /= n;
		at->f1 /= n;
		at->ndcg /= n;
	}
	m->mrr /= n;
}

const struct measure_at *measure_at(const struct measure *m, size_t k)
{
	for (size_t i = 0; i < m->n_at; i++)
		if (m->at[i].k == k)
			return &m->at[i];
	return NULL;
}
