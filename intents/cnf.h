/* Which literal texts a regular expression cannot match without.
 *
 * The answer is a conjunction of clauses: of each clause at least one text is in every message the
 * pattern matches. Messages that lack a clause need no regex engine. No clauses: nothing is known.
 *
 *	(?:怎么|如何).{0,6}(?:退款|退钱)吗?   {怎么, 如何} and {退款, 退钱}
 *	                                      (退款吗 is dropped: what it holds is enough)
 *	\b20\d{12}\b                         {20}
 *	\d+                                  nothing
 *
 * Every text has at least CNF_TEXT_MIN bytes. Lookbehind and lookahead count when positive; verbs,
 * conditionals and extended mode give nothing. */
#ifndef INTENTS_CNF_H
#define INTENTS_CNF_H

#include "text/arena.h"
#include "text/str.h"

enum {
	CNF_TEXT_MIN = 2,
	CNF_TEXT_MAX = 64,   /* a longer text is cut into several clauses */
	CNF_EXACT_MAX = 24,  /* texts followed at once; more and a new clause begins */
	CNF_CLAUSE_MAX = 64, /* texts in a clause; more and it is not worth having */
	CNF_DEPTH_MAX = 100,
};

struct cnf_clause {
	const struct str *v;
	size_t n;
	const struct cnf_clause *next;
};

struct cnf {
	const struct cnf_clause *first; /* NULL: nothing is known */
	size_t n;
};

/* `pattern` as normalised by pattern_normalise. Everything lives in the arena. */
void cnf_read(struct arena *a, struct str pattern, struct cnf *out);

/* The same in few bytes, to be kept. */
struct str cnf_pack(struct arena *a, const struct cnf *cnf);
/* The texts of the first clause of what was packed, which they point into and which moves behind it;
 * how many, or 0 at the end. */
size_t cnf_next(struct str *packed, struct str texts[CNF_CLAUSE_MAX]);

#endif
