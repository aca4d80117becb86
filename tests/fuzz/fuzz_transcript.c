#include "fuzz/fuzz.h"

#include "tool/transcript.h"

static void read_as(struct str name, struct str bytes)
{
	struct transcripts all = {0};
	struct diags diags;
	struct arena a;

	arena_init(&a);
	diags_init(&diags, bytes.n % 2);
	transcript_read(&a, name, bytes, &all, &diags);
	for (size_t i = 0; i < all.n; i++)
		for (size_t k = 0; k < all.v[i].n_steps; k++) {
			const struct step *s = &all.v[i].steps[k];

			HOLDS(s->kind <= STEP_RELOAD);
			for (size_t e = 0; e < s->n_expects; e++)
				HOLDS(s->expects[e].kind <= EXPECT_WITHIN);
		}
	HOLDS(all.n || diags.errors || str_ends(name, STR(".jsonl")));
	diags_done(&diags);
	arena_done(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str bytes = {(const char *)data, size};

	read_as(STR("fuzz.yaml"), bytes);
	read_as(STR("fuzz.jsonl"), bytes);
	return 0;
}
