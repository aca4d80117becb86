#include "fuzz/fuzz.h"

#include "text/mask.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str raw = {(const char *)data, size}, masked, all;
	struct mask_span span = {0, size};
	struct arena a;

	arena_init(&a);
	masked = mask_text(&a, raw, NULL, 0);
	HOLDS(masked.n <= raw.n);
	HOLDS(utf8_count(masked) == utf8_count(raw));
	all = mask_text(&a, raw, &span, 1);
	HOLDS(utf8_count(all) == utf8_count(raw));
	/* Nothing but the first and last two characters survives a span over everything. */
	if (utf8_valid(raw) == raw.n) {
		size_t stars = 0;

		for (size_t i = 0; i < all.n; i++)
			stars += all.p[i] == '*';
		HOLDS(stars + 4 >= utf8_count(raw));
	}
	arena_done(&a);
	return 0;
}
