#include "net/fault.h"

#include <stdio.h>

#include "text/utf8.h"

int fault_set(struct fault *fault, const char *code, const char *fmt, ...)
{
	char words[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof words, fmt, ap);
	va_end(ap);
	fault->code = code;
	return err_set(&fault->err, ERR_INVALID, "%s", words);
}

int fault_read(struct str bytes, struct json **json, struct fault *fault)
{
	struct err err;

	if (json_read(bytes, json, &err) != 0)
		return fault_set(fault, "bad_json", "%.380s", err.text);
	if (!json_is_object(*json))
		return fault_set(fault, "bad_frame", "a frame is one JSON object");
	return 0;
}

int fault_type(const struct json *json, const char *(*names)(int), int n, const char *whom,
	       struct fault *fault)
{
	struct str name;

	if (!json_get_str(json, "type", &name)) {
		fault_set(fault, "bad_frame", "'type' is missing or not a string");
		return -1;
	}
	for (int t = 0; t < n; t++)
		if (str_eq(name, str_of(names(t))))
			return t;
	name = utf8_cut(name, 40);
	fault_set(fault, "bad_frame", "no frame of %s has the type '%.*s'", whom, STR_ARG(name));
	return -1;
}
