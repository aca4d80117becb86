/* Hides private data in what people said, before it is stored, logged or exported.
 *
 * Found by form, in the normalised text (so full-width digits and odd spaces do not hide them), and
 * starred in the raw one, one star a character:
 *
 *	mobile and land lines	138****5678, 138-****-5678, +86 138 **** 5678, 010-****5678
 *	other phones		a + and 8 to 15 digits: +44*****0958
 *	e-mail			z*******@example.com
 *	identity card		110***********002X	18 characters, GB 11643-1999 check, birth date
 *	bank card		6222 **** **** 0128	15 to 19 digits from 3, 4, 5 or 6, Luhn check
 *	given spans		20**********56; all of it when it is shorter than 8 characters
 *
 * What is left tells staff which number was meant and how long it was, and no more. Numbers that
 * fail their check (order numbers, amounts) stay: mark such entities `private` to hide them, too. */
#ifndef TEXT_MASK_H
#define TEXT_MASK_H

#include "text/arena.h"
#include "text/normal.h"
#include "text/str.h"

/* Bytes [from, to) of the raw text; clamped. */
struct mask_span {
	size_t from, to;
};

/* The raw text itself when there is nothing to hide, else a copy in the arena. */
struct str mask_text(struct arena *a, struct str raw, const struct mask_span *spans, size_t n);

/* The same for text that was normalised already. */
struct str mask_normal(struct arena *a, const struct normal *text, const struct mask_span *spans,
		       size_t n);

#endif
