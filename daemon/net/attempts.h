/* How often a password may be guessed: failures by address and by name, each with a wait that doubles.
 *
 *	failures   1 … free   free+1  free+2  free+3 …
 *	wait       none       1 s     2 s     4 s   … the longest wait
 *
 * An attempt counts as a failure from its beginning, so that many at once are not free; success clears it.
 * Forgotten after 15 quiet minutes. A table of fixed size, eight places a set; a full set forgets
 * whoever failed least, so that failing under many names does not wash out an address that fails often.
 * Loop thread only. */
#ifndef NET_ATTEMPTS_H
#define NET_ATTEMPTS_H

#include <stdint.h>

#include "text/str.h"

struct attempts;

struct attempt_kind {
	unsigned free;		 /* failures without a wait */
	int64_t longest_wait_ms; /* of what doubles */
};

/* An address may guess 5 times. A name has 10, and never waits more than a minute: strangers who fail
 * on purpose must not keep its owner out. */
extern const struct attempt_kind attempt_address, attempt_name;

struct attempts *attempts_new(void);
void attempts_free(struct attempts *a);

/* Milliseconds until the next attempt may be made; 0 = now. */
int64_t attempts_wait(struct attempts *a, const struct attempt_kind *kind, struct str who,
		      int64_t now_ms);
void attempts_begin(struct attempts *a, const struct attempt_kind *kind, struct str who,
		    int64_t now_ms);
void attempts_clear(struct attempts *a, const struct attempt_kind *kind, struct str who);

#endif
