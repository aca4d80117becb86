/* json_read over any bytes: what it accepts is valid UTF-8, and its members can be read. */
#include <stdint.h>
#include <stdlib.h>

#include "json.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"type", "id", "text", "seq", "helpful", "score", ""};
	struct str bytes = {(const char *)data, size}, text;
	struct json *j;
	struct err err;
	int64_t i;
	double d;
	bool b;

	if (json_read(bytes, &j, &err)) {
		if (!err.text[0])
			abort();
		return 0;
	}
	for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
		if (json_get_str(j, names[n], &text) && utf8_valid(text) != text.n)
			abort();
		if (json_get_int(j, names[n], &i) && !json_get_num(j, names[n], &d))
			abort();
		json_get_bool(j, names[n], &b);
		json_get_bool(json_member(j, names[n]), "b", &b);
	}
	json_free(j);
	return 0;
}
