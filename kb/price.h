/* Prices that are asked for, as the rules' builtin `price` and people who write rules put them:
 *
 *	"0"		free			"100-300"	both included
 *	"200"		at most			"200-"		at least
 *	"cheap"		the cheapest first	"cheaper"	less than what was shown before
 */
#ifndef KB_PRICE_H
#define KB_PRICE_H

#include <stdbool.h>

#include "text/str.h"

struct price_range {
	double min, max; /* <= 0: no minimum; < 0: no maximum */
	bool cheap, cheaper;
};

#define PRICE_ANY ((struct price_range){0, -1, false, false})

/* What `text` asks for beside what *r asks for already: the narrower bounds. False: it is none of the
 * above, and *r is as it was. */
bool price_narrow(struct price_range *r, struct str text);

/* How far a price lies outside of the bounds, 0 within; unknown ones (< 0) lie beyond all. */
double price_distance(double min, double max, double price);

#endif
