/* Files out of the binary: plain or gzip, with ETag, 304 and the headers a page needs. */
#include <libwebsockets.h>
#include <stdio.h>

#include "net/header.h"
#include "net/http.h"
#include "web/assets.h"

/* Pages run, style and connect only to what comes from here (pictures of courses may come from
 * anywhere); the demo page may be framed by its own site. */
#define PAGE_POLICY                                                                                \
	"Content-Security-Policy: default-src 'self'; img-src 'self' https: data:; object-src "    \
	"'none'; "                                                                                 \
	"base-uri 'none'; frame-ancestors 'self'\r\n"                                              \
	"Referrer-Policy: same-origin\r\n"

/* The staff's page has more to lose: nothing from elsewhere, and nobody frames it. */
#define ADMIN_POLICY                                                                               \
	"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "       \
	"img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "          \
	"frame-ancestors 'none'\r\n"                                                               \
	"X-Frame-Options: DENY\r\n"                                                                \
	"Cross-Origin-Opener-Policy: same-origin\r\n"                                              \
	"Referrer-Policy: no-referrer\r\n"

static const char *policy_of(struct request *r, bool page)
{
	if (!page)
		return "";
	return str_starts(str_of(r->path), STR("/admin/")) ? ADMIN_POLICY : PAGE_POLICY;
}

/* Does the list (Accept-Encoding, If-None-Match) have an element that begins with `name`, and is
 * its weight not 0? */
static bool list_has(struct str list, struct str name)
{
	while (list.n) {
		size_t comma = str_find(list, STR(","), 0);
		struct str one = str_trim(str_sub(list, 0, comma));
		size_t semicolon = str_find(one, STR(";"), 0);
		struct str weight = semicolon == SIZE_MAX
					    ? STR_NONE
					    : str_trim(str_sub(one, semicolon + 1, one.n));

		if (str_starts(one, STR("W/")))
			one = str_sub(one, 2, one.n);
		if (str_eq(str_trim(str_sub(one, 0, semicolon)), name) &&
		    !str_eq(weight, STR("q=0")) && !str_starts(weight, STR("q=0.000")))
			return true;
		list = comma == SIZE_MAX ? STR_NONE : str_sub(list, comma + 1, list.n);
	}
	return false;
}

static bool accepts_gzip(struct request *r, const struct asset *a)
{
	char text[256];

	return a->gzip &&
	       list_has(header_read(r->wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, text, sizeof text),
			STR("gzip"));
}

/* Strong tags are of exact bytes: those of gzip have one of their own. */
static void tag_of(const struct asset *a, bool gzip, char tag[96])
{
	int n = (int)strlen(a->etag);

	if (gzip)
		snprintf(tag, 96, "%.*s-gz\"", n - 1, a->etag);
	else
		snprintf(tag, 96, "%s", a->etag);
}

static bool is_fresh(struct request *r, const char *tag)
{
	char text[512];
	struct str seen = header_read(r->wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, text, sizeof text);

	return str_eq(str_trim(seen), STR("*")) || list_has(seen, str_of(tag));
}

void http_asset(struct request *r)
{
	const struct asset *a = asset_find(str_of(r->path));
	bool page = str_starts(str_of(a->type), STR("text/html"));
	bool gzip = accepts_gzip(r, a);
	char tag[96], more[1000];

	tag_of(a, gzip, tag);
	snprintf(more, sizeof more, "ETag: %s\r\n%sCache-Control: %s\r\n%s%s", tag,
		 a->gzip ? "Vary: Accept-Encoding\r\n" : "",
		 page ? "no-cache" : "public, max-age=300",
		 gzip ? "Content-Encoding: gzip\r\n" : "", policy_of(r, page));
	if (is_fresh(r, tag))
		request_answer_fixed(r, 304, NULL, NULL, 0, more);
	else
		request_answer_fixed(r, 200, a->type, gzip ? a->gzip : a->bytes,
				     gzip ? a->gzip_n : a->n, more);
}
