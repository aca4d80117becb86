/* Load on a WebSocket server, from one thread with epoll: each of C connections keeps D messages
 * under way, for S seconds after a warm-up of half a second. A message's time is from its send to
 * its answer.
 *
 *	ws_load --port P [--connections 100] [--depth 1] [--seconds 3] [--text TEXT] [--pid SERVER]
 *
 * Sends {"type":"message","text":TEXT} and counts text frames that are such a frame (an echo) or
 * begin with {"type":"reply". Prints one JSON object: connections, depth, per_second, p50_us,
 * p99_us, errors and, with --pid, server_us (processor time of the server a message). */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DEPTH_MAX = 256, SAMPLES_MAX = 20000000, READ_BYTES = 1 << 18 };

static const char handshake_format[] = "GET /ws HTTP/1.1\r\n"
				       "Host: 127.0.0.1:%d\r\n"
				       "Upgrade: websocket\r\n"
				       "Connection: Upgrade\r\n"
				       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
				       "Sec-WebSocket-Version: 13\r\n"
				       "Sec-WebSocket-Protocol: kefu.v1\r\n\r\n";

struct options {
	int port, connections, depth, pid;
	double seconds;
	const char *text;
};

struct connection {
	int fd;
	bool open; /* upgraded */
	unsigned char *in;
	size_t in_n, in_cap;
	uint64_t sent_ns[DEPTH_MAX]; /* a ring: answers come in order */
	unsigned first, under_way;
};

struct load {
	struct options o;
	int epoll;
	unsigned char *batch; /* depth frames, one behind the other */
	size_t frame_n;
	struct connection *connections;
	uint32_t *samples; /* ns */
	size_t n_samples, errors;
	bool measuring;
	uint64_t end_ns;
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Nanoseconds on a processor, over all threads of the server. */
static double server_ns(int pid)
{
	char path[320];
	double sum = 0;
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%d/task", pid);
	d = pid ? opendir(path) : NULL;
	while (d && (e = readdir(d))) {
		unsigned long long ns;
		FILE *f;

		snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", pid, e->d_name);
		f = e->d_name[0] == '.' ? NULL : fopen(path, "r");
		if (f && fscanf(f, "%llu", &ns) == 1)
			sum += (double)ns;
		if (f)
			fclose(f);
	}
	if (d)
		closedir(d);
	return sum;
}

/* ---- frames ---- */

static void make_batch(struct load *l)
{
	static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
	char payload[60000];
	int n = snprintf(payload, sizeof payload, "{\"type\":\"message\",\"text\":\"%s\"}",
			 l->o.text);
	unsigned char head[8] = {0x81, (unsigned char)(0x80 | n)};
	size_t head_n = 2;

	if (n > 125) {
		head[1] = 0x80 | 126;
		head[2] = (unsigned char)(n >> 8);
		head[3] = (unsigned char)n;
		head_n = 4;
	}
	l->frame_n = head_n + 4 + (size_t)n;
	l->batch = malloc(l->frame_n * (size_t)l->o.depth);
	for (int i = 0; i < l->o.depth; i++) {
		unsigned char *at = l->batch + l->frame_n * (size_t)i;

		memcpy(at, head, head_n);
		memcpy(at + head_n, mask, 4);
		for (int k = 0; k < n; k++)
			at[head_n + 4 + (size_t)k] = (unsigned char)(payload[k] ^ mask[k & 3]);
	}
}

/* Length of the whole frame at p, 0 while its header is not complete; *payload = offset of its
 * bytes. */
static size_t frame_length(const unsigned char *p, size_t n, size_t *payload)
{
	uint64_t length = 0;

	if (n < 2)
		return 0;
	*payload = p[1] < 126 ? 2 : p[1] == 126 ? 4 : 10;
	if (n < *payload)
		return 0;
	if (p[1] < 126)
		return *payload + p[1];
	for (size_t i = 2; i < *payload; i++)
		length = length << 8 | p[i];
	return *payload + (size_t)length;
}

static bool is_answer(const unsigned char *p, size_t n)
{
	static const char reply[] = "{\"type\":\"reply\"", echo[] = "{\"type\":\"message\"";

	return (n >= sizeof reply - 1 && memcmp(p, reply, sizeof reply - 1) == 0) ||
	       (n >= sizeof echo - 1 && memcmp(p, echo, sizeof echo - 1) == 0);
}

/* ---- connections ---- */

static void fail(struct load *l, struct connection *c)
{
	l->errors++;
	close(c->fd);
	c->fd = -1;
}

static bool send_messages(struct load *l, struct connection *c, unsigned n)
{
	size_t bytes = l->frame_n * n;
	uint64_t now = now_ns();

	for (unsigned i = 0; i < n; i++)
		c->sent_ns[(c->first + c->under_way++) % DEPTH_MAX] = now;
	/* The socket's buffer holds all that is ever under way, so a short write is an error. */
	return send(c->fd, l->batch, bytes, MSG_NOSIGNAL) == (ssize_t)bytes;
}

static void take_answer(struct load *l, struct connection *c)
{
	uint64_t took = now_ns() - c->sent_ns[c->first];

	c->first = (c->first + 1) % DEPTH_MAX;
	c->under_way--;
	if (l->measuring && l->n_samples < SAMPLES_MAX)
		l->samples[l->n_samples++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
}

/* Answers in what came so far; false: the server closed or sent an error. */
static bool read_frames(struct load *l, struct connection *c, unsigned *answers)
{
	size_t at = 0, payload, n;

	while ((n = frame_length(c->in + at, c->in_n - at, &payload)) && n <= c->in_n - at) {
		unsigned char opcode = c->in[at] & 15;

		if (opcode == 8)
			return false;
		if (opcode == 1 && is_answer(c->in + at + payload, n - payload) && c->under_way) {
			take_answer(l, c);
			++*answers;
		}
		at += n;
	}
	memmove(c->in, c->in + at, c->in_n - at);
	c->in_n -= at;
	return true;
}

static bool read_handshake(struct connection *c)
{
	unsigned char *end = memmem(c->in, c->in_n, "\r\n\r\n", 4);

	if (!end)
		return true;
	if (memcmp(c->in, "HTTP/1.1 101", 12) != 0)
		return false;
	end += 4;
	c->in_n -= (size_t)(end - c->in);
	memmove(c->in, end, c->in_n);
	c->open = true;
	return true;
}

static void service(struct load *l, struct connection *c)
{
	unsigned answers = 0;
	ssize_t got;

	if (c->in_cap - c->in_n < READ_BYTES) {
		c->in_cap = c->in_n + READ_BYTES;
		c->in = realloc(c->in, c->in_cap);
	}
	got = recv(c->fd, c->in + c->in_n, c->in_cap - c->in_n, MSG_DONTWAIT);
	if (got <= 0) {
		if (got == 0 || errno != EAGAIN)
			fail(l, c);
		return;
	}
	c->in_n += (size_t)got;
	if (!c->open) {
		if (!read_handshake(c))
			fail(l, c);
		return;
	}
	if (!read_frames(l, c, &answers) ||
	    (answers && now_ns() < l->end_ns && !send_messages(l, c, answers)))
		fail(l, c);
}

static bool connect_one(struct load *l, struct connection *c)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)l->o.port),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
	char request[512];
	int one = 1, n = snprintf(request, sizeof request, handshake_format, l->o.port);

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&a, sizeof a) != 0)
		return false;
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (send(c->fd, request, (size_t)n, MSG_NOSIGNAL) != n)
		return false;
	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e) == 0;
}

static void pump(struct load *l, int timeout_ms)
{
	struct epoll_event events[256];
	int n = epoll_wait(l->epoll, events, 256, timeout_ms);

	for (int i = 0; i < n; i++)
		service(l, events[i].data.ptr);
}

static size_t count_open(const struct load *l)
{
	size_t n = 0;

	for (int i = 0; i < l->o.connections; i++)
		n += l->connections[i].open;
	return n;
}

/* ---- the run ---- */

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static double percentile(const struct load *l, double p)
{
	return l->n_samples ? l->samples[(size_t)((double)(l->n_samples - 1) * p)] / 1e3 : 0;
}

static bool open_all(struct load *l)
{
	uint64_t until = now_ns() + 20 * UINT64_C(1000000000);

	for (int i = 0; i < l->o.connections; i++) {
		if (!connect_one(l, &l->connections[i]))
			return false;
		pump(l, 0);
	}
	while (count_open(l) < (size_t)l->o.connections && !l->errors && now_ns() < until)
		pump(l, 100);
	return count_open(l) == (size_t)l->o.connections;
}

static void run(struct load *l)
{
	uint64_t begin = now_ns() + 500000000u, from = 0;
	double cpu = 0;

	l->end_ns = begin + (uint64_t)(l->o.seconds * 1e9);
	for (int i = 0; i < l->o.connections; i++)
		if (!send_messages(l, &l->connections[i], (unsigned)l->o.depth))
			fail(l, &l->connections[i]);
	while (now_ns() < l->end_ns) {
		if (!l->measuring && now_ns() >= begin) {
			l->measuring = true;
			from = now_ns();
			cpu = server_ns(l->o.pid);
		}
		pump(l, 50);
	}
	double seconds = (double)(now_ns() - from) / 1e9;

	cpu = server_ns(l->o.pid) - cpu;
	qsort(l->samples, l->n_samples, sizeof *l->samples, by_size);
	printf("{\"connections\":%d,\"depth\":%d,\"per_second\":%.0f,\"p50_us\":%.1f,\"p99_us\":%."
	       "1f,"
	       "\"errors\":%zu,\"server_us\":%.3f}\n",
	       l->o.connections, l->o.depth, (double)l->n_samples / seconds, percentile(l, 0.5),
	       percentile(l, 0.99), l->errors,
	       l->o.pid && l->n_samples ? cpu / 1e3 / (double)l->n_samples : 0);
}

static bool options_read(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {
		{"port", 1, NULL, 'p'},	   {"connections", 1, NULL, 'c'}, {"depth", 1, NULL, 'd'},
		{"seconds", 1, NULL, 's'}, {"text", 1, NULL, 't'},	  {"pid", 1, NULL, 'P'},
		{NULL, 0, NULL, 0}};
	int c;

	*o = (struct options){.connections = 100, .depth = 1, .seconds = 3, .text = "怎么申请退款"};
	while ((c = getopt_long(argc, argv, "", names, NULL)) >= 0) {
		switch (c) {
		case 'p':
			o->port = atoi(optarg);
			break;
		case 'c':
			o->connections = atoi(optarg);
			break;
		case 'd':
			o->depth = atoi(optarg);
			break;
		case 's':
			o->seconds = atof(optarg);
			break;
		case 't':
			o->text = optarg;
			break;
		case 'P':
			o->pid = atoi(optarg);
			break;
		default:
			return false;
		}
	}
	return o->port > 0 && o->connections > 0 && o->depth > 0 && o->depth < DEPTH_MAX &&
	       o->seconds > 0 && strlen(o->text) < 50000;
}

int main(int argc, char **argv)
{
	struct load l = {0};

	if (!options_read(&l.o, argc, argv)) {
		fprintf(stderr,
			"usage: ws_load --port P [--connections C] [--depth D < %d] [--seconds S] "
			"[--text TEXT] [--pid SERVER]\n",
			DEPTH_MAX);
		return 2;
	}
	l.epoll = epoll_create1(EPOLL_CLOEXEC);
	l.connections = calloc((size_t)l.o.connections, sizeof *l.connections);
	l.samples = malloc(SAMPLES_MAX * sizeof *l.samples);
	make_batch(&l);
	if (!open_all(&l)) {
		fprintf(stderr, "ws_load: %zu of %d connections came up\n", count_open(&l),
			l.o.connections);
		return 1;
	}
	run(&l);
	return l.errors ? 1 : 0;
}
