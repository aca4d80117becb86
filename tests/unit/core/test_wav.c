#include "unit/unit.h"

#include "wav.h"

static struct buf made(int rate, int channels, struct str pcm)
{
	struct buf b = {0};

	wav_put_head(&b, rate, channels, pcm.n);
	buf_str(&b, pcm);
	return b;
}

static void a_header_is_forty_four_bytes_and_reads_back(void **state)
{
	struct buf b = made(16000, 1, STR("abcdefgh"));
	struct wav w;

	(void)state;
	assert_int_equal(b.n, WAV_HEAD + 8);
	assert_int_equal(wav_read(buf_view(&b), &w, NULL), 0);
	assert_int_equal(w.rate, 16000);
	assert_int_equal(w.channels, 1);
	assert_true(str_eq(w.pcm, STR("abcdefgh")));
	buf_done(&b);
}

static void the_bytes_are_those_of_the_format(void **state)
{
	static const char wanted[] =
		"RIFF\x28\0\0\0WAVEfmt \x10\0\0\0\1\0\2\0\x22\x56\0\0\x88\x58\1\0"
		"\4\0\x10\0data\4\0\0\0abcd";
	struct buf b = made(22050, 2, STR("abcd"));

	(void)state;
	assert_int_equal(b.n, sizeof wanted - 1);
	assert_memory_equal(b.p, wanted, b.n);
	buf_done(&b);
}

static void a_size_that_a_pipe_lied_about_ends_with_the_bytes(void **state)
{
	struct buf b = made(22050, 1, STR("abcdef"));
	struct wav w;

	(void)state;
	memcpy(b.p + 40, "\0\xf0\xff\x7f", 4);
	assert_int_equal(wav_read(buf_view(&b), &w, NULL), 0);
	assert_int_equal(w.pcm.n, 6);
	buf_done(&b);
}

static void other_chunks_are_passed_over_at_even_places(void **state)
{
	struct buf plain = made(8000, 1, STR("abcd")), b = {0};
	struct wav w;

	(void)state;
	buf_put(&b, plain.p, 36);
	buf_put(&b, "LIST\3\0\0\0xyz\0", 12);
	buf_put(&b, plain.p + 36, plain.n - 36);
	assert_int_equal(wav_read(buf_view(&b), &w, NULL), 0);
	assert_true(str_eq(w.pcm, STR("abcd")));
	buf_done(&plain);
	buf_done(&b);
}

static void half_a_sample_at_the_end_is_left_out(void **state)
{
	struct buf b = made(8000, 2, STR("abcdefg"));
	struct wav w;

	(void)state;
	assert_int_equal(wav_read(buf_view(&b), &w, NULL), 0);
	assert_int_equal(w.pcm.n, 4);
	buf_done(&b);
}

static void every_beginning_of_a_file_is_refused_until_there_is_a_sample(void **state)
{
	struct buf b = made(16000, 1, STR("ab"));
	struct wav w = {.rate = 7};
	struct err err;

	(void)state;
	for (size_t n = 0; n < b.n; n++) {
		assert_int_equal(wav_read((struct str){b.p, n}, &w, &err), ERR_INVALID);
		assert_true(err.text[0] != '\0');
		assert_int_equal(w.rate, 7);
	}
	buf_done(&b);
}

static void other_formats_are_named_and_refused(void **state)
{
	static const struct {
		size_t at;
		char byte;
	} wrong[] = {{20, 3}, {20, 6}, {22, 0}, {22, 6}, {34, 8}, {34, 24}, {26, 127}};
	struct wav w;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct buf b = made(16000, 1, STR("abcd"));

		b.p[wrong[i].at] = wrong[i].byte;
		assert_int_equal(wav_read(buf_view(&b), &w, &err), ERR_INVALID);
		assert_non_null(strstr(err.text, "16-bit PCM"));
		buf_done(&b);
	}
}

static void length_is_counted_in_milliseconds(void **state)
{
	static const char second[64000];
	struct wav w = {16000, 2, {second, sizeof second}};

	(void)state;
	assert_int_equal(wav_ms(&w), 1000);
	w.channels = 1;
	assert_int_equal(wav_ms(&w), 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_is_forty_four_bytes_and_reads_back),
		cmocka_unit_test(the_bytes_are_those_of_the_format),
		cmocka_unit_test(a_size_that_a_pipe_lied_about_ends_with_the_bytes),
		cmocka_unit_test(other_chunks_are_passed_over_at_even_places),
		cmocka_unit_test(half_a_sample_at_the_end_is_left_out),
		cmocka_unit_test(every_beginning_of_a_file_is_refused_until_there_is_a_sample),
		cmocka_unit_test(other_formats_are_named_and_refused),
		cmocka_unit_test(length_is_counted_in_milliseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
