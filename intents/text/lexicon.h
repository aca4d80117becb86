/* The words that are known: a dictionary of Chinese words, plus a snapshot's own terms and
 * synonyms.
 *
 * The dictionary is compiled at build time, linked into the program and mapped read-only; it is
 * shared by every lexicon. A lexicon adds terms (keywords, entity values, course titles) and
 * synonym groups (every member reads as the group's head). Immutable once made: any thread may read
 * it.
 *
 * Terms are cut as one word where the words around do not claim their characters: a term of two
 * characters costs a little less than its parts (so 退课 in 我要退课, but 退|课程), a longer one
 * half of what its parts cost. A single character keeps its cost: a keyword 会 must not break 会员.
 */
#ifndef TEXT_LEXICON_H
#define TEXT_LEXICON_H

#include <stdbool.h>

#include "text/arena.h"
#include "text/str.h"

struct segmenter;
struct token;

/* head <- members, as written by people; normalised inside. */
struct synonym {
	struct str head;
	const struct str *members;
	size_t n;
};

struct lexicon;

/* Lives in the arena (the snapshot's); never NULL. Empty inputs are fine. A member of two groups
 * belongs to the first. */
const struct lexicon *lexicon_new(struct arena *a, const struct synonym *synonyms,
				  size_t n_synonyms, const struct str *terms, size_t n_terms);

/* Members of the group that holds `word` (normalised; as head or as member), head first, all
 * normalised; *n = 0 when it is in none. */
const struct str *lexicon_synonyms(const struct lexicon *l, struct str word, size_t *n);

/* In the dictionary, the terms or the synonyms. `word` normalised. */
bool lexicon_knows(const struct lexicon *l, struct str word);

/* The longest group member that begins at tokens[0]: its group's head, and in *covered how many
 * tokens it takes; STR_NONE when there is none. Members are compared by stems, token by token. */
struct str lexicon_head(const struct lexicon *l, const struct token *tokens, size_t n,
			size_t *covered);

/* What two lexicons read otherwise: a text that holds no changed term reads alike with both, cut and
 * known and headed the same. */
enum { LEXICON_CHANGES_MAX = 64 };
struct lexicon_change {
	bool all;			       /* nothing is sure to read alike */
	struct str terms[LEXICON_CHANGES_MAX]; /* of one of them only; borrowed from it */
	size_t n;
};
void lexicon_compare(const struct lexicon *before, const struct lexicon *now,
		     struct lexicon_change *out);
bool lexicon_reads_alike(const struct lexicon_change *c, struct str normal);

/* For text/token.h. */
const struct segmenter *lexicon_segmenter(const struct lexicon *l);

#endif
