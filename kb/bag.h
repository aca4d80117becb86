/* A text as a bag of terms, the currency of retrieval. A term is the hash of its kind and bytes.
 *
 *	退款多久到账?	WORDS 退款 多久 到账	CHARS 退 款 多 久 到 账
 *			PAIRS 退款 款多 多久 久到 到账	SOUNDS tui-kuan kuan-duo duo-jiu …
 *	"How refunds"	WORDS how refund	GRAMS " ho" how "ow " " re" ref efu fun und nds …
 *
 * A word that begins a synonym group counts as the group's head in every part, the rest of the
 * group as nothing, so that 退钱 and 退款 make the same bag. Words of one Chinese character are
 * CHARS only. */
#ifndef KB_BAG_H
#define KB_BAG_H

#include "text/utterance.h"

enum bag_part {
	BAG_WORDS = 1,	 /* Chinese words, English stems, numbers, symbols */
	BAG_CHARS = 2,	 /* single Chinese characters */
	BAG_PAIRS = 4,	 /* neighbouring Chinese characters inside a run */
	BAG_GRAMS = 8,	 /* three letters of words that are not Chinese, ends marked by a space */
	BAG_SOUNDS = 16, /* how neighbouring Chinese characters sound (text/pinyin.h), as written */
};

struct term {
	uint64_t key;
	float count; /* times seen, weighted */
	enum bag_part part;
};

struct bag {
	struct term *v; /* in the arena; after bag_sort: by key, distinct */
	size_t n, cap;
};

/* Adds the chosen parts of a text, each occurrence counting `weight`. */
void bag_add(struct arena *a, struct bag *b, const struct utterance *u, unsigned parts,
	     float weight);
void bag_add_token(struct arena *a, struct bag *b, const struct token *t, unsigned parts,
		   float weight);
/* Merges equal terms. Call once, after the last bag_add. */
void bag_sort(struct bag *b);

/* The part that a key is of. */
enum bag_part bag_part(uint64_t key);
/* The key of a word as BAG_WORDS (or, of one Chinese character, as BAG_CHARS) would give it. */
uint64_t bag_word(struct str word);
/* The key of two neighbouring Chinese characters as BAG_PAIRS. */
uint64_t bag_pair(struct str pair);

#endif
