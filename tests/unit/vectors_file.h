/* Files of word vectors for tests, written as intents/text/vectors.h says. */
#ifndef TESTS_VECTORS_FILE_H
#define TESTS_VECTORS_FILE_H

#include "text/buf.h"
#include "text/str.h"

enum { VECTORS_FILE_DIMS = 4 };

struct vectors_file_word {
	const char *word;
	int8_t row[VECTORS_FILE_DIMS];
	float weight;
};

static inline uint64_t vectors_file_checksum(struct str body)
{
	uint64_t h = 0xcbf29ce484222325U;

	for (size_t i = 0; i < body.n; i += 8) {
		uint64_t word = 0;

		memcpy(&word, body.p + i, body.n - i < 8 ? body.n - i : 8);
		h = (h ^ word) * 0x100000001b3U;
		h ^= h >> 29;
	}
	return h;
}

/* Writes the checksum that the body has. */
static inline void vectors_file_sign(struct buf *b)
{
	uint64_t sum = vectors_file_checksum((struct str){b->p + 64, b->n - 64});

	memcpy(b->p + 32, &sum, sizeof sum);
}

static inline void vectors_file_put(struct buf *b, uint32_t number)
{
	buf_put(b, &number, sizeof number);
}

static inline void vectors_file_table(struct buf *b, const struct vectors_file_word *v, size_t n,
				      uint32_t slots)
{
	uint32_t table[256] = {0};

	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = (uint32_t)(str_hash(str_of(v[i].word)) % slots);

		while (table[at])
			at = (at + 1) % slots;
		table[at] = i + 1;
	}
	buf_put(b, table, slots * sizeof *table);
}

/* At most 255 words. On little-endian machines. */
static inline struct buf vectors_file(const struct vectors_file_word *v, size_t n)
{
	static const float scale = 0.5F;
	struct buf b = {0};
	uint32_t slots = 1, letters = 0;

	while (slots <= n)
		slots *= 2;
	for (size_t i = 0; i < n; i++)
		letters += (uint32_t)strlen(v[i].word);
	buf_put(&b, "kefu vectors 1\n", 16);
	vectors_file_put(&b, VECTORS_FILE_DIMS);
	vectors_file_put(&b, (uint32_t)n);
	vectors_file_put(&b, slots);
	vectors_file_put(&b, letters);
	buf_put(&b, (char[32]){0}, 32);
	vectors_file_table(&b, v, n, slots);
	letters = 0;
	vectors_file_put(&b, 0);
	for (size_t i = 0; i < n; i++)
		vectors_file_put(&b, letters += (uint32_t)strlen(v[i].word));
	for (size_t i = 0; i < n; i++)
		buf_put(&b, &scale, sizeof scale);
	for (size_t i = 0; i < n; i++)
		buf_put(&b, &v[i].weight, sizeof v[i].weight);
	for (size_t i = 0; i < n; i++)
		buf_put(&b, v[i].row, VECTORS_FILE_DIMS);
	for (size_t i = 0; i < n; i++)
		buf_cstr(&b, v[i].word);
	vectors_file_sign(&b);
	return b;
}

#endif
