/* Request headers and query parameters, read out of the library's tables. Sizes are the caller's;
 * what does not fit counts as absent, never as cut. */
#ifndef NET_HEADER_H
#define NET_HEADER_H

#include <libwebsockets.h>

#include "text/str.h"

/* The header's value in `buf`; "" when absent or longer than size - 1 bytes. */
struct str header_read(struct lws *wsi, enum lws_token_indexes which, char *buf, size_t size);
/* Bytes of the header; 0 = absent. */
size_t header_length(struct lws *wsi, enum lws_token_indexes which);
/* A header the library has no number for; `name` in small letters with its colon: "x-csrf-token:". */
struct str header_custom(struct lws *wsi, const char *name, char *buf, size_t size);
/* True when the query has that parameter; *value (decoded, in `buf`) is "" when it is empty. *fits
 * is false when it is longer than size - 1 bytes. */
bool query_read(struct lws *wsi, const char *name, char *buf, size_t size, struct str *value,
		bool *fits);
/* The same of the nth (from 0) of parameters of that name. */
bool query_read_nth(struct lws *wsi, const char *name, size_t nth, char *buf, size_t size,
		    struct str *value, bool *fits);

#endif
