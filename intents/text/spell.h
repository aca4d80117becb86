/* Misspelt words of a message, read as the words that were meant.
 *
 * A speller knows the words of one rule set: those that may be meant, and by how much they weigh.
 * What people write on purpose is read as the usual word (text/spell_informal.h: pls, 咋). Then two
 * kinds of mistakes are put right, and only in what nobody knows as a word:
 *
 *	edits		reciept -> receipt, certifcate -> certificate	Latin words, text/edit.h
 *	same sound	退宽 -> 退款, 发飘 -> 发票			Chinese words, text/pinyin.h
 *
 * Else a word of the rule set, of the dictionary or of ordinary English is never changed: "refuse" is
 * not "refund". Immutable once made; any thread may use it. Pure: the same message is always read
 * the same way. */
#ifndef TEXT_SPELL_H
#define TEXT_SPELL_H

#include "text/lexicon.h"
#include "text/utterance.h"

struct speller;

/* Edits that are forgiven: none in words below 4 letters. The length is the meant word's. */
enum {
	SPELL_AUTO = -1, /* 1 from 4 letters, 2 from 8 */
	SPELL_ONE = 1,	 /* 1 from 4 letters */
	SPELL_TWO = 2,	 /* 1 from 4 letters, 2 from 6 */
};

/* Which words of a text may be meant; the others are known, and so left as they are. */
enum { SPELL_LATIN = 1, SPELL_HAN = 2, SPELL_ALL = 3 };

struct spell_text {
	struct str text; /* as written */
	uint32_t weight; /* of each of its words: those of more weight are meant more often */
	uint8_t meant;	 /* SPELL_LATIN | SPELL_HAN */
};

/* What was read of texts that seldom change, to be shared by several spellers. Heap; the last owner's
 * free frees it, on whatever thread. */
struct spell_base;
struct spell_base *spell_base_new(const struct lexicon *l, const struct spell_text *texts,
				  size_t n);
struct spell_base *spell_base_ref(struct spell_base *b);
void spell_base_free(struct spell_base *b); /* NULL is fine */

/* Lives in the arena; borrows the lexicon. The texts are read and let go, and so is what `base` (NULL:
 * nothing) has read of others: the same speller as of all texts together. */
const struct speller *speller_new(struct arena *a, const struct lexicon *l,
				  const struct spell_base *base, const struct spell_text *texts,
				  size_t n, int edits);

/* One word put right. */
struct spell_fix {
	uint32_t from, to; /* bytes of the message as it was, normalised */
	struct str meant;
};

enum { SPELL_FIXES_MAX = 8 }; /* in one message; later ones are left */

struct spelling {
	/* The corrected message. Its `normal.at` and `normal.raw` lead to what was typed, a
	 * misspelt Latin word as a whole, so that captures show the learner's own characters. */
	struct utterance utterance;
	struct spell_fix fixes[SPELL_FIXES_MAX]; /* by place */
	size_t n, n_informal; /* of n, those of words that are not misspelt (pls) */
};

/* False when there is nothing to put right; *out is undefined then. */
bool spell_correct(const struct speller *s, struct arena *a, const struct utterance *u,
		   struct spelling *out);

#endif
