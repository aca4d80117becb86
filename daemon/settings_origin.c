#include "settings.h"

#include <strings.h>

static bool same_text(struct str a, struct str b)
{
	return a.n == b.n && (!a.n || strncasecmp(a.p, b.p, a.n) == 0);
}

static struct str without(struct str s, struct str tail)
{
	return str_ends(s, tail) ? str_sub(s, 0, s.n - tail.n) : s;
}

/* "https://Shop.example:443" -> scheme "https", host "Shop.example". The host keeps a port that is
 * not its scheme's own. */
static bool origin_split(struct str origin, struct str *scheme, struct str *host)
{
	size_t at = str_find(origin, STR("://"), 0);

	if (at == SIZE_MAX || !at)
		return false;
	*scheme = str_sub(origin, 0, at);
	*host = str_sub(origin, at + 3, origin.n);
	if (same_text(*scheme, STR("https")))
		*host = without(*host, STR(":443"));
	else if (same_text(*scheme, STR("http")))
		*host = without(*host, STR(":80"));
	return host->n > 0;
}

bool settings_origin_same(struct str origin, struct str host)
{
	struct str scheme, name, own_port = STR(":80");

	if (!origin_split(origin, &scheme, &name))
		return false;
	if (same_text(scheme, STR("https")))
		own_port = STR(":443");
	return same_text(name, without(host, own_port));
}

static bool same_origin(struct str a, struct str b)
{
	struct str scheme_a, host_a, scheme_b, host_b;

	if (!origin_split(a, &scheme_a, &host_a) || !origin_split(b, &scheme_b, &host_b))
		return same_text(a, b); /* "null" */
	return same_text(scheme_a, scheme_b) && same_text(host_a, host_b);
}

bool settings_origin_allowed(const struct settings *s, struct str origin, struct str host)
{
	struct str rest = str_of(s->origins);

	if (!origin.n)
		return true;
	while (rest.n) {
		size_t comma = str_find(rest, STR(","), 0);
		struct str item = without(str_trim(str_sub(rest, 0, comma)), STR("/"));

		rest = str_sub(rest, comma == SIZE_MAX ? rest.n : comma + 1, rest.n);
		if (str_eq(item, STR("*")))
			return true;
		if (str_eq(item, STR("self")) ? settings_origin_same(origin, host)
					      : same_origin(item, origin))
			return true;
	}
	return false;
}
