/* The regexes of one matcher: each pattern once, however many rules have it.
 *
 * What a pattern compiles to depends on its text alone, so a set made at a reload takes over those
 * of the set before that are still wanted, with their machine code and their counts, by reference:
 *
 *	set of snapshot 7   [退.*款] [\d+天] [怎么.*退]
 *	                        |       |
 *	set of snapshot 8   [退.*款] [\d+天] [如何.*退]     one pattern was edited
 *
 * Regexes are never written but for what they publish atomically, so threads that still match with
 * the old set do not notice. The last set to hold a regex frees it, on whatever thread that is. */
#ifndef INTENTS_REGEX_SET_H
#define INTENTS_REGEX_SET_H

#include "intents/regex.h"

struct regex_set;

/* `previous` may be NULL; it is borrowed until regex_set_ready and may be in use meanwhile. */
struct regex_set *regex_set_new(const struct regex_set *previous) MUST_USE;
void regex_set_free(struct regex_set *s); /* NULL is fine */

/* As regex_new, but the regex is the set's: valid until regex_set_free. */
struct regex *regex_set_take(struct regex_set *s, struct str pattern, struct mark mark,
			     struct diags *diags) MUST_USE;
/* After the last regex_set_take: forgets `previous`. */
void regex_set_ready(struct regex_set *s);

size_t regex_set_count(const struct regex_set *s);
/* How many of them the previous set had. */
size_t regex_set_reused(const struct regex_set *s);

#endif
