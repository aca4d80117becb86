#include "net/loop.h"

#include <ev.h>
#include <libwebsockets.h>
#include <string.h>
#include <sys/resource.h>

#include "log.h"
#include "net/callback.h"
#include "net/server.h"

enum {
	TX_BYTES =
		65536, /* most of one send(); the library's default cuts at 4 KB, half the speed */
	RX_BYTES = 2048,       /* allocated for every connection */
	SERVICE_BYTES = 16384, /* one buffer for all; must hold the headers of a request */
	HEADER_BYTES = 4096,
	FDS_BESIDE = 128, /* descriptors that are not connections: database, log, timers */
};

/* The upgrade has checked the name before: learners speak the first, the desk the second. */
static const struct lws_protocols protocols[] = {
	{"kefu.v1", callback_run, 0, RX_BYTES, 0, NULL, TX_BYTES},
	{"kefu.desk.v1", callback_run, 0, RX_BYTES, 0, NULL, TX_BYTES},
	{0},
};

/* All zero: no per-connection validity timers, whose sorted list costs O(n) an insert (2.1 ms a
 * handshake amid 15,000 idle ones, measured); the sweep pings instead. */
static const lws_retry_bo_t no_validity;

static void lws_said(int level, const char *line)
{
	int n = (int)strcspn(line, "\n");

	if (level & LLL_ERR)
		log_error("libwebsockets", "%.*s", n, line);
	else
		log_warn("libwebsockets", "%.*s", n, line);
}

/* The library allocates a table of RLIMIT_NOFILE entries: the limit is set to what the settings
 * need. */
static void limit_files(const struct settings *s)
{
	struct rlimit r;
	rlim_t want = (rlim_t)s->connections + FDS_BESIDE;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	if (want > r.rlim_max) {
		log_warn("loop",
			 "%lld connections need %llu file descriptors, the limit is %llu: new ones "
			 "are refused beyond it; raise it (ulimit -Hn)",
			 (long long)s->connections, (unsigned long long)want,
			 (unsigned long long)r.rlim_max);
		want = r.rlim_max;
	}
	r.rlim_cur = want;
	if (setrlimit(RLIMIT_NOFILE, &r) != 0)
		log_warn("loop", "cannot set the limit of file descriptors");
}

static int context_open(struct loop *l, struct server *s, bool ev)
{
	void *loops[1];
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.protocols = protocols,
		.vhost_name = "kefu",
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
			   LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME,
		.timeout_secs = 5,
		.timeout_secs_ah_idle = 3,
		.keepalive_timeout = 10,
		.pt_serv_buf_size = SERVICE_BYTES,
		.max_http_header_data = HEADER_BYTES,
		.retry_and_idle_policy = &no_validity,
		.server_string = "kefu",
		.user = s,
	};

	if (ev) {
		l->ev = ev_loop_new(EVBACKEND_EPOLL);
		if (!l->ev)
			return -1;
		loops[0] = l->ev;
		info.options |= LWS_SERVER_OPTION_LIBEV;
		info.foreign_loops = loops;
	}
	s->context = lws_create_context(&info);
	if (s->context)
		s->vhost = lws_create_vhost(s->context, &info);
	if (s->vhost)
		return 0;
	if (s->context)
		lws_context_destroy(s->context);
	s->context = NULL;
	if (l->ev)
		ev_loop_destroy(l->ev);
	l->ev = NULL;
	return -1;
}

static bool wants_ev(const struct settings *s)
{
	if (strcmp(s->loop, "auto") == 0)
		return s->connections >= LOOP_EV_FROM;
	return strcmp(s->loop, "ev") == 0;
}

int loop_open(struct loop *l, struct server *s, struct err *err)
{
	const char *name = s->settings->loop;

	*l = (struct loop){0};
	if (strcmp(name, "auto") != 0 && strcmp(name, "ev") != 0 && strcmp(name, "poll") != 0)
		return err_set(err, ERR_INVALID,
			       "no loop is called '%s'; set --loop to auto, poll or ev", name);
	limit_files(s->settings);
	lws_set_log_level(LLL_ERR | LLL_WARN, lws_said);
	if (wants_ev(s->settings)) {
		if (context_open(l, s, true) == 0)
			return 0;
		log_warn("loop", "libwebsockets does not find its libev plugin; poll serves "
				 "instead (install "
				 "libwebsockets-evlib-ev for many connections)");
	}
	if (context_open(l, s, false) == 0)
		return 0;
	return err_set(err, ERR_IO, "libwebsockets cannot make a context");
}

/* The plugin arms its timers wrongly (a 5 s timeout was seen to take 62 s) unless the loop is woken
 * regularly. */
static void tick(struct ev_loop *ev, ev_timer *t, int events)
{
	struct server *s = t->data;

	(void)ev;
	(void)events;
	lws_cancel_service(s->context);
}

static void run_ev(struct loop *l, struct server *s)
{
	ev_timer timer;

	ev_timer_init(&timer, tick, 0.25, 0.25);
	timer.data = s;
	ev_timer_start(l->ev, &timer);
	while (!l->stop)
		ev_run(l->ev, EVRUN_ONCE);
	ev_timer_stop(l->ev, &timer);
}

void loop_run(struct loop *l, struct server *s)
{
	int n = 0;

	if (l->ev)
		run_ev(l, s);
	else
		while (n >= 0 && !l->stop)
			n = lws_service(s->context, 0);
}

void loop_stop(struct loop *l)
{
	l->stop = true;
}

void loop_close(struct loop *l, struct server *s)
{
	if (s->context)
		lws_context_destroy(s->context);
	s->context = NULL;
	s->vhost = NULL;
	if (!l->ev)
		return;
	ev_run(l->ev, EVRUN_NOWAIT);
	ev_loop_destroy(l->ev);
	l->ev = NULL;
}

const char *loop_name(const struct loop *l)
{
	return l->ev ? "libev" : "poll";
}
