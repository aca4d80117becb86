/* Who is behind a reverse proxy: X-Forwarded-For, believed only from the proxies of the setting
 *`proxies`.
 *
 *	X-Forwarded-For: what the client claimed, 203.0.113.7, 10.0.0.2
 *	                                          ^ the client   ^ a proxy of ours
 *
 * Each proxy adds whom it saw at the right end, so the client is the rightmost address that is not
 * one of ours; what stands left of it anybody may have written. */
#ifndef NET_FORWARDED_H
#define NET_FORWARDED_H

#include "net/peers.h"
#include "text/err.h"

enum { FORWARDED_MAX = 16 };

struct forwarded {
	struct peer proxies[FORWARDED_MAX];
	size_t n;
};

/* Reads the setting, a comma list of addresses. */
MUST_USE int forwarded_read(struct forwarded *f, struct str list, struct err *err);
bool forwarded_trusts(const struct forwarded *f, const struct peer *who);
/* The client named by the header; false when it names none. */
bool forwarded_client(const struct forwarded *f, struct str header, struct peer *out);

#endif
