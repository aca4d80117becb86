#include "intents/meaning.h"

#include <math.h>

enum { LANES = 4, STEP = 4, LIKELY_MAX = 8 };

#define AGREEMENT 0.35

/* Four floats that the compiler keeps in one register. */
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

struct telling {
	const struct phrase *phrase;
	struct str text;   /* normalised */
	const lanes *mean; /* of length 1 */
};

struct sense {
	uint32_t intent;
	const struct telling *examples; /* at least one */
	size_t n;
	const lanes *centre; /* of length 1 */
};

struct meaning {
	const struct vectors *vectors;
	size_t width; /* lanes of a vector: a multiple of STEP, the rest 0 */
	struct sense *senses;
	size_t n;
	uint32_t n_intents; /* what is from here on is a rival only */
};

static lanes *vector_new(const struct meaning *m, struct arena *a)
{
	return ARENA_ARRAY(a, lanes, m->width);
}

static float product(const struct meaning *m, const lanes *x, const lanes *y)
{
	lanes s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}; /* four, so that none waits for itself */

	for (size_t i = 0; i < m->width; i += STEP) {
		s0 += x[i] * y[i];
		s1 += x[i + 1] * y[i + 1];
		s2 += x[i + 2] * y[i + 2];
		s3 += x[i + 3] * y[i + 3];
	}
	s0 += s1 + s2 + s3;
	return s0[0] + s0[1] + s0[2] + s0[3];
}

/* ---- building ---- */

/* Without its <slots> and stars. */
static struct str plain_text(struct arena *a, struct str text)
{
	struct str plain = arena_str(a, text);
	char *p = (char *)(uintptr_t)plain.p;
	bool inside = false;

	for (size_t i = 0; i < plain.n; i++) {
		inside = inside ? text.p[i] != '>' : text.p[i] == '<';
		if (inside || text.p[i] == '>' || text.p[i] == '*')
			p[i] = ' ';
	}
	return plain;
}

static bool read_example(const struct meaning *m, struct arena *a, struct arena *scratch,
			 const struct lexicon *lexicon, const struct phrase *phrase,
			 struct telling *out)
{
	lanes *mean = vector_new(m, a);
	struct utterance u;

	utterance_read(scratch, lexicon, plain_text(scratch, phrase->text), &u);
	*out = (struct telling){phrase, normal_text(a, phrase->text), mean};
	return vectors_mean(m->vectors, &u, (float *)mean);
}

static struct sense *sense_of(struct meaning *m, uint32_t intent)
{
	if (m->n == 0 || m->senses[m->n - 1].intent != intent)
		m->senses[m->n++].intent = intent;
	return &m->senses[m->n - 1];
}

static void find_centre(const struct meaning *m, struct arena *a, struct sense *s)
{
	lanes *centre = vector_new(m, a);
	float length;

	for (size_t i = 0; i < s->n; i++) {
		for (size_t k = 0; k < m->width; k++)
			centre[k] += s->examples[i].mean[k];
	}
	length = sqrtf(product(m, centre, centre));
	for (size_t k = 0; k < m->width && length > 0; k++)
		centre[k] /= length;
	s->centre = centre;
}

const struct meaning *meaning_new(struct arena *a, const struct vectors *vectors,
				  const struct lexicon *lexicon, const struct phrase *phrases,
				  size_t n, uint32_t n_intents)
{
	struct meaning *m = ARENA_NEW(a, struct meaning);
	struct telling *examples = ARENA_ARRAY(a, struct telling, n);
	struct arena scratch;
	size_t used = 0;

	m->vectors = vectors;
	m->n_intents = n_intents;
	m->width = (vectors_dims(vectors) + LANES * STEP - 1) / (LANES * STEP) * STEP;
	m->senses = ARENA_ARRAY(a, struct sense, n);
	arena_init(&scratch);
	for (size_t i = 0; i < n; i++) {
		struct sense *s;

		if (phrases[i].name ||
		    !read_example(m, a, &scratch, lexicon, &phrases[i], &examples[used]))
			continue;
		s = sense_of(m, phrases[i].intent);
		if (s->n++ == 0)
			s->examples = &examples[used];
		used++;
	}
	arena_done(&scratch);
	for (size_t i = 0; i < m->n; i++)
		find_centre(m, a, &m->senses[i]);
	return m;
}

/* ---- a message ---- */

struct likely {
	const struct sense *sense;
	const struct telling *nearest;
	float likeness;
};

static void insert(struct likely *v, size_t *n, struct likely x)
{
	size_t i = *n;

	if (i == LIKELY_MAX) {
		if (v[i - 1].likeness >= x.likeness)
			return;
		i--;
	} else {
		++*n;
	}
	for (; i > 0 && v[i - 1].likeness < x.likeness; i--)
		v[i] = v[i - 1];
	v[i] = x;
}

static void compare_examples(const struct meaning *m, const lanes *x, struct likely *l)
{
	float best = -1;

	for (size_t i = 0; i < l->sense->n; i++) {
		float cosine = product(m, l->sense->examples[i].mean, x);

		if (cosine > best) {
			best = cosine;
			l->nearest = &l->sense->examples[i];
		}
	}
	l->likeness = (l->likeness + best) / 2;
}

/* The intents whose centre is nearest, then by likeness; returns how many. */
static size_t find_likely(const struct meaning *m, const lanes *x, struct likely *out)
{
	struct likely by_centre[LIKELY_MAX];
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < m->n; i++)
		insert(by_centre, &n,
		       (struct likely){&m->senses[i], NULL, product(m, m->senses[i].centre, x)});
	for (size_t i = 0; i < n; i++) {
		compare_examples(m, x, &by_centre[i]);
		insert(out, &kept, by_centre[i]);
	}
	return kept;
}

/* Logistic regression on five sets, with 8 to 10 examples an intent and a quarter of the intents hidden,
 * whose messages count as mistakes: MASSIVE (Chinese messages with English examples; each language with
 * its own), BANKING77 and CLINC150. What scores 0.75 or more is right 80 to 97 times in 100, 0.45
 * or more 61 to 88 times. */
static double score_of(const struct likely *v, size_t n, size_t i)
{
	double rival = n > 1 ? (double)v[i == 0 ? 1 : 0].likeness : 0;
	double likeness = (double)v[i].likeness;

	return 1 / (1 + exp(4.63 - 5.09 * likeness - 13.19 * (likeness - rival)));
}

/* ---- the other opinion ---- */

/* The place of an intent in scores, or n. */
static size_t find_score(const struct phrase_score *v, size_t n, uint32_t intent)
{
	size_t i = 0;

	while (i < n && v[i].intent != intent)
		i++;
	return i;
}

/* Both opinions of one intent: the higher, and a third of the way that a like but independent one would go
 * from there (measured: the whole way is sure too often). */
static void agree(struct phrase_score *x, const struct phrase_score *other)
{
	double higher = fmax(x->score, other->score), lower = fmin(x->score, other->score);

	if (other->score >= x->score) {
		x->nearest = other->nearest;
		x->nearest_text = other->nearest_text;
	}
	x->score = higher + AGREEMENT * lower * (1 - higher);
}

/* Puts x where it belongs, instead of what i holds. */
static void place_score(struct phrase_score *v, size_t i, struct phrase_score x)
{
	for (; i > 0 && v[i - 1].score < x.score; i--)
		v[i] = v[i - 1];
	v[i] = x;
}

static void raise_score(struct phrase_score *v, size_t *n, struct phrase_score x)
{
	size_t i = find_score(v, *n, x.intent);

	if (i < *n) {
		agree(&x, &v[i]);
		place_score(v, i, x);
	} else if (*n < PHRASE_SCORES_MAX) {
		place_score(v, (*n)++, x);
	} else if (v[*n - 1].score < x.score) {
		place_score(v, *n - 1, x);
	}
}

void meaning_raise(const struct meaning *m, struct arena *a, const struct utterance *u,
		   struct phrase_scores *scores)
{
	struct phrase_score *v = ARENA_ARRAY(a, struct phrase_score, PHRASE_SCORES_MAX);
	struct likely likely[LIKELY_MAX];
	lanes *x = vector_new(m, a);
	size_t n = scores->n, n_likely;

	if (!vectors_mean(m->vectors, u, (float *)x))
		return;
	if (n > 0)
		memcpy(v, scores->v, n * sizeof *v);
	n_likely = find_likely(m, x, likely);
	for (size_t i = 0; i < n_likely; i++) {
		struct phrase_score s = {likely[i].sense->intent, score_of(likely, n_likely, i),
					 likely[i].nearest->phrase, likely[i].nearest->text};

		if (s.intent >= m->n_intents || s.score < PHRASE_SCORE_MIN)
			continue;
		raise_score(v, &n, s);
	}
	*scores = (struct phrase_scores){v, n};
}
