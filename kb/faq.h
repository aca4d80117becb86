/* The FAQ: questions with answers, found by likeness.
 *
 * An index is compiled once per snapshot and immutable. Retrieval: BM25 over one bag per question
 * (Chinese words and single characters; English stems and letters by three), an entry scored
 * through its nearest questions and what they mean (kb/faq_meaning.h), answer text at a lower weight; scores calibrated to 0..1 on the
 * scale of the intents' (>= .75 surely this one, < .45 not). Synonym heads stand for their members.
 */
#ifndef KB_FAQ_H
#define KB_FAQ_H

#include "text/err.h"
#include "text/lexicon.h"
#include "text/utterance.h"

struct faq_doc {
	struct str id;
	const struct str *questions; /* every wording, all languages */
	size_t n;
	struct str answer; /* all languages, one after the other */
};

struct faq_index;

/* Never NULL; heap. Borrows nothing: docs and lexicon are read and let go. */
struct faq_index *faq_index_new(const struct lexicon *l, const struct faq_doc *docs, size_t n);
/* The same after a reload: `before` itself, with one owner more, when it was made of these texts and
 * none of them reads otherwise now. `change`: from its lexicon to this one. */
struct faq_index *faq_index_renew(const struct lexicon *l, const struct faq_doc *docs, size_t n,
				  struct faq_index *before, const struct lexicon_change *change);
/* The last owner's frees it, on whatever thread; NULL is fine. */
void faq_index_free(struct faq_index *f);

struct faq_hit {
	uint32_t doc;	  /* index into the docs given */
	uint32_t wording; /* the nearest: index into the doc's questions, or 0 when it has none */
	double score;	  /* 0..1 */
};

/* Best first, at most `max`; ties by doc order. Returns how many. Pure. */
size_t faq_search(const struct faq_index *f, struct arena *a, const struct utterance *u,
		  struct faq_hit *out, size_t max);

/* The same for who has no use for hits below `least`: none, where none reaches it; else all of them. Most messages
 * about something else are told at a fourth of the cost. Pure. */
size_t faq_search_from(const struct faq_index *f, struct arena *a, const struct utterance *u,
		       double least, struct faq_hit *out, size_t max);

/* How like another text is to the message, on the same scale, as if it were a wording of the FAQ: to set
 * what was found elsewhere beside a hit. Pure. */
double faq_likeness(const struct faq_index *f, struct arena *a, const struct utterance *u,
		    const struct utterance *other);

#endif
