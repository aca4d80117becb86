/* What the writer commits at once. */
#ifndef DAEMON_WRITER_BATCH_H
#define DAEMON_WRITER_BATCH_H

#include "job.h"

/* Which rows may be dropped when there is no room. */
enum lane { LANE_KEPT, LANE_LOSSY, LANES };

/* A transaction's worth, and the end of each of its jobs. */
struct batch {
	struct job_list lanes[LANES];
	struct job_list bad; /* refused for their own fault */
	struct err bad_err;  /* the last one's */
	int64_t change;	     /* of events (kb/store_change.h), once committed; 0: there are none */
};

/* One transaction; when some rows are refused for their own fault, another one without their jobs. */
MUST_USE int batch_commit(struct batch *b, struct store *s, struct err *err);

#endif
