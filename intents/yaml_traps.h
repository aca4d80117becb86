/* What YAML reads otherwise than it was meant when Chinese is typed, without a sound.
 *
 *	标题：退款     a full-width colon is no colon      课程 #1 好      " #" begins a comment
 *	title:　退款   an ideographic space is no space    “退款”          curly quotes are text
 *	title:退款     nor is nothing                      -退款           a dash needs its space
 *
 * node.c shows every scalar to traps_scalar. What makes libyaml stop is yaml_mend.h's business. */
#ifndef INTENTS_YAML_TRAPS_H
#define INTENTS_YAML_TRAPS_H

#include <stdbool.h>

#include "text/err.h"
#include "text/str.h"

/* Is this word a key of the format? A colon is only missed behind one. */
typedef bool traps_is_key(struct str word);

/* A scalar as it stands in the file. */
struct trap_scalar {
	struct mark mark;  /* of its first character */
	bool plain;	   /* written without quotes */
	struct str text;   /* as YAML read it */
	struct str source; /* the bytes of the file it was read from */
	struct str behind; /* the rest of the line after it */
};

/* True when it said an error: the scalar is not what was meant and is best passed over. */
bool traps_scalar(const struct trap_scalar *s, traps_is_key *is_key, struct diags *diags);

/* A colon behind a key that YAML does not take for one. */
struct bad_colon {
	size_t at;	/* byte offset in the line */
	struct str key; /* before it */
	enum { COLON_FULL_WIDTH, COLON_WIDE_SPACE, COLON_NO_SPACE } kind;
};

/* The first bad colon of a line from byte `from` on. `anywhere`: also inside brackets and behind
 * other words; else only behind the line's first word. */
bool traps_bad_colon(struct str line, size_t from, bool anywhere, traps_is_key *is_key,
		     struct bad_colon *out);

void traps_say_colon(const struct bad_colon *c, struct mark mark, struct diags *diags);

/* Offset of the first character of a line behind its indentation and list dashes. */
size_t traps_body(struct str line);

#endif
