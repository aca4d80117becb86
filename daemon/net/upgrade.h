/* May this HTTP request become a WebSocket? Asked in CONFIRM_UPGRADE, before any WebSocket state
 * exists.
 *
 * In this order: upgrade value, GET, Host, version 13, path, draining, Origin, subprotocol, identity.
 * Refusals are complete HTTP/1.1 answers of our own: the library's say HTTP/1.0, and its checks at
 * a later point just drop the socket. */
#ifndef NET_UPGRADE_H
#define NET_UPGRADE_H

#include "net/links.h"

/* 0: it may. -1: it may not, and was told so; the connection closes. */
int upgrade_check(struct link *l);

#endif
