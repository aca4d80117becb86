/* Where in the bytes of a file a change of its tree goes: for yaml_edit.c alone. */
#ifndef INTENTS_YAML_SPLICE_H
#define INTENTS_YAML_SPLICE_H

#include "intents/yaml_edit.h"

/* Bytes [begin, end) become `text`. */
struct yaml_splice {
	size_t begin, end, order;
	struct str text;
};

struct yaml_splices {
	struct yaml_splice *v;
	size_t n, cap;
};

/* Adds the splices of change number `i`, which fits the tree; texts live in the edit's arena. */
void yaml_splice_change(struct yaml_edit *e, size_t i, struct yaml_splices *out);

#endif
