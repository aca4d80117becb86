/* Normalisation: what the learner typed -> what rules are matched on, with the way back.
 *
 * One pass by a table of code points: NFKC_Casefold (Unicode 15, UAX #44), then each character from
 * traditional to simplified and typographic apostrophes to '; control characters and runs of white
 * space become one space, ends are trimmed; zero-width and other default-ignorable characters
 * vanish, but emoji (with their joiners and variation selectors inside a sequence) are kept.
 * Malformed bytes become U+FFFD. Combining sequences are composed; marks beyond the first few dozen
 * on one letter are dropped. Idempotent: normalising twice gives the same bytes. */
#ifndef TEXT_NORMAL_H
#define TEXT_NORMAL_H

#include "text/arena.h"
#include "text/str.h"

struct normal {
	struct str raw;	 /* as given (borrowed) */
	struct str text; /* normalised UTF-8, in the arena */
	/* text.n + 1 offsets into raw: raw byte where the character behind text byte i begins; the last
	 * is raw.n (or where trailing space began). Monotone. */
	const uint32_t *at;
};

/* Longest raw input in bytes; the rest is not read (quotas stop it at the wire, much earlier). */
enum { NORMAL_MAX = 1 << 20 };

void normal_read(struct arena *a, struct str raw, struct normal *out);

/* Only the text, when the way back is not needed (rules, keywords, dictionary words). */
struct str normal_text(struct arena *a, struct str raw);

/* The learner's own characters behind normalised bytes [from, to). */
struct str normal_raw(const struct normal *n, size_t from, size_t to);

#endif
