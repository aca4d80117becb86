#include "net/wake.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "log.h"

int wake_init(struct wake *w, void (*work)(void *ctx), void *ctx, struct err *err)
{
	*w = (struct wake){.work = work, .ctx = ctx};
	w->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (w->fd < 0)
		return err_set(err, ERR_IO, "no eventfd: %s", strerror(errno));
	return 0;
}

static void wake_ready(void *ctx, int fd)
{
	struct wake *w = ctx;
	uint64_t count;

	if (read(fd, &count, sizeof count) == (ssize_t)sizeof count)
		w->work(w->ctx);
}

int wake_open(struct wake *w, struct server *s, struct err *err)
{
	w->watched = true;
	return watch_open(&w->watch, s, w->fd, wake_ready, w, err);
}

void wake_done(struct wake *w)
{
	if (!w->watched && w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

void wake_knock(void *ctx)
{
	struct wake *w = ctx;
	uint64_t one = 1;

	/* Full (EAGAIN) means that a knock is waiting already. */
	if (write(w->fd, &one, sizeof one) < 0 && errno != EAGAIN)
		log_error("wake", "cannot wake the loop: %s", strerror(errno));
}
