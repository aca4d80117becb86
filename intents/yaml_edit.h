/* Changes to a YAML file that leave the rest of it alone, byte for byte: comments, blank lines, quotes,
 * indentation, line ends.
 *
 * The file is read into a tree (node.h) whose nodes know their bytes. Changes name nodes of that tree and
 * are only noted; yaml_edit_finish makes the new bytes, all changes at once, reads them again, and refuses
 * (ERR_CORRUPT) to give out a file that does not read as was meant.
 *
 *	struct yaml_edit e;
 *	struct err err;
 *
 *	if (yaml_edit_open(&e, name, bytes, &err) == 0) {        // bytes: of `name`, kept by the caller
 *		const struct node *turns = node_get(&e.root, STR("turns"));
 *
 *		yaml_edit_set(&e, &turns->items[2], 1, YAML_TEXT(STR("您好")));
 *		yaml_edit_append(&e, turns, …);
 *		rc = yaml_edit_finish(&e, &out, &err);           // 0: out holds the new file
 *	}
 *	yaml_edit_done(&e);
 *
 * A new value takes the style of what it replaces: quotes stay quotes, brackets stay brackets. Where
 * there was nothing it is written as its nodes say (yaml_write.h), two spaces a level or as the file has
 * it. Values given here are kept by reference until yaml_edit_finish: see yaml_edit_keep.
 *
 * Ready-made changes of intents.yaml (a phrase, a test, an FAQ entry) are in rules_edit.h. */
#ifndef INTENTS_YAML_EDIT_H
#define INTENTS_YAML_EDIT_H

#include "intents/yaml_write.h"

enum yaml_op { YAML_SET, YAML_APPEND, YAML_PUT, YAML_RENAME };

struct yaml_change {
	enum yaml_op op;
	const struct node *in; /* a list or map of the tree */
	size_t i;	       /* YAML_SET: the item, or the pair; YAML_RENAME: the pair */
	struct str key;	       /* YAML_PUT, YAML_RENAME */
	struct node value;
};

struct yaml_edit {
	struct arena arena;
	struct str file, bytes;
	struct node root;
	struct yaml_change *changes;
	size_t n, cap;
	int step;	 /* spaces a level in this file */
	const char *eol; /* of this file */
};

/* ERR_INVALID with the first mistake when the file cannot be read whole. yaml_edit_done in any case. */
MUST_USE int yaml_edit_open(struct yaml_edit *e, struct str file, struct str bytes,
			    struct err *err);
void yaml_edit_done(struct yaml_edit *e);

/* `in` is e->root or a list or map below it. Item i of a list, or the value of pair i of a map, becomes
 * `value`. */
void yaml_edit_set(struct yaml_edit *e, const struct node *in, size_t i, struct node value);
/* A new item behind the last one. */
void yaml_edit_append(struct yaml_edit *e, const struct node *list, struct node value);
/* A new pair behind the last one; the map must not have the key. */
void yaml_edit_put(struct yaml_edit *e, const struct node *map, struct str key, struct node value);

/* Another key for pair i of a map, which must not have it. */
void yaml_edit_rename(struct yaml_edit *e, const struct node *map, size_t i, struct str key);

/* "One or a list of them" under item or pair i of `in`: appended to the list, else the one there and the
 * new ones become a list, else (nothing there) a list of the new ones. */
void yaml_edit_add(struct yaml_edit *e, const struct node *in, size_t i, const struct node *values,
		   size_t n);

/* The number of the pair with that key; SIZE_MAX when there is none or `map` is no map. */
size_t yaml_edit_find(const struct node *map, struct str key);

/* Copies of n nodes that live as long as the edit, for the items of a value. */
const struct node *yaml_edit_keep(struct yaml_edit *e, const struct node *nodes, size_t n);

/* The new file into *out (appended). No changes: the old one. ERR_INVALID when two changes touch the same
 * place; ERR_CORRUPT when the result would not read as meant. *out is as before then. */
MUST_USE int yaml_edit_finish(struct yaml_edit *e, struct buf *out, struct err *err);

/* Replaces the file, whole or not at all: written beside it, flushed to the disk, renamed over it. Its
 * owner and mode stay; of a symbolic link, the file it leads to is replaced. `was` is what it held when
 * it was read: ERR_BUSY and nothing written when it holds something else by now. */
MUST_USE int yaml_edit_save(const char *path, struct str was, struct str now, struct err *err);

#endif
