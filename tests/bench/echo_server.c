/* The peer that kefud is measured against: a bare libwebsockets server that echoes text frames in
 * the library's documented way (queue, ask for WRITEABLE, one lws_write a callback). It reads no
 * JSON, knows no session, writes no database: what is left is the cost of the socket.
 *
 *	echo_server PORT        (0 takes a free one; prints "listening on http://127.0.0.1:PORT/")
*/
#include <libwebsockets.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct message {
	struct message *next;
	size_t n;
	unsigned char bytes[]; /* LWS_PRE of room, then n */
};

struct peer {
	struct message *head, **tail;
};

static volatile sig_atomic_t stopping;

static void stop(int signal_number)
{
	(void)signal_number;
	stopping = 1;
}

static int receive(struct lws *wsi, struct peer *p, const void *in, size_t n)
{
	struct message *m = malloc(sizeof *m + LWS_PRE + n);

	if (!m)
		return -1;
	m->next = NULL;
	m->n = n;
	memcpy(m->bytes + LWS_PRE, in, n);
	*p->tail = m;
	p->tail = &m->next;
	lws_callback_on_writable(wsi);
	return 0;
}

static void drop_first(struct peer *p)
{
	struct message *m = p->head;

	p->head = m->next;
	if (!p->head)
		p->tail = &p->head;
	free(m);
}

static int writable(struct lws *wsi, struct peer *p)
{
	size_t n;
	int sent;

	if (!p->head)
		return 0;
	n = p->head->n;
	sent = lws_write(wsi, p->head->bytes + LWS_PRE, n, LWS_WRITE_TEXT);
	drop_first(p);
	if (sent < (int)n)
		return -1;
	if (p->head)
		lws_callback_on_writable(wsi);
	return 0;
}

static int run(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n)
{
	struct peer *p = user;

	switch ((int)reason) {
	case LWS_CALLBACK_ESTABLISHED:
		p->head = NULL;
		p->tail = &p->head;
		return 0;
	case LWS_CALLBACK_RECEIVE:
		return receive(wsi, p, in, n);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return writable(wsi, p);
	case LWS_CALLBACK_CLOSED:
		while (p->head)
			drop_first(p);
		return 0;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{"kefu.v1", run, sizeof(struct peer), 4096, 0, NULL, 65536},
	{0},
};

int main(int argc, char **argv)
{
	struct lws_context_creation_info info = {
		.port = argc > 1 ? atoi(argv[1]) : 0,
		.iface = "lo",
		.protocols = protocols,
		.options = LWS_SERVER_OPTION_DISABLE_IPV6 | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
	};
	struct lws_context *context;
	struct lws_vhost *vhost;
	int n = 0;

	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	lws_set_log_level(LLL_ERR, NULL);
	context = lws_create_context(&info);
	vhost = context ? lws_create_vhost(context, &info) : NULL;
	if (!vhost)
		return 1;
	printf("listening on http://127.0.0.1:%d/\n", lws_get_vhost_listen_port(vhost));
	fflush(stdout);
	while (n >= 0 && !stopping)
		n = lws_service(context, 0);
	lws_context_destroy(context);
	return 0;
}
