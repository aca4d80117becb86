/* The staff's API under /admin/api/ (docs/admin-api.md): one table says which request may be made by
 * whom, and what carries it out.
 *
 *	admin_open     headers and parameters (loop)
 *	admin_body     the body is there, `prepare` may refuse it; to the desk (loop)
 *	admin_run      cookie, CSRF token, role, JSON, then `work` (desk)
 *	admin_collect  `finish`, the answer (loop) */
#ifndef NET_ADMIN_H
#define NET_ADMIN_H

#include "net/attempts.h"
#include "net/desk.h"
#include "net/http.h"

enum admin_method { ADMIN_GET, ADMIN_POST, ADMIN_PUT };

/* One endpoint. At least one of work and finish is there. */
struct admin_row {
	const char *name; /* behind /admin/api/ */
	enum admin_method method;
	enum staff_role least; /* ROLE_NONE: for those who are not signed in */
	enum desk_lane lane;
	void (*work)(struct call *c, struct store *s);
	/* The answer is in the call, or not yet: then this gives it. */
	void (*finish)(struct request *r, struct call *c);
	const char *params[CALL_PARAMS]; /* of the query; others are ignored */
	const char *may; /* its name in `me`'s list; NULL: name; "": none of its own */
	bool (*prepare)(struct request *r, struct call *c); /* false: it has answered */
	bool big;					    /* the body may have ADMIN_BODY_MAX */
	bool latest; /* of those that wait for one person the newest is enough */
};

enum {
	ADMIN_BODY_MAX = 8 << 20,
	ADMIN_SMALL_MAX = 64 << 10,
	ADMIN_KNOWN = 256,
	STAFF_SESSION_MS = 12 * 3600 * 1000,
};

struct admin {
	struct desk *desk;
	struct attempts *attempts;
	/* Cookies that were good not long ago: only who has one may make us take in a large body. */
	char known[ADMIN_KNOWN][CALL_TOKEN + 1];
	size_t next_known;
};

extern const struct admin_row admin_rows[];
extern const size_t admin_rows_n;

MUST_USE int admin_start(struct server *s, struct err *err);
void admin_stop(struct server *s);
void admin_collect(struct server *s);

/* ---- from http.c ---- */
int admin_open(struct request *r, int method);
void admin_body(struct request *r);

/* ---- for the endpoints ---- */
/* Answers with what the call holds. `more`: header lines. */
void admin_answer(struct request *r, struct call *c, const char *more);
/* A snapshot is in service: its files' texts, where they are new, go into the history. */
void admin_note_snapshot(struct server *s);
void admin_note_files(struct call *c, struct store *s); /* the desk's part of it */
/* The Set-Cookie line; token "" takes the cookie back. */
void admin_cookie(char out[256], const char *token, bool secure);

/* ---- the endpoints ---- */
bool admin_login_prepare(struct request *r, struct call *c);
void admin_login_work(struct call *c, struct store *s);
void admin_login_finish(struct request *r, struct call *c);
void admin_logout_work(struct call *c, struct store *s);
void admin_logout_finish(struct request *r, struct call *c);
void admin_me_work(struct call *c, struct store *s);
void admin_status_finish(struct request *r, struct call *c);
void admin_reload_work(struct call *c, struct store *s);
void admin_reload_finish(struct request *r, struct call *c);
void admin_audit_work(struct call *c, struct store *s);
void admin_ask_finish(struct request *r, struct call *c);
void admin_files_work(struct call *c, struct store *s);
void admin_file_work(struct call *c, struct store *s);
void admin_history_work(struct call *c, struct store *s);
void admin_version_work(struct call *c, struct store *s);
void admin_rules_work(struct call *c, struct store *s);
void admin_faq_work(struct call *c, struct store *s);
void admin_conversations_work(struct call *c, struct store *s);
void admin_conversation_work(struct call *c, struct store *s);
void admin_learner_work(struct call *c, struct store *s);
void admin_suggest_work(struct call *c, struct store *s);
void admin_canned_work(struct call *c, struct store *s);
void admin_canned_put_work(struct call *c, struct store *s);
void admin_stats_work(struct call *c, struct store *s);
void admin_problems_work(struct call *c, struct store *s);
void admin_check_work(struct call *c, struct store *s);
void admin_save_work(struct call *c, struct store *s);
void admin_rollback_work(struct call *c, struct store *s);
void admin_unanswered_work(struct call *c, struct store *s);
void admin_mark_work(struct call *c, struct store *s);
void admin_draft_work(struct call *c, struct store *s);

/* A file with a draft in it, to be saved as PUT file does, or only looked at. */
struct admin_drafted {
	struct str file, path, text; /* NUL-terminated; as people name it; with the draft */
	char base[33];		     /* version of the text it was made from */
	struct str diff, comment;    /* comment: unless the body has one */
	size_t line;
	bool preview;
};
void admin_save_drafted(struct call *c, struct store *s, const struct admin_drafted *d);

#endif
