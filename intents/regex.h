/* Regular expressions written by staff, run on normalised messages. The only home of PCRE2.
 *
 * Compiled with PCRE2_UTF but not PCRE2_UCP (so that \b and \d work between Chinese characters) and
 * without \C; literal characters of the pattern are normalised first (see pattern_normalise), so
 * `退費` and `Python` match what learners' messages are normalised to.
 *
 * A run may take REGEX_MATCH_LIMIT steps, about 25 us with the JIT: a catastrophic pattern gives
 * REGEX_LIMIT, never a stall. Machine code is made when a pattern first runs; it is published with
 * one atomic store, so any number of threads may run one pattern, each with a run of its own. */
#ifndef INTENTS_REGEX_H
#define INTENTS_REGEX_H

#include "text/arena.h"
#include "text/err.h"
#include "text/str.h"

enum {
	REGEX_PATTERN_MAX = 8192, /* bytes as written */
	REGEX_GROUPS_MAX = 64,	  /* groups beyond are matched but not captured */
	REGEX_MATCH_LIMIT = 10000,
	REGEX_HEAP_LIMIT_KIB = 1024,
	REGEX_DEPTH_LIMIT = 2000,
};

struct regex;
struct pattern_normal;

/* Compiles; NULL when the pattern is wrong, with an error in diags that says where inside it and
 * how to mend it. `mark` is the place of the pattern's first character. */
struct regex *regex_new(struct str pattern, struct mark mark, struct diags *diags) MUST_USE;
/* The same of a pattern normalised already. */
struct regex *regex_compile(const struct pattern_normal *normal, struct str pattern,
			    struct mark mark, struct diags *diags) MUST_USE;
/* The last owner frees it, on whatever thread; NULL is fine. */
struct regex *regex_ref(struct regex *r);
void regex_unref(struct regex *r);

/* Warnings only: matches the empty string; runs into the match limit on texts made to hurt it. */
void regex_lint(const struct regex *r, struct mark mark, struct diags *diags);

/* The pattern with normalised literals, for the analyser of required literals. */
struct str regex_text(const struct regex *r);

/* What a message must hold for it to match: clauses as cnf_pack writes them. */
struct str regex_needs(const struct regex *r);

/* It was written as it reads when normalised: whoever writes the same means this one. */
bool regex_is_plain(const struct regex *r);

/* Named groups, in order of name; a name given to several groups is listed once for each. */
size_t regex_n_names(const struct regex *r);
struct str regex_name(const struct regex *r, size_t i);

/* Working memory of one thread, in its arena, for any number of regexes one after the other. Costs
 * nothing until a regex runs. Machine code has the 32 KiB of the thread's stack that PCRE2 takes by
 * itself, so no pattern has a stack of its own. */
struct regex_run;
struct regex_run *regex_run_new(struct arena *a);

/* A regex that gave up: where it is written, and how often it has, whatever the message, since it
 * was compiled. */
struct regex_limited {
	struct mark mark;
	unsigned times;
};
struct regex_limited regex_limited(const struct regex *r, struct mark mark);

enum regex_result { REGEX_MISS, REGEX_HIT, REGEX_LIMIT };

/* First match in text[from, …). text is valid UTF-8. Offsets are bytes of text. */
enum regex_result regex_find(const struct regex *r, struct regex_run *run, struct str text,
			     size_t from, size_t *begin, size_t *end);

/* Where named group i of the last hit matched; false when it took no part. */
bool regex_group(const struct regex *r, const struct regex_run *run, size_t i, size_t *begin,
		 size_t *end);

#endif
