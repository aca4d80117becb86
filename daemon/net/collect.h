/* What other threads have finished, taken by the loop: commits, database answers, new snapshots. */
#ifndef NET_COLLECT_H
#define NET_COLLECT_H

/* `server` is a struct server; runs after a knock. */
void collect_run(void *server);

#endif
