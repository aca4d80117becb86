/* A tree of nodes written as YAML: the other way round than node.h.
 *
 * For pieces that go into a file people wrote: words stay bare where that is safe, are quoted where YAML, or
 * this format, would read anything else (`null`, `yes`, `a: b`, ` #`, 全角冒号：), and are escaped only
 * where nothing else will do. Reading what was written gives the tree again. */
#ifndef INTENTS_YAML_WRITE_H
#define INTENTS_YAML_WRITE_H

#include "intents/node.h"
#include "text/buf.h"

/* Values to be written, by hand; the places in them do not count.
 * A text: quoted only when it must be. A word: bare whatever it is (`null`, `silent`). */
#define YAML_TEXT(s)	   ((struct node){.kind = NODE_SCALAR, .text = (s)})
#define YAML_WORD(s)	   ((struct node){.kind = NODE_SCALAR, .plain = true, .text = (s)})
#define YAML_LIST(of, len) ((struct node){.kind = NODE_LIST, .items = (of), .n = (len)})
/* `len` pairs: key, value, key, value … */
#define YAML_MAP(of, len) ((struct node){.kind = NODE_MAP, .items = (of), .n = (len)})
#define YAML_FLOW_LIST(of, len)                                                                    \
	((struct node){.kind = NODE_LIST, .flow = true, .items = (of), .n = (len)})
#define YAML_FLOW_MAP(of, len)                                                                     \
	((struct node){.kind = NODE_MAP, .flow = true, .items = (of), .n = (len)})

struct yaml_style {
	const char *eol; /* "\n", "\r\n" or "\r" */
	int indent;	 /* spaces before the items or keys of a list or map without brackets */
	int step;	 /* more of them for each level */
	char quote; /* '"' or '\'' when the text must be quoted anyhow or `quoted`; 0: whichever reads best */
	bool quoted; /* in quotes even when it needs none */
	bool blocks; /* texts of several lines may be | blocks */
};

/* On one line, with brackets: what goes behind `key: ` or inside brackets already open. */
void yaml_write_flow(struct buf *out, const struct node *n, const struct yaml_style *s,
		     bool in_brackets);

/* The items or pairs of a list or map (one at least), a line each, from the first one's dash or key on:
 * the indentation before it stands already. No line feed behind the last. */
void yaml_write_block(struct buf *out, const struct node *n, const struct yaml_style *s);

/* What goes right behind `key:` or `-`: " text", " [a, b]", or lines of its own. */
void yaml_write_value(struct buf *out, const struct node *n, const struct yaml_style *s);

/* Right behind a dash: as yaml_write_value, but a map begins on the dash's line. */
void yaml_write_item(struct buf *out, const struct node *n, const struct yaml_style *s);

/* A scalar of several lines that yaml_write_value would write as a | block. */
bool yaml_write_is_block(const struct node *n, const struct yaml_style *s);

/* The same words in the same lists and maps (places and quotes do not count, but a bare word of `want`
 * must be bare). No deeper than NODE_DEPTH_MAX. */
bool yaml_same(const struct node *got, const struct node *want);

#endif
