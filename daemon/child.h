/* A program run to its end: bytes in, bytes out, no longer and no louder than allowed.
 *
 *	         stdin (pipe)            stdout (pipe)
 *	job->in ------------> [program] ------------> out
 *	                      stderr: /dev/null
 *
 * No shell: argv is an array. Of us the program gets nothing but the three descriptors, PATH and the
 * language C.UTF-8. It leads a process group of its own, which is killed whole when it is through, late or
 * too loud, so nothing of it stays; it yields the processor to us, dies before us when memory runs out, and
 * leaves no core behind. Nothing touches the disk.
 *
 * Blocks: not for the loop thread. Several threads may run children at once. SIGPIPE must be ignored, SIGCHLD must
 * not be. */
#ifndef DAEMON_CHILD_H
#define DAEMON_CHILD_H

#include <time.h>

#include "text/err.h"

struct child_job {
	char *const *argv; /* NULL-terminated; argv[0] is looked up in PATH */
	struct str in;
	size_t out_max;		  /* bytes; more than that is a failure */
	struct timespec deadline; /* deadline.h */
	int quit_fd;		  /* becomes readable when all is to stop; -1 = never */
};

/* Appends what it wrote. A program that does not read all of its input may be good all the same.
 * ERR_NOT_FOUND: it cannot be started; ERR_IO: it ended with a status or by a signal; ERR_LIMIT: it wrote too
 * much; ERR_BUSY: the deadline, or quit_fd. What it had written until then is in `out`, to be dropped. */
MUST_USE int child_run(const struct child_job *job, struct buf *out, struct err *err);

/* Is there such a program? Looked up as child_run does. */
bool child_exists(const char *program);

#endif
