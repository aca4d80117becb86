/* Ordinary English words (Debian's american-english-small, about 50,000 forms), linked into the
 * program. They mean nothing to rules by themselves; a word that is here is spelled right. */
#ifndef TEXT_ENGLISH_H
#define TEXT_ENGLISH_H

#include <stdbool.h>

#include "text/str.h"

/* `word` normalised. */
bool english_knows(struct str word);

#endif
