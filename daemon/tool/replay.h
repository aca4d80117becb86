/* The outcome of a replay, and its reports. */
#ifndef TOOL_REPLAY_H
#define TOOL_REPLAY_H

#include "tool/player.h"

struct replay {
	struct played *v;
	size_t n;
	bool comparing;		       /* two rule files, not expectations */
	bool chinese;		       /* replay_print speaks Chinese */
	size_t turns, failed, skipped; /* failed: transcripts with findings */
	size_t same;		       /* turns */
	size_t classes[DIFF_CLASSES];
	double ms;
	struct coverage coverage; /* its rules are NULL over the wire */
};

/* Adds up v[0..n). */
void replay_sum(struct replay *r);

/* Like a diff, worst class first, then the counts and what no transcript reached. The same for the same
 * input, whatever the threads. */
void replay_print(const struct replay *r, struct buf *out);
/* One finding as replay_print shows it. */
void replay_print_finding(const struct transcript *t, const struct finding *f, bool chinese,
			  struct buf *out);

void replay_json(const struct replay *r, struct buf *out);
/* JUnit XML: a testsuite, a testcase a transcript. */
void replay_junit(const struct replay *r, struct buf *out);

#endif
