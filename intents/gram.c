#include "intents/gram.h"

#include "text/utf8.h"
#include "text/vectors.h"

enum {
	LETTERS_MIN = 3,
	LETTERS_MAX = 4,
	WORD_MAX = 32, /* letters of a longer word are not looked at */
};

struct reader {
	struct arena *arena;
	struct grams *out;
	uint16_t *places; /* hash table: 1 + index into out->v; 0 = free */
	size_t mask;
	size_t room;		  /* in out->v */
	uint64_t before, before2; /* the last two words; 0 = none */
	uint32_t last_char;	  /* Chinese character before */
	uint32_t last_end;	  /* and where it ended */
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

static void add(struct reader *r, enum gram_kind kind, uint64_t a, uint64_t b)
{
	uint64_t hash = mix(kind, a, b);
	size_t i = hash & r->mask;

	for (; r->places[i]; i = (i + 1) & r->mask) {
		struct gram *g = &r->out->v[r->places[i] - 1];

		if (g->hash == hash) {
			g->count++;
			return;
		}
	}
	if (r->out->n == r->room)
		return;
	r->out->v[r->out->n++] = (struct gram){hash, 1, (uint8_t)kind};
	r->places[i] = (uint16_t)r->out->n;
}

static void add_word(struct reader *r, uint64_t word, bool pairs)
{
	if (pairs)
		add(r, GRAM_PAIR, r->before, word);
	if (pairs && r->before2)
		add(r, GRAM_SKIP, r->before2, word);
	r->before2 = r->before;
	r->before = word;
}

static void add_chars(struct reader *r, struct str text, uint32_t at)
{
	uint32_t cp;

	for (size_t i = 0, step; i < text.n; i += step) {
		step = utf8_decode(text.p + i, text.n - i, &cp);
		if (!utf8_is_han(cp))
			continue;
		if (r->last_end != at + i)
			r->last_char = r->last_end ? EDGE_GAP : EDGE_BEGIN;
		add(r, GRAM_CHAR, cp, 0);
		add(r, GRAM_CHARS, r->last_char, cp);
		r->last_char = cp;
		r->last_end = (uint32_t)(at + i + step);
	}
}

static void add_letters(struct reader *r, struct str word)
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
				add(r, GRAM_LETTERS, hash, 0);
		}
	}
}

static void read_token(struct reader *r, const struct token *t)
{
	bool han = t->kind == TOKEN_HAN;
	uint64_t word;

	if (t->head.n == 0)
		return; /* inside a synonym group that an earlier token stands for */
	word = str_hash(t->head);
	add(r, GRAM_WORD, word, 0);
	add_word(r, word, !han);
	add_chars(r, t->head, t->at);
	if (han)
		r->last_end = (uint32_t)(t->at + t->text.n); /* a head may be longer or shorter */
	else if (str_eq(t->head, t->stem))
		add_letters(r, t->text);
}

uint64_t gram_entity_hash(struct str name)
{
	return mix(GRAM_ENTITY, str_hash(name), 0);
}

static void read_entity(struct reader *r, struct str name)
{
	add(r, GRAM_ENTITY, str_hash(name), 0);
	add_word(r, gram_entity_hash(name), true);
}

/* Room for every gram the text can have (a byte begins at most two of LETTERS), unless
 * heads of synonyms are far longer than what they stand for. */
static void make_room(struct reader *r, const struct utterance *u, size_t n_entities)
{
	size_t most = (size_t)(LETTERS_MAX - LETTERS_MIN + 1) * u->normal.text.n + 12 * u->n +
		      4 * n_entities + 4;
	size_t slots = 64;

	if (most > GRAMS_MAX)
		most = GRAMS_MAX;
	while (slots < 2 * most)
		slots *= 2;
	r->places = ARENA_ARRAY(r->arena, uint16_t, slots);
	r->mask = slots - 1;
	r->room = most;
	r->out->v = ARENA_ARRAY(r->arena, struct gram, most);
}

void grams_read(struct arena *a, const struct utterance *u, const struct gram_entity *entities,
		size_t n_entities, struct grams *out)
{
	struct reader r = {.arena = a, .out = out, .before = EDGE_BEGIN};
	size_t next = 0;

	*out = (struct grams){0};
	make_room(&r, u, n_entities);
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
	add(&r, GRAM_PAIR, r.before, EDGE_END);
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
