/* Who may use what is meant for the platform's own programs (/metrics, /recommend, /message, /events): who
 * has the key of the setting `api-key`; without one, programs of this very machine. */
#ifndef NET_GUARD_H
#define NET_GUARD_H

#include "net/http.h"

/* NULL: it may be answered; else why not, in words for the answer. */
const char *guard_refuses(struct request *r);

#endif
