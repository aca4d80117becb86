#include "kb/rows.h"

#include <jansson.h>

/* Numbers print as they would be written: 99, not 99.0000. */
static struct str number_text(struct arena *a, const json_t *v)
{
	if (json_is_integer(v))
		return arena_printf(a, "%lld", (long long)json_integer_value(v));
	return arena_printf(a, "%.17g", json_real_value(v));
}

static int read_value(struct arena *a, const char *name, const json_t *v, struct str *out,
		      struct err *err);

/* ["python", "零基础"] -> python;零基础 */
static int join_list(struct arena *a, const char *name, const json_t *list, struct str *out,
		     struct err *err)
{
	struct str joined = STR_NONE;

	for (size_t i = 0; i < json_array_size(list); i++) {
		struct str one;
		int rc;

		if (json_is_array(json_array_get(list, i)))
			return err_set(err, ERR_INVALID, "'%s' holds a list in a list", name);
		rc = read_value(a, name, json_array_get(list, i), &one, err);
		if (rc < 0)
			return rc;
		joined = i ? arena_printf(a, "%.*s;%.*s", STR_ARG(joined), STR_ARG(one)) : one;
	}
	*out = joined;
	return 0;
}

static int read_value(struct arena *a, const char *name, const json_t *v, struct str *out,
		      struct err *err)
{
	*out = STR_NONE;
	switch (json_typeof(v)) {
	case JSON_STRING:
		*out = str_trim(
			arena_str(a, (struct str){json_string_value(v), json_string_length(v)}));
		return 0;
	case JSON_INTEGER:
	case JSON_REAL:
		*out = number_text(a, v);
		return 0;
	case JSON_TRUE:
		*out = STR("true");
		return 0;
	case JSON_FALSE:
		*out = STR("false");
		return 0;
	case JSON_NULL:
		return 0;
	case JSON_ARRAY:
		return join_list(a, name, v, out, err);
	case JSON_OBJECT:
		break;
	}
	return err_set(err, ERR_INVALID, "'%s' is an object; give a text, a number or a list",
		       name);
}

static int read_members(struct arena *a, json_t *object, struct row *out, struct err *err)
{
	size_t n = json_object_size(object), i = 0;
	struct str *names = ARENA_ARRAY(a, struct str, n), *values = ARENA_ARRAY(a, struct str, n);
	const char *name;
	json_t *v;

	json_object_foreach(object, name, v)
	{
		int rc = read_value(a, name, v, &values[i], err);

		if (rc < 0)
			return rc;
		names[i++] = arena_str(a, str_of(name));
	}
	out->names = names;
	out->values = values;
	out->n = n;
	return 0;
}

int rows_read_json(struct arena *a, struct str line, struct row *out, struct err *err)
{
	json_error_t why;
	json_t *object = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &why);
	int rc;

	if (!object)
		return err_set(err, ERR_INVALID, "not a JSON object: %s (character %d)", why.text,
			       why.column);
	rc = json_is_object(object)
		     ? read_members(a, object, out, err)
		     : err_set(err, ERR_INVALID, "not a JSON object: write {\"name\": value, …}");
	json_decref(object);
	return rc;
}
