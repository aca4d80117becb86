/* The user stage: what learners with a like history went on to.
 *
 * Asked when a recommendation is made, over the live profiles (event.h): an event that was told a
 * moment ago counts, both in the profile and in the histories of others. For a profile with items
 * i, p_i steps of time back from its latest, and other learners v with histories of length L_v:
 *
 *	a_i  = w_i (1 + p_i)^-step n_i^-popular		n_i = learners of i
 *	s(v) = L_v^-length sum of a_i w_vi over the items of both
 *	       the `voters` learners with the greatest s(v) vote:
 *	score(j) = n_j^-column sum over them of s(v)^power w_vj g(d)
 *	       d = steps of time in v's history from the latest item of both to j;
 *	       g(d) = exp(-(d - 1) / gap) after it, .3 exp(-(-d - 1) / gap) before, 1 at it;
 *	       without an order g = 1
 *
 *	profile: a b		learner 1: b c	  learner 2: a d
 *	a_b > a_a, so s(1) > s(2), and c comes before d
 *
 * Who votes is found through the latest TAKERS_LATEST learners of each item (takers.h), from the
 * latest item back until CROWD_TOUCH of them are found, all w_vi taken for 1; how strongly a voter
 * votes, by his whole history (its latest CROWD_HISTORY). Form: user kNN over sequences (after Resnick et al.,
 * "GroupLens", CSCW 1994, and Garg et al., "Sequence and time aware neighborhood for session-based
 * recommendations", SIGIR 2019); constants in taste.c. */
#ifndef KB_CROWD_H
#define KB_CROWD_H

#include "kb/event.h"
#include "kb/knn.h"
#include "kb/sparse.h"

enum {
	CROWD_TOUCH = 60000, /* learners looked at, with repetition */
	CROWD_VOTERS = 2000, /* at most */
	CROWD_HISTORY = 500,
};

struct crowd_weights {
	float step, popular, length, power, gap; /* gap 0: no order */
	uint32_t voters;			 /* at most CROWD_VOTERS */
};

/* Working memory of one thread: belongs to profiles (profiles_crowd). */
struct crowd;
struct crowd *crowd_new(void);
void crowd_free(struct crowd *c);

/* Position in the catalogue of a course by its number in the profiles; -1: it has none. Looked for
 * once; edition as below. */
int32_t crowd_item(const struct profiles *p, const struct catalogue *courses, uint64_t edition,
		   uint32_t course);

struct crowd_question {
	const struct profiles *profiles;
	const struct catalogue *courses;
	/* Two catalogues with the same courses have the same number, others have others. */
	uint64_t edition;
	uint32_t self;			   /* number of the learner asked for; UINT32_MAX: nobody */
	const struct interaction *profile; /* items of the catalogue, oldest first, each once */
	size_t n_profile;
};

/* sum s(v)^power w_vj g(d) of each item that got something, once, in no order: how many there are in *out, which is
 * borrowed until the next question. Of what is in the profile the sum is negative, for it is no answer. */
size_t crowd_votes(const struct crowd_question *q, const struct crowd_weights *w,
		   struct sparse_one **out);
/* Adds sum s(v)^power w_vj g(d) to scores[courses->n]; the items that got something are in
 * touched[courses->n], each once, how many is returned. scores must be 0 before. */
size_t crowd_score(const struct crowd_question *q, const struct crowd_weights *w, float *scores,
		   uint32_t *touched);

#endif
