#include <jansson.h>
/* jansson's macro of that name; the one below asks the same of our own type. */
#undef json_is_object

#include "json.h"

#include <stdio.h>

#include "text/utf8.h"

enum { DEPTH_MAX = 32 };

/* struct json is never defined: it is jansson's value under a name the rest of the daemon may know.
 */
static const json_t *inside(const struct json *j)
{
	return (const json_t *)(const void *)j;
}

/* jansson's own bound is 2048 levels of recursion; this walk is flat. True when no bracket lies
 * deeper than DEPTH_MAX; what is not JSON at all is left to the parser. */
static bool depth_fits(struct str s, size_t *at)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']') && depth)
			depth--;
		if (depth > DEPTH_MAX) {
			*at = i;
			return false;
		}
	}
	return true;
}

static const char *words_of(const json_error_t *e)
{
	static const struct {
		enum json_error_code code;
		const char *words;
	} table[] = {
		{json_error_premature_end_of_input, "it ends in the middle"},
		{json_error_end_of_input_expected, "something follows the value"},
		{json_error_invalid_syntax, "it is not JSON"},
		{json_error_null_character, "a string holds \\u0000"},
		{json_error_null_byte_in_key, "a name holds \\u0000"},
		{json_error_duplicate_key, "a name comes twice in one object"},
		{json_error_numeric_overflow, "a number is too large"},
		{json_error_invalid_utf8, "it is not UTF-8"},
		{json_error_stack_overflow, "it is nested too deep"},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (json_error_code(e) == table[i].code)
			return table[i].words;
	}
	return "it is not JSON";
}

int json_read(struct str bytes, struct json **out, struct err *err)
{
	size_t valid = utf8_valid(bytes), at;
	json_error_t why;
	json_t *j;

	if (valid < bytes.n)
		return err_set(err, ERR_INVALID, "bad JSON: byte %zu is not UTF-8", valid + 1);
	if (!depth_fits(bytes, &at))
		return err_set(err, ERR_LIMIT, "bad JSON: nested deeper than %d at byte %zu",
			       DEPTH_MAX, at + 1);
	j = json_loadb(bytes.n ? bytes.p : "", bytes.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
		       &why);
	if (!j)
		return err_set(err, ERR_INVALID, "bad JSON: %s, near byte %d (line %d, column %d)",
			       words_of(&why), why.position, why.line, why.column);
	*out = (struct json *)(void *)j;
	return 0;
}

void json_free(struct json *j)
{
	json_decref((json_t *)(void *)j);
}

bool json_is_object(const struct json *j)
{
	return j && json_typeof(inside(j)) == JSON_OBJECT;
}

const struct json *json_member(const struct json *object, const char *name)
{
	return (const struct json *)(const void *)json_object_get(inside(object), name);
}

static bool read_text(const json_t *v, struct str *out)
{
	if (!json_is_string(v))
		return false;
	*out = (struct str){json_string_value(v), json_string_length(v)};
	return true;
}

bool json_text(const struct json *j, struct str *out)
{
	return read_text(inside(j), out);
}

bool json_get_str(const struct json *object, const char *name, struct str *out)
{
	return read_text(json_object_get(inside(object), name), out);
}

bool json_get_int(const struct json *object, const char *name, int64_t *out)
{
	const json_t *v = json_object_get(inside(object), name);

	if (!json_is_integer(v))
		return false;
	*out = json_integer_value(v);
	return true;
}

bool json_get_num(const struct json *object, const char *name, double *out)
{
	const json_t *v = json_object_get(inside(object), name);

	if (!json_is_number(v))
		return false;
	*out = json_number_value(v);
	return true;
}

bool json_get_bool(const struct json *object, const char *name, bool *out)
{
	const json_t *v = json_object_get(inside(object), name);

	if (!json_is_boolean(v))
		return false;
	*out = json_is_true(v);
	return true;
}

size_t json_length(const struct json *list)
{
	return list ? json_array_size(inside(list)) : 0;
}

const struct json *json_item(const struct json *list, size_t i)
{
	return (const struct json *)(const void *)json_array_get(inside(list), i);
}

enum json_kind json_kind_of(const struct json *j)
{
	switch (json_typeof(inside(j))) {
	case JSON_STRING:
		return JSON_KIND_TEXT;
	case JSON_ARRAY:
		return JSON_KIND_LIST;
	case JSON_OBJECT:
		return JSON_KIND_MAP;
	default:
		return JSON_KIND_BARE;
	}
}

struct str json_scalar(struct arena *a, const struct json *j)
{
	const json_t *v = inside(j);

	switch (json_typeof(v)) {
	case JSON_STRING:
		return arena_str(a, (struct str){json_string_value(v), json_string_length(v)});
	case JSON_INTEGER:
		return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	case JSON_REAL:
		return arena_printf(a, "%.15g", json_real_value(v));
	case JSON_TRUE:
		return STR("true");
	case JSON_FALSE:
		return STR("false");
	case JSON_NULL:
		return STR("null");
	default:
		return STR_NONE;
	}
}

const struct json *json_next(const struct json *object, void **at, struct str *name)
{
	/* jansson asks for an object it could write to, and does not. */
	json_t *o = (json_t *)(uintptr_t)object;

	*at = *at ? json_object_iter_next(o, *at) : json_object_iter(o);
	if (!*at)
		return NULL;
	*name = (struct str){json_object_iter_key(*at), json_object_iter_key_len(*at)};
	return (const struct json *)(const void *)json_object_iter_value(*at);
}
