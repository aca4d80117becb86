/* Points in time of the monotonic clock, as pthread_cond_timedwait wants them. */
#ifndef DAEMON_DEADLINE_H
#define DAEMON_DEADLINE_H

#include <stdbool.h>
#include <time.h>

struct timespec deadline_in(int ms);
bool deadline_passed(const struct timespec *t);

#endif
