/* What learners asked in vain, those who ask the same in one group.
 *
 *	你们的证书能补办吗？！ ─┐ form 你们的证书能补办吗 ─┐
 *	你们的 证书能補辦嗎    ─┘                      ├─ group: named after the form most often met
 *	证书丢了能补办么       ── form 证书丢了能补办么 ─┘
 *
 * Messages of one form are the same but for punctuation, spaces, numbers, masked characters, letter case
 * and traditional characters. Forms are vectors of words, characters and letters by three, rare ones
 * weighing more (idf), words that any question has next to nothing, and a point for what their words mean.
 * Forms that are alike on average are one group (kb/missed_merge.h). Where there are too many to compare
 * each with each, those with a cosine of at least MISSED_LIKE to a form met more often go with it first
 * (leaders, and a second pass). The result depends on what was said, not on its order.
 *
 * 100,000 different messages take a few seconds: of a form the 32 terms that tell most count, and words that
 * very many leaders have find none by themselves. */
#ifndef KB_MISSED_H
#define KB_MISSED_H

#include "text/lexicon.h"
#include "text/str.h"

#define MISSED_LIKE .6f

enum miss_kind {
	MISS_FALLBACK, /* "did not understand" */
	MISS_ASK,      /* "did you mean" */
	MISS_DOWN,     /* answered, and that did not help */
	MISS_KINDS,
};

struct missed {
	struct str text; /* masked */
	struct str session;
	int64_t seq, at_unix_ms;
	enum miss_kind kind;
};

struct missed_group {
	uint64_t id;		 /* of the form it is named after; below 2^63 */
	struct str text;	 /* stands for all; without masked characters where one has none */
	struct str lang;	 /* "zh", "en" or "" (static) */
	const uint32_t *members; /* indexes of messages, newest first */
	size_t n;
	const uint64_t *forms; /* those met most often first */
	size_t n_forms;
};

/* Largest first; everything in `a`, texts borrowed from v. `form` (NULL: not wanted) gets each message's
 * form by index. */
size_t missed_groups(struct arena *a, const struct lexicon *l, const struct missed *v, size_t n,
		     uint64_t *form, struct missed_group **out);

#endif
