#include "tool/ws_client.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "text/mem.h"

enum { WS_TEXT = 1, WS_CONTINUE = 0, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };
enum { WS_MESSAGE_MAX = 16 << 20 };

struct ws_client {
	int fd;
	struct buf in;	    /* bytes read and not yet used */
	struct buf message; /* fragments so far */
};

struct target {
	char host[256], port[8];
	const char *path;
};

static int read_url(const char *url, struct target *t, struct err *err)
{
	const char *host = url + 5, *slash, *colon;
	size_t n;

	if (strncmp(url, "ws://", 5) != 0)
		return err_set(err, ERR_INVALID, "%s: not a ws:// address; write ws://HOST:PORT/ws",
			       url);
	slash = strchr(host, '/');
	t->path = slash ? slash : "/ws";
	n = slash ? (size_t)(slash - host) : strlen(host);
	colon = memchr(host, ':', n);
	snprintf(t->port, sizeof t->port, "%.*s", colon ? (int)(host + n - colon - 1) : 2,
		 colon ? colon + 1 : "80");
	if (colon)
		n = (size_t)(colon - host);
	if (n == 0 || n >= sizeof t->host)
		return err_set(err, ERR_INVALID, "%s: no host in this address", url);
	memcpy(t->host, host, n);
	t->host[n] = '\0';
	return 0;
}

static int connect_to(const struct target *t, int timeout_ms, int *fd, struct err *err)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	const struct timeval limit = {timeout_ms / 1000, (suseconds_t)(timeout_ms % 1000) * 1000};
	struct addrinfo *all = NULL;
	int failed = getaddrinfo(t->host, t->port, &hints, &all);

	if (failed)
		return err_set(err, ERR_IO, "%s: %s", t->host, gai_strerror(failed));
	*fd = -1;
	for (const struct addrinfo *a = all; a && *fd < 0; a = a->ai_next) {
		*fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (*fd < 0)
			continue;
		setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
		setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
		if (connect(*fd, a->ai_addr, a->ai_addrlen) != 0) {
			close(*fd);
			*fd = -1;
		}
	}
	freeaddrinfo(all);
	if (*fd < 0)
		return err_set(err, ERR_IO, "%s:%s: cannot connect: %s; is kefud running?", t->host,
			       t->port, strerror(errno));
	return 0;
}

static int send_all(struct ws_client *c, const void *p, size_t n, struct err *err)
{
	const char *at = p;

	while (n) {
		ssize_t sent = send(c->fd, at, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return err_set(err, ERR_IO, "sending failed: %s", strerror(errno));
		at += sent;
		n -= (size_t)sent;
	}
	return 0;
}

static int read_more(struct ws_client *c, struct err *err)
{
	char chunk[16384];
	ssize_t n = recv(c->fd, chunk, sizeof chunk, 0);

	if (n == 0)
		return err_set(err, ERR_IO, "the server closed the connection");
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return err_set(err, ERR_BUSY, "no answer in time");
	if (n < 0)
		return err_set(err, ERR_IO, "reading failed: %s", strerror(errno));
	buf_put(&c->in, chunk, (size_t)n);
	return 0;
}

static void drop(struct buf *b, size_t n)
{
	memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
}

static void make_key(char out[25])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char random[16];

	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		memset(random, 'k', sizeof random);
	for (int i = 0; i < 21; i++)
		out[i] = digits[random[i % 16] & 63];
	memcpy(out + 21, "A==", 4); /* 16 bytes end in a digit with four zero bits */
}

static int handshake(struct ws_client *c, const struct target *t, struct err *err)
{
	struct buf request = {0};
	char key[25];
	char *end = NULL;
	int rc;

	make_key(key);
	buf_printf(&request,
		   "GET %s HTTP/1.1\r\nHost: %s:%s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		   "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n"
		   "Sec-WebSocket-Protocol: kefu.v1\r\n\r\n",
		   t->path, t->host, t->port, key);
	rc = send_all(c, request.p, request.n, err);
	buf_done(&request);
	while (rc == 0 && !(c->in.n && (end = strstr(c->in.p, "\r\n\r\n")))) {
		rc = read_more(c, err);
		if (rc == 0 && c->in.n > 65536)
			rc = err_set(err, ERR_INVALID,
				     "the server's answer is no WebSocket handshake");
	}
	if (rc != 0)
		return rc;
	if (strncmp(c->in.p, "HTTP/1.1 101", 12) != 0)
		return err_set(err, ERR_DENIED, "the server refused the WebSocket: %.*s",
			       (int)strcspn(c->in.p, "\r\n"), c->in.p);
	drop(&c->in, (size_t)(end - c->in.p) + 4);
	return 0;
}

int ws_open(const char *url, int timeout_ms, struct ws_client **out, struct err *err)
{
	struct target target;
	struct ws_client *c;
	int fd = -1, rc = read_url(url, &target, err);

	if (rc == 0)
		rc = connect_to(&target, timeout_ms, &fd, err);
	if (rc != 0)
		return rc;
	c = mem_zalloc(sizeof *c);
	c->fd = fd;
	rc = handshake(c, &target, err);
	if (rc == 0)
		*out = c;
	else
		ws_close(c);
	return rc;
}

/* One masked frame. The mask is constant: it guards proxies, not secrets, and there is no proxy
 * here. */
static int send_frame(struct ws_client *c, int opcode, struct str payload, struct err *err)
{
	static const unsigned char mask[4] = {0x12, 0x34, 0x56, 0x78};
	unsigned char head[14] = {(unsigned char)(0x80 | opcode)};
	struct buf frame = {0};
	size_t n = 2;
	int rc;

	if (payload.n < 126) {
		head[1] = (unsigned char)(0x80 | payload.n);
	} else {
		bool large = payload.n > 0xffff;
		int bytes = large ? 8 : 2;

		head[1] = large ? 0xff : 0xfe;
		for (int i = 0; i < bytes; i++)
			head[n++] = (unsigned char)((uint64_t)payload.n >> (8 * (bytes - 1 - i)));
	}
	buf_put(&frame, head, n);
	buf_put(&frame, mask, 4);
	for (size_t i = 0; i < payload.n; i++)
		buf_char(&frame, (char)((unsigned char)payload.p[i] ^ mask[i % 4]));
	rc = send_all(c, frame.p, frame.n, err);
	buf_done(&frame);
	return rc;
}

int ws_send(struct ws_client *c, struct str text, struct err *err)
{
	return send_frame(c, WS_TEXT, text, err);
}

/* Length of the header and payload of the frame at the front of `in`; false when it is not all
 * there. */
static bool frame_size(const struct buf *in, size_t *head, uint64_t *payload)
{
	const unsigned char *p = (const unsigned char *)in->p;
	int extra;

	if (in->n < 2)
		return false;
	*payload = p[1] & 0x7f;
	extra = *payload == 127 ? 8 : *payload == 126 ? 2 : 0;
	*head = 2 + (size_t)extra;
	if (in->n < *head)
		return false;
	if (extra)
		*payload = 0;
	for (int i = 0; i < extra; i++)
		*payload = *payload << 8 | p[2 + i];
	return *payload > WS_MESSAGE_MAX || in->n >= *head + *payload;
}

/* 1: a message is complete; 0: go on; negative: failed. */
static int take_frame(struct ws_client *c, size_t head, size_t n, struct err *err)
{
	unsigned char first = (unsigned char)c->in.p[0];
	struct str payload = {c->in.p + head, n};
	int rc = 0;

	switch (first & 15) {
	case WS_TEXT:
	case WS_CONTINUE:
		buf_put(&c->message, payload.p, payload.n);
		rc = (first & 0x80) != 0;
		break;
	case WS_PING:
		rc = send_frame(c, WS_PONG, payload, err);
		break;
	case WS_CLOSE:
		rc = err_set(err, ERR_IO, "the server closed the WebSocket with code %d",
			     n >= 2 ? (unsigned char)payload.p[0] << 8 | (unsigned char)payload.p[1]
				    : 1005);
		break;
	default:
		break;
	}
	drop(&c->in, head + n);
	return rc;
}

int ws_receive(struct ws_client *c, struct str *out, struct err *err)
{
	buf_reset(&c->message);
	for (;;) {
		size_t head;
		uint64_t n;
		int rc = 0;

		if (!frame_size(&c->in, &head, &n))
			rc = read_more(c, err);
		else if (n > WS_MESSAGE_MAX)
			rc = err_set(err, ERR_LIMIT, "the server sent a frame of %llu bytes",
				     (unsigned long long)n);
		else
			rc = take_frame(c, head, (size_t)n, err);
		if (rc < 0)
			return rc;
		if (rc > 0) {
			*out = buf_view(&c->message);
			return 0;
		}
	}
}

void ws_close(struct ws_client *c)
{
	if (!c)
		return;
	if (send_frame(c, WS_CLOSE, (struct str){"\x03\xe8", 2}, NULL) == 0)
		shutdown(c->fd, SHUT_WR);
	close(c->fd);
	buf_done(&c->in);
	buf_done(&c->message);
	free(c);
}
