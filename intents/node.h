/* A YAML file as a tree of nodes, each with its place; the one home of libyaml.
 *
 * It is a tree of text, lists and maps and nothing more: no types are guessed (`no`, `1:30` and
 * 20260301123456 are text as written), and the parts of YAML that surprise people (aliases,
 * anchors, tags, several documents, keys that are not text) are refused in plain words.
 *
 * Built from libyaml's events without recursion. Hostile files meet a limit, not a crash: depth and
 * nodes are bounded here, the size by whoever reads the file. */
#ifndef INTENTS_NODE_H
#define INTENTS_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intents/yaml_traps.h"
#include "text/arena.h"
#include "text/err.h"
#include "text/str.h"

enum node_kind {
	NODE_SCALAR,
	NODE_LIST,
	NODE_MAP,
	NODE_BROKEN, /* stands where something was refused and said so: pass over it in silence */
};

struct node {
	uint8_t kind;	   /* enum node_kind */
	bool plain;	   /* scalar without quotes, not a | or > block */
	bool flow;	   /* list or map written with brackets */
	int32_t line, col; /* of the first character, from 1; columns count characters */
	/* Where it stands: bytes [begin, end) of the file, quotes and brackets included, without
	 * the line feed behind a block. */
	uint32_t begin, end;
	union {
		struct str text; /* NODE_SCALAR */
		struct {
			/* NODE_LIST: n items. NODE_MAP: n pairs, key and value in turn; keys are
			 * scalars and no two are the same. */
			const struct node *items;
			size_t n;
		};
	};
};

enum { NODE_DEPTH_MAX = 64 };

/* Reads one file of UTF-8 into *out. `nodes_left` bounds the nodes and is counted down. `is_key`
 * knows the keys of the format, for the traps around colons (NULL: none are looked for). True when
 * all of the file was read; false after a mistake in its syntax: it is said and, where it is clear
 * what was meant, read over, and *out holds what there is (an empty file gives an empty map).
 * Everything said goes to `diags`. The tree lives in `a` and does not borrow `bytes`. */
bool node_read(struct arena *a, struct str file, struct str bytes, traps_is_key *is_key,
	       size_t *nodes_left, struct diags *diags, struct node *out);

static inline const struct node *node_key(const struct node *map, size_t i)
{
	return &map->items[2 * i];
}

static inline const struct node *node_value(const struct node *map, size_t i)
{
	return &map->items[2 * i + 1];
}

/* The value under `key` of a map; NULL when there is none or `map` is no map. */
const struct node *node_get(const struct node *map, struct str key);

/* Nothing written: `title:` and no more (a quoted "" is text that is empty on purpose). */
static inline bool node_blank(const struct node *n)
{
	return n->kind == NODE_SCALAR && n->plain && n->text.n == 0;
}

#endif
