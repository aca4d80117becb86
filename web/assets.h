/* The files the daemon serves, inside its own binary: what stands in web/, built by
 * cmake/embed.cmake.
 *
 * Everything here is constant and lives as long as the program. Text types carry their charset. The
 * gzip bytes are those of `gzip -9`; where they are not smaller (a small icon) gzip is NULL and
 * gzip_n is 0. The etag is strong, of the plain bytes, with its quotes as it goes into the header:
 * "\"3f0c…\"" (a server that sends the gzip bytes says so with Vary: Accept-Encoding and a tag of
 * its own, e.g. with -gz before the last quote). */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include "text/str.h"

struct asset {
	const char *path; /* "/widget.js" */
	const char *type; /* "text/javascript; charset=utf-8" */
	const unsigned char *bytes;
	size_t n;
	const unsigned char *gzip;
	size_t gzip_n;
	const char *etag;
};

/* The asset at exactly this path (no query, no dot segments), or NULL. */
const struct asset *asset_find(struct str path);

/* All of them, in no order that matters. */
extern const struct asset asset_table[];
extern const size_t asset_count;

#endif
