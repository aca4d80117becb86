/* One request of the staff on its way through the daemon:
 *
 *	loop: headers, parameters, body -> desk thread: who is it, may they, the work -> loop: the answer
 *
 * It owns what it was asked and what it answers. Between the two loop ends it belongs to the desk
 * alone, so the work may read the database and build snapshots; it sees nothing of the server but
 * the settings (constant) and the snapshot that was in service when it was asked. */
#ifndef NET_CALL_H
#define NET_CALL_H

#include "bot/snapshot.h"
#include "json.h"
#include "kb/store_staff.h"
#include "settings.h"

struct admin_row;

enum { CALL_PARAMS = 10, CALL_TOKEN = 64 };

struct call {
	struct call *next;
	const struct admin_row *row; /* NULL: the daemon's own errand, nobody waits */
	uint64_t link;		     /* who waits: the connection, and which of its requests */
	unsigned request;
	struct arena arena; /* all strs below, unless said otherwise */

	/* asked */
	const struct settings *settings;
	struct snapshot *snapshot; /* one reference */
	int64_t now_unix_ms;
	char token[CALL_TOKEN + 1]; /* the cookie's, "" = none */
	struct str csrf;	    /* X-CSRF-Token */
	char origin[64];	    /* the client's address, for the log */
	bool secure;		    /* it came over https */
	struct str params[CALL_PARAMS];
	struct buf body;
	struct json *json; /* the body, once read; strings borrowed from it live as long as the call
			    */

	/* who it is, once known */
	struct str name;
	enum staff_role role;
	bool renew; /* the cookie is to be set again */

	/* answered */
	int status;
	struct buf out;	    /* 2xx: the JSON */
	struct buf members; /* else: further members of the problem, without braces */
	char detail[600];
	int retry_s;		    /* Retry-After; 0 = none */
	char fresh[CALL_TOKEN + 1]; /* login: the new cookie's token */
};

struct call *call_new(void);
void call_free(struct call *c); /* NULL is fine */

/* A refusal: status, code (kebab-case, for programs) and words. */
void call_problem(struct call *c, int status, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* 400 about one parameter or member. */
void call_wrong(struct call *c, const char *name, const char *what);
/* What the database said: 503 when it is busy or unwell, 404 for ERR_NOT_FOUND. */
void call_failed(struct call *c, int rc, const struct err *err);

/* The parameter `name` of the row's list; "" when not given. */
struct str call_param(const struct call *c, const char *name);
/* A whole number in [min, max]; `*out` is left alone when it is not given. False: the problem is
 * set. */
bool call_number(struct call *c, const char *name, int64_t min, int64_t max, int64_t *out);
/* A text member of the body. `max` bytes; false: the problem is set. Absent: "" unless `needed`. */
bool call_text(struct call *c, const char *name, bool needed, size_t max, struct str *out);
/* The parameter or member `ui`: true for zh; else the process' own language. */
bool call_chinese(const struct call *c);

/* The token in a Cookie header: "a=1; kefu_staff=9c0f…; b=2"; "" = none. Two of that name: another page of
 * this domain has put one there, and which is ours nobody knows: none. */
void call_cookie(struct str header, char out[CALL_TOKEN + 1]);
/* The X-CSRF-Token that goes with a cookie. */
void call_csrf(const char *token, char out[65]);
/* The name under which the database knows a cookie. */
void call_token_hash(const char *token, char out[65]);

/* One line in the log of the staff. */
void call_audit(struct call *c, struct store *s, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
