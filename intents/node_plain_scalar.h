/* Places, texts and brackets of a plain file (intents/node_plain.h has what is plain): what stands on a line. All
 * say false at what is not plain. */
#ifndef INTENTS_NODE_PLAIN_SCALAR_H
#define INTENTS_NODE_PLAIN_SCALAR_H

#include "intents/node_build.h"

struct plain {
	struct node_build *b;
	struct str s; /* all bytes */
	size_t at;
	size_t line_start;
	int line;	      /* from 1 */
	size_t col_at, chars; /* characters of the line before byte col_at */
};

/* No tabs, no carriage returns, none of YAML's other line feeds, no control characters. */
bool plain_bytes(struct str s);

/* To the first character of the next line that is neither blank nor a remark. */
enum plain_line { PLAIN_LINE, PLAIN_END, PLAIN_NOT };
enum plain_line plain_next_line(struct plain *p);

/* The byte here; 0 at the end of the file. */
static inline char plain_here(const struct plain *p)
{
	return p->at < p->s.n ? p->s.p[p->at] : '\0';
}

/* A space, a line feed or the end. */
static inline bool plain_blank_at(const struct plain *p, size_t at)
{
	return at >= p->s.n || p->s.p[at] == ' ' || p->s.p[at] == '\n';
}

/* False: the line ends here, or with a remark. */
bool plain_skip_spaces(struct plain *p);
/* True, and there, when nothing but a remark is left of the line. */
bool plain_line_end(struct plain *p);

/* A node that begins here. */
struct node plain_node(struct plain *p, enum node_kind kind);
/* False: there are too many. */
bool plain_count(struct plain *p);
/* The same, and puts it; `to`: where it ends. */
bool plain_put(struct plain *p, struct node n, size_t to);

/* In quotes or without, on one line; flow: inside brackets. Not put yet. */
bool plain_scalar(struct plain *p, bool flow, struct node *out);
/* Is it a key, with a colon behind? Then it is here. */
bool plain_colon(struct plain *p, const struct node *key);
static inline bool plain_pass_colon(struct plain *p)
{
	p->at++;
	return true;
}
/* [ … ] and { … }, over several lines if need be. */
bool plain_flow(struct plain *p);
/* | and |-, up to the first line that is not indented more than `col`. Not put yet. */
bool plain_literal(struct plain *p, size_t col, struct node *out, size_t *to);

#endif
