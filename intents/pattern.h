/* The syntax of a regular expression, item by item: enough of PCRE2's to rewrite and to analyse
 * one.
 *
 * It is not a validator (PCRE2 is): on what it does not understand it gives PATTERN_OPAQUE, goes
 * on, and readers that need certainty give up. Concatenating [from, to) of every item gives the
 * pattern.
 *
 *	(?<days>\d+)\s*天.?      OPEN "(?<days>"  ANY "\d"  REPEAT "+" 1..inf  CLOSE  ANY "\s"
 *	                         REPEAT "*" 0..inf  CHAR "天"  ANY "."  REPEAT "?" 0..1  END */
#ifndef INTENTS_PATTERN_H
#define INTENTS_PATTERN_H

#include "text/arena.h"
#include "text/str.h"

enum pattern_kind {
	PATTERN_END,
	PATTERN_CHAR,	  /* exactly the character cp, escaped or not */
	PATTERN_ANY,	  /* matches something not looked into: . \d \p{L} \x41 back-references */
	PATTERN_EMPTY,	  /* matches nothing wide: ^ $ \b (?i) comments */
	PATTERN_QUOTE,	  /* \Q or \E: characters between them are CHAR */
	PATTERN_CLASS,	  /* all of [...]; members by pattern_member */
	PATTERN_OPEN,	  /* of a group: ( (?: (?> (?| (?<name> */
	PATTERN_LOOK,	  /* of a positive lookaround: (?= (?<= */
	PATTERN_LOOK_NOT, /* of a negative one: (?! (?<! */
	PATTERN_CLOSE,
	PATTERN_OR,
	PATTERN_REPEAT, /* min..max of the item before; max -1 = no bound */
	PATTERN_RANGE,	/* inside a class only: cp..cp_to */
	PATTERN_OPAQUE, /* verbs, conditionals, extended mode, syntax errors */
};

struct pattern_item {
	enum pattern_kind kind;
	size_t from, to; /* bytes in the pattern */
	uint32_t cp, cp_to;
	int min, max;
	char named;   /* PATTERN_ANY: the letter behind the backslash, '.' for a dot, else 0 */
	bool negated; /* PATTERN_CLASS: [^...] */
};

struct pattern_reader {
	struct str text;
	size_t at;
	bool quoted; /* between \Q and \E */
};

/* Fills *item; false at the end (kind PATTERN_END). */
bool pattern_next(struct pattern_reader *r, struct pattern_item *item);

/* A reader of the members of a PATTERN_CLASS item; each is CHAR, RANGE, ANY, QUOTE or OPAQUE. */
struct pattern_reader pattern_members(struct str pattern, const struct pattern_item *class_item);
bool pattern_member(struct pattern_reader *r, struct pattern_item *item);

/* The pattern with its literal characters normalised as messages are, and escapes, names and
 * classes left alone: "(?<Name>\D+)（Python）退費" -> "(?<Name>\D+)\(python\)退费". A character
 * that normalises to several becomes a group: "…?" -> "(?:\.\.\.)?". */
struct pattern_normal {
	struct str text;    /* in the arena */
	const uint32_t *at; /* text.n + 1 offsets into the pattern as written */
};
void pattern_normalise(struct arena *a, struct str pattern, struct pattern_normal *out);

#endif
