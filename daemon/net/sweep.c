#include "net/sweep.h"

#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "net/assist.h"
#include "net/clock.h"
#include "net/conn.h"
#include "net/http.h"
#include "net/server.h"

static void sweep_ready(void *ctx, int fd)
{
	struct server *s = ctx;
	int64_t now = clock_mono_ms();
	uint64_t times;

	if (read(fd, &times, sizeof times) != (ssize_t)sizeof times)
		return;
	listener_sweep(&s->listener);
	for (size_t i = 0; i < s->links.cap; i++) {
		struct link *l = s->links.slots[i];

		if (l && l->conn)
			conn_sweep(l->conn, now);
		else if (l && l->request)
			request_sweep(l->request, now);
	}
	assist_sweep(s);
	hub_sweep(s->hub, clock_wall_ms());
	tally_flush(s->tally, s->writer, clock_wall_ms(), false);
	server_drain_check(s);
}

static void arm(int fd, long ms)
{
	struct itimerspec t = {
		.it_interval = {ms / 1000, ms % 1000 * 1000000},
		.it_value = {ms / 1000, ms % 1000 * 1000000},
	};

	timerfd_settime(fd, 0, &t, NULL);
}

int sweep_open(struct watch *w, struct server *s, struct err *err)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	if (fd < 0)
		return err_set(err, ERR_IO, "no timerfd: %s", strerror(errno));
	arm(fd, 1000);
	return watch_open(w, s, fd, sweep_ready, s, err);
}

void sweep_hurry(struct watch *w)
{
	arm(w->fd, 50);
}
