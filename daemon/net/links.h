/* Every accepted TCP connection: what is known of it whatever it speaks, HTTP or WebSocket.
 *
 * The library reuses its own per-connection memory between the HTTP requests and the WebSocket of
 * one socket, and calls close callbacks without the matching open ones; so nothing of ours lives
 * there. A struct link is made when a socket is accepted, hangs on it as opaque data and dies with
 * it, once, at WSI_DESTROY.
 *
 * Other threads and late results name a link by id (slot and generation), never by pointer. Loop
 * thread only. */
#ifndef NET_LINKS_H
#define NET_LINKS_H

#include <stdint.h>

#include "net/peers.h"

struct lws;
struct server;
struct conn;
struct request;
struct identity;
struct agent_pass;

/* What a socket's opaque data points at: the first member of both. */
enum opaque_kind { OPAQUE_LINK = 0x4c494e4b, OPAQUE_WATCH = 0x57415443 };

struct link {
	enum opaque_kind kind;
	struct server *server;
	struct lws *wsi;
	uint64_t id;
	struct peer peer;	   /* behind a proxy: the client, once a request has named it */
	bool proxied;		   /* comes from a proxy of ours */
	bool counted;		   /* in the table of peers, as `peer` */
	unsigned requests;	   /* HTTP requests begun */
	struct request *request;   /* the one being served */
	struct conn *conn;	   /* after the upgrade */
	struct identity *identity; /* proven at the upgrade; NULL = nothing was said */
	struct agent_pass *staff;  /* likewise, of the desk's; NULL = a learner's */
};

struct links {
	struct link **slots;
	uint32_t *generations;
	size_t cap, n;
	size_t hint; /* no free slot below it */
};

void links_init(struct links *ls, size_t max);
void links_done(struct links *ls);

/* NULL when all slots are taken. The caller sets wsi. */
struct link *link_new(struct links *ls, struct server *server, const struct peer *peer);
void link_free(struct links *ls, struct link *l);
/* NULL when that connection is gone. */
struct link *link_find(const struct links *ls, uint64_t id);

#endif
