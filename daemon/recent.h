/* The newest lines of one conversation as they were written: what a person who takes it over reads first. In
 * memory only, until a person is asked for; bounded, whole lines give way. */
#ifndef DAEMON_RECENT_H
#define DAEMON_RECENT_H

#include "kb/store_desk.h"

enum { RECENT_LINES = 60, RECENT_BYTES = 16384 };

struct recent_line {
	struct recent_line *next;
	struct desk_line line; /* its texts lie behind it; session is "" */
};

struct recent {
	struct recent_line *first, *last;
	size_t n, bytes;
};

/* Copies. A line without words is left out. */
void recent_put(struct recent *r, const struct desk_line *line);
void recent_done(struct recent *r);

#endif
