#include "kb/rows.h"

#include <jansson.h>

#include "text/buf.h"

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
	struct buf joined = {0};
	int rc = 0;

	for (size_t i = 0; i < json_array_size(list) && rc == 0; i++) {
		struct str one = STR_NONE;

		if (json_is_array(json_array_get(list, i)))
			rc = err_say(err, ERR_INVALID, "'%s' holds a list in a list",
				     "“%s”的列表里还有列表", name);
		else
			rc = read_value(a, name, json_array_get(list, i), &one, err);
		if (i)
			buf_char(&joined, ';');
		buf_str(&joined, one);
	}
	if (rc == 0)
		*out = arena_str(a, buf_view(&joined));
	buf_done(&joined);
	return rc;
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
	return err_say(err, ERR_INVALID, "'%s' is an object; give a text, a number or a list",
		       "“%s”是对象；请写文字、数字或列表", name);
}

/* Values of one object; those of an object in it are named outer.inner. */
struct members {
	struct arena *a;
	struct str *names, *values;
	size_t n, cap_names, cap_values;
};

static int add_member(struct members *m, struct str name, const json_t *v, struct err *err)
{
	struct str value;
	int rc = read_value(m->a, name.p, v, &value, err);
	size_t n = m->n;

	if (rc < 0)
		return rc;
	ARENA_PUSH(m->a, m->names, n, m->cap_names, name);
	ARENA_PUSH(m->a, m->values, m->n, m->cap_values, value);
	return 0;
}

static int add_inner(struct members *m, const char *outer, json_t *object, struct err *err)
{
	const char *name;
	json_t *v;
	int rc = 0;

	json_object_foreach(object, name, v)
	{
		rc = add_member(m, arena_printf(m->a, "%s.%s", outer, name), v, err);
		if (rc < 0)
			break;
	}
	return rc;
}

static int read_members(struct arena *a, json_t *object, struct row *out, struct err *err)
{
	struct members m = {.a = a};
	const char *name;
	json_t *v;

	json_object_foreach(object, name, v)
	{
		int rc = json_is_object(v) ? add_inner(&m, name, v, err)
					   : add_member(&m, arena_str(a, str_of(name)), v, err);

		if (rc < 0)
			return rc;
	}
	out->names = m.names;
	out->values = m.values;
	out->n = m.n;
	return 0;
}

int rows_read_json(struct arena *a, struct str line, struct row *out, struct err *err)
{
	json_error_t why;
	json_t *object = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &why);
	int rc;

	if (!object)
		return err_say(err, ERR_INVALID, "not a JSON object: %s (character %d)",
			       "不是 JSON 对象：%s（第 %d 个字符）", why.text, why.column);
	rc = json_is_object(object)
		     ? read_members(a, object, out, err)
		     : err_say(err, ERR_INVALID, "not a JSON object: write {\"name\": value, …}",
			       "不是 JSON 对象：请写成 {\"名字\": 值, …}");
	json_decref(object);
	return rc;
}
