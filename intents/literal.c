#include "intents/literal.h"

#include <stdlib.h>

#include "text/dat.h"
#include "text/mem.h"

enum {
	NONE = -1,
	WORDS_MARK = 1,	    /* first byte of LITERAL_WORDS keys; no normalised text holds it */
	WORDS_MAX = 8,	    /* words in a row */
	HASH_FIRST = 1024,  /* slots, a power of two */
	BITS_MIN = 16,	    /* log2 of the bits of the prefix map: 8 KiB … */
	BITS_MAX = 23,	    /* … 1 MiB */
	BITS_PER_TEXT = 16, /* keeps false starts under 7 % */
};

struct literal {
	struct str text; /* in the arena */
	enum literal_kind kind;
};

/* Literals that share a text: found anywhere, found at edges. */
struct key_ids {
	int32_t bytes, edges;
};

struct literals {
	struct literal *items;
	size_t n, cap;
	uint32_t *slots; /* hash table: item + 1, 0 = free */
	size_t n_slots;
	struct arena arena; /* of texts and the trie */
	struct dat trie;
	struct key_ids *keys; /* by value in the trie */
	uint64_t *prefixes;   /* bit per hash of a text's first bytes */
	int prefix_shift;
	uint64_t *pairs; /* bit per first two bytes of texts shorter than a prefix */
};

struct literals *literals_new(void)
{
	struct literals *l = mem_zalloc(sizeof *l);

	arena_init(&l->arena);
	l->n_slots = HASH_FIRST;
	l->slots = mem_zalloc(l->n_slots * sizeof *l->slots);
	return l;
}

void literals_free(struct literals *l)
{
	if (!l)
		return;
	free(l->items);
	free(l->slots);
	arena_done(&l->arena);
	free(l->keys);
	free(l->prefixes);
	free(l->pairs);
	free(l);
}

size_t literals_count(const struct literals *l)
{
	return l->n;
}

size_t literals_size(const struct literals *l, uint32_t id)
{
	return l->items[id].text.n;
}

/* ---- collecting ---- */

static uint32_t *find_slot(const struct literals *l, enum literal_kind kind, struct str text)
{
	size_t i = (str_hash(text) + (uint64_t)kind) & (l->n_slots - 1);

	for (; l->slots[i]; i = (i + 1) & (l->n_slots - 1)) {
		const struct literal *item = &l->items[l->slots[i] - 1];

		if (item->kind == kind && str_eq(item->text, text))
			break;
	}
	return &l->slots[i];
}

static void grow_slots(struct literals *l)
{
	free(l->slots);
	l->n_slots *= 2;
	l->slots = mem_zalloc(l->n_slots * sizeof *l->slots);
	for (size_t i = 0; i < l->n; i++)
		*find_slot(l, l->items[i].kind, l->items[i].text) = (uint32_t)i + 1;
}

uint32_t literals_add(struct literals *l, enum literal_kind kind, struct str text)
{
	uint32_t *slot;

	text = str_sub(text, 0, LITERAL_MAX);
	slot = find_slot(l, kind, text);
	if (*slot)
		return *slot - 1;
	if (l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 64;
		l->items = mem_resize(l->items, l->cap, sizeof *l->items);
	}
	l->items[l->n].text = arena_str(&l->arena, text);
	l->items[l->n].kind = kind;
	*slot = (uint32_t)++l->n;
	if (2 * l->n > l->n_slots)
		grow_slots(l);
	return (uint32_t)l->n - 1;
}

/* ---- building ---- */

/* Bytes of a prefix by the first of them: three Latin letters, two characters of two or three
 * bytes. */
static size_t prefix_size(unsigned char first)
{
	return first < 0x80 ? 3 : first < 0xe0 ? 4 : 6;
}

static uint64_t prefix_hash(uint64_t bytes, size_t size)
{
	return (bytes & (~0ULL >> (64 - 8 * size))) * 0x9e3779b97f4a7c15ULL;
}

static void set_bit(uint64_t *bits, size_t i)
{
	bits[i / 64] |= 1ULL << (i % 64);
}

static uint64_t get_bit(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

/* Up to eight bytes, the first lowest; what lies behind the end reads as zero. */
static uint64_t load(const char *p, size_t left)
{
	uint64_t v = 0;

	if (left >= sizeof v)
		memcpy(&v, p, sizeof v);
	else
		memcpy(&v, p, left);
	return v;
}

static void mark_prefix(struct literals *l, struct str text)
{
	unsigned char first = (unsigned char)text.p[0];
	size_t size = prefix_size(first);

	if (text.n >= size) {
		set_bit(l->prefixes, prefix_hash(load(text.p, text.n), size) >> l->prefix_shift);
	} else if (text.n >= 2) {
		set_bit(l->pairs, load(text.p, text.n) & 0xffff);
	} else {
		for (size_t second = 0; second < 256; second++)
			set_bit(l->pairs, first | second << 8);
	}
}

static void make_prefixes(struct literals *l)
{
	int bits = BITS_MIN;

	while (bits < BITS_MAX && (1U << bits) < l->n * BITS_PER_TEXT)
		bits++;
	l->prefix_shift = 64 - bits;
	l->prefixes = mem_zalloc((1U << bits) / 8);
	l->pairs = mem_zalloc(65536 / 8);
	for (size_t i = 0; i < l->n; i++) {
		if (l->items[i].kind != LITERAL_WORDS)
			mark_prefix(l, l->items[i].text);
	}
}

/* The key of a literal's text: one key for both kinds found in the text. */
static int32_t key_of(const struct literals *l, size_t i)
{
	enum literal_kind kind = l->items[i].kind;
	uint32_t twin;

	if (kind == LITERAL_WORDS)
		return (int32_t)i;
	twin = *find_slot(l, kind == LITERAL_BYTES ? LITERAL_EDGES : LITERAL_BYTES,
			  l->items[i].text);
	if (twin && twin - 1 < i)
		i = twin - 1;
	return (int32_t)i;
}

/* Each text once, with the kinds that share it. */
static size_t make_keys(struct literals *l, struct arena *a, struct dat_key *keys)
{
	size_t n = 0;

	l->keys = mem_alloc((l->n + 1) * sizeof *l->keys);
	for (size_t i = 0; i < l->n; i++)
		l->keys[i] = (struct key_ids){NONE, NONE};
	for (size_t i = 0; i < l->n; i++) {
		const struct literal *item = &l->items[i];
		int32_t key = key_of(l, i);

		if (item->kind == LITERAL_EDGES)
			l->keys[key].edges = (int32_t)i;
		else
			l->keys[key].bytes = (int32_t)i;
		if (key != (int32_t)i)
			continue;
		keys[n].key = item->kind != LITERAL_WORDS
				      ? item->text
				      : arena_printf(a, "%c%.*s", WORDS_MARK, STR_ARG(item->text));
		keys[n++].value = (uint32_t)key;
	}
	return n;
}

int literals_build(struct literals *l)
{
	struct arena scratch;
	struct dat_key *keys;
	size_t n;
	int rc;

	arena_init(&scratch);
	keys = ARENA_ARRAY(&scratch, struct dat_key, l->n + 1);
	n = make_keys(l, &scratch, keys);
	n = dat_sort(keys, n);
	rc = dat_build(&l->arena, keys, n, &l->trie);
	if (rc && dat_build(&l->arena, keys, 0, &l->trie))
		abort(); /* an empty trie always fits */
	make_prefixes(l);
	arena_done(&scratch);
	return rc;
}

/* ---- scanning ---- */

struct scan {
	const struct literals *l;
	struct arena *arena;
	struct str text;
	struct literal_hit *hits;
	size_t n, cap;
	uint64_t *seen;
};

static void found(struct scan *s, int32_t id, size_t from, size_t to)
{
	bool first = !get_bit(s->seen, (size_t)id);

	set_bit(s->seen, (size_t)id);
	ARENA_PUSH(s->arena, s->hits, s->n, s->cap,
		   ((struct literal_hit){(uint32_t)id, (uint32_t)from, (uint32_t)to, first}));
}

/* A Latin letter (U+00C0..U+024F beyond ASCII), digit or underscore by its byte, or by its two
 * bytes. */
static bool is_word_byte(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_';
}

static bool is_latin_pair(unsigned char lead)
{
	return lead >= 0xc3 && lead <= 0xc9;
}

static bool word_ends_at(struct str text, size_t at)
{
	if (at == 0)
		return false;
	return is_word_byte((unsigned char)text.p[at - 1]) ||
	       (at > 1 && is_latin_pair((unsigned char)text.p[at - 2]));
}

static bool word_begins_at(struct str text, size_t at)
{
	return at < text.n && (is_word_byte((unsigned char)text.p[at]) ||
			       is_latin_pair((unsigned char)text.p[at]));
}

static bool at_edges(struct str text, size_t from, size_t to)
{
	return !(word_begins_at(text, from) && word_ends_at(text, from)) &&
	       !(word_ends_at(text, to) && word_begins_at(text, to));
}

static void walk(struct scan *s, size_t from)
{
	const struct dat *trie = &s->l->trie;
	uint32_t node = DAT_ROOT, key;

	for (size_t at = from; at < s->text.n; at++) {
		if (!dat_step(trie, &node, (unsigned char)s->text.p[at]))
			return;
		if (!dat_value(trie, node, &key))
			continue;
		if (s->l->keys[key].bytes >= 0)
			found(s, s->l->keys[key].bytes, from, at + 1);
		if (s->l->keys[key].edges >= 0 && at_edges(s->text, from, at + 1))
			found(s, s->l->keys[key].edges, from, at + 1);
	}
}

static void scan_text(struct scan *s)
{
	const struct literals *l = s->l;

	for (size_t at = 0; at < s->text.n; at++) {
		unsigned char first = (unsigned char)s->text.p[at];
		uint64_t bytes;

		if ((first & 0xc0) == 0x80)
			continue;
		bytes = load(s->text.p + at, s->text.n - at);
		if (get_bit(l->prefixes,
			    prefix_hash(bytes, prefix_size(first)) >> l->prefix_shift) ||
		    get_bit(l->pairs, bytes & 0xffff))
			walk(s, at);
	}
}

/* Only spaces or hyphens between two words. */
static bool adjacent(struct str text, const struct token *a, const struct token *b)
{
	for (size_t i = a->at + a->text.n; i < b->at; i++) {
		if (text.p[i] != ' ' && text.p[i] != '-')
			return false;
	}
	return true;
}

/* A hyphen inside a word reads as a space: "front-end" is one word to those who have it as a term. */
static bool walk_word(const struct dat *trie, uint32_t *node, struct str word)
{
	for (size_t i = 0; i < word.n; i++) {
		if (!dat_step(trie, node, word.p[i] == '-' ? ' ' : (unsigned char)word.p[i]))
			return false;
	}
	return true;
}

/* Words that end with a number whose unit is not theirs: 2024 in 2024年. */
static void end_before_unit(struct scan *s, uint32_t node, size_t from, const struct token *token)
{
	struct str amount = token_amount(token);
	uint32_t key;

	if (amount.n < token->text.n && walk_word(&s->l->trie, &node, amount) &&
	    dat_value(&s->l->trie, node, &key))
		found(s, (int32_t)key, from, token->at + amount.n);
}

/* Every run of words that begins with token i. */
static void walk_words(struct scan *s, const struct utterance *u, size_t i, uint32_t node)
{
	const struct dat *trie = &s->l->trie;
	uint32_t key;

	for (size_t j = i; j < u->n && j < i + WORDS_MAX; j++) {
		const struct token *token = &u->tokens[j];

		if (j > i && (!adjacent(s->text, token - 1, token) || !dat_step(trie, &node, ' ')))
			return;
		if (token->kind == TOKEN_NUMBER)
			end_before_unit(s, node, u->tokens[i].at, token);
		if (!walk_word(trie, &node, token->stem))
			return;
		if (dat_value(trie, node, &key))
			found(s, (int32_t)key, u->tokens[i].at, token->at + token->text.n);
	}
}

static void scan_words(struct scan *s, const struct utterance *u)
{
	uint32_t root = DAT_ROOT;

	if (!dat_step(&s->l->trie, &root, WORDS_MARK))
		return;
	for (size_t i = 0; i < u->n; i++)
		walk_words(s, u, i, root);
}

void literals_scan(const struct literals *l, struct arena *a, const struct utterance *u,
		   struct literal_hits *out)
{
	struct scan s = {.l = l, .arena = a, .text = u->normal.text};

	s.seen = ARENA_ARRAY(a, uint64_t, l->n / 64 + 1);
	scan_text(&s);
	scan_words(&s, u);
	*out = (struct literal_hits){s.hits, s.n, s.seen};
}

const struct literal_hit *literal_where(const struct literal_hits *hits, uint32_t id)
{
	for (size_t i = 0; i < hits->n; i++) {
		if (hits->v[i].id == id)
			return &hits->v[i];
	}
	return NULL;
}

void literal_index_make(struct arena *a, const struct literal_pair *pairs, size_t n, size_t count,
			struct literal_index *out)
{
	uint32_t *start = ARENA_ARRAY(a, uint32_t, count + 2),
		 *items = ARENA_ARRAY(a, uint32_t, n + 1);

	for (size_t i = 0; i < n; i++)
		start[pairs[i].literal + 2]++;
	for (size_t i = 2; i < count + 2; i++)
		start[i] += start[i - 1];
	for (size_t i = 0; i < n;
	     i++) /* start[l + 1] is where the next of l goes; in the end where l ends */
		items[start[pairs[i].literal + 1]++] = pairs[i].item;
	*out = (struct literal_index){start, items};
}
