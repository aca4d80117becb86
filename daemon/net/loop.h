/* The library's context in one of two event loops.
 *
 * poll is always there and the fastest for a few hundred connections; its cost grows with every
 * idle one (0.15 µs each a wake-up, measured). libev is flat, and comes as a plugin that may be
 * missing: then poll serves, with a warning. `auto` takes ev when the settings allow 300
 * connections or more. */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include "text/err.h"

struct server;
struct ev_loop;

struct loop {
	struct ev_loop *ev; /* NULL: poll */
	bool stop;
};

enum { LOOP_EV_FROM = 300 };

/* Makes s->context and s->vhost. */
MUST_USE int loop_open(struct loop *l, struct server *s, struct err *err);
/* Until loop_stop. */
void loop_run(struct loop *l, struct server *s);
/* From a callback: loop_run returns when it is done. */
void loop_stop(struct loop *l);
/* Destroys the context: every connection's last callbacks run inside. */
void loop_close(struct loop *l, struct server *s);
const char *loop_name(const struct loop *l);

#endif
