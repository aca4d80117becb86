#include "intents/phrase_model.h"

enum {
	CELLS_MAX = 8 << 20, /* weights of the classifier: 32 MiB */
	RAREST_MAX = 4,	     /* examples a feature may be asked to be in, to get below CELLS_MAX */
};

/* Examples as sparse vectors, only while the model is built. */
struct vectors {
	struct arena *arena;
	uint32_t *start, *feature;
	float *value, *common;
};

/* ---- reading examples ---- */

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

static void add_sample(struct arena *a, struct phrase_model *m, const struct phrase *p,
		       struct features *features)
{
	struct utterance u;
	struct cut cut;
	struct sample *s = &m->samples[m->n++];

	cut_example(a, p->text, &cut);
	utterance_read(a, m->lexicon, cut.text, &u);
	features_read(a, m->words, &u, cut.entities, cut.n, features);
	s->phrase = p;
	s->text = normal_text(a, p->text);
	if (m->n_intents == 0 || m->intents[m->n_intents - 1] != p->intent)
		m->intents[m->n_intents++] = p->intent;
	s->slot = (uint32_t)m->n_intents - 1;
}

/* ---- vectors and the inverted index ---- */

static uint32_t intern(struct phrase_model *m, uint64_t hash)
{
	struct known_feature *k = known_find(m, hash);

	if (!k->hash)
		*k = (struct known_feature){hash, (uint32_t)m->n_features++};
	return k->id;
}

/* Numbers the features; the vectors begin with their plain weights. */
static void make_vectors(struct arena *a, struct phrase_model *m, const struct features *all,
			 struct vectors *v)
{
	size_t total = 0;

	for (size_t i = 0; i < m->n; i++)
		total += all[i].n;
	for (m->n_table = 64; m->n_table < 2 * total;)
		m->n_table *= 2;
	m->table = ARENA_ARRAY(a, struct known_feature, m->n_table);
	v->start = ARENA_ARRAY(v->arena, uint32_t, m->n + 1);
	v->feature = ARENA_ARRAY(v->arena, uint32_t, total + 1);
	v->value = ARENA_ARRAY(v->arena, float, total + 1);
	v->common = ARENA_ARRAY(v->arena, float, total + 1);
	for (size_t i = 0; i < m->n; i++) {
		uint32_t at = v->start[i];

		for (size_t k = 0; k < all[i].n; k++, at++) {
			v->feature[at] = intern(m, all[i].v[k].hash);
			v->value[at] = all[i].v[k].weight;
			v->common[at] = all[i].v[k].common;
		}
		v->start[i + 1] = at;
	}
}

static void make_idf(struct arena *a, struct phrase_model *m, const struct vectors *v)
{
	uint32_t *df = ARENA_ARRAY(v->arena, uint32_t, m->n_features + 1);
	float *common = ARENA_ARRAY(v->arena, float, m->n_features + 1);

	for (uint32_t k = 0; k < v->start[m->n]; k++) {
		df[v->feature[k]]++;
		common[v->feature[k]] = v->common[k];
	}
	m->first = ARENA_ARRAY(a, uint32_t, m->n_features + 1);
	m->idf = ARENA_ARRAY(a, float, m->n_features + 1);
	for (size_t f = 0; f < m->n_features; f++) {
		m->idf[f] = rarity(m, df[f], common[f]);
		m->first[f + 1] = m->first[f] + df[f];
	}
}

/* Weights by rarity, each vector of length 1. */
static void weigh_vectors(const struct phrase_model *m, struct vectors *v)
{
	for (size_t i = 0; i < m->n; i++) {
		float square = 0;

		for (uint32_t k = v->start[i]; k < v->start[i + 1]; k++) {
			v->value[k] *= m->idf[v->feature[k]];
			square += v->value[k] * v->value[k];
		}
		for (uint32_t k = v->start[i]; k < v->start[i + 1]; k++)
			v->value[k] /= sqrtf(square);
	}
}

static void make_postings(struct arena *a, struct phrase_model *m, const struct vectors *v)
{
	uint32_t *at = ARENA_ARRAY(v->arena, uint32_t, m->n_features + 1);

	memcpy(at, m->first, m->n_features * sizeof *at);
	m->postings = ARENA_ARRAY(a, struct posting, v->start[m->n] + 1);
	for (uint32_t i = 0; i < m->n; i++) {
		for (uint32_t k = v->start[i]; k < v->start[i + 1]; k++)
			m->postings[at[v->feature[k]]++] =
				(struct posting){i, m->samples[i].slot, v->value[k]};
	}
}

/* ---- the classifier ---- */

/* Gives a column to the features of at least so many examples that the weights stay below
 * CELLS_MAX. */
static void choose_columns(struct arena *a, struct phrase_model *m)
{
	m->column = ARENA_ARRAY(a, uint32_t, m->n_features + 1);
	for (uint32_t rarest = 1; rarest <= RAREST_MAX; rarest++) {
		m->n_columns = 0;
		for (size_t f = 0; f < m->n_features; f++)
			m->column[f] = m->first[f + 1] - m->first[f] >= rarest
					       ? (uint32_t)m->n_columns++
					       : NO_COLUMN;
		if (m->n_columns * m->n_intents <= CELLS_MAX)
			break;
	}
}

static void train(struct arena *a, struct phrase_model *m, const struct vectors *v)
{
	uint32_t *start = ARENA_ARRAY(v->arena, uint32_t, m->n + 1);
	uint32_t *feature = ARENA_ARRAY(v->arena, uint32_t, v->start[m->n] + 1);
	uint32_t *label = ARENA_ARRAY(v->arena, uint32_t, m->n + 1);
	float *value = ARENA_ARRAY(v->arena, float, v->start[m->n] + 1);
	struct linear_rows rows = {start, feature, value, label, m->n};
	uint32_t at = 0;

	choose_columns(a, m);
	for (uint32_t i = 0; i < m->n; i++) {
		for (uint32_t k = v->start[i]; k < v->start[i + 1]; k++) {
			if (m->column[v->feature[k]] == NO_COLUMN)
				continue;
			feature[at] = m->column[v->feature[k]];
			value[at++] = v->value[k];
		}
		start[i + 1] = at;
		label[i] = m->samples[i].slot;
	}
	m->linear = linear_train(a, &rows, m->n_columns, m->n_intents);
}

const struct phrase_model *phrase_model_new(struct arena *a, const struct lexicon *lexicon,
					    const struct phrase *phrases, size_t n)
{
	struct phrase_model *m = ARENA_NEW(a, struct phrase_model);
	struct arena scratch;
	struct vectors v = {.arena = &scratch};
	struct features *all;

	arena_init(&scratch);
	all = ARENA_ARRAY(&scratch, struct features, n);
	m->lexicon = lexicon;
	m->words = feature_words_new(a);
	m->samples = ARENA_ARRAY(a, struct sample, n);
	m->intents = ARENA_ARRAY(a, uint32_t, n);
	for (size_t i = 0; i < n; i++)
		add_sample(a, m, &phrases[i], &all[i]);
	make_vectors(a, m, all, &v);
	make_idf(a, m, &v);
	weigh_vectors(m, &v);
	make_postings(a, m, &v);
	train(a, m, &v);
	arena_done(&scratch);
	return m;
}
