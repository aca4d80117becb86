/* Nodes put together to a tree, in the order of the file, by whoever reads it: node.c with libyaml, node_plain.c
 * what is plain without. Looks for traps in scalars and for keys written twice. */
#ifndef INTENTS_NODE_BUILD_H
#define INTENTS_NODE_BUILD_H

#include "intents/node.h"

/* A list or map whose end has not come yet. */
struct node_frame {
	struct node node;
	struct node *items;
	size_t n, cap;
};

struct node_build {
	struct arena *a; /* of the nodes */
	struct str file, bytes;
	size_t skipped; /* bytes of a byte order mark before `bytes`: marks count them */
	traps_is_key *is_key;
	struct diags *diags;
	size_t *nodes_left;
	struct node_frame frames[NODE_DEPTH_MAX];
	size_t depth;
	struct node root;
	bool has_root;
};

void node_build_put(struct node_build *b, struct node n);
/* A scalar whose source ends at byte `to` of `bytes`; NODE_BROKEN when it is not what was meant. */
void node_build_scalar(struct node_build *b, struct node n, size_t to);
/* A list or map; false when it would be nested too deep. */
bool node_build_open(struct node_build *b, struct node n);
/* The one opened last. end: byte of `bytes` behind its bracket, where it has one. */
#define NODE_BUILD_NO_END SIZE_MAX /* the file broke off inside */
void node_build_close(struct node_build *b, size_t end);

#endif
