/* A file descriptor in the library's loop: a listening socket, a signalfd, an eventfd, a timerfd.
 *
 * `ready` runs on the loop thread whenever the descriptor is readable (level triggered). The
 * descriptor is then the watch's: closed with it, or with the context. */
#ifndef NET_WATCH_H
#define NET_WATCH_H

#include "net/links.h"
#include "text/err.h"

struct server;

struct watch {
	enum opaque_kind kind;
	struct lws *wsi; /* NULL once closed */
	int fd;
	void (*ready)(void *ctx, int fd);
	void *ctx;
};

/* `w` must outlive the context. On failure fd is closed. */
MUST_USE int watch_open(struct watch *w, struct server *s, int fd, void (*ready)(void *ctx, int fd),
			void *ctx, struct err *err);
/* From any callback; the descriptor closes a moment later. */
void watch_close(struct watch *w);
void watch_pause(struct watch *w);
void watch_resume(struct watch *w);

#endif
