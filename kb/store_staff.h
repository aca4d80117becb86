/* The staff: accounts, who is signed in, and the log of what was done.
 *
 * Passwords come and stay as hashes of argon2id, cookies as hashes, too: whoever reads the database can
 * sign in as nobody. What ends a member's rights (another password or role, removal) ends their sessions
 * in the same transaction. */
#ifndef KB_STORE_STAFF_H
#define KB_STORE_STAFF_H

#include "kb/store.h"

/* Each may do all that those before it may. */
enum staff_role { ROLE_NONE, ROLE_VIEWER, ROLE_AGENT, ROLE_EDITOR, ROLE_ADMIN };

const char *staff_role_name(enum staff_role role); /* "none" for ROLE_NONE */
bool staff_role_read(struct str word, enum staff_role *out);

enum { STAFF_NAME_MAX = 64, STAFF_PASSWORD_MIN = 8, STAFF_PASSWORD_MAX = 1024 };

/* 1 to STAFF_NAME_MAX bytes of UTF-8 without spaces and control characters. */
bool staff_name_valid(struct str name);

struct staff {
	struct str name;
	enum staff_role role;
	struct str password; /* the hash */
	int64_t made_unix_ms;
	int64_t seen_unix_ms; /* of the newest session; 0 = none */
};

/* ERR_DENIED when the name is taken. */
MUST_USE int store_staff_add(struct store *s, const struct staff *who, struct err *err);
/* These three: ERR_NOT_FOUND when there is no such account. */
MUST_USE int store_staff_password(struct store *s, struct str name, struct str hash,
				  struct err *err);
MUST_USE int store_staff_role(struct store *s, struct str name, enum staff_role role,
			      struct err *err);
MUST_USE int store_staff_remove(struct store *s, struct str name, struct err *err);
MUST_USE int store_staff_get(struct store *s, struct arena *a, struct str name, struct staff *out,
			     struct err *err);
/* By name; everything in `a`. */
MUST_USE int store_staff_list(struct store *s, struct arena *a, struct staff **rows, size_t *n,
			      struct err *err);
MUST_USE int store_staff_any(struct store *s, bool *any, struct err *err);

/* ---- who is signed in ---- */

MUST_USE int store_staff_enter(struct store *s, struct str hash, struct str name, int64_t now,
			       struct err *err);
/* Name, role and seen of the session last seen after `oldest`; ERR_NOT_FOUND when there is none. */
MUST_USE int store_staff_session(struct store *s, struct arena *a, struct str hash, int64_t oldest,
				 struct staff *out, struct err *err);
MUST_USE int store_staff_seen(struct store *s, struct str hash, int64_t now, struct err *err);
MUST_USE int store_staff_leave(struct store *s, struct str hash, struct err *err);
/* Deletes sessions not seen since. */
MUST_USE int store_staff_sweep(struct store *s, int64_t oldest, struct err *err);

/* ---- the log ---- */

struct audit_row {
	int64_t id; /* given by the database */
	int64_t at_unix_ms;
	struct str who, origin, what, detail;
};

MUST_USE int store_audit_put(struct store *s, const struct audit_row *row, struct err *err);
/* Newest first, those with id < before (0 = all), of `who` unless that is "". */
MUST_USE int store_audit_list(struct store *s, struct arena *a, int64_t before, struct str who,
			      size_t max, struct audit_row **rows, size_t *n, struct err *err);

#endif
