/* A read-only map from byte strings to numbers: a double-array trie (Aoe, 1989).
 *
 * A node is an index. The child of node s by byte b is t = base[s] + b + 1, if check[t] == s; code
 *0 leads to a leaf that holds the value of the string ending at s. Two array reads a byte.
 *
 *	keys "a" -> 7, "ab" -> 9:   0 -a-> 1 -0-> value 7
 *	                                  \-b-> 2 -0-> value 9 */
#ifndef INTENTS_TRIE_H
#define INTENTS_TRIE_H

#include "text/str.h"

struct trie_unit {
	int32_t base; /* a leaf: -(value + 1) */
	int32_t check;
};

struct trie {
	struct trie_unit *units;
	int32_t n;
};

struct trie_key {
	struct str text;
	int32_t value; /* >= 0 */
};

/* Sorts keys in place; texts are distinct. free with trie_done. */
void trie_init(struct trie *t, struct trie_key *keys, size_t n);
void trie_done(struct trie *t);

/* The child of node by a byte, or -1. The root is node 0. */
static inline int32_t trie_step(const struct trie *t, int32_t node, char byte)
{
	int32_t child = t->units[node].base + (unsigned char)byte + 1;

	return child < t->n && t->units[child].check == node ? child : -1;
}

/* The value of the string that ends at node, or -1. */
static inline int32_t trie_value(const struct trie *t, int32_t node)
{
	int32_t leaf = t->units[node].base;

	return t->units[leaf].check == node ? -t->units[leaf].base - 1 : -1;
}

#endif
