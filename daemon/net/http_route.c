#include "net/admin.h"

enum { EVENTS_BODY_MAX = 1 << 20 };

static const struct route routes[] = {
	{.path = "/healthz", .get = http_healthz},
	{.path = "/readyz", .get = http_readyz},
	{.path = "/metrics", .get = http_metrics, .guarded = true},
	{.path = "/admin", .get = http_admin},
	{.path = "/admin/api/", .prefix = true, .open = admin_open, .post = admin_body},
	{.path = "/openapi.json", .get = http_openapi, .cors = true},
	{.path = "/recommend", .get = http_recommend, .cors = true, .guarded = true},
	{.path = "/speech", .post = http_speech, .cors = true},
	{.path = "/message",
	 .post = http_message,
	 .found = http_message_found,
	 .committed = http_message_committed,
	 .cors = true,
	 .guarded = true},
	{.path = "/events",
	 .post = http_events,
	 .committed = http_events_committed,
	 .body_max = EVENTS_BODY_MAX,
	 .cors = true,
	 .guarded = true},
};

const struct route *route_find(struct str path)
{
	for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
		if (routes[i].prefix ? str_starts(path, str_of(routes[i].path))
				     : str_eq(path, str_of(routes[i].path)))
			return &routes[i];
	}
	return NULL;
}
