#include "net/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

#include "log.h"
#include "metrics.h"
#include "net/server.h"

enum { ACCEPTS_A_WAKE = 16, BACKLOG = 1024 };

static void refuse(int fd)
{
	static const char words[] = "HTTP/1.1 503 Service Unavailable\r\n"
				    "Connection: close\r\n"
				    "Retry-After: 5\r\n"
				    "Content-Length: 0\r\n\r\n";

	metric_add(METRIC_REJECTED, 1);
	if (send(fd, words, sizeof words - 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		log_debug("listener", "a refused client is gone already: %s", strerror(errno));
	/* Closing with the request unread would reset the connection and with it the answer. */
	shutdown(fd, SHUT_WR);
	char scrap[1024];
	while (recv(fd, scrap, sizeof scrap, MSG_DONTWAIT) > 0)
		;
	close(fd);
}

static bool count(struct server *s, const struct peer *who)
{
	return peers_take(s->peers, who, (size_t)s->settings->connections_per_ip);
}

static void adopt(struct server *s, int fd, const struct peer *who, bool proxied)
{
	int one = 1;
	struct link *l;
	uint64_t id;
	lws_adopt_desc_t desc = {
		.vh = s->vhost,
		.type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL,
		.fd = {.sockfd = fd},
	};

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	l = link_new(&s->links, s, who);
	if (!l) {
		if (!proxied)
			peers_drop(s->peers, who);
		refuse(fd);
		return;
	}
	l->proxied = proxied;
	l->counted = !proxied;
	metric_add(METRIC_CONNECTIONS, 1);
	desc.opaque = l;
	id = l->id;
	if (lws_adopt_descriptor_vhost_via_info(&desc))
		return;
	log_warn("listener", "the library does not take a connection");
	/* Depending on how far it came the link died with its socket, or is still ours. */
	if ((l = link_find(&s->links, id)))
		listener_forget(s, l);
}

/* Out of descriptors: say so to one client, then rest. */
static void starve(struct listener *l, int listen_fd)
{
	int fd;

	log_error("listener",
		  "no file descriptors left; raise the limit (ulimit -n) or lower the setting "
		  "'connections'");
	if (l->spare_fd >= 0) {
		close(l->spare_fd);
		fd = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0)
			refuse(fd);
		l->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
	l->paused = true;
	watch_pause(&l->watch);
}

static void accept_ready(void *ctx, int listen_fd)
{
	struct listener *l = ctx;
	struct server *s = l->server;

	for (int i = 0; i < ACCEPTS_A_WAKE && !s->draining; i++) {
		struct sockaddr_storage sa = {0};
		socklen_t n = sizeof sa;
		int fd = accept4(listen_fd, (struct sockaddr *)&sa, &n,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct peer who;
		bool proxied;

		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE)
				starve(l, listen_fd);
			else if (errno == ECONNABORTED || errno == EINTR)
				continue;
			return;
		}
		who = peer_of((const struct sockaddr *)&sa);
		metric_add(METRIC_ACCEPTED, 1);
		proxied = forwarded_trusts(&s->forwarded, &who);
		if (s->links.n >= (size_t)s->settings->connections || (!proxied && !count(s, &who)))
			refuse(fd);
		else
			adopt(s, fd, &who, proxied);
	}
}

bool listener_recount(struct server *s, struct link *l, struct str header)
{
	struct peer client;

	if (!l->proxied || !forwarded_client(&s->forwarded, header, &client))
		return true;
	if (l->counted && memcmp(&client, &l->peer, sizeof client) == 0)
		return true;
	if (l->counted)
		peers_drop(s->peers, &l->peer);
	l->peer = client;
	l->counted = count(s, &client);
	if (!l->counted)
		metric_add(METRIC_REJECTED, 1);
	return l->counted;
}

void listener_forget(struct server *s, struct link *l)
{
	if (l->counted)
		peers_drop(s->peers, &l->peer);
	link_free(&s->links, l);
	metric_add(METRIC_CONNECTIONS, -1);
}

static void url_of(struct listener *l, int fd)
{
	struct sockaddr_storage sa = {0};
	socklen_t n = sizeof sa;
	char host[64], port[16];

	if (getsockname(fd, (struct sockaddr *)&sa, &n) != 0 ||
	    getnameinfo((struct sockaddr *)&sa, n, host, sizeof host, port, sizeof port,
			NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return;
	snprintf(l->url, sizeof l->url, strchr(host, ':') ? "http://[%s]:%s/" : "http://%s:%s/",
		 host, port);
}

static int bind_socket(const struct addrinfo *ai, int *out)
{
	int one = 1;
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
		int why = -errno;

		close(fd);
		return why;
	}
	*out = fd;
	return 0;
}

static int socket_for(const struct settings *s, int *out, struct err *err)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC,
				 .ai_socktype = SOCK_STREAM,
				 .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *found = NULL;
	char host[64], port_text[16];
	int port, rc;

	if ((rc = settings_listen(s, host, &port, err)) != 0)
		return rc;
	snprintf(port_text, sizeof port_text, "%d", port);
	rc = getaddrinfo(host, port_text, &hints, &found);
	if (rc != 0)
		return err_set(err, ERR_INVALID,
			       "cannot listen on %s: %s; set --listen to an address of "
			       "this machine, as 127.0.0.1:8080",
			       s->listen, gai_strerror(rc));
	rc = bind_socket(found, out);
	freeaddrinfo(found);
	if (rc == -EADDRINUSE)
		return err_set(err, ERR_IO,
			       "cannot listen on %s: the address is in use; stop the other "
			       "program or choose another port with --listen",
			       s->listen);
	if (rc != 0)
		return err_set(err, ERR_IO,
			       "cannot listen on %s: %s; choose another address with --listen",
			       s->listen, strerror(-rc));
	return 0;
}

int listener_open(struct listener *l, struct server *s, struct err *err)
{
	int fd = -1, rc;

	*l = (struct listener){.server = s, .spare_fd = -1};
	if ((rc = socket_for(s->settings, &fd, err)) != 0)
		return rc;
	url_of(l, fd);
	if ((rc = watch_open(&l->watch, s, fd, accept_ready, l, err)) != 0)
		return rc;
	l->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return 0;
}

void listener_close(struct listener *l)
{
	watch_close(&l->watch);
	if (l->spare_fd >= 0)
		close(l->spare_fd);
	l->spare_fd = -1;
}

void listener_sweep(struct listener *l)
{
	if (!l->paused)
		return;
	l->paused = false;
	watch_resume(&l->watch);
}
