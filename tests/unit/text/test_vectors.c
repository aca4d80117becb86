#include "unit/unit.h"
#include "unit/vectors_file.h"

#include <stdlib.h>
#include <unistd.h>

#include "text/lexicon.h"
#include "text/mem.h"
#include "text/vectors.h"

static const struct vectors_file_word words[] = {
	{"refund", {100, 0, 0, 0}, 1}, {"money", {80, 60, 0, 0}, 0.5F},
	{"the", {0, 0, 0, 127}, 0},    {"退款", {100, 10, 0, 0}, 0.5F},
	{"退", {0, 100, 0, 0}, 0.25F}, {"课程", {0, 0, 100, 0}, 1},
	{"who", {0, 0, 50, 50}, 1},
};

enum { WORDS = sizeof words / sizeof *words };

/* Where the parts of a file of those words stand. */
enum { SLOTS = 8, STARTS_AT = 64 + 4 * SLOTS, SCALES_AT = STARTS_AT + 4 * (WORDS + 1) };

static struct arena arena;
static const struct lexicon *lexicon;

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena);
	lexicon = lexicon_new(&arena, NULL, 0, NULL, 0);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static struct vectors *read_words(struct buf *file)
{
	struct vectors *v = NULL;
	struct err err;

	*file = vectors_file(words, WORDS);
	assert_int_equal(vectors_of(buf_view(file), &v, &err), 0);
	return v;
}

static void every_word_is_found_and_no_other(void **state)
{
	struct buf file;
	struct vectors *v = read_words(&file);
	uint32_t row = 99;

	(void)state;
	assert_int_equal(vectors_words(v), WORDS);
	assert_int_equal(vectors_dims(v), VECTORS_FILE_DIMS);
	assert_int_equal(vectors_bytes(v), file.n);
	for (uint32_t i = 0; i < WORDS; i++) {
		assert_true(vectors_find(v, str_of(words[i].word), &row));
		assert_int_equal(row, i);
	}
	assert_false(vectors_find(v, STR("refun"), &row));
	assert_false(vectors_find(v, STR("refunds"), &row));
	assert_false(vectors_find(v, STR(""), &row));
	vectors_close(v);
	buf_done(&file);
}

static bool mean_of(const struct vectors *v, const char *text, float out[VECTORS_FILE_DIMS])
{
	struct utterance u;

	utterance_read(&arena, lexicon, str_of(text), &u);
	return vectors_mean(v, &u, out);
}

static void a_mean_says_how_much_of_the_text_it_speaks_for(void **state)
{
	struct buf file;
	struct vectors *v = read_words(&file);
	struct utterance u;
	float got[VECTORS_FILE_DIMS], known;

	(void)state;
	/* 1 + 0.5 known; another word weighs 1 */
	utterance_read(&arena, lexicon, STR("refund xqzzy money"), &u);
	assert_true(vectors_mean_known(v, &u, got, &known));
	assert_float_equal(known, 0.6F, 1e-6);
	utterance_read(&arena, lexicon, STR("Refund!"), &u);
	assert_true(vectors_mean_known(v, &u, got, &known));
	assert_float_equal(known, 1, 1e-6);
	utterance_read(&arena, lexicon, STR("xqzzy"), &u);
	assert_false(vectors_mean_known(v, &u, got, &known));
	assert_float_equal(known, 0, 1e-6);
	vectors_close(v);
	buf_done(&file);
}

static void assert_mean(const struct vectors *v, const char *text,
			const float expected[VECTORS_FILE_DIMS])
{
	float got[VECTORS_FILE_DIMS];

	assert_true(mean_of(v, text, got));
	for (size_t i = 0; i < VECTORS_FILE_DIMS; i++)
		assert_float_equal(got[i], expected[i], 1e-5);
}

static void a_text_is_the_weighted_mean_of_its_words_with_length_1(void **state)
{
	struct buf file;
	struct vectors *v = read_words(&file);

	(void)state;
	assert_mean(v, "Refund", (float[]){1, 0, 0, 0});
	/* 1 x (100, 0) + 0.5 x (80, 60), over its length */
	assert_mean(v, "refund the money!", (float[]){0.97780F, 0.20953F, 0, 0});
	vectors_close(v);
	buf_done(&file);
}

static void both_languages_are_read_into_one_space(void **state)
{
	struct buf file;
	struct vectors *v = read_words(&file);
	float zh[VECTORS_FILE_DIMS], en[VECTORS_FILE_DIMS], cosine = 0;

	(void)state;
	assert_true(mean_of(v, "退款", zh));
	assert_true(mean_of(v, "refund", en));
	for (size_t i = 0; i < VECTORS_FILE_DIMS; i++)
		cosine += zh[i] * en[i];
	assert_true(cosine > 0.99F);
	vectors_close(v);
	buf_done(&file);
}

static void an_unknown_word_is_read_by_its_stem_or_its_parts(void **state)
{
	struct buf file;
	struct vectors *v = read_words(&file);

	(void)state;
	assert_mean(v, "refunds", (float[]){1, 0, 0, 0});
	assert_mean(v, "who's", (float[]){0, 0, 0.70711F, 0.70711F});
	assert_mean(v, "退学", (float[]){0, 1, 0, 0});
	vectors_close(v);
	buf_done(&file);
}

static void a_text_of_no_known_word_has_no_mean(void **state)
{
	struct buf file;
	struct vectors *v = read_words(&file);
	float out[VECTORS_FILE_DIMS] = {1, 1, 1, 1};

	(void)state;
	assert_false(mean_of(v, "zzz 😀", out));
	assert_false(mean_of(v, "", out));
	assert_false(mean_of(v, "the", out)); /* it weighs nothing */
	for (size_t i = 0; i < VECTORS_FILE_DIMS; i++)
		assert_true(out[i] == 0);
	vectors_close(v);
	buf_done(&file);
}

static void a_file_of_no_words_is_a_file(void **state)
{
	struct buf file = vectors_file(words, 0);
	struct vectors *v = NULL;
	uint32_t row;

	(void)state;
	assert_int_equal(vectors_of(buf_view(&file), &v, NULL), 0);
	assert_false(vectors_find(v, STR("refund"), &row));
	vectors_close(v);
	buf_done(&file);
}

/* ---- damage ---- */

static void assert_refused(struct str bytes, enum err_code code)
{
	struct vectors *v = NULL;
	struct err err = {0};

	assert_int_equal(vectors_of(bytes, &v, &err), code);
	assert_null(v);
	assert_true(err.text[0] != '\0');
}

static void a_file_cut_anywhere_is_refused(void **state)
{
	struct buf file = vectors_file(words, WORDS);

	(void)state;
	for (size_t n = 0; n < file.n; n++) {
		struct str cut = {mem_alloc(n + 1), n};

		memcpy((char *)(uintptr_t)cut.p, file.p, n);
		assert_refused(cut, n < 64 ? ERR_INVALID : ERR_CORRUPT);
		free((void *)(uintptr_t)cut.p);
	}
	buf_done(&file);
}

static void a_changed_bit_anywhere_is_noticed(void **state)
{
	struct buf file = vectors_file(words, WORDS);

	(void)state;
	for (size_t i = 0; i < file.n; i++) {
		if (i >= 40 && i < 64)
			continue; /* spare */
		file.p[i] ^= 4;
		assert_refused(buf_view(&file), i < 16 ? ERR_INVALID : ERR_CORRUPT);
		file.p[i] ^= 4;
	}
	buf_done(&file);
}

/* One number of a file that is sound otherwise, its checksum included. */
static void assert_number_refused(size_t at, uint32_t number)
{
	struct buf file = vectors_file(words, WORDS);

	memcpy(file.p + at, &number, sizeof number);
	vectors_file_sign(&file);
	assert_refused(buf_view(&file), ERR_CORRUPT);
	buf_done(&file);
}

static void numbers_out_of_bounds_are_refused_whatever_the_checksum_says(void **state)
{
	static const struct {
		size_t at;
		uint32_t number;
	} rows[] = {
		{16, 0}, /* dims */
		{16, UINT32_MAX},
		{20, UINT32_MAX}, /* words */
		{20, WORDS + 1},
		{24, 0}, /* slots */
		{24, 7},
		{24, UINT32_MAX},
		{28, UINT32_MAX}, /* letters */
		{64, WORDS + 1},  /* a slot */
		{64 + 4, UINT32_MAX},
		{STARTS_AT, 7},			     /* the first start */
		{STARTS_AT + 8, 0},		     /* a later one */
		{STARTS_AT + 4 * WORDS, UINT32_MAX}, /* the end */
		{SCALES_AT, 0x7FC00000},	     /* NaN */
		{SCALES_AT, 0x7F800000},	     /* infinity */
		{SCALES_AT + 4 * WORDS, 0xBF800000}, /* a weight of -1 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_number_refused(rows[i].at, rows[i].number);
}

/* ---- real files ---- */

static char folder[] = "/tmp/test_vectors_XXXXXX";

static const char *write_file(const char *name, struct str bytes)
{
	const char *path = arena_printf(&arena, "%s/%s", folder, name).p;
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	fclose(f);
	return path;
}

static void a_file_is_mapped_and_outlives_its_name(void **state)
{
	struct buf file = vectors_file(words, WORDS);
	struct vectors *v = NULL;
	const char *path;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = write_file("words.kv", buf_view(&file));
	assert_int_equal(vectors_open(path, &v, NULL), 0);
	unlink(path);
	assert_mean(v, "refund", (float[]){1, 0, 0, 0});
	vectors_close(v);
	rmdir(folder);
	buf_done(&file);
}

static void what_cannot_be_read_is_told_apart(void **state)
{
	struct vectors *v = NULL;
	struct err err;

	(void)state;
	assert_int_equal(vectors_open("/nonexistent/words.kv", &v, &err), ERR_NOT_FOUND);
	assert_int_equal(vectors_open("/", &v, &err), ERR_INVALID);
	assert_int_equal(vectors_open("/dev/null", &v, &err), ERR_INVALID);
	assert_int_equal(vectors_open(KEFU_SOURCE_DIR "/LICENSE", &v, &err), ERR_INVALID);
	assert_null(v);
}

/* Written by tools/vectors.py: both sides mean the same format. */
static void what_the_maker_writes_is_read(void **state)
{
	struct vectors *v = NULL;
	struct err err;

	(void)state;
	if (vectors_open(KEFU_SOURCE_DIR "/tests/fuzz/corpus/vectors/small", &v, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(vectors_words(v), 5);
	assert_mean(v, "cat", (float[]){0.70711F, 0.70711F, 0, 0});
	assert_mean(v, "猫", (float[]){0, 0, 1, 0});
	vectors_close(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_found_and_no_other),
		cmocka_unit_test(a_text_is_the_weighted_mean_of_its_words_with_length_1),
		cmocka_unit_test(a_mean_says_how_much_of_the_text_it_speaks_for),
		cmocka_unit_test(both_languages_are_read_into_one_space),
		cmocka_unit_test(an_unknown_word_is_read_by_its_stem_or_its_parts),
		cmocka_unit_test(a_text_of_no_known_word_has_no_mean),
		cmocka_unit_test(a_file_of_no_words_is_a_file),
		cmocka_unit_test(a_file_cut_anywhere_is_refused),
		cmocka_unit_test(a_changed_bit_anywhere_is_noticed),
		cmocka_unit_test(numbers_out_of_bounds_are_refused_whatever_the_checksum_says),
		cmocka_unit_test(a_file_is_mapped_and_outlives_its_name),
		cmocka_unit_test(what_cannot_be_read_is_told_apart),
		cmocka_unit_test(what_the_maker_writes_is_read),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
