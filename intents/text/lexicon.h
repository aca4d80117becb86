/* The words that are known: a dictionary of Chinese words, plus a snapshot's own terms and synonyms.
 *
 * The dictionary is compiled at build time, linked into the program and mapped read-only; it is
 * shared by every lexicon. A lexicon adds terms (keywords, entity values, course titles: always cut
 * as one word) and synonym groups (every member reads as the group's head). Immutable once made:
 * any thread may read it. */
#ifndef TEXT_LEXICON_H
#define TEXT_LEXICON_H

#include "text/arena.h"
#include "text/str.h"

/* head <- members, as written by people; normalised inside. */
struct synonym {
	struct str head;
	const struct str *members;
	size_t n;
};

struct lexicon;

/* Lives in the arena (the snapshot's); never NULL. Empty inputs are fine. */
const struct lexicon *lexicon_new(struct arena *a, const struct synonym *synonyms, size_t n_synonyms,
				  const struct str *terms, size_t n_terms);

/* Members of the group that holds `word` (normalised; as head or as member), head first, all
 * normalised; *n = 0 when it is in none. */
const struct str *lexicon_synonyms(const struct lexicon *l, struct str word, size_t *n);

/* In the dictionary, the terms or the synonyms. `word` normalised. */
bool lexicon_knows(const struct lexicon *l, struct str word);

#endif
