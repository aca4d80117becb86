/* All that `kefu check` finds: mistakes of the rules, what can never be said, and whether the rules' own
 * tests hold. For the command and for the staff's editor. */
#ifndef DAEMON_CHECK_H
#define DAEMON_CHECK_H

#include "bot/snapshot.h"

/* Adds to `d` and sorts it. 0 when the rules could be looked at, mistakes or not; negative when something
 * else failed (the database). */
MUST_USE int check_rules(const struct snapshot_source *src, struct diags *d, struct err *err);

#endif
