/* The outcome of a replay, and its reports. */
#ifndef TOOL_REPLAY_H
#define TOOL_REPLAY_H

#include "tool/player.h"

struct replay {
	struct played *v;
	size_t n;
	size_t turns, failed, skipped; /* failed: transcripts with findings */
	size_t classes[DIFF_CLASSES];
	double ms;
	struct coverage coverage;
	const struct ruleset *rules; /* NULL over the wire */
};

/* Like a diff, worst class first, then the counts and what no transcript reached. */
void replay_print(const struct replay *r, struct buf *out);
void replay_json(const struct replay *r, struct buf *out);
/* JUnit XML: a testsuite, a testcase a transcript. */
void replay_junit(const struct replay *r, struct buf *out);

#endif
