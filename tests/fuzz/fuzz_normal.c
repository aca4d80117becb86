#include "fuzz/fuzz.h"

#include "text/normal.h"
#include "text/utf8.h"

static void check_offsets(const struct normal *n)
{
	for (size_t i = 0; i <= n->text.n; i++) {
		HOLDS(n->at[i] <= n->raw.n);
		HOLDS(i == 0 || n->at[i] >= n->at[i - 1]);
	}
	/* Well-formed input: every offset is where a character begins. */
	if (utf8_valid(n->raw) != n->raw.n)
		return;
	for (size_t i = 0; i <= n->text.n; i++) {
		size_t at = n->at[i];

		HOLDS(at == n->raw.n || ((unsigned char)n->raw.p[at] & 0xC0) != 0x80);
	}
}

static void check_way_back(const struct normal *n)
{
	for (size_t i = 0; i < n->text.n; i++) {
		struct str part = normal_raw(n, i, i + 1);

		HOLDS(part.n > 0 && part.p >= n->raw.p && part.p + part.n <= n->raw.p + n->raw.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str raw = {(const char *)data, size}, again;
	struct arena a;
	struct normal n;

	arena_init(&a);
	normal_read(&a, raw, &n);
	HOLDS(utf8_valid(n.text) == n.text.n);
	HOLDS(n.text.n == 0 || (n.text.p[0] != ' ' && n.text.p[n.text.n - 1] != ' '));
	HOLDS(str_find(n.text, STR("  "), 0) == SIZE_MAX);
	check_offsets(&n);
	check_way_back(&n);
	again = normal_text(&a, n.text);
	HOLDS(str_eq(again, n.text));
	HOLDS(str_eq(normal_text(&a, raw), n.text));
	arena_done(&a);
	return 0;
}
