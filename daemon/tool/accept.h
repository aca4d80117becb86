/* kefu replay --accept: what transcripts expect becomes what was got, and the rest of the files stays as
 * it was written. */
#ifndef TOOL_ACCEPT_H
#define TOOL_ACCEPT_H

#include "tool/replay.h"

struct accepted {
	bool chinese;		 /* what is left is told in Chinese */
	size_t rewritten, files; /* expectations, and the files they are in */
	size_t left;		 /* findings that nobody can accept for people */
};

/* Rewrites the files of the transcripts that differ; they were played with `remember`. Left are `not_…`
 * and `within`, which say what must not be, and recordings; they are printed to `out`. */
MUST_USE int accept_all(const struct replay *r, struct accepted *done, struct buf *out,
			struct err *err);

#endif
