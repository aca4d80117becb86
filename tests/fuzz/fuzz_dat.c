#include "fuzz/fuzz.h"

#include "text/dat.h"

enum { KEYS = 256 };

/* Lines are keys; the last line is looked up although it may be none. */
static size_t read_keys(struct str data, struct dat_key keys[KEYS])
{
	size_t n = 0;

	for (size_t from = 0; from < data.n && n < KEYS;) {
		size_t end = str_find(data, STR("\n"), from);
		struct str line = str_sub(data, from, end);

		if (line.n && !memchr(line.p, 0, line.n))
			keys[n++] = (struct dat_key){line, (uint32_t)from};
		from = end == SIZE_MAX ? data.n : end + 1;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dat_key keys[KEYS], probe = {0};
	size_t n = read_keys((struct str){(const char *)data, size}, keys);
	struct arena a;
	struct dat d;
	uint32_t v;

	arena_init(&a);
	if (n)
		probe = keys[--n];
	n = dat_sort(keys, n);
	HOLDS(dat_build(&a, keys, n, &d) == 0);
	HOLDS(d.n % 256 == 0);
	for (size_t i = 0; i < n; i++)
		HOLDS(dat_get(&d, keys[i].key, &v) && v == keys[i].value);
	if (probe.key.n) {
		bool is_key = false;

		for (size_t i = 0; i < n; i++)
			is_key |= str_eq(keys[i].key, probe.key);
		HOLDS(dat_get(&d, probe.key, &v) == is_key);
	}
	arena_done(&a);
	return 0;
}
