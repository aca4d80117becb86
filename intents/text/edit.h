/* How many mistakes lie between two words: optimal string alignment, that is Levenshtein's insert,
 * delete and change, and swaps of neighbours (Damerau), each letter edited once.
 *
 *	pyhton, python 1 (swap)		pithom, python 2		ca, abc 3 */
#ifndef TEXT_EDIT_H
#define TEXT_EDIT_H

#include "text/str.h"

enum { EDIT_WORD_MAX = 32 }; /* bytes; a longer word is beyond any distance */

/* By bytes; max + 1 when beyond max. */
int edit_distance(struct str a, struct str b, int max);

#endif
