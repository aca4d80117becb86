/* What YAML does to people who type Chinese, said in words of our own.
 *
 * Two kinds of trap. Silent ones, where YAML reads something else than was meant: `标题：` with a
 * full-width colon, an ideographic space, ` #` that begins a comment in the middle of a sentence,
 * curly quotes. And loud ones, where libyaml stops with words only a programmer understands: a
 * value that starts with * or {, a second ": " in a line, a tab. node.c calls these for each file.
 */
#ifndef INTENTS_YAML_TRAPS_H
#define INTENTS_YAML_TRAPS_H

#include "intents/node.h"

/* A scalar as it stands in the file. */
struct trap_scalar {
	struct mark mark;  /* of its first character */
	bool plain;	   /* written without quotes */
	struct str text;   /* as YAML read it */
	struct str source; /* the bytes of the file it was read from */
	struct str behind; /* the rest of the line after it */
};

void traps_scalar(const struct trap_scalar *s, struct diags *diags);

/* Where and why libyaml gave up. */
struct trap_problem {
	struct str file, bytes;
	const char *problem; /* libyaml's words */
	int line, col;	     /* where it gave up, from 1 */
	int context_line;    /* where what it was reading began; 0 = unknown */
};

void traps_explain(const struct trap_problem *p, struct diags *diags);

/* Line number `line` (from 1) of `bytes` without its line break; empty when there is none. */
struct str traps_line(struct str bytes, int line);

#endif
