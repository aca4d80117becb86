/* The listening socket: accepts, counts, refuses.
 *
 * Our own rather than the library's, which has no per-address limits, drains the whole accept queue
 * at once and spins when descriptors run out. At most 16 accepts a wake-up. Over a limit the client
 * gets "503 Service Unavailable" with Retry-After and the socket closes. Without descriptors
 * (EMFILE) a spare one is given up to answer one client, and accepting pauses until the next sweep.
 */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include "net/watch.h"

struct listener {
	struct watch watch;
	struct server *server;
	int spare_fd;
	bool paused;
	char url[96]; /* http://127.0.0.1:8080/ */
};

/* Binds and listens. ERR_INVALID or ERR_IO say what is wrong with the address. */
MUST_USE int listener_open(struct listener *l, struct server *s, struct err *err);
/* Stops accepting for good. */
void listener_close(struct listener *l);
/* Once a second: accepting goes on after a pause. */
void listener_sweep(struct listener *l);
/* A request came on this connection: behind a proxy its X-Forwarded-For (`header`) may name another
 * client than the one counted so far. False: that client has all the connections it may have. */
bool listener_recount(struct server *s, struct link *l, struct str header);
/* A connection ended: frees its link and its place. */
void listener_forget(struct server *s, struct link *l);

#endif
