/* A small blocking WebSocket client (RFC 6455) for replays: text frames, one connection, a
 * deadline. */
#ifndef TOOL_WS_CLIENT_H
#define TOOL_WS_CLIENT_H

#include "text/err.h"

struct ws_client;

/* "ws://127.0.0.1:8080/ws"; subprotocol kefu.v1. */
MUST_USE int ws_open(const char *url, int timeout_ms, struct ws_client **out, struct err *err);
MUST_USE int ws_send(struct ws_client *c, struct str text, struct err *err);
/* The next text message; borrowed until the next call. Answers pings. ERR_BUSY when none came in
 * time. */
MUST_USE int ws_receive(struct ws_client *c, struct str *out, struct err *err);
void ws_close(struct ws_client *c);

#endif
