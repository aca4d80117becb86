#include "intents/phrase.h"

#include <math.h>

#include "intents/feature.h"

enum { PICKED_MAX = 16 }; /* entities of a message that examples are compared with */

struct posting {
	uint32_t example;
	float weight; /* of the feature in the example's unit vector */
};

struct sample {
	const struct phrase *phrase;
	struct str text; /* normalised */
	uint32_t slot;	 /* of its intent in this model */
};

struct known {
	uint64_t hash; /* 0 = free */
	uint32_t id;
};

struct phrase_model {
	const struct lexicon *lexicon;
	struct sample *examples;
	size_t n;
	uint32_t *intents; /* slot -> intent */
	size_t n_intents;
	struct known *table;
	size_t n_table; /* power of two */
	size_t n_features;
	float *idf;	 /* by feature, 0..1 */
	uint32_t *first; /* n_features + 1, into postings */
	struct posting *postings;
};

/* ---- building ---- */

/* An example cut at its <slots> and stars: the normalised text and where the entities stand in it.
 */
struct cut {
	struct str text;
	struct feature_entity *entities;
	size_t n;
};

static void append_piece(struct arena *a, struct cut *cut, struct str piece)
{
	struct str normal = normal_text(a, piece);

	if (normal.n > 0)
		cut->text = arena_printf(a, "%.*s%s%.*s", STR_ARG(cut->text),
					 cut->text.n ? " " : "", STR_ARG(normal));
}

static void cut_example(struct arena *a, struct str text, struct cut *cut)
{
	size_t cap = 0, from = 0;

	*cut = (struct cut){.text = STR("")};
	for (size_t i = 0; i < text.n; i++) {
		size_t end = text.p[i] == '<' ? str_find(text, STR(">"), i) : SIZE_MAX;

		if (text.p[i] != '*' && end == SIZE_MAX)
			continue;
		append_piece(a, cut, str_sub(text, from, i));
		if (text.p[i] == '<') {
			struct feature_entity e = {.name = str_sub(text, i + 1, end)};

			e.from = e.to = (uint32_t)cut->text.n;
			ARENA_PUSH(a, cut->entities, cut->n, cap, e);
			i = end;
		}
		from = i + 1;
	}
	append_piece(a, cut, str_sub(text, from, text.n));
}

/* The entry of a feature, or the free one where it belongs. */
static struct known *find_known(const struct phrase_model *m, uint64_t hash)
{
	size_t i = hash & (m->n_table - 1);

	while (m->table[i].hash && m->table[i].hash != hash)
		i = (i + 1) & (m->n_table - 1);
	return &m->table[i];
}

static uint32_t intern(struct phrase_model *m, uint64_t hash)
{
	struct known *k = find_known(m, hash);

	if (!k->hash)
		*k = (struct known){hash, (uint32_t)m->n_features++};
	return k->id;
}

static void make_table(struct arena *a, struct phrase_model *m, const struct features *all)
{
	size_t total = 1;

	for (size_t i = 0; i < m->n; i++)
		total += all[i].n;
	for (m->n_table = 64; m->n_table < 2 * total;)
		m->n_table *= 2;
	m->table = ARENA_ARRAY(a, struct known, m->n_table);
	for (size_t i = 0; i < m->n; i++) {
		for (size_t k = 0; k < all[i].n; k++)
			intern(m, all[i].v[k].hash);
	}
}

/* log(1 + N/df) over its largest value: 1 for what one example has, near 0 for what all have. */
static void make_idf(struct arena *a, struct phrase_model *m, const struct features *all)
{
	uint32_t *df = ARENA_ARRAY(a, uint32_t, m->n_features + 1);

	for (size_t i = 0; i < m->n; i++) {
		for (size_t k = 0; k < all[i].n; k++)
			df[find_known(m, all[i].v[k].hash)->id]++;
	}
	m->first = ARENA_ARRAY(a, uint32_t, m->n_features + 1);
	m->idf = ARENA_ARRAY(a, float, m->n_features + 1);
	for (size_t f = 0; f < m->n_features; f++) {
		m->idf[f] = (float)(log1p((double)m->n / df[f]) / log1p((double)m->n));
		m->first[f + 1] = m->first[f] + df[f];
	}
}

static void make_postings(struct arena *a, struct phrase_model *m, const struct features *all)
{
	uint32_t *at = ARENA_ARRAY(a, uint32_t, m->n_features + 1);

	memcpy(at, m->first, m->n_features * sizeof *at);
	m->postings = ARENA_ARRAY(a, struct posting, m->first[m->n_features] + 1);
	for (size_t i = 0; i < m->n; i++) {
		double square = 0;

		for (size_t k = 0; k < all[i].n; k++) {
			double w = (double)all[i].v[k].weight *
				   (double)m->idf[find_known(m, all[i].v[k].hash)->id];

			square += w * w;
		}
		for (size_t k = 0; k < all[i].n && square > 0; k++) {
			uint32_t f = find_known(m, all[i].v[k].hash)->id;
			double w = (double)all[i].v[k].weight * (double)m->idf[f] / sqrt(square);

			m->postings[at[f]++] = (struct posting){(uint32_t)i, (float)w};
		}
	}
}

static void add_example(struct arena *a, struct phrase_model *m, const struct phrase *p,
			struct features *features)
{
	struct utterance u;
	struct cut cut;
	struct sample *e = &m->examples[m->n++];

	cut_example(a, p->text, &cut);
	utterance_read(a, m->lexicon, cut.text, &u);
	features_read(a, &u, cut.entities, cut.n, features);
	e->phrase = p;
	e->text = normal_text(a, p->text);
	if (m->n_intents == 0 || m->intents[m->n_intents - 1] != p->intent)
		m->intents[m->n_intents++] = p->intent;
	e->slot = (uint32_t)m->n_intents - 1;
}

const struct phrase_model *phrase_model_new(struct arena *a, const struct lexicon *lexicon,
					    const struct phrase *phrases, size_t n)
{
	struct phrase_model *m = ARENA_NEW(a, struct phrase_model);
	struct arena scratch;
	struct features *all;

	arena_init(&scratch);
	all = ARENA_ARRAY(&scratch, struct features, n);
	m->lexicon = lexicon;
	m->examples = ARENA_ARRAY(a, struct sample, n);
	m->intents = ARENA_ARRAY(a, uint32_t, n);
	for (size_t i = 0; i < n; i++)
		add_example(a, m, &phrases[i], &all[i]);
	make_table(a, m, all);
	make_idf(a, m, all);
	make_postings(a, m, all);
	arena_done(&scratch);
	return m;
}

/* ---- scoring ---- */

struct scorer {
	const struct phrase_model *m;
	struct arena *arena;
	float *similar; /* by example */
};

/* Adds to `similar` the cosine of each example with the message; where it was scored before, the
 * greater stays. */
static void compare(struct scorer *s, const struct features *f)
{
	const struct phrase_model *m = s->m;
	float *now = ARENA_ARRAY(s->arena, float, m->n + 1);
	double square = 0;
	float unit;

	for (size_t i = 0; i < f->n; i++) {
		const struct known *k = find_known(m, f->v[i].hash);
		float idf = k->hash ? m->idf[k->id] : 1;
		float w = f->v[i].weight * idf;

		/* a new pair of characters is no news when the characters are known */
		if (!k->hash && (f->v[i].kind == FEATURE_BIGRAM || f->v[i].kind == FEATURE_PAIR))
			w *= 0.5F;
		square += (double)w * (double)w;
		if (!k->hash)
			continue;
		for (uint32_t p = m->first[k->id]; p < m->first[k->id + 1]; p++)
			now[m->postings[p].example] += w * m->postings[p].weight;
	}
	unit = square > 0 ? (float)(1 / sqrt(square)) : 0;
	for (size_t i = 0; i < m->n; i++) {
		if (now[i] * unit > s->similar[i])
			s->similar[i] = now[i] * unit;
	}
}

static bool overlaps(const struct feature_entity *v, size_t n, const struct found *f)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].from < f->to && f->from < v[i].to)
			return true;
	}
	return false;
}

/* The longest entity that some example has and that overlaps none of those picked, or NULL. */
static const struct found *longest_left(const struct phrase_model *m, const struct founds *founds,
					const struct feature_entity *picked, size_t n)
{
	const struct found *longest = NULL;

	for (size_t i = 0; i < founds->n; i++) {
		const struct found *f = &founds->v[i];

		if ((!longest || f->to - f->from > longest->to - longest->from) &&
		    find_known(m, feature_entity_hash(f->entity->name))->hash &&
		    !overlaps(picked, n, f))
			longest = f;
	}
	return longest;
}

/* Entities that some example has, by place; of two that overlap the longer. */
static size_t pick_entities(const struct phrase_model *m, struct arena *a,
			    const struct founds *founds, struct feature_entity **out)
{
	struct feature_entity *v = ARENA_ARRAY(a, struct feature_entity, PICKED_MAX + 1);
	const struct found *f;
	size_t n = 0;

	while (n < PICKED_MAX && (f = longest_left(m, founds, v, n)) != NULL) {
		size_t k = n++;

		for (; k > 0 && v[k - 1].from > f->from; k--)
			v[k] = v[k - 1];
		v[k] = (struct feature_entity){f->entity->name, f->from, f->to};
	}
	*out = v;
	return n;
}

/* Similarity -> score, straight between the points. Tuned so that the same words in another order
 * or with another small word stay above 0.75, and texts that share one of two topic words fall
 * between. */
static double curve(double similarity)
{
	static const struct {
		double x, y;
	} points[] = {{0, 0}, {0.28, 0.15}, {0.47, 0.45}, {0.64, 0.75}, {0.82, 0.90}, {1, 1}};

	for (size_t i = 1; i < sizeof points / sizeof *points; i++) {
		double width = points[i].x - points[i - 1].x;

		if (similarity <= points[i].x)
			return points[i - 1].y + (similarity - points[i - 1].x) *
							 (points[i].y - points[i - 1].y) / width;
	}
	return 1;
}

struct best {
	float first, second; /* similarity of the two nearest examples of an intent */
	uint32_t example;
};

static struct best *best_by_intent(const struct scorer *s)
{
	struct best *best = ARENA_ARRAY(s->arena, struct best, s->m->n_intents);

	for (size_t i = 0; i < s->m->n; i++) {
		struct best *b = &best[s->m->examples[i].slot];

		if (s->similar[i] > b->first) {
			b->second = b->first;
			b->first = s->similar[i];
			b->example = (uint32_t)i;
		} else if (s->similar[i] > b->second) {
			b->second = s->similar[i];
		}
	}
	return best;
}

static void insert_score(struct phrase_score *v, size_t *n, struct phrase_score score)
{
	size_t i = *n;

	if (i == PHRASE_SCORES_MAX) {
		if (v[i - 1].score >= score.score)
			return;
		i--;
	} else {
		++*n;
	}
	for (; i > 0 && v[i - 1].score < score.score; i--)
		v[i] = v[i - 1];
	v[i] = score;
}

/* Agreement of a second example lifts an intent by up to a tenth of what is missing. */
static double intent_similarity(const struct best *b)
{
	return (double)b->first + (1 - (double)b->first) * 0.1 * (double)b->second;
}

void phrase_score(const struct phrase_model *m, struct arena *a, const struct utterance *u,
		  const struct founds *entities, struct phrase_scores *out)
{
	struct scorer s = {.m = m, .arena = a};
	struct phrase_score *v = ARENA_ARRAY(a, struct phrase_score, PHRASE_SCORES_MAX);
	struct feature_entity *places;
	struct features features;
	const struct best *best;
	size_t n_places, n = 0;

	*out = (struct phrase_scores){0};
	if (m->n == 0)
		return;
	s.similar = ARENA_ARRAY(a, float, m->n);
	features_read(a, u, NULL, 0, &features);
	compare(&s, &features);
	n_places = pick_entities(m, a, entities, &places);
	if (n_places > 0) {
		features_read(a, u, places, n_places, &features);
		compare(&s, &features);
	}
	best = best_by_intent(&s);
	for (size_t i = 0; i < m->n_intents; i++) {
		const struct sample *e = &m->examples[best[i].example];
		double score = curve(intent_similarity(&best[i]));

		if (score >= PHRASE_SCORE_MIN)
			insert_score(
				v, &n,
				(struct phrase_score){m->intents[i], score, e->phrase, e->text});
	}
	*out = (struct phrase_scores){v, n};
}
