#include "kb/faq.h"

#include <math.h>
#include <stdlib.h>

#include "kb/faq_query.h"

/* From a message to entries:
 *
 *	1 nearest	BM25 over all wordings, the best NEAREST of them (kb/nearest.h)
 *	2 entries	vote of an entry = its share of all v, v = sum of (s / best s)^4 over
 *			the nearest that are its own, divided by how many wordings it has, so
 *			that many wordings do not win by their number;
 *			plus .55 (w / best w)^5, w = BM25 of all its wordings as one text,
 *			times the share of wordings that are not their entry's first: where
 *			most entries have one, w says little but which has more;
 *			plus g^6 (an exact wording wins);
 *			plus .3 o, o = likeness as in 3, of sounds as in 4 (the order of words);
 *			plus .85 of its share of all m, m = sum of c^6 over the nearest that
 *			are its own, divided likewise, c = cosine of what they mean (.4 with
 *			sounds: what is mistyped means something else);
 *			without Chinese in the message plus .8 (best c)^2.25;
 *			both times the root of the share of the message whose words have a
 *			meaning
 *	3 likeness	g = sqrt(share of the message that the wording explains x the reverse),
 *			shares by idf mass, words unknown to the index at full mass; then the
 *			scale below
 *	4 sounds	when nothing is like a Chinese message, again with the sounds of
 *			neighbouring characters as terms too: 退宽 then finds 退款. They are not
 *			used at once, for they find wrong wordings for right characters
 *	5 meaning	up to SCAN_ALWAYS wordings, or where words find little, the wordings
 *			that mean the like are looked at as well, whatever their words
 *
 * Measured with `kefu eval faq`, P@1 and MRR: docs/decisions/041; docs/decisions/040 has the figures
 * without meaning. */
enum { NEAREST = 24 };

static const float vote_power = 4, whole_share = .55f, whole_power = 5, exact_power = 6,
		   order_share = .3f;

/* Below this score sounds are listened to, and what they explain counts so much in likeness. */
static const double sounds_below = .8;
static const float sounds_trust = .9f;

/* Up to so many wordings all are looked at for their meaning, up to FAQ_SCAN_MOST when words find
 * nothing above scan_below. */
enum { SCAN_ALWAYS = 4096, ENTRIES_MOST = 2 * NEAREST };
static const double scan_below = .45;
static const float meaning_share = .85f, mistyped_share = .4f, meaning_power = 6,
		   alike_power = 2.25f;

/* Likeness -> score. Measured on wordings left out of an FAQ of 85 entries in two languages, on
 * BANKING77, and on chat that belongs to neither (CLINC150 and MASSIVE): of foreign messages 97 in
 * 100 stay under .45 and 998 in 1,000 under .75; of BANKING77 answers given at .75 with a margin of
 * .08, 92 in 100 are right. */
static const struct {
	float likeness, score;
} scale[] = {{0, 0}, {.44f, .45f}, {.58f, .75f}, {1, 1}};

/* What an answer's words alone can give: enough to ask "did you mean", never to answer. */
static const float answer_most = .6f, answer_least = .7f;

/* What meaning alone can give; and an entry that is first by its meaning, before one liker by its words. */
static const float disagree_most = .6f;
static const float meaning_most = .44f, meaning_from = .3f, meaning_full = .9f;

/* ---- one message ---- */

/* An entry with something near the message. */
struct entry {
	uint32_t entry, wording;
	float vote, meaning, alike; /* alike: cosine of its nearest */
	float likeness, order;	    /* order: likeness by the sounds of neighbours alone */
};

static struct entry *find_entry(struct entry *entries, size_t *n, uint32_t entry)
{
	for (size_t i = 0; i < *n; i++)
		if (entries[i].entry == entry)
			return &entries[i];
	entries[*n] = (struct entry){.entry = entry, .likeness = -1};
	return &entries[(*n)++];
}

static int by_entry(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* With one wording an entry this is the vote again, and is spared. */
static void add_whole(const struct faq_index *f, struct arena *a, const struct faq_query *q,
		      struct entry *entries, size_t n)
{
	struct scored scores[ENTRIES_MOST];
	struct wanted *wanted;
	size_t n_wanted;
	float best = 0, share;

	if (!f->entries || n < 2)
		return;
	wanted = faq_query_whole(f, a, q, &n_wanted);
	qsort(entries, n, sizeof *entries, by_entry);
	for (size_t i = 0; i < n; i++)
		scores[i].doc = entries[i].entry;
	nearest_score(f->entries, a, wanted, n_wanted, scores, n);
	for (size_t i = 0; i < n; i++)
		best = fmaxf(best, scores[i].score);
	share = whole_share * (float)f->n_further / (float)f->n;
	for (size_t i = 0; i < n && best > 0; i++)
		entries[i].vote += share * powf(scores[i].score / best, whole_power);
}

/* Takes the wording for its entry's if it is liker than those before. */
static void compare_wording(const struct faq_index *f, const struct faq_query *q, bool sounds,
			    uint32_t wording, struct entry *e)
{
	float order, like = faq_query_explain(f, q, wording, &order);

	if (sounds)
		like = fmaxf(like, sounds_trust * order);
	e->order = fmaxf(e->order, order);
	if (like > e->likeness) {
		e->likeness = like;
		e->wording = wording;
	}
}

/* The wordings near a message, by its words and by what it means. */
struct near {
	struct scored words[NEAREST], means[NEAREST];
	size_t n_words, n_means;
};

static bool is_near(const struct near *near, uint32_t wording)
{
	size_t i = 0;

	while (i < near->n_words && near->words[i].doc != wording)
		i++;
	return i < near->n_words;
}

/* The wordings that mean most like the message; none before all were looked through. */
struct alike {
	struct scored v[NEAREST];
	size_t n;
};

static void look_through(const struct faq_index *f, const struct faq_query *q, struct alike *alike)
{
	alike->n = q->means ? faq_meaning_find(f->meaning, &q->point, alike->v, NEAREST) : 0;
}

/* What is found by its meaning and not by its words. */
static void add_alike(const struct alike *alike, struct near *near)
{
	for (size_t i = 0; i < alike->n; i++)
		if (!is_near(near, alike->v[i].doc))
			near->means[near->n_means++] = alike->v[i];
}

/* What is added up while the nearest vote. */
struct ballot {
	struct entry *entries;
	size_t n;
};

static void vote_meaning(const struct faq_index *f, struct ballot *b, uint32_t wording, float alike)
{
	struct entry *e = find_entry(b->entries, &b->n, f->entry[wording]);

	e->alike = fmaxf(e->alike, alike);
	e->meaning += powf(fmaxf(alike, 0), meaning_power);
}

static void vote_words(const struct faq_index *f, const struct faq_query *q, struct ballot *b,
		       const struct near *near)
{
	for (size_t i = 0; i < near->n_words; i++) {
		uint32_t wording = near->words[i].doc;
		float share = powf(near->words[i].score / near->words[0].score, vote_power);

		find_entry(b->entries, &b->n, f->entry[wording])->vote += share;
		if (q->means)
			vote_meaning(f, b, wording,
				     faq_meaning_like(f->meaning, &q->point, wording));
	}
}

/* By number of wordings, then as shares. */
static void share_votes(const struct faq_index *f, struct ballot *b)
{
	float votes = 0, meanings = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct entry *e = &b->entries[i];
		float wordings = (float)(f->first[e->entry + 1] - f->first[e->entry]);

		votes += e->vote /= wordings;
		meanings += e->meaning /= wordings;
	}
	for (size_t i = 0; i < b->n; i++) {
		b->entries[i].vote = votes > 0 ? b->entries[i].vote / votes : 0;
		b->entries[i].meaning = meanings > 0 ? b->entries[i].meaning / meanings : 0;
	}
}

static size_t vote(const struct faq_index *f, const struct faq_query *q, bool sounds,
		   const struct near *near, struct entry entries[ENTRIES_MOST])
{
	struct ballot b = {.entries = entries};

	for (size_t i = 0; i < near->n_words; i++)
		postings_fetch(f->questions, near->words[i].doc);
	vote_words(f, q, &b, near);
	for (size_t i = 0; i < near->n_means; i++)
		vote_meaning(f, &b, near->means[i].doc, near->means[i].score);
	for (size_t i = 0; i < near->n_words; i++)
		compare_wording(f, q, sounds, near->words[i].doc,
				find_entry(entries, &b.n, f->entry[near->words[i].doc]));
	for (size_t i = 0; i < near->n_means; i++)
		compare_wording(f, q, sounds, near->means[i].doc,
				find_entry(entries, &b.n, f->entry[near->means[i].doc]));
	share_votes(f, &b);
	for (size_t i = 0; i < b.n; i++) {
		struct entry *e = &entries[i];

		e->vote += powf(e->likeness, exact_power) + order_share * e->order +
			   (sounds ? mistyped_share : meaning_share) * q->point.known * e->meaning +
			   q->alike_share * powf(e->alike, alike_power);
	}
	return b.n;
}

static int by_vote(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->vote != y->vote)
		return x->vote > y->vote ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

static double to_score(float like)
{
	size_t i = 1;

	while (i + 1 < sizeof scale / sizeof *scale && like > scale[i].likeness)
		i++;
	return (double)(scale[i - 1].score + (like - scale[i - 1].likeness) *
						     (scale[i].score - scale[i - 1].score) /
						     (scale[i].likeness - scale[i - 1].likeness));
}

static double score_meaning(float alike)
{
	return (double)fminf(meaning_most, meaning_most * fmaxf(0, alike - meaning_from) /
						   (meaning_full - meaning_from));
}

static double best_score(const struct entry *entries, size_t n)
{
	return n ? to_score(entries[0].likeness) : 0;
}

/* Entries near the message, best first; with its sounds as terms or without. */
static size_t find_entries(const struct faq_index *f, struct arena *a, const struct faq_query *q,
			   bool sounds, const struct alike *alike,
			   struct entry entries[ENTRIES_MOST])
{
	struct near near = {0};
	size_t n;

	near.n_words = nearest_find(f->questions, a, q->wanted, sounds ? q->n : q->n_plain,
				    near.words, NEAREST);
	add_alike(alike, &near);
	n = vote(f, q, sounds, &near, entries);
	add_whole(f, a, q, entries, n);
	if (n)
		qsort(entries, n, sizeof *entries, by_vote);
	return n;
}

/* As words find them; where they find little, by sounds as well, and by meaning alone. */
static size_t search_entries(const struct faq_index *f, struct arena *a, const struct faq_query *q,
			     struct entry entries[ENTRIES_MOST])
{
	bool always = f->n <= SCAN_ALWAYS, sounds = false;
	struct alike alike = {.n = 0};
	size_t n;

	if (always)
		look_through(f, q, &alike);
	n = find_entries(f, a, q, sounds, &alike, entries);
	if (q->n > q->n_plain && best_score(entries, n) < sounds_below) {
		sounds = true;
		n = find_entries(f, a, q, sounds, &alike, entries);
	}
	if (always || !q->means || f->n > FAQ_SCAN_MOST || best_score(entries, n) >= scan_below)
		return n;
	look_through(f, q, &alike);
	return find_entries(f, a, q, sounds, &alike, entries);
}

/* Puts a hit where its score belongs, behind equals; one that the list has with as much is left. */
static size_t insert_hit(struct faq_hit *out, size_t n, size_t max, struct faq_hit hit)
{
	size_t at;

	for (at = 0; at < n && out[at].doc != hit.doc; at++)
		;
	if (at < n && out[at].score >= hit.score)
		return n;
	if (at == n && n == max && (!max || out[n - 1].score >= hit.score))
		return n;
	if (at == n)
		at = n < max ? n++ : n - 1;
	for (; at > 0 && out[at - 1].score < hit.score; at--)
		out[at] = out[at - 1];
	out[at] = hit;
	return n;
}

/* Share of the query's idf mass that the answer has, if it has two words of it. */
static float explain(const struct faq_index *f, struct arena *a, const struct wanted *q, size_t n,
		     uint32_t doc)
{
	float mass = 0, found = 0;
	size_t both = 0;

	for (size_t i = 0; i < n; i++) {
		struct scored one = {.doc = doc};
		float idf = postings_idf(f->answers, q[i].term);

		mass += idf;
		nearest_score(f->answers, a, &q[i], 1, &one, 1);
		if (one.score <= 0)
			continue;
		found += idf;
		both++;
	}
	return both > 1 ? found / mass : 0;
}

/* The entry whose answer has nearly all words of the message; false: none has. */
static bool find_answer(const struct faq_index *f, struct arena *a, const struct bag *bag,
			struct faq_hit *out)
{
	struct wanted *q;
	struct scored best;
	size_t n_wanted = 0;
	float share;

	if (!postings_terms(f->answers))
		return false;
	q = ARENA_ARRAY(a, struct wanted, bag->n);
	for (size_t i = 0; i < bag->n; i++)
		if (bag->v[i].part == BAG_WORDS)
			q[n_wanted++] = (struct wanted){postings_term(f->answers, bag->v[i].key),
							bag->v[i].count};
	if (!nearest_find(f->answers, a, q, n_wanted, &best, 1))
		return false;
	share = explain(f, a, q, n_wanted, best.doc);
	/* An entry may be an answer and nothing else. */
	*out = (struct faq_hit){best.doc, 0, (double)(answer_most * share)};
	return share >= answer_least;
}

static double own_score(const struct entry *e)
{
	return fmax(to_score(e->likeness), score_meaning(e->alike));
}

/* Where vote and likeness disagree the first two are equal, so that the bot asks. One that is first by its
 * meaning does not take from the others what they would be asked for. */
static size_t list_hits(const struct faq_index *f, const struct entry *entries, size_t n,
			struct faq_hit *out, size_t max)
{
	double best = 0;

	if (n > max)
		n = max;
	for (size_t i = 0; i < n; i++)
		best = fmax(best, own_score(&entries[i]));
	for (size_t i = 0; i < n; i++) {
		double score = own_score(&entries[i]);

		if (i == 0)
			score = fmax(score, fmin(best, (double)disagree_most));
		else
			score = fmin(score, out[i - 1].score);
		out[i] = (struct faq_hit){entries[i].entry,
					  entries[i].wording - f->first[entries[i].entry], score};
	}
	return n;
}

/* A bit less than what has this score. */
static float to_likeness(double score)
{
	size_t i = 1;

	while (i + 1 < sizeof scale / sizeof *scale && score > (double)scale[i].score)
		i++;
	return .999f *
	       (scale[i - 1].likeness + ((float)score - scale[i - 1].score) *
						(scale[i].likeness - scale[i - 1].likeness) /
						(scale[i].score - scale[i - 1].score));
}

/* May a hit score `least`? By its words, their sounds or its answer: meaning alone gives meaning_most. */
static bool may_reach(const struct faq_index *f, struct arena *a, const struct faq_query *q,
		      double least)
{
	struct faq_hit answer;

	return least <= (double)meaning_most ||
	       faq_query_reaches(f, q, to_likeness(least), sounds_trust) ||
	       (find_answer(f, a, q->bag, &answer) && answer.score >= least);
}

size_t faq_search_from(const struct faq_index *f, struct arena *a, const struct utterance *u,
		       double least, struct faq_hit *out, size_t max)
{
	struct entry entries[ENTRIES_MOST];
	struct faq_hit answer;
	struct bag bag = {0};
	struct faq_query q;
	size_t n;

	bag_add(a, &bag, u, FAQ_PARTS | BAG_SOUNDS, 1);
	bag_sort(&bag);
	faq_query_read(f, a, &bag, &q);
	if (!may_reach(f, a, &q, least))
		return 0;
	faq_query_read_meaning(f, u, &q);
	n = search_entries(f, a, &q, entries);
	n = list_hits(f, entries, n, out, max);
	/* An answer's words give at most answer_most. */
	if ((n && out[0].score >= (double)answer_most) || !find_answer(f, a, &bag, &answer))
		return n;
	return insert_hit(out, n, max, answer);
}

size_t faq_search(const struct faq_index *f, struct arena *a, const struct utterance *u,
		  struct faq_hit *out, size_t max)
{
	return faq_search_from(f, a, u, 0, out, max);
}

static float mass_of(const struct faq_index *f, const struct term *t)
{
	return postings_idf(f->questions, postings_term(f->questions, t->key)) * faq_cover(t->part);
}

static float read_bag(const struct faq_index *f, struct arena *a, const struct utterance *u,
		      struct bag *bag)
{
	float mass = 0;

	bag_add(a, bag, u, FAQ_PARTS, 1);
	bag_sort(bag);
	for (size_t i = 0; i < bag->n; i++)
		mass += mass_of(f, &bag->v[i]);
	return mass;
}

double faq_likeness(const struct faq_index *f, struct arena *a, const struct utterance *u,
		    const struct utterance *other)
{
	struct bag left = {0}, right = {0};
	float mass = read_bag(f, a, u, &left), other_mass = read_bag(f, a, other, &right), both = 0;

	for (size_t i = 0, k = 0; i < left.n; i++) {
		while (k < right.n && right.v[k].key < left.v[i].key)
			k++;
		if (k < right.n && right.v[k].key == left.v[i].key)
			both += mass_of(f, &left.v[i]);
	}
	return both > 0 ? to_score(fminf(1, sqrtf(both / mass * (both / other_mass)))) : 0;
}
