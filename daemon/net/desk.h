/* Where calls of the staff are worked on: a thread a lane, each with its own connection to the
 * database.
 *
 *	loop --desk_put--> [look : questions to the database ] --\
 *	                   [build: checks and saved files    ]   +--desk_take--> loop (wake)
 *	                   [enter: passwords (64 MiB, 0.1 s) ] --/
 *
 * One lane cannot hold up another: who guesses passwords keeps nobody from reading, and a long
 * check none from signing in. Bounded: a full lane says ERR_BUSY. */
#ifndef NET_DESK_H
#define NET_DESK_H

#include "net/call.h"

enum desk_lane { DESK_LOOK, DESK_BUILD, DESK_ENTER, DESK_LANES };

enum { DESK_WAITING = 32 }; /* calls a lane keeps waiting */

struct desk;

/* `run` works on a call, in a lane's thread; `wake` is called there when calls are done. */
MUST_USE int desk_start(const char *db_path, void (*run)(struct call *c, struct store *s),
			void (*wake)(void *), void *ctx, struct desk **out, struct err *err);
/* Waits for the calls being worked on; the others are dropped. NULL is fine. */
void desk_stop(struct desk *d);

/* Takes the call over when it gives 0. With `latest`, calls for the same row and cookie that wait in the
 * lane are not worked on: they come back at once with 409. */
MUST_USE int desk_put(struct desk *d, enum desk_lane lane, struct call *c, bool latest);
/* Loop thread: the next call that is done, NULL when there is none. */
struct call *desk_take(struct desk *d);

#endif
