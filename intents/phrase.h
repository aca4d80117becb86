/* Example phrases: which intent does a message sound like, and how surely.
 *
 * A model trained at load on the examples (intents/classify.h): a linear classifier over words,
 * letters and characters, the nearest example, and how much of the message any example knows. Its
 * scores are calibrated on public sets, so that 0.75 can be answered and what is below 0.45 is best
 * not understood.
 *
 * `<slot>` in an example is a gram that an entity in the message meets; it is not required. `*` stands for
 * any words, which is nothing to learn from. */
#ifndef INTENTS_PHRASE_H
#define INTENTS_PHRASE_H

#include "intents/entity.h"
#include "text/lexicon.h"

struct phrase {
	struct str text; /* as written, with <slot> and * */
	uint32_t intent;
	struct mark mark;
	bool name; /* what the intent is called: learnt from like an example, but never the nearest */
};

/* An intent's or a label's name as words, in the arena: "ORDER_STATUS", "order-status" and "orderStatus" are
 * "order status" once normalised. */
struct str phrase_of_name(struct arena *a, struct str name);

struct phrase_model;

/* Not trained yet: phrase_model_train does it, or else the first phrase_score.
 * Lives in the arena but for what training gives, hence phrase_model_free; never NULL. phrases in file
 * order; what it borrows must live as long. `previous` (NULL: there is none) is looked at during the
 * call only: examples that read as its own are not trained on again, and examples of the same texts that
 * hold no changed term are not even read. Others may use it meanwhile, and it may be freed afterwards. */
struct phrase_before {
	const struct phrase_model *model;
	const struct lexicon *lexicon; /* its own */
};
const struct phrase_model *phrase_model_new(struct arena *a, const struct lexicon *lexicon,
					    const struct phrase *phrases, size_t n,
					    const struct phrase_before *before) MUST_USE;
/* Any thread, also while others score; nothing is done twice. */
void phrase_model_train(const struct phrase_model *m);
void phrase_model_free(const struct phrase_model *m); /* before its arena; NULL is fine */
/* How many models share what this one was trained to; 1 = it is alone. */
unsigned phrase_model_owners(const struct phrase_model *m);

struct phrase_score {
	uint32_t intent;
	double score; /* 0..1 */
	const struct phrase *nearest;
	struct str nearest_text; /* in normalised form */
};

struct phrase_scores {
	const struct phrase_score *v; /* best first, one per intent */
	size_t n;		      /* at most PHRASE_SCORES_MAX, none below PHRASE_SCORE_MIN */
};

enum { PHRASE_SCORES_MAX = 16 };
#define PHRASE_SCORE_MIN 0.05

void phrase_score(const struct phrase_model *m, struct arena *a, const struct utterance *u,
		  const struct founds *entities, struct phrase_scores *out);

#endif
