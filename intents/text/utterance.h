/* One message, read once: normalised, cut into words, its language told. What every matcher reads.
 *
 * Example: "我想退Python课的钱" with the synonym 退钱 -> 退款 stays 我|想|退|python|课|的|钱.
 * "Money back please!" with `退款: [money back]` -> money(head 退款)|back(head ""), please. */
#ifndef TEXT_UTTERANCE_H
#define TEXT_UTTERANCE_H

#include "text/arena.h"
#include "text/normal.h"
#include "text/str.h"

struct lexicon;

enum token_kind {
	TOKEN_HAN, /* Chinese word */
	TOKEN_WORD, /* Latin or other alphabetic word, apostrophes inside ("don't"), c++ c# kept whole */
	TOKEN_NUMBER, /* digits with . , : / - inside, and a unit that is one word with them: 50%, 30万,
		       * 2024年, 12月, 15日, 8时 */
	TOKEN_OTHER, /* an emoji (with all that is joined to it) or symbol; punctuation, spaces and ASCII
		      * signs but $ give no token */
};

struct token {
	struct str text; /* normalised, points into normal.text */
	struct str stem; /* English stem for ASCII words, else text */
	struct str
		head; /* synonym head where the token begins a group member; "" where an earlier token's
			  * group covers it; else stem */
	uint32_t at;  /* offset of text in normal.text */
	uint8_t kind; /* enum token_kind */
	bool known;   /* in the lexicon (numbers and others: true) */
};

/* What vectors_mean (text/vectors.h) found of it, so that who asks next need not look words up again. */
enum { UTTERANCE_MEAN = 64 }; /* numbers at most; of longer vectors nothing is kept */
struct utterance_mean {
	const void *of; /* the vectors; NULL: nobody asked yet */
	bool any;
	float known; /* share of the text's weight that has a vector */
	float v[UTTERANCE_MEAN];
};

struct utterance {
	struct normal normal;
	const struct token *tokens;
	size_t n;
	struct str lang;	     /* "zh" or "en" (static); "" when it has no letters */
	struct utterance_mean *mean; /* written by the first who asks: one thread's; may be NULL */
};

enum { UTTERANCE_TOKENS_MAX = 4096 }; /* the rest of a longer message is not tokenised */

void utterance_read(struct arena *a, const struct lexicon *l, struct str raw,
		    struct utterance *out);

/* A number without its unit; of any other token all its text. */
struct str token_amount(const struct token *t);

/* English stem of a normalised word; in the arena, or `word` itself. */
struct str utterance_stem(struct arena *a, struct str word);

/* "zh" when Chinese characters carry the text, "en" when Latin letters do, "" when neither: a Chinese
 * character counts as two letters, and a Latin word as four at most, so that a product's name does
 * not outweigh the sentence around it ("javascript怎么学" is zh). */
struct str utterance_lang(struct str normal);

#endif
