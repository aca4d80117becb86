/* What other threads have finished, taken by the loop: commits, database answers, new snapshots. */
#ifndef NET_COLLECT_H
#define NET_COLLECT_H

#include <stdbool.h>

/* `server` is a struct server; runs after a knock. */
void collect_run(void *server);

struct diags;
struct server;
/* A snapshot was built, or was not to be: for /readyz, /metrics and the staff. */
void collect_note_try(struct server *s, bool ok, double ms, const struct diags *d);

#endif
