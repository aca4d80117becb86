/* Reads what is plain of YAML, as people write rules: block lists and maps, texts on one line in quotes or without,
 * brackets, and | blocks. Everything else (texts that go on over lines, >, anchors, tabs, …) and every
 * mistake is left to libyaml, which reads the file from its start then: what this reader takes for plain
 * gives the same tree to the byte (tests/unit/intents/test_node_plain.c), in a third of the time. */
#ifndef INTENTS_NODE_PLAIN_H
#define INTENTS_NODE_PLAIN_H

#include "intents/node_build.h"

/* b->bytes is UTF-8 and must live as long as the tree, which borrows from it. False: it is not plain, and what `b`
 * holds is of no use. */
bool node_plain_read(struct node_build *b);

#endif
