/* Word vectors in the program: 24,137 English words, reduced from GloVe, and Chinese characters by the words
 * that explain them in the Unihan database, in one space (intents/text/gen/gen_senses.c). They tell
 * words that mean alike; a file of vectors that somebody names (text/vectors.h) has more words, and
 * Chinese ones. */
#ifndef TEXT_SENSES_H
#define TEXT_SENSES_H

#include "text/arena.h"
#include "text/str.h"

struct vectors;

/* Lives in the arena and is never closed; the vectors themselves are part of the program. */
const struct vectors *senses_vectors(struct arena *a);

/* Their bytes: a file as text/vectors.h has it. */
struct str senses_image(void);

#endif
