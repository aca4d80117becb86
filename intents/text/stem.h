/* English stems: M. F. Porter's second stemmer ("English" of Snowball 2.2, whose stems these are; tests compare them).
 * Written here because it is a tenth of reading a message: three times as fast, and without a library
 * whose tables for thirty languages are written to by the loader in each process. */
#ifndef TEXT_STEM_H
#define TEXT_STEM_H

#include "text/arena.h"
#include "text/str.h"

/* The stem of a normalised ASCII word ("refunds" -> "refund", "don't" -> "don't"): a prefix of
 * `word` where possible, else in the arena. Anything but letters and apostrophes comes back as it
 * is. */
struct str stem_english(struct arena *a, struct str word);

#endif
