/* Who a learner is, said by the platform: a JWT signed with HS256 and the setting `identity-key`.
 *
 * {"sub":"u42","exp":1772330400} — sub is the learner's id in events and recommendations, exp
 * (needed) and nbf (if any) are checked. The header must say HS256 and nothing else: "none" and
 * public-key algorithms are refused. */
#ifndef NET_IDENTITY_H
#define NET_IDENTITY_H

#include "text/err.h"

enum { IDENTITY_USER_MAX = 128 };

/* `user` is NUL-terminated. ERR_DENIED says why not. */
MUST_USE int identity_read(struct str jwt, struct str key, int64_t now_unix_ms,
			   char user[IDENTITY_USER_MAX + 1], struct err *err);

#endif
