#include "intents/trie.h"

#include <stdlib.h>

#include "text/mem.h"

enum {
	CODES = 257, /* bytes and the end of a key */
	FREE = -1,   /* check of an unused unit */
	FIRST_UNITS = 1024,
	TRIES_MAX =
		64, /* places tried before crowded ground is given up: bounds the building time */
};

struct builder {
	struct trie *trie;
	const struct trie_key *keys;
	int32_t search; /* units before are too full to look at */
};

/* Children of one node: each a code and the first of its keys. */
struct family {
	int codes[CODES];
	size_t first[CODES + 1];
	int n;
};

static int compare_keys(const void *a, const void *b)
{
	return str_cmp(((const struct trie_key *)a)->text, ((const struct trie_key *)b)->text);
}

static void reserve(struct trie *t, int32_t need)
{
	int32_t n = t->n ? t->n : FIRST_UNITS;

	if (need < t->n)
		return;
	while (n <= need)
		n *= 2;
	t->units = mem_resize(t->units, (size_t)n, sizeof *t->units);
	for (int32_t i = t->n; i < n; i++)
		t->units[i] = (struct trie_unit){.base = 1, .check = FREE};
	t->n = n;
}

static int code_at(const struct trie_key *key, size_t depth)
{
	return key->text.n == depth ? 0 : (unsigned char)key->text.p[depth] + 1;
}

static void gather(const struct builder *b, size_t lo, size_t hi, size_t depth, struct family *f)
{
	f->n = 0;
	for (size_t i = lo; i < hi;) {
		int code = code_at(&b->keys[i], depth);

		f->codes[f->n] = code;
		f->first[f->n++] = i;
		while (i < hi && code_at(&b->keys[i], depth) == code)
			i++;
	}
	f->first[f->n] = hi;
}

static bool fits(const struct trie *t, int32_t base, const struct family *f)
{
	for (int i = 1; i < f->n; i++) {
		if (t->units[base + f->codes[i]].check != FREE)
			return false;
	}
	return true;
}

/* The first base from which every child falls on a free unit. */
static int32_t find_base(struct builder *b, const struct family *f)
{
	struct trie *t = b->trie;
	int32_t place = b->search > f->codes[0] ? b->search : f->codes[0] + 1;
	bool moved = false;

	for (int tries = 0;; place++) {
		reserve(t, place + CODES);
		if (t->units[place].check != FREE)
			continue;
		if (!moved || ++tries > TRIES_MAX)
			b->search = place;
		moved = true;
		if (fits(t, place - f->codes[0], f))
			return place - f->codes[0];
	}
}

/* Places the keys [lo, hi), which share `depth` bytes, under node. Recursion is bounded by the
 * length of a key. */
static void place(struct builder *b, size_t lo, size_t hi, size_t depth, int32_t node)
{
	struct family f;
	int32_t base;

	gather(b, lo, hi, depth, &f);
	base = find_base(b, &f);
	b->trie->units[node].base = base;
	for (int i = 0; i < f.n; i++)
		b->trie->units[base + f.codes[i]].check = node;
	for (int i = 0; i < f.n; i++) {
		if (f.codes[i] == 0)
			b->trie->units[base].base = -(b->keys[f.first[i]].value + 1);
		else
			place(b, f.first[i], f.first[i + 1], depth + 1, base + f.codes[i]);
	}
}

void trie_init(struct trie *t, struct trie_key *keys, size_t n)
{
	struct builder b = {.trie = t, .keys = keys, .search = 1};

	*t = (struct trie){0};
	reserve(t, FIRST_UNITS);
	t->units[0].check = 0;
	if (n == 0)
		return;
	qsort(keys, n, sizeof *keys, compare_keys);
	place(&b, 0, n, 0, 0);
}

void trie_done(struct trie *t)
{
	free(t->units);
	*t = (struct trie){0};
}
