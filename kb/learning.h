/* What a database says about learners, read once: for the answers (profiles) and for the table of
 * neighbours (loom).
 *
 *	store --learning_read--> profiles --history_of--> loom --loom_weave--> table
 *	event --profiles_add---> profiles --history_one-> loom_put ----^
 *
 * Told of each event in order, both are what reading anew would make them, bit for bit. */
#ifndef KB_LEARNING_H
#define KB_LEARNING_H

#include "kb/history.h"
#include "kb/loom.h"
#include "kb/store_change.h"
#include "kb/taste.h"

struct learning {
	struct profiles *profiles;
	struct loom *loom;
	uint64_t edition;	     /* of the catalogue that the loom knows */
	struct changes changes;	     /* of the database as read */
	struct taste_settings taste; /* chosen for these learners (recommender_choose) */
	bool is_chosen;
	double read_s, weigh_s; /* it took to read the profiles, to make the loom of them */
};

/* Reads everything anew into *l, whose profiles and loom are freed first. On an error they stay as they
 * were. The caller has begun to read (store_begin_read), so that all of it is of one moment. */
MUST_USE int learning_read(struct learning *l, struct store *s, const struct catalogue *c,
			   const struct profiles_watch *w, struct err *err);
void learning_done(struct learning *l);

#endif
