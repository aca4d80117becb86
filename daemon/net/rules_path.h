/* Diagnostics of the rules as the staff's page gets them. */
#ifndef NET_RULES_PATH_H
#define NET_RULES_PATH_H

#include "rules_files.h"

/* "diagnostics":[…] (at most `max`) and "errors", "warnings" (all), into an open object. */
void rules_put_diags(struct buf *out, const struct ruleset *rs, const struct diags *d, size_t max);

#endif
