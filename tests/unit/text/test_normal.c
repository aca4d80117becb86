#include "unit/unit.h"

#include <stdlib.h>

#include <utf8proc.h>

#include "text/normal.h"
#include "text/utf8.h"

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

#define assert_normal(raw, expected) assert_str(normal_text(&arena, str_of(raw)), (expected))

static void latin_is_folded_and_full_width_made_narrow(void **state)
{
	(void)state;
	assert_normal("Hello WORLD", "hello world");
	assert_normal("ＡＢＣ１２３，（退款）！", "abc123,(退款)!");
	assert_normal("ﬁnance Straße ÀÉ", "finance strasse àé");
	assert_normal("①②½㎏™", "121⁄2kgtm");
	assert_normal("ｶﾞｲﾄﾞ", "ガイド");
	assert_normal("don’t ‘x’", "don't 'x'");
}

static void traditional_becomes_simplified(void **state)
{
	(void)state;
	assert_normal("請問課程怎麼退費？", "请问课程怎么退费?");
	assert_normal("我想瞭解後端開發，請回覆", "我想了解后端开发,请回复");
	assert_normal("乾坤 干杯 皇后", "干坤 干杯 皇后");
	assert_normal("看著妳", "看着你");
	/* Compatibility ideographs come out as what they stand for. */
	assert_normal("\xEF\xA4\x80", "岂");
}

static void white_space_runs_become_one_space_and_ends_are_trimmed(void **state)
{
	(void)state;
	assert_normal("  a\t\r\n b\xC2\xA0\xE3\x80\x80 c \x01\x7f ", "a b c");
	assert_normal(" \t\n", "");
	assert_normal("", "");
	assert_normal("a\xC2\x85"
		      "b\xE2\x80\xA8"
		      "c",
		      "a b c");
	/* A replacement that holds a space does not double it: U+00A8 is a space and U+0308. */
	assert_normal("a \xC2\xA8", "a \xCC\x88");
}

static void invisible_characters_vanish(void **state)
{
	(void)state;
	assert_normal("退\xE2\x80\x8B款\xEF\xBB\xBF", "退款");
	assert_normal("a\xC2\xAD"
		      "b",
		      "ab");
	assert_normal("退\xEF\xB8\x8F款", "退款");
	assert_normal("a\xE2\x80\x8D"
		      "b",
		      "ab");
	assert_normal("x\xF3\xA0\x80\xA1y\xF3\xA0\x84\x80", "xy");
}

static void emoji_sequences_are_kept_whole(void **state)
{
	(void)state;
	assert_normal("👨‍👩‍👧 好", "👨‍👩‍👧 好");
	assert_normal("❤️", "❤️");
	assert_normal("👩🏽‍💻", "👩🏽‍💻");
	assert_normal("🏳️‍🌈", "🏳️‍🌈");
	/* Glue that joins nothing goes. */
	assert_normal("👨‍ 好", "👨 好");
	assert_normal("👨‍a", "👨a");
	assert_normal("❤️️", "❤️");
}

static void malformed_bytes_become_the_replacement_character(void **state)
{
	(void)state;
	assert_normal("a\xff\x80z", "a\xEF\xBF\xBD\xEF\xBF\xBDz");
	assert_normal("\xE9\x80", "\xEF\xBF\xBD\xEF\xBF\xBD");
	assert_normal("\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void combining_sequences_are_ordered_and_composed(void **state)
{
	(void)state;
	assert_normal("Cafe\xCC\x81!", "café!");
	assert_normal("e\xE2\x80\x8B\xCC\x81", "é");
	/* dot below (220) sorts before circumflex (230): ệ */
	assert_normal("e\xCC\x82\xCC\xA3", "ệ");
	assert_normal("\xCC\x81"
		      "a",
		      "\xCC\x81"
		      "a");
	assert_normal("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xE1\x84\x80\xE1\x85\xAE\xE1\x86\xA8",
		      "한국");
	assert_normal("か\xE3\x82\x99", "が");
}

static void a_wall_of_marks_is_cut_and_costs_little(void **state)
{
	size_t n = 200000;
	char *wall = malloc(n * 2 + 1);
	struct str once;

	(void)state;
	wall[0] = 'a';
	for (size_t i = 0; i < n; i++)
		memcpy(wall + 1 + i * 2, i % 2 ? "\xCC\x81" : "\xCC\xA3", 2);
	once = normal_text(&arena, (struct str){wall, n * 2 + 1});
	free(wall);
	assert_in_range(utf8_count(once), 2, 64);
	assert_true(str_eq(normal_text(&arena, once), once));
}

/* utf8proc's answer is normalised once more, which adds the folds that are ours. */
static void assert_as_utf8proc(const char *raw)
{
	utf8proc_uint8_t *theirs = utf8proc_NFKC_Casefold((const utf8proc_uint8_t *)raw);
	struct str ours = normal_text(&arena, str_of(raw));

	if (!str_eq(ours, normal_text(&arena, str_of((char *)theirs))))
		fail_msg("\"%s\": \"%.*s\", utf8proc says \"%s\"", raw, STR_ARG(ours), theirs);
	free(theirs);
	arena_reset(&arena);
}

static void every_code_point_agrees_with_utf8proc(void **state)
{
	(void)state;
	for (uint32_t cp = 1; cp < 0x110000; cp++) {
		char bytes[8] = {0};
		bool surrogate = cp >= 0xD800 && cp <= 0xDFFF;

		if (surrogate)
			continue;
		utf8_encode(cp, bytes);
		assert_as_utf8proc(bytes);
	}
}

static const uint32_t tricky[] = {
	'a',	 'E',	  0x300,  0x301,  0x323,  0x302,  0x345,  0x1E0A,  0xC5,    0x1100,
	0x1161,	 0x11A8,  0xAC00, 0x304B, 0x3099, 0xFF9E, 0xFF76, 0x200B,  0x9F8D,  0x9BE,
	0x9C7,	 0x1D15E, 0x31F,  0x344,  0xFB01, 0x1E9B, 0x958B, '1',	   0xFFA1,  0xFFC2,
	0x110BA, 0x11099, 0xF71,  0xF73,  0x3A9,  0x2126, 0x212B, 0x1F600, 0x40000,
};

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static size_t random_text(uint32_t *seed, char *out)
{
	size_t len = 1 + next_random(seed) % 12, n = 0;

	for (size_t i = 0; i < len; i++)
		n += utf8_encode(tricky[next_random(seed) % (sizeof tricky / sizeof *tricky)],
				 out + n);
	out[n] = '\0';
	return n;
}

static void random_sequences_agree_with_utf8proc(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char raw[64];

		random_text(&seed, raw);
		assert_as_utf8proc(raw);
	}
}

static void offsets_lead_back_to_the_learners_own_characters(void **state)
{
	struct normal n;

	(void)state;
	normal_read(&arena, STR("  我想退Ｐｙｔｈｏｎ課　 程 "), &n);
	assert_str(n.text, "我想退python课 程");
	assert_str(normal_raw(&n, 9, 15), "Ｐｙｔｈｏｎ");
	assert_str(normal_raw(&n, 15, 18), "課");
	assert_str(normal_raw(&n, 15, 22), "課　 程");
	assert_str(normal_raw(&n, 18, 19), "　 ");
	assert_int_equal(n.at[0], 2);
	assert_int_equal(n.at[n.text.n], n.raw.n - 1);
	assert_str(normal_raw(&n, 5, 5), "");
	assert_str(normal_raw(&n, 0, 999), "我想退Ｐｙｔｈｏｎ課　 程");
}

static void half_a_ligature_gives_the_whole_one(void **state)
{
	struct normal n;

	(void)state;
	normal_read(&arena, STR("oﬃce"), &n);
	assert_str(n.text, "office");
	assert_str(normal_raw(&n, 0, 2), "oﬃ");
	assert_str(normal_raw(&n, 4, 6), "ce");
	normal_read(&arena, STR("cafe\xCC\x81s"), &n);
	assert_str(normal_raw(&n, 3, 5), "e\xCC\x81");
}

static void check_offsets(const struct normal *n)
{
	for (size_t i = 0; i <= n->text.n; i++) {
		assert_true(n->at[i] <= n->raw.n);
		if (i)
			assert_true(n->at[i] >= n->at[i - 1]);
	}
}

static void random_bytes_keep_every_promise(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		char raw[80];
		struct normal first;
		struct arena a;
		size_t n;

		if (i % 2) {
			n = random_text(&seed, raw);
		} else {
			n = next_random(&seed) % sizeof raw;
			for (size_t k = 0; k < n; k++)
				raw[k] = (char)next_random(&seed);
		}
		arena_init(&a);
		normal_read(&a, (struct str){raw, n}, &first);
		assert_int_equal(utf8_valid(first.text), first.text.n);
		check_offsets(&first);
		assert_true(str_eq(normal_text(&a, first.text), first.text));
		arena_done(&a);
	}
}

static void text_that_grows_is_kept_whole(void **state)
{
	struct str s;
	char many[3 * 500 + 1];

	(void)state;
	for (size_t i = 0; i < 500; i++)
		memcpy(many + 3 * i, "\xEF\xB7\xBA", 4); /* U+FDFA: 18 characters */
	s = normal_text(&arena, str_of(many));
	assert_int_equal(s.n, 500 * 33);
	assert_true(str_starts(s, STR("صلى الله عليه وسلم")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(latin_is_folded_and_full_width_made_narrow),
		cmocka_unit_test(traditional_becomes_simplified),
		cmocka_unit_test(white_space_runs_become_one_space_and_ends_are_trimmed),
		cmocka_unit_test(invisible_characters_vanish),
		cmocka_unit_test(emoji_sequences_are_kept_whole),
		cmocka_unit_test(malformed_bytes_become_the_replacement_character),
		cmocka_unit_test(combining_sequences_are_ordered_and_composed),
		cmocka_unit_test(a_wall_of_marks_is_cut_and_costs_little),
		cmocka_unit_test(every_code_point_agrees_with_utf8proc),
		cmocka_unit_test(random_sequences_agree_with_utf8proc),
		cmocka_unit_test(offsets_lead_back_to_the_learners_own_characters),
		cmocka_unit_test(half_a_ligature_gives_the_whole_one),
		cmocka_unit_test(random_bytes_keep_every_promise),
		cmocka_unit_test(text_that_grows_is_kept_whole),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
