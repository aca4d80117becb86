/* Reading JSON from outside: the daemon's only home of jansson.h.
 *
 * A document is read whole, strictly: UTF-8, no duplicate keys, depth <= 32, one value and nothing
 * behind it. Strings with NUL inside are refused. */
#ifndef DAEMON_JSON_H
#define DAEMON_JSON_H

#include "text/err.h"

struct json; /* a document or a member of one; members live as long as the document */

MUST_USE int json_read(struct str bytes, struct json **out, struct err *err);
void json_free(struct json *j); /* of the document */

bool json_is_object(const struct json *j);
const struct json *json_member(const struct json *object, const char *name); /* NULL when absent */
/* True and *out set only when the member exists with that type. Strings are borrowed. */
bool json_get_str(const struct json *object, const char *name, struct str *out);
bool json_get_int(const struct json *object, const char *name, int64_t *out);
bool json_get_num(const struct json *object, const char *name, double *out);
bool json_get_bool(const struct json *object, const char *name, bool *out);

/* What a value is: a string; a number, true, false or null; a list; an object. */
enum json_kind { JSON_KIND_TEXT, JSON_KIND_BARE, JSON_KIND_LIST, JSON_KIND_MAP };
enum json_kind json_kind_of(const struct json *j);
/* A string's characters, a number's digits, `true`, `false`, `null`; "" for a list or object. In `a`. */
struct str json_scalar(struct arena *a, const struct json *j);

/* The members of an object in order: start with *at = NULL; NULL ends. `name` is borrowed. */
const struct json *json_next(const struct json *object, void **at, struct str *name);

/* Lists: 0 items when it is none. */
size_t json_length(const struct json *list);
const struct json *json_item(const struct json *list, size_t i);
/* An item that is a string. */
bool json_text(const struct json *j, struct str *out);

#endif
