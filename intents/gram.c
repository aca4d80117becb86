#include "intents/gram.h"

#include "intents/common.h"
#include "text/utf8.h"
#include "text/vectors.h"

enum {
	LETTERS_MIN = 3,
	LETTERS_MAX = 4,
	WORD_MAX = 32, /* letters of a longer word are not looked at */
};

/* The word or character before. */
struct before {
	uint64_t word;
	float common;
};

struct reader {
	const struct common *common;
	struct grams *out;
	uint16_t *places; /* hash table: 1 + index into out->v; 0 = free */
	size_t mask;
	size_t room;		/* in out->v */
	struct before words[2]; /* the last one, and the one before it; word 0 = none */
	struct before han;	/* the last Chinese character */
	uint32_t han_end;	/* where it ended */
};

/* What stands before the first and behind the last word or character. */
enum { EDGE_BEGIN = 1, EDGE_END = 2, EDGE_GAP = 3 };

static uint64_t mix(enum gram_kind kind, uint64_t a, uint64_t b)
{
	uint64_t h = a ^ (b * 0x9e3779b97f4a7c15ULL) ^ ((uint64_t)(kind + 1) << 58);

	h = (h ^ (h >> 31)) * 0xff51afd7ed558ccdULL;
	h ^= h >> 32;
	return h ? h : 1;
}

static void add(struct reader *r, uint64_t hash, enum gram_kind kind, float common)
{
	size_t i = hash & r->mask;

	for (; r->places[i]; i = (i + 1) & r->mask) {
		struct gram *g = &r->out->v[r->places[i] - 1];

		if (g->hash == hash) {
			g->count++;
			g->common = common > g->common ? common : g->common;
			return;
		}
	}
	if (r->out->n == r->room)
		return;
	r->out->v[r->out->n++] = (struct gram){hash, 1, common, (uint8_t)kind};
	r->places[i] = (uint16_t)r->out->n;
}

/* Two together are half as common as the rarer one of them. */
static void add_two(struct reader *r, enum gram_kind kind, struct before a, struct before b)
{
	float rarer = a.common < b.common ? a.common : b.common;

	add(r, mix(kind, a.word, b.word), kind, rarer / 2);
}

static void add_word(struct reader *r, struct before word, bool pairs)
{
	if (pairs)
		add_two(r, GRAM_PAIR, r->words[0], word);
	if (pairs && r->words[1].word)
		add_two(r, GRAM_SKIP, r->words[1], word);
	r->words[1] = r->words[0];
	r->words[0] = word;
}

static void add_chars(struct reader *r, struct str text, uint32_t at)
{
	uint32_t cp;

	for (size_t i = 0, step; i < text.n; i += step) {
		struct before now;

		step = utf8_decode(text.p + i, text.n - i, &cp);
		if (!utf8_is_han(cp))
			continue;
		if (r->han_end != at + i)
			r->han = (struct before){r->han_end ? EDGE_GAP : EDGE_BEGIN, 0};
		now = (struct before){cp, common_share(r->common, str_sub(text, i, i + step))};
		add(r, mix(GRAM_CHAR, cp, 0), GRAM_CHAR, now.common);
		add_two(r, GRAM_CHARS, r->han, now);
		r->han = now;
		r->han_end = (uint32_t)(at + i + step);
	}
}

static void add_letters(struct reader *r, struct str word, float common)
{
	char framed[WORD_MAX + 2];
	size_t n = word.n < WORD_MAX ? word.n : WORD_MAX;

	framed[0] = '^';
	memcpy(framed + 1, word.p, n);
	framed[n + 1] = '$';
	n += 2;
	for (size_t i = 0; i + LETTERS_MIN <= n; i++) {
		uint64_t hash = 0xcbf29ce484222325ULL;

		for (size_t k = 0; k < LETTERS_MAX && i + k < n; k++) {
			hash = (hash ^ (uint8_t)framed[i + k]) * 0x100000001b3ULL;
			if (k + 1 >= LETTERS_MIN)
				add(r, mix(GRAM_LETTERS, hash, 0), GRAM_LETTERS, common);
		}
	}
}

static void read_token(struct reader *r, const struct token *t)
{
	bool han = t->kind == TOKEN_HAN;
	struct before word = {str_hash(t->head), common_share(r->common, t->head)};

	if (t->head.n == 0)
		return; /* inside a synonym group that an earlier token stands for */
	add(r, mix(GRAM_WORD, word.word, 0), GRAM_WORD, word.common);
	add_word(r, word, !han);
	add_chars(r, t->head, t->at);
	if (han)
		r->han_end = (uint32_t)(t->at + t->text.n); /* a head may be longer or shorter */
	else if (str_eq(t->head, t->stem))
		add_letters(r, t->text, word.common);
}

uint64_t gram_entity_hash(struct str name)
{
	return mix(GRAM_ENTITY, str_hash(name), 0);
}

static void read_entity(struct reader *r, struct str name)
{
	uint64_t hash = gram_entity_hash(name);

	add(r, hash, GRAM_ENTITY, 0);
	add_word(r, (struct before){hash, 0}, true);
}

/* Room for every gram the text can have (a byte begins at most two of LETTERS), unless
 * heads of synonyms are far longer than what they stand for. */
static void make_room(struct arena *a, struct reader *r, const struct utterance *u,
		      size_t n_entities)
{
	size_t most = (size_t)(LETTERS_MAX - LETTERS_MIN + 1) * u->normal.text.n + 12 * u->n +
		      4 * n_entities + 4;
	size_t slots = 64;

	if (most > GRAMS_MAX)
		most = GRAMS_MAX;
	while (slots < 2 * most)
		slots *= 2;
	r->places = ARENA_ARRAY(a, uint16_t, slots);
	r->mask = slots - 1;
	r->room = most;
	r->out->v = ARENA_ARRAY(a, struct gram, most);
}

void grams_read(struct arena *a, const struct common *c, const struct utterance *u,
		const struct gram_entity *entities, size_t n_entities, struct grams *out)
{
	struct reader r = {.common = c, .out = out, .words = {{EDGE_BEGIN, 0}}};
	size_t next = 0;

	*out = (struct grams){0};
	make_room(a, &r, u, n_entities);
	for (size_t i = 0; i < u->n; i++) {
		const struct token *t = &u->tokens[i];

		for (; next < n_entities && entities[next].to <= t->at; next++)
			read_entity(&r, entities[next].name);
		if (next < n_entities && entities[next].from < t->at + t->text.n)
			continue; /* said by the entity */
		if (t->kind != TOKEN_OTHER)
			read_token(&r, t);
	}
	for (; next < n_entities; next++)
		read_entity(&r, entities[next].name);
	add_two(&r, GRAM_PAIR, r.words[0], (struct before){EDGE_END, 0});
}

void grams_add_mean(struct arena *a, const struct utterance *u, const struct vectors *v,
		    struct grams *out)
{
	float *mean;

	if (!v)
		return;
	mean = ARENA_ARRAY(a, float, vectors_dims(v));
	if (!vectors_mean(v, u, mean))
		return;
	out->mean = mean;
	out->n_mean = vectors_dims(v);
}
