/* Who a learner is, said by the platform: a JWT (RFC 7519) that it signed.
 *
 *	{"alg":"HS256"} . {"sub":"u42","exp":1772330400,"aud":"kefu"} . signature
 *
 * sub is the learner's id in events and recommendations; exp (needed) and nbf (if any) are checked, and
 * aud when the setting `identity-audience` names one. Believed are the algorithms that the settings
 * give a key for, and no others: HS256 with `identity-key`, RS256 and EdDSA with the keys of
 * `identity-public-keys`. The header chooses among them but never the kind of key, so a public key is
 * never taken for a secret. A header with `crit` asks for what we do not know and is refused (RFC 7515
 * §4.1.11). */
#ifndef NET_IDENTITY_H
#define NET_IDENTITY_H

#include "settings.h"

enum { IDENTITY_USER_MAX = 128, IDENTITY_JWT_MAX = 4096 };

/* Whom we believe. Borrows the settings; immutable; any thread. */
struct identity_trust;

/* Reads the file of public keys. */
MUST_USE int identity_trust_new(const struct settings *s, struct identity_trust **out,
				struct err *err);
void identity_trust_free(struct identity_trust *t); /* NULL is fine */

/* The setting `identity`: nobody may chat without one. */
bool identity_required(const struct identity_trust *t);

struct identity {
	char user[IDENTITY_USER_MAX + 1]; /* NUL-terminated */
	int64_t until_unix_ms;		  /* good so long: exp and the leeway of a minute */
};

/* ERR_DENIED says why not. */
MUST_USE int identity_read(const struct identity_trust *t, struct str jwt, int64_t now_unix_ms,
			   struct identity *out, struct err *err);

#endif
