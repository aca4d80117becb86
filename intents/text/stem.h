/* English stems (Snowball). Stemmers are kept one a thread and freed when the thread ends. */
#ifndef TEXT_STEM_H
#define TEXT_STEM_H

#include "text/arena.h"
#include "text/str.h"

/* The stem of a normalised ASCII word ("refunds" -> "refund", "don't" -> "don't"): a prefix of
 * `word` where possible, else in the arena. Anything but letters and apostrophes comes back as it
 * is. */
struct str stem_english(struct arena *a, struct str word);

#endif
