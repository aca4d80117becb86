/* A double-array trie over bytes: a set of keys, each with a number, walked one byte at a time.
 *
 * One 32-bit unit a node, in one array without pointers: it can be written to a file at build time
 * and used from read-only memory. From node s with base b, byte c leads to unit b ^ c; the way
 * exists when that unit carries the label c (bases are unique, so a label can be no other node's):
 *
 *	bit   31      30        29..8        7..0
 *	    leaf   has value    base         label     an inner unit
 *	      1    <-------- value + 1 -------->       a leaf, at b ^ 0
 *	      1    0 ...                      0        a free unit (no byte leads there: bit 31 is set)
 *
 * Example, keys "ab" and "ac": root 0 has base 256 -> unit 256^'a' has base 300 -> units 300^'b'
 * and 300^'c', each with a value. The array is a whole number of 256-unit blocks, so that b ^ c
 * never leaves it. Reading needs no lock; building is one call. */
#ifndef TEXT_DAT_H
#define TEXT_DAT_H

#include "text/arena.h"
#include "text/err.h"
#include "text/str.h"

struct dat {
	const uint32_t *units;
	size_t n;
};

struct dat_key {
	struct str key;
	uint32_t value; /* <= DAT_VALUE_MAX */
};

enum {
	DAT_ROOT = 0,
	DAT_VALUE_MAX = 0x7FFFFFFE,
	DAT_UNITS_MAX = 1 << 22, /* about 3 million bytes of distinct prefixes */
};

/* Sorts keys by bytes and drops repeats of a key, keeping the one that stood first; returns how
 * many are left. */
size_t dat_sort(struct dat_key *keys, size_t n);

/* Keys sorted and distinct, none empty, none with a zero byte. n = 0 gives a trie that knows
 * nothing. The units live in the arena. ERR_INVALID: keys out of order, empty, or with a zero byte
 * or a value that is too large. ERR_LIMIT: more than DAT_UNITS_MAX units are needed. */
int dat_build(struct arena *a, const struct dat_key *keys, size_t n, struct dat *out) MUST_USE;

/* Follows one byte: false, and *node untouched, when no key goes on that way. */
static inline bool dat_step(const struct dat *d, uint32_t *node, unsigned char byte)
{
	uint32_t next = (d->units[*node] >> 8 & (DAT_UNITS_MAX - 1)) ^ byte;

	if ((d->units[next] & 0x800000FFu) != byte)
		return false;
	*node = next;
	return true;
}

/* True when a key ends at this node. */
static inline bool dat_value(const struct dat *d, uint32_t node, uint32_t *value)
{
	uint32_t unit = d->units[node];

	if (!(unit & 1u << 30))
		return false;
	*value = (d->units[unit >> 8 & (DAT_UNITS_MAX - 1)] & 0x7FFFFFFFu) - 1;
	return true;
}

bool dat_get(const struct dat *d, struct str key, uint32_t *value);

#endif
