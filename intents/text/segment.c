#include "text/segment.h"

#include "text/utf8.h"

/* Indexed by byte; filled where characters begin. */
struct lattice {
	uint32_t cost[SEGMENT_BYTES + 1]; /* of the cheapest way from here to the end */
	uint16_t next[SEGMENT_BYTES + 1]; /* where its first word ends */
};

static inline void try_words(const struct dat *d, struct str run, size_t from, struct lattice *l)
{
	uint32_t node = DAT_ROOT, cost;

	for (size_t i = from; i < run.n && dat_step(d, &node, (unsigned char)run.p[i]); i++) {
		if (!dat_value(d, node, &cost))
			continue;
		cost += l->cost[i + 1];
		if (cost <= l->cost[from]) {
			l->cost[from] = cost;
			l->next[from] = (uint16_t)(i + 1);
		}
	}
}

static void fill_lattice(const struct segmenter *s, struct str run, struct lattice *l)
{
	size_t end = run.n;

	l->cost[end] = 0;
	for (size_t i = run.n; i-- > 0;) {
		if (((unsigned char)run.p[i] & 0xC0) == 0x80)
			continue;
		l->cost[i] = s->unknown + l->cost[end];
		l->next[i] = (uint16_t)end;
		try_words(&s->dictionary, run, i, l);
		if (s->terms.n)
			try_words(&s->terms, run, i, l);
		end = i;
	}
}

size_t segment_run(const struct segmenter *s, struct str run, uint16_t ends[SEGMENT_WORDS])
{
	struct lattice l;
	struct str part = utf8_cut(run, SEGMENT_BYTES);
	/* The longest dictionary word is 16 characters: no word that ends this early reaches the
	 * edge. */
	size_t safe = part.n == run.n ? part.n : part.n - SEGMENT_BYTES / 4, n = 0;

	fill_lattice(s, part, &l);
	for (size_t i = 0; i < part.n; i = ends[n++]) {
		if (i > safe)
			break;
		ends[n] = l.next[i];
	}
	return n;
}

uint32_t segment_cost(const struct segmenter *s, struct str run)
{
	struct lattice l;

	fill_lattice(s, utf8_cut(run, SEGMENT_BYTES), &l);
	return l.cost[0];
}

static size_t longest_in(const struct dat *d, struct str text)
{
	uint32_t node = DAT_ROOT, cost;
	size_t longest = 0;

	for (size_t i = 0; i < text.n && dat_step(d, &node, (unsigned char)text.p[i]); i++) {
		if (dat_value(d, node, &cost))
			longest = i + 1;
	}
	return longest;
}

size_t segment_longest(const struct segmenter *s, struct str text)
{
	size_t in_dictionary = longest_in(&s->dictionary, text);
	size_t in_terms = s->terms.n ? longest_in(&s->terms, text) : 0;

	return in_dictionary > in_terms ? in_dictionary : in_terms;
}

bool segment_knows(const struct segmenter *s, struct str word)
{
	uint32_t cost;

	return dat_get(&s->dictionary, word, &cost) ||
	       (s->terms.n && dat_get(&s->terms, word, &cost));
}
