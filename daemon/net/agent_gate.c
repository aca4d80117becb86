/* Who may come to the desk: a page of this very host, with the cookie of somebody whose role is agent or more. */
#include <stdlib.h>

#include "kb/store_staff.h"
#include "net/admin.h"
#include "net/agent.h"
#include "net/clock.h"
#include "net/header.h"
#include "net/upgrade.h"
#include "text/mem.h"

bool agent_may(struct server *s, const char *hash, struct agent_pass *out, int *status)
{
	struct arena arena;
	struct staff who;
	struct err err;
	int rc;

	arena_init(&arena);
	rc = store_staff_session(s->assist->store, &arena, str_of(hash),
				 clock_wall_ms() - STAFF_SESSION_MS, &who, &err);
	*status = rc == ERR_NOT_FOUND ? 401 : rc != 0 ? 503 : who.role < ROLE_AGENT ? 403 : 0;
	if (*status == 0 && out) {
		*out = (struct agent_pass){0};
		memcpy(out->name, who.name.p, who.name.n);
		memcpy(out->hash, hash, 64);
	}
	arena_done(&arena);
	return *status == 0;
}

static struct str host_asked(struct link *l, struct str host, char *text, size_t size)
{
	struct str said = STR_NONE;

	if (l->proxied)
		said = header_custom(l->wsi, "x-forwarded-host:", text, size);
	return said.n ? said : host;
}

static int refuse(struct link *l, int status)
{
	if (status == 401)
		return upgrade_refuse(l, "401 Unauthorized", "", "sign in first");
	if (status == 403)
		return upgrade_refuse(l, "403 Forbidden", "", "this needs the role agent");
	return upgrade_refuse(l, "503 Service Unavailable", "Retry-After: 5\r\n",
			      "the accounts cannot be read now");
}

int agent_gate(struct link *l, struct str host)
{
	char text[3072], host_text[256], token[CALL_TOKEN + 1], hash[65];
	struct agent_pass pass;
	struct str origin;
	int status;

	host = host_asked(l, host, host_text, sizeof host_text);
	origin = header_read(l->wsi, WSI_TOKEN_ORIGIN, text, sizeof text);
	if (!origin.n || !settings_origin_same(origin, host))
		return upgrade_refuse(l, "403 Forbidden", "",
				      "the desk is for pages of this very host");
	if (!upgrade_offers(l, STR("kefu.desk.v1")))
		return upgrade_refuse(l, "400 Bad Request", "",
				      "the subprotocol spoken here is kefu.desk.v1");
	call_cookie(header_read(l->wsi, WSI_TOKEN_HTTP_COOKIE, text, sizeof text), token);
	if (!token[0])
		return refuse(l, 401);
	call_token_hash(token, hash);
	if (!agent_may(l->server, hash, &pass, &status))
		return refuse(l, status);
	free(l->staff);
	l->staff = mem_alloc(sizeof *l->staff);
	*l->staff = pass;
	return 0;
}
