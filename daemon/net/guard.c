#include "net/guard.h"

#include "net/header.h"
#include "net/server.h"
#include "secret.h"

enum { BEARER_MAX = 1024 };

/* Hashes are compared, so that not even the key's length shows in the time it takes. */
static bool has_key(struct request *r, struct str key)
{
	char text[BEARER_MAX];
	struct str given = header_read(r->wsi, WSI_TOKEN_HTTP_AUTHORIZATION, text, sizeof text);
	unsigned char a[32], b[32];

	if (!str_starts(given, STR("Bearer ")))
		return false;
	secret_hash(str_trim(str_sub(given, strlen("Bearer "), given.n)), a);
	secret_hash(key, b);
	return secret_equal((struct str){(const char *)a, sizeof a},
			    (struct str){(const char *)b, sizeof b});
}

/* From this machine, and not passed on for somebody else by a proxy nobody has told us of. */
static bool is_ours(struct request *r)
{
	bool passed_on = header_length(r->wsi, WSI_TOKEN_X_FORWARDED_FOR) ||
			 header_length(r->wsi, WSI_TOKEN_HTTP_VIA) ||
			 lws_hdr_custom_length(r->wsi, "forwarded:", strlen("forwarded:")) >= 0;

	return peer_is_loopback(&r->link->peer) && (!passed_on || r->link->proxied);
}

const char *guard_refuses(struct request *r)
{
	struct str key = str_of(r->server->settings->api_key);

	if (key.n)
		return has_key(r, key) ? NULL
				       : "this needs the key of the setting 'api-key': "
					 "Authorization: Bearer KEY";
	return is_ours(r) ? NULL
			  : "from other machines this needs a key: set 'api-key' at the daemon and "
			    "send it as Authorization: Bearer KEY";
}
