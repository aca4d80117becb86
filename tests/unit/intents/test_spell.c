/* Messages put right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intents/spell.h"
#include "rules.h"

#define RULES                                                                                      \
	"words:\n"                                                                                 \
	"  退款: [退钱, refund]\n"                                                             \
	"intents:\n"                                                                               \
	"  refund:\n"                                                                              \
	"    when:\n"                                                                              \
	"      phrases: [我要退款, I forgot my password]\n"                                    \
	"      keywords: [字幕]\n"                                                               \
	"    answer: {zh: 好, en: OK}\n"                                                          \
	"faq:\n"                                                                                   \
	"  - id: invoice\n"                                                                        \
	"    q: 怎么开发票\n"                                                                 \
	"    also: [where are the subtitles]\n"                                                    \
	"    a: {zh: 好, en: OK}\n"

static void correct(const char *rules, const char *said, const char *meant)
{
	struct rules r;
	struct utterance u;
	const struct speller *s;
	struct str text = STR("(as it stands)");

	rules_open(&r, rules);
	assert_int_equal(r.diags.errors, 0);
	s = speller_new(&r.arena, r.rs, r.lexicon);
	utterance_read(&r.arena, r.lexicon, str_of(said), &u);
	speller_correct(s, &r.arena, &u, &text);
	assert_string_equal(arena_str(&r.arena, text).p, meant);
	rules_close(&r);
}

static void chinese_words_are_found_by_their_sound(void **state)
{
	(void)state;
	correct(RULES, "我要退宽", "我要退款");
	correct(RULES, "怎么开发飘？", "怎么开发票?");
	correct(RULES, "自木在哪", "字幕在哪");
}

static void latin_words_are_found_by_their_letters(void **state)
{
	(void)state;
	correct(RULES, "I forgot my pasword", "i forgot my password");
	correct(RULES, "any subtitels", "any subtitles");
	correct(RULES, "I want a refnud", "i want a refund");
}

static void both_in_one_message(void **state)
{
	(void)state;
	correct(RULES, "我的pasword和退宽", "我的password和退款");
}

static void what_is_written_right_stays(void **state)
{
	(void)state;
	correct(RULES, "我要退款", "(as it stands)");
	correct(RULES, "I forgot my password", "(as it stands)");
}

static void what_is_like_nothing_known_stays(void **state)
{
	(void)state;
	correct(RULES, "今天天气不错 hello 😀", "(as it stands)");
	correct(RULES, "", "(as it stands)");
	correct(RULES, "退", "(as it stands)");
}

static void typos_off_puts_nothing_right(void **state)
{
	(void)state;
	correct("settings: {typos: off}\n" RULES, "我要退宽", "(as it stands)");
	correct("settings: {typos: off}\n" RULES, "my pasword", "(as it stands)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chinese_words_are_found_by_their_sound),
		cmocka_unit_test(latin_words_are_found_by_their_letters),
		cmocka_unit_test(both_in_one_message),
		cmocka_unit_test(what_is_written_right_stays),
		cmocka_unit_test(what_is_like_nothing_known_stays),
		cmocka_unit_test(typos_off_puts_nothing_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
