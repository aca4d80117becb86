/* vectors_of over any bytes, as they are and with their checksum put right (else the fuzzer never gets
 * past it): what is taken is searched and averaged without a look outside, and means have length 1. */
#include "fuzz/fuzz.h"

#include <math.h>

#include "text/lexicon.h"
#include "text/vectors.h"
#include "unit/vectors_file.h"

static const char *const texts[] = {"the cat's refund 退款 退学 12 cats", "猫", "",
				    "a\xF0\x9F\x98\x80"};

static void check_mean(const struct vectors *v, struct arena *a, const char *text)
{
	static const struct lexicon *lexicon;
	static struct arena forever;
	float *out = ARENA_ARRAY(a, float, vectors_dims(v));
	struct utterance u;
	double square = 0;
	bool any;

	if (!lexicon)
		lexicon = lexicon_new(&forever, NULL, 0, NULL, 0);
	utterance_read(a, lexicon, str_of(text), &u);
	any = vectors_mean(v, &u, out);
	for (size_t i = 0; i < vectors_dims(v); i++)
		square += (double)out[i] * (double)out[i];
	HOLDS(any ? fabs(square - 1) < 1e-3 : square == 0);
}

static void check_file(struct str bytes)
{
	struct vectors *v;
	struct err err = {0};
	struct arena a;
	uint32_t row;
	int rc = vectors_of(bytes, &v, &err);

	if (rc != 0) {
		HOLDS((rc == ERR_INVALID || rc == ERR_CORRUPT) && err.text[0]);
		return;
	}
	arena_init(&a);
	if (vectors_find(v, bytes, &row) || vectors_find(v, STR("cat"), &row))
		HOLDS(row < vectors_words(v));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		check_mean(v, &a, texts[i]);
	arena_done(&a);
	vectors_close(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf b = {0};

	buf_reserve(&b, size + 1);
	buf_put(&b, data, size);
	check_file(buf_view(&b));
	if (size >= 64) {
		vectors_file_sign(&b);
		check_file(buf_view(&b));
	}
	buf_done(&b);
	return 0;
}
