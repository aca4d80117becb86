/* May this HTTP request become a WebSocket? Asked in CONFIRM_UPGRADE, before any WebSocket state
 * exists.
 *
 * In this order: upgrade value, GET, Host, version 13, path, draining, Origin, subprotocol, identity.
 * Refusals are complete HTTP/1.1 answers of our own: the library's say HTTP/1.0, and its checks at
 * a later point just drop the socket. */
#ifndef NET_UPGRADE_H
#define NET_UPGRADE_H

#include "net/links.h"
#include "text/str.h"

/* Answers with that status ("403 Forbidden") and header lines; -1. */
int upgrade_refuse(struct link *l, const char *status, const char *more, const char *why);
/* Is that subprotocol among those offered? */
bool upgrade_offers(struct link *l, struct str name);
/* 0: it may. -1: it may not, and was told so; the connection closes. */
int upgrade_check(struct link *l);

#endif
