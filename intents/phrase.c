#include "intents/phrase.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "intents/classify.h"
#include "intents/common.h"
#include "text/mem.h"

enum { PICKED_MAX = 16 }; /* entities of a message that examples are compared with */

/* What training gives: it hangs on what is read of the examples and on nothing else, so a model made
 * after another from the same examples shares it. The last owner frees it, on whatever thread. */
struct trained {
	struct arena arena;
	const struct classify *_Atomic classify; /* NULL: not trained yet */
	pthread_mutex_t training;		 /* guards what follows; it is gone once trained */
	struct arena reading;
	const struct classify_example *examples;
	size_t n;
	uint32_t classes;
	const struct str *texts; /* of the examples, normalised, in `arena` */
	size_t n_texts;
	uint64_t key;	    /* of the examples as they were read */
	uint64_t texts_key; /* as they are written */
	_Atomic unsigned owners;
};

struct phrase_model {
	const struct common *common;
	const struct vectors *vectors; /* of classify_vectors: may be NULL */
	const struct phrase *phrases;
	const struct str *texts; /* of them, normalised */
	const uint32_t *intents; /* class -> intent */
	struct trained *trained;
	bool empty; /* no examples: no message is read for them */
};

/* ---- reading examples ---- */

/* An example cut at its <slots> and stars: the normalised text and where the entities stand in it.
 */
struct cut {
	struct str text;
	struct gram_entity *entities;
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
			struct gram_entity e = {.name = str_sub(text, i + 1, end)};

			e.from = e.to = (uint32_t)cut->text.n;
			ARENA_PUSH(a, cut->entities, cut->n, cap, e);
			i = end;
		}
		from = i + 1;
	}
	append_piece(a, cut, str_sub(text, from, text.n));
}

static void read_example(struct arena *a, const struct phrase_model *m,
			 const struct lexicon *lexicon, struct str text, struct grams *out)
{
	struct utterance u;
	struct cut cut;

	cut_example(a, text, &cut);
	utterance_read(a, lexicon, cut.text, &u);
	grams_read(a, m->common, &u, cut.entities, cut.n, out);
	grams_add_mean(a, &u, m->vectors, out);
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

struct str phrase_of_name(struct arena *a, struct str name)
{
	char *p = arena_alloc(a, 2 * name.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (i > 0 && is_upper(c) && is_lower(name.p[i - 1]))
			p[n++] = ' ';
		p[n++] = c == '_' || c == '-' || c == '.' || c == '/' ? ' ' : c;
	}
	return (struct str){p, n};
}

/* ---- training, or sharing ---- */

static uint64_t mix(uint64_t key, uint64_t x)
{
	key = (key ^ x) * 0x9e3779b97f4a7c15ULL;
	return key ^ key >> 29;
}

static uint64_t mix_floats(uint64_t key, const float *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t bits;

		memcpy(&bits, &v[i], sizeof bits);
		key = mix(key, bits);
	}
	return key;
}

static uint64_t key_of(const struct classify_example *v, size_t n, uint32_t classes)
{
	uint64_t key = mix(mix(1, n), classes);

	for (size_t i = 0; i < n; i++) {
		const struct grams *g = &v[i].grams;

		key = mix(mix(key, 2 * (uint64_t)v[i].class + v[i].name), g->n);
		for (size_t k = 0; k < g->n; k++) {
			key = mix(mix(key, g->v[k].hash),
				  (uint64_t)g->v[k].kind << 32 | g->v[k].count);
			key = mix_floats(key, &g->v[k].common, 1);
		}
		key = mix_floats(mix(key, g->n_mean), g->mean, g->n_mean);
	}
	return key;
}

static struct trained *share(struct trained *t)
{
	atomic_fetch_add_explicit(&t->owners, 1, memory_order_relaxed);
	return t;
}

/* Examples that are to be trained on, or what another model was trained to from the same ones. `reading`, in
 * which they live, is taken over. */
static struct trained *share_or_keep(struct arena *reading, const struct classify_example *v,
				     size_t n, uint32_t classes, struct trained *before)
{
	uint64_t key = key_of(v, n, classes);
	struct trained *t;

	if (before && before->key == key) {
		arena_done(reading);
		return share(before);
	}
	t = mem_zalloc(sizeof *t);
	arena_init(&t->arena);
	atomic_init(&t->owners, 1);
	atomic_init(&t->classify, NULL);
	pthread_mutex_init(&t->training, NULL);
	t->key = key;
	t->reading = *reading;
	t->examples = v;
	t->n = n;
	t->classes = classes;
	return t;
}

static const struct classify *train(struct trained *t)
{
	const struct classify *c;

	pthread_mutex_lock(&t->training);
	c = atomic_load_explicit(&t->classify, memory_order_acquire);
	if (!c) {
		c = classify_new(&t->arena, t->examples, t->n, t->classes);
		arena_done(&t->reading);
		atomic_store_explicit(&t->classify, c, memory_order_release);
	}
	pthread_mutex_unlock(&t->training);
	return c;
}

static const struct classify *trained(const struct phrase_model *m)
{
	const struct classify *c =
		atomic_load_explicit(&m->trained->classify, memory_order_acquire);

	return c ? c : train(m->trained);
}

void phrase_model_train(const struct phrase_model *m)
{
	trained(m);
}

/* Classes are numbered as intents come; returns how many. */
static uint32_t number_classes(const struct phrase *phrases, size_t n, uint32_t *intents)
{
	uint32_t classes = 0;

	for (size_t i = 0; i < n; i++)
		if (classes == 0 || intents[classes - 1] != phrases[i].intent)
			intents[classes++] = phrases[i].intent;
	return classes;
}

static uint64_t texts_key_of(const struct phrase *phrases, size_t n)
{
	uint64_t key = mix(2, n);

	for (size_t i = 0; i < n; i++) {
		bool first = i == 0 || phrases[i].intent != phrases[i - 1].intent;

		key = mix(mix(key, 2 * (uint64_t)phrases[i].name + first),
			  str_hash_quick(phrases[i].text));
	}
	return key;
}

/* What a model was trained to, when these are its texts and none of them reads otherwise now; else NULL. */
static struct trained *share_texts(const struct lexicon *lexicon,
				   const struct phrase_before *before, uint64_t texts_key)
{
	struct trained *t = before ? before->model->trained : NULL;
	struct lexicon_change change;
	bool alike;

	if (!t || t->texts_key != texts_key)
		return NULL;
	lexicon_compare(before->lexicon, lexicon, &change);
	alike = !change.all;
	for (size_t i = 0; i < t->n_texts && alike && change.n > 0; i++)
		alike = lexicon_reads_alike(&change, t->texts[i]);
	return alike ? share(t) : NULL;
}

static struct trained *read_examples(const struct phrase_model *m, const struct lexicon *lexicon,
				     size_t n, uint32_t classes, struct trained *before)
{
	struct classify_example *examples;
	struct arena reading;
	uint32_t class = 0;

	arena_init(&reading);
	examples = ARENA_ARRAY(&reading, struct classify_example, n);
	for (size_t i = 0; i < n; i++) {
		class += i > 0 && m->phrases[i].intent != m->phrases[i - 1].intent;
		read_example(&reading, m, lexicon, m->phrases[i].text, &examples[i].grams);
		examples[i].class = class;
		examples[i].name = m->phrases[i].name;
	}
	return share_or_keep(&reading, examples, n, classes, before);
}

static const struct str *normal_texts(struct arena *a, const struct phrase *phrases, size_t n)
{
	struct str *texts = ARENA_ARRAY(a, struct str, n);
	struct arena scratch;

	arena_init(&scratch);
	for (size_t i = 0; i < n; i++)
		texts[i] = arena_str(a, normal_text(&scratch, phrases[i].text));
	arena_done(&scratch);
	return texts;
}

/* Reads the examples; where they are read as those before, they may still be written otherwise. */
static void learn(struct phrase_model *m, struct arena *a, const struct lexicon *lexicon, size_t n,
		  uint32_t classes, struct trained *before, uint64_t texts_key)
{
	struct trained *t = read_examples(m, lexicon, n, classes, before);

	m->trained = t;
	if (t == before) {
		m->texts = normal_texts(a, m->phrases, n);
		return;
	}
	m->texts = t->texts = normal_texts(&t->arena, m->phrases, n);
	t->n_texts = n;
	t->texts_key = texts_key;
}

const struct phrase_model *phrase_model_new(struct arena *a, const struct lexicon *lexicon,
					    const struct phrase *phrases, size_t n,
					    const struct phrase_before *before)
{
	struct phrase_model *m = ARENA_NEW(a, struct phrase_model);
	uint32_t *intents = ARENA_ARRAY(a, uint32_t, n);
	uint32_t classes = number_classes(phrases, n, intents);
	uint64_t texts_key = texts_key_of(phrases, n);

	m->common = common_new(a);
	m->vectors = classify_vectors(a, n);
	m->phrases = phrases;
	m->intents = intents;
	m->empty = n == 0;
	m->trained = share_texts(lexicon, before, texts_key);
	if (m->trained)
		m->texts = m->trained->texts;
	else
		learn(m, a, lexicon, n, classes, before ? before->model->trained : NULL, texts_key);
	return m;
}

void phrase_model_free(const struct phrase_model *m)
{
	struct trained *t = m ? m->trained : NULL;

	if (!t || atomic_fetch_sub_explicit(&t->owners, 1, memory_order_acq_rel) > 1)
		return;
	arena_done(&t->reading);
	arena_done(&t->arena);
	pthread_mutex_destroy(&t->training);
	free(t);
}

unsigned phrase_model_owners(const struct phrase_model *m)
{
	return atomic_load_explicit(&m->trained->owners, memory_order_relaxed);
}

/* ---- entities of a message ---- */

static bool overlaps(const struct gram_entity *v, size_t n, const struct found *f)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].from < f->to && f->from < v[i].to)
			return true;
	}
	return false;
}

/* The longest entity that some example has and that overlaps none of those picked, or NULL. */
static const struct found *longest_left(const struct phrase_model *m, const struct founds *founds,
					const struct gram_entity *picked, size_t n)
{
	const struct found *longest = NULL;

	for (size_t i = 0; i < founds->n; i++) {
		const struct found *f = &founds->v[i];

		if ((!longest || f->to - f->from > longest->to - longest->from) &&
		    classify_knows(trained(m), gram_entity_hash(f->entity->name)) &&
		    !overlaps(picked, n, f))
			longest = f;
	}
	return longest;
}

/* Entities that some example has, by place; of two that overlap the longer. */
static size_t pick_entities(const struct phrase_model *m, struct arena *a,
			    const struct founds *founds, struct gram_entity **out)
{
	struct gram_entity *v = ARENA_ARRAY(a, struct gram_entity, PICKED_MAX + 1);
	const struct found *f;
	size_t n = 0;

	while (n < PICKED_MAX && (f = longest_left(m, founds, v, n)) != NULL) {
		size_t k = n++;

		for (; k > 0 && v[k - 1].from > f->from; k--)
			v[k] = v[k - 1];
		v[k] = (struct gram_entity){f->entity->name, f->from, f->to};
	}
	*out = v;
	return n;
}

/* ---- scores ---- */

/* Keeps the higher of two scores of one intent, and the best of all in order. */
static void insert_score(struct phrase_score *v, size_t *n, struct phrase_score score)
{
	size_t i = 0;

	while (i < *n && v[i].intent != score.intent)
		i++;
	if (i < *n && v[i].score >= score.score)
		return;
	if (i == *n && *n < PHRASE_SCORES_MAX)
		++*n;
	else if (i == *n && v[--i].score >= score.score)
		return;
	for (; i > 0 && v[i - 1].score < score.score; i--)
		v[i] = v[i - 1];
	v[i] = score;
}

static void score_reading(const struct phrase_model *m, struct arena *a, const struct utterance *u,
			  const struct gram_entity *entities, size_t n_entities,
			  struct phrase_score *v, size_t *n)
{
	struct classify_hits hits;
	struct grams grams;

	grams_read(a, m->common, u, entities, n_entities, &grams);
	grams_add_mean(a, u, m->vectors, &grams);
	classify_read(trained(m), a, &grams, &hits);
	for (size_t i = 0; i < hits.n; i++) {
		const struct classify_hit *h = &hits.v[i];
		uint32_t nearest = h->nearest;

		if (h->score >= PHRASE_SCORE_MIN && h->nearness > 0)
			insert_score(v, n,
				     (struct phrase_score){m->intents[h->class], h->score,
							   &m->phrases[nearest],
							   m->texts[nearest]});
	}
}

/* The message is read as it stands, and once more with its entities in place of their words. */
void phrase_score(const struct phrase_model *m, struct arena *a, const struct utterance *u,
		  const struct founds *entities, struct phrase_scores *out)
{
	struct phrase_score *v = ARENA_ARRAY(a, struct phrase_score, PHRASE_SCORES_MAX);
	struct gram_entity *places;
	size_t n_places, n = 0;

	if (m->empty) {
		*out = (struct phrase_scores){v, 0};
		return;
	}
	score_reading(m, a, u, NULL, 0, v, &n);
	n_places = pick_entities(m, a, entities, &places);
	if (n_places > 0)
		score_reading(m, a, u, places, n_places, v, &n);
	*out = (struct phrase_scores){v, n};
}
