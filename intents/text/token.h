/* Cuts normalised text into tokens: see text/utterance.h for what they are. Heads are set to stems;
 * synonyms are the utterance's business. */
#ifndef TEXT_TOKEN_H
#define TEXT_TOKEN_H

#include "text/arena.h"
#include "text/segment.h"
#include "text/str.h"

struct token;

/* At most UTTERANCE_TOKENS_MAX; *tokens lives in the arena. */
size_t token_cut(struct arena *a, const struct segmenter *s, struct str normal,
		 struct token **tokens);

#endif
