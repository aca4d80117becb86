/* What a compiled FAQ is made of: for kb/faq.c, which searches it, and kb/faq_index.c, which makes it. */
#ifndef KB_FAQ_INDEX_H
#define KB_FAQ_INDEX_H

#include "kb/faq.h"
#include "kb/faq_meaning.h"
#include "kb/postings.h"

enum { FAQ_PARTS = BAG_WORDS | BAG_CHARS | BAG_GRAMS }; /* of wordings; and BAG_SOUNDS */

struct faq_index {
	_Atomic unsigned owners;
	uint64_t key;		     /* of the texts it was made of */
	struct postings *questions;  /* a doc a wording, sounds and all */
	struct postings *entries;    /* a doc an entry: all its wordings; NULL when each has one */
	struct postings *answers;    /* a doc an entry: words of its answer */
	struct faq_meaning *meaning; /* of the wordings */
	size_t n, n_entries;	     /* wordings, entries */
	size_t n_further;	     /* wordings that are not the first of their entry */
	uint32_t *entry;	     /* by wording */
	uint32_t *first;	     /* by entry: its first wording; n_entries + 1 */
	float *mass,
		*sounds; /* of all terms of a wording, of all its sounds; FAQ_MASS_LANES more */
};

enum { FAQ_MASS_LANES = 4 }; /* are read at a time */

/* Of a term by its part, in likeness. */
float faq_cover(enum bag_part part);

#endif
