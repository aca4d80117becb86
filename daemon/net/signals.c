#include "net/signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "log.h"
#include "net/server.h"
#include "reload.h"

static sigset_t watched(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return set;
}

void signals_block(void)
{
	sigset_t set = watched();

	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* A file at its size limit is a full disk: an error of the write, not an end of the
	 * process. */
	signal(SIGXFSZ, SIG_IGN);
}

static void signal_ready(void *ctx, int fd)
{
	struct server *s = ctx;
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGHUP) {
			log_info("signals", "SIGHUP: reading the rules again");
			reload_request(s->reload);
		} else if (s->draining) {
			log_warn("signals", "a second signal to stop: not waiting for connections");
			server_stop(s);
		} else {
			server_drain(s);
		}
	}
}

int signals_open(struct watch *w, struct server *s, struct err *err)
{
	sigset_t set = watched();
	int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);

	if (fd < 0)
		return err_set(err, ERR_IO, "no signalfd: %s", strerror(errno));
	return watch_open(w, s, fd, signal_ready, s, err);
}
