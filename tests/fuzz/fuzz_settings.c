/* The config file over any bytes: every mistake has words, and what was taken keeps its range. */
#include "fuzz/fuzz.h"

#include "settings.h"
#include "text/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings s;
	struct err err = {0};
	struct str host = STR("localhost:8080");
	char name[64];
	int port;

	settings_init(&s);
	if (settings_read_bytes(&s, "kefud.conf", (struct str){(const char *)data, size}, &err))
		HOLDS(err.text[0]);
	HOLDS(s.rate >= 1 && s.rate <= 100000 && s.sessions >= 1);
	if (!settings_listen(&s, name, &port, &err))
		HOLDS(name[0] && port >= 0 && port <= 65535);
	settings_origin_allowed(&s, STR("https://shop.example:443"), host);
	settings_origin_allowed(&s, (struct str){(const char *)data, size}, host);
	settings_done(&s);
	return 0;
}
