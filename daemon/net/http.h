/* HTTP on the daemon's port: requests in, complete answers out.
 *
 * A request lives from its headers to the last byte of its answer; it hangs on its link, not on the
 * library's per-connection memory. A route handler answers at once (request_answer,
 * request_problem) or later, when the writer or the reader has something (request_committed,
 * request_found). Bodies are handled by the one safe recipe for this library's version (pipelined
 * POST makes it loop or use freed memory): a method with a body only as the first request of a
 * connection, with Content-Length, and the connection closes after the answer. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "net/links.h"
#include "text/err.h"
#include "writer.h"

struct call;
struct speech_job;
struct reader_result;
struct request;

/* One row of the table in http_route.c. */
struct route {
	const char *path;
	bool prefix; /* and all that begins with it */
	/* All methods: what comes of the headers; as request_begin. The fields below are not looked
	 * at, but `post`. */
	int (*open)(struct request *r, int method);
	void (*get)(struct request *r);	 /* GET and HEAD; NULL = not allowed */
	void (*post)(struct request *r); /* the body is in r->body */
	size_t body_max;		 /* 0 = the setting message-bytes */
	bool cors;			 /* for pages of the allowed origins, too */
	bool guarded;			 /* for the platform's own programs: guard.h */
	/* POST: the reader answered; takes the result. */
	void (*found)(struct request *r, struct reader_result *result);
	/* POST: the rows are on the disk, or not. */
	void (*committed)(struct request *r, size_t events, const struct writer_result *result);
};

const struct route *route_find(struct str path);

struct request {
	struct link *link;
	struct server *server;
	struct lws *wsi;
	const struct route *route; /* NULL: an asset */
	char path[256];
	bool head, post, options;
	char origin[256];  /* an allowed page of another origin, "" = none */
	struct call *call; /* of the staff, until the desk has it */
	struct buf body;
	size_t body_wanted;
	int64_t deadline_ms; /* monotonic; for the body, then for the answer */

	bool answered, close;
	struct buf out;		    /* the head, and the body unless it is fixed */
	const unsigned char *fixed; /* constant bytes behind `out` */
	size_t fixed_n, sent;
};

/* ---- called by the callback table; -1: close the connection ---- */
int request_begin(struct link *l, const char *path);
int request_body(struct request *r, struct str piece);
int request_body_done(struct request *r);
int request_writable(struct request *r);
void request_free(struct request *r); /* NULL is fine */

/* ---- called by the loop ---- */
void request_sweep(struct request *r, int64_t now_ms);
void request_found(struct request *r, struct reader_result *result);
void request_committed(struct request *r, size_t events, const struct writer_result *result);

/* ---- called by route->open ---- */
/* A body of at most `max` bytes is to follow: route->post has it when it is whole. Refuses without a
 * Content-Length. As request_begin. */
int request_expect_body(struct request *r, size_t max);

/* ---- called by handlers: exactly one of these ends a request ---- */

/* `more`: further header lines, each ended by CRLF; "" = none. */
void request_answer(struct request *r, int status, const char *type, struct str body,
		    const char *more);
/* The same with constant bytes that are not copied. */
void request_answer_fixed(struct request *r, int status, const char *type,
			  const unsigned char *body, size_t n, const char *more);
/* RFC 9457 problem+json. */
void request_problem(struct request *r, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* With further members in `members` (without braces), e.g. "\"parameter\":\"n\"". */
void request_problem_with(struct request *r, int status, const char *detail, struct str members,
			  const char *more);

/* ---- handlers ---- */
void http_asset(struct request *r); /* one there is: asset_find(r->path) */
void http_healthz(struct request *r);
void http_readyz(struct request *r);
void http_metrics(struct request *r);
void http_admin(struct request *r); /* /admin -> /admin/ */
void http_openapi(struct request *r);
void http_recommend(struct request *r);
void http_speech(struct request *r);
void http_speech_done(struct request *r, const struct speech_job *j);
void http_message(struct request *r);
void http_message_found(struct request *r, struct reader_result *result);
void http_message_committed(struct request *r, size_t events, const struct writer_result *result);
void http_events(struct request *r);
void http_events_committed(struct request *r, size_t events, const struct writer_result *result);

#endif
