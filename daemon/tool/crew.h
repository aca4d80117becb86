/* Threads for work that is many independent pieces. */
#ifndef TOOL_CREW_H
#define TOOL_CREW_H

#include "text/err.h"

enum { CREW_MAX = 64 };

/* Processors this process may use, CREW_MAX at most. */
size_t crew_size(void);

/* Runs job(arg, worker, i) for each i of 0..n, in any order, on `workers` threads (1..CREW_MAX), of which the
 * caller's is number 0 and shows the progress. The first negative answer in order of i stops it, and its
 * words are *err's: the outcome does not depend on the threads. */
typedef int crew_job(void *arg, size_t worker, size_t i, struct err *err);
MUST_USE int crew_run(size_t workers, size_t n, crew_job *job, void *arg, const char *progress,
		      struct err *err);

#endif
