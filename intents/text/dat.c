#include "text/dat.h"

#include <stdlib.h>

#include "text/mem.h"

enum {
	BLOCK = 256,
	/* Room for children is searched for in the last blocks only; older ones are nearly full,
	 * and looking there again for every node would make building quadratic. */
	OPEN_BLOCKS = 16,
	OPEN = BLOCK * OPEN_BLOCKS,
};

static const uint32_t FREE_UNIT = 1u << 31;

/* Free units of the open blocks form a ring in order of place, threaded through prev and next
 * (which are indexed by unit modulo OPEN). */
struct builder {
	uint32_t *units;
	size_t n, cap;
	uint32_t prev[OPEN], next[OPEN];
	bool base_used[OPEN];
	uint32_t first; /* of the ring; NONE when there is no free unit */
};

static const uint32_t NONE = UINT32_MAX;

/* The keys [from, to) share their first `depth` bytes and meet in `node`. */
struct span {
	size_t from, to, depth;
	uint32_t node;
};

struct stack {
	struct span *items;
	size_t n, cap;
};

static void push(struct stack *s, struct span item)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 256;
		s->items = mem_resize(s->items, s->cap, sizeof *s->items);
	}
	s->items[s->n++] = item;
}

static void take_unit(struct builder *b, uint32_t u)
{
	uint32_t before = b->prev[u % OPEN], after = b->next[u % OPEN];

	if (after == u) {
		b->first = NONE;
		return;
	}
	b->next[before % OPEN] = after;
	b->prev[after % OPEN] = before;
	if (b->first == u)
		b->first = after;
}

static void give_unit(struct builder *b, uint32_t u)
{
	uint32_t last;

	if (b->first == NONE) {
		b->first = b->prev[u % OPEN] = b->next[u % OPEN] = u;
		return;
	}
	last = b->prev[b->first % OPEN];
	b->next[last % OPEN] = u;
	b->prev[u % OPEN] = last;
	b->next[u % OPEN] = b->first;
	b->prev[b->first % OPEN] = u;
}

static void close_block(struct builder *b, uint32_t start)
{
	for (uint32_t u = start; u < start + BLOCK; u++) {
		if (b->first == u)
			take_unit(b, u); /* the ring is in order, so these stand first */
	}
}

static int add_block(struct builder *b)
{
	uint32_t start = (uint32_t)b->n;

	if (start + BLOCK > DAT_UNITS_MAX)
		return ERR_LIMIT;
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 4 * BLOCK;
		b->units = mem_resize(b->units, b->cap, sizeof *b->units);
	}
	if (start >= OPEN)
		close_block(b, start - OPEN);
	b->n += BLOCK;
	for (uint32_t u = start; u < start + BLOCK; u++) {
		b->units[u] = FREE_UNIT;
		b->base_used[u % OPEN] = false;
		give_unit(b, u);
	}
	return 0;
}

static bool base_fits(const struct builder *b, uint32_t base, const unsigned char *labels, size_t n)
{
	if (b->base_used[base % OPEN])
		return false;
	/* The first label's unit is the free one that suggested this base. */
	for (size_t i = 1; i < n; i++) {
		if (b->units[base ^ labels[i]] != FREE_UNIT)
			return false;
	}
	return true;
}

static int find_base(struct builder *b, const unsigned char *labels, size_t n, uint32_t *base)
{
	uint32_t u = b->first;

	if (u != NONE) {
		do {
			*base = u ^ labels[0];
			if (base_fits(b, *base, labels, n))
				return 0;
			u = b->next[u % OPEN];
		} while (u != b->first);
	}
	*base = (uint32_t)b->n;
	return add_block(b);
}

static void place(struct builder *b, uint32_t u, uint32_t unit)
{
	take_unit(b, u);
	b->units[u] = unit;
}

static unsigned char label_at(const struct dat_key *k, size_t depth)
{
	return depth < k->key.n ? (unsigned char)k->key.p[depth] : 0;
}

static size_t distinct_labels(const struct dat_key *keys, const struct span *s,
			      unsigned char labels[256], size_t starts[257])
{
	size_t n = 0;

	for (size_t i = s->from; i < s->to; i++) {
		unsigned char label = label_at(&keys[i], s->depth);

		if (!n || labels[n - 1] != label) {
			labels[n] = label;
			starts[n++] = i;
		}
	}
	starts[n] = s->to;
	return n;
}

static int expand(struct builder *b, const struct dat_key *keys, struct span s, struct stack *todo)
{
	unsigned char labels[256];
	size_t starts[257], n = distinct_labels(keys, &s, labels, starts);
	uint32_t base;

	if (find_base(b, labels, n, &base) < 0)
		return ERR_LIMIT;
	b->base_used[base % OPEN] = true;
	b->units[s.node] |= base << 8;
	for (size_t i = 0; i < n; i++) {
		if (labels[i]) {
			place(b, base ^ labels[i], labels[i]);
			continue;
		}
		b->units[s.node] |= 1u << 30;
		place(b, base, FREE_UNIT | (keys[starts[i]].value + 1));
	}
	/* Last child first: the stack then goes through the keys in order, neighbours side by side.
	 */
	for (size_t i = n; i-- > 0;) {
		if (labels[i])
			push(todo, (struct span){starts[i], starts[i + 1], s.depth + 1,
						 base ^ labels[i]});
	}
	return 0;
}

static int check_keys(const struct dat_key *keys, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!keys[i].key.n || memchr(keys[i].key.p, 0, keys[i].key.n) ||
		    keys[i].value > DAT_VALUE_MAX)
			return ERR_INVALID;
		if (i && str_cmp(keys[i - 1].key, keys[i].key) >= 0)
			return ERR_INVALID;
	}
	return 0;
}

static int build_all(struct builder *b, const struct dat_key *keys, size_t n)
{
	struct stack todo = {0};
	int rc = add_block(b);

	if (rc < 0)
		return rc;
	if (!n)
		return 0; /* no byte leads to a free unit, not even from the root when it is one */
	place(b, DAT_ROOT, 0);
	b->base_used[0] = true; /* a base of 0 would make the root its own child by byte 0 */
	push(&todo, (struct span){0, n, 0, DAT_ROOT});
	while (todo.n && rc == 0)
		rc = expand(b, keys, todo.items[--todo.n], &todo);
	free(todo.items);
	return rc;
}

int dat_build(struct arena *a, const struct dat_key *keys, size_t n, struct dat *out)
{
	struct builder *b;
	int rc = check_keys(keys, n);

	if (rc < 0)
		return rc;
	b = mem_zalloc(sizeof *b);
	b->first = NONE;
	rc = build_all(b, keys, n);
	if (rc == 0) {
		uint32_t *units = ARENA_ARRAY(a, uint32_t, b->n);

		memcpy(units, b->units, b->n * sizeof *units);
		*out = (struct dat){units, b->n};
	}
	free(b->units);
	free(b);
	return rc;
}

static int compare_keys(const void *x, const void *y)
{
	const struct dat_key *a = *(const struct dat_key *const *)x;
	const struct dat_key *b = *(const struct dat_key *const *)y;
	int c = str_cmp(a->key, b->key);

	return c ? c : (a > b) - (a < b);
}

/* Pointers are sorted, so that equal keys can be told apart by where they stood. */
size_t dat_sort(struct dat_key *keys, size_t n)
{
	const struct dat_key **order = mem_alloc(n * sizeof(struct dat_key *));
	struct dat_key *sorted = mem_alloc(n * sizeof *sorted);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		order[i] = &keys[i];
	qsort(order, n, sizeof *order, compare_keys);
	for (size_t i = 0; i < n; i++) {
		if (!kept || !str_eq(sorted[kept - 1].key, order[i]->key))
			sorted[kept++] = *order[i];
	}
	if (kept)
		memcpy(keys, sorted, kept * sizeof *keys);
	free(sorted);
	free(order);
	return kept;
}

bool dat_get(const struct dat *d, struct str key, uint32_t *value)
{
	uint32_t node = DAT_ROOT;

	for (size_t i = 0; i < key.n; i++) {
		if (!dat_step(d, &node, (unsigned char)key.p[i]))
			return false;
	}
	return dat_value(d, node, value);
}
