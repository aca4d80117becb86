/* One look at a message finds every fixed text that any rule wants: keywords and the required
 * literals of regexes alike.
 *
 * Texts live in one byte double-array trie. A position of the message is walked only when a bitmap
 * of hashed first characters (two Chinese characters or three Latin letters) says some text may
 * begin there: see tests/bench/bench_match.c for what it costs.
 *
 *	kind           added as      found in
 *	LITERAL_BYTES  退款          anywhere
 *	LITERAL_EDGES  python课      where a Latin end stands at a word's edge: not in "cpython课"
 *	LITERAL_WORDS  money back    the stems of neighbouring words: "Money backs", not "moneyback"
 *
 * Built once, then read by any number of threads. */
#ifndef INTENTS_LITERAL_H
#define INTENTS_LITERAL_H

#include "text/arena.h"
#include "text/err.h"
#include "text/str.h"
#include "text/utterance.h"

enum literal_kind { LITERAL_BYTES, LITERAL_EDGES, LITERAL_WORDS };

enum {
	LITERAL_MAX = 255
}; /* bytes; literals_add cuts a longer text, which then matches by its start */

struct literals;

struct literals *literals_new(void);
void literals_free(struct literals *l);

/* The number of this text; the same for the same kind and text. text is normalised, not empty;
 * LITERAL_WORDS: stems with one space between, which also stands for a hyphen. */
uint32_t literals_add(struct literals *l, enum literal_kind kind, struct str text);
size_t literals_count(const struct literals *l);
size_t literals_size(const struct literals *l, uint32_t id); /* bytes of its text */
/* After the last literals_add, before the first scan. ERR_LIMIT: more text than a trie holds (about
 * 3 MB of distinct beginnings); nothing is found then. */
int literals_build(struct literals *l) MUST_USE;

struct literal_hit {
	uint32_t id;
	uint32_t from, to; /* bytes of the normalised text */
	bool first;	   /* of its id */
};

struct literal_hits {
	const struct literal_hit
		*v; /* every one: those in the text by place, then those in words */
	size_t n;
	const uint64_t *seen; /* bit per id */
};

void literals_scan(const struct literals *l, struct arena *a, const struct utterance *u,
		   struct literal_hits *out);

static inline bool literal_seen(const struct literal_hits *hits, uint32_t id)
{
	return hits->seen[id / 64] >> (id % 64) & 1;
}

/* Where it was found first, or NULL. */
const struct literal_hit *literal_where(const struct literal_hits *hits, uint32_t id);

/* Literal -> what it stands for: a numbered list for each, in the order added. */
struct literal_pair {
	uint32_t literal, item;
};

struct literal_index {
	const uint32_t *start; /* count + 1 */
	const uint32_t *items;
};

/* pairs in any order, of literals below `count`. Lives in the arena. */
void literal_index_make(struct arena *a, const struct literal_pair *pairs, size_t n, size_t count,
			struct literal_index *out);

#endif
