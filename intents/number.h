/* Numbers as people write them, in digits, Chinese or English.
 *
 *	1,200.5 -> 1200.5   3万 -> 30000    1.5k -> 1500      一百五十 -> 150   一百五 -> 150
 *	两千零三 -> 2003    半 -> 0.5       二零二六 -> 2026  twenty-five -> 25
 *	two hundred and ten -> 210 */
#ifndef INTENTS_NUMBER_H
#define INTENTS_NUMBER_H

#include "text/arena.h"
#include "text/str.h"

/* All of s (normalised) must be one number. */
bool number_read(struct str s, double *out);

/* "150", "99.9": shortest, without exponent. */
struct str number_print(struct arena *a, double value);

#endif
