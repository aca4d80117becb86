/* json_read over any bytes: what it accepts is valid UTF-8, and its members can be read; what it
 * refuses it refuses with words. */
#include "fuzz/fuzz.h"

#include "json.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"type", "id", "text", "seq", "helpful", "score", ""};
	struct str bytes = {(const char *)data, size}, text;
	struct json *j;
	struct err err = {0};
	int64_t i;
	double d;
	bool b;

	if (json_read(bytes, &j, &err)) {
		HOLDS(err.text[0]);
		return 0;
	}
	for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
		if (json_get_str(j, names[n], &text))
			HOLDS(utf8_valid(text) == text.n);
		if (json_get_int(j, names[n], &i))
			HOLDS(json_get_num(j, names[n], &d));
		json_get_bool(j, names[n], &b);
		json_get_bool(json_member(j, names[n]), "b", &b);
	}
	json_free(j);
	return 0;
}
