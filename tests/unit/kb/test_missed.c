#include "unit/kb/kb.h"

#include <math.h>
#include <stdio.h>

#include "kb/missed_merge.h"
#include "kb/store_missed.h"
#include "text/senses.h"
#include "text/utterance.h"
#include "text/vectors.h"

struct fixture {
	struct arena a;
	const struct lexicon *lexicon;
};

static const char *const certificate[] = {
	"证书上的名字写错了怎么改",   "证书上的名字写错了，怎么改？", "證書上的名字寫錯了怎麼改",
	"证书 上的名字 写错了怎么改", "我证书上名字写错了能改吗",     "证书名字错了怎么修改",
};
static const char *const offline[] = {
	"how do I download videos for offline viewing",
	"How do I download videos for OFFLINE viewing?!",
	"can i download a video for offline viewing",
	"downloading videos to watch offline",
};
static const char *const seats[] = {
	"我在第3排第12号",
	"我在第 5 排第 7 号",
	"我在第128排第1号!",
	"我叫什么名字",
	"where is the nearest bus stop",
	"？？？",
};

struct said {
	struct missed v[64];
	size_t n;
};

static void say(struct said *s, const char *text)
{
	s->v[s->n] = (struct missed){.text = str_of(text),
				     .session = STR("s"),
				     .seq = (int64_t)s->n,
				     .at_unix_ms = 1000 + (int64_t)s->n};
	s->n++;
}

static struct said everything(void)
{
	struct said s = {.n = 0};

	for (size_t i = 0; i < sizeof certificate / sizeof *certificate; i++)
		say(&s, certificate[i]);
	for (size_t i = 0; i < sizeof offline / sizeof *offline; i++)
		say(&s, offline[i]);
	for (size_t i = 0; i < sizeof seats / sizeof *seats; i++)
		say(&s, seats[i]);
	return s;
}

static size_t group(struct fixture *x, const struct said *s, struct missed_group **out)
{
	return missed_groups(&x->a, x->lexicon, s->v, s->n, NULL, out);
}

static void messages_that_ask_the_same_are_one_group(void **state)
{
	struct fixture *x = *state;
	const struct said s = everything();
	struct missed_group *g;
	size_t n = group(x, &s, &g);

	assert_int_equal(n, 6);
	assert_int_equal(g[0].n, 6);
	assert_true(str_eq(g[0].text, str_of(certificate[0])));
	assert_true(str_eq(g[0].lang, STR("zh")));
	assert_int_equal(g[1].n, 4);
	assert_true(str_eq(g[1].text, str_of(offline[0])));
	assert_true(str_eq(g[1].lang, STR("en")));
	assert_int_equal(g[2].n, 3);
	for (size_t i = 3; i < n; i++)
		assert_int_equal(g[i].n, 1);
	/* Newest first. */
	for (size_t i = 1; i < g[0].n; i++)
		assert_true(g[0].members[i] < g[0].members[i - 1]);
}

static void spelling_alone_makes_no_other_form(void **state)
{
	struct fixture *x = *state;
	struct said s = {.n = 0};
	struct missed_group *g;
	uint64_t forms[8];

	for (size_t i = 0; i < 4; i++)
		say(&s, certificate[i]);
	say(&s, "ＡＰＰ 打不开 20");
	say(&s, "app打不开，7！");
	say(&s, "手机号138****5678改不了");
	say(&s, "手机号139****0001改不了");
	assert_int_equal(missed_groups(&x->a, x->lexicon, s.v, s.n, forms, &g), 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(g[i].n_forms, 1);
		assert_true(g[i].id == g[i].forms[0]);
	}
	for (size_t i = 1; i < 4; i++)
		assert_true(forms[i] == forms[0]);
	assert_true(forms[5] == forms[4] && forms[7] == forms[6]);
}

static void the_order_of_messages_does_not_matter(void **state)
{
	struct fixture *x = *state;
	const struct said s = everything();
	struct missed_group *g, *h;
	size_t n = group(x, &s, &g);

	for (unsigned seed = 1; seed < 20; seed++) {
		struct said other = s;

		for (size_t i = other.n - 1; i > 0; i--) {
			size_t k = (i * 7919 + seed * 104729) % (i + 1);
			struct missed one = other.v[i];

			other.v[i] = other.v[k];
			other.v[k] = one;
		}
		assert_int_equal(group(x, &other, &h), n);
		for (size_t i = 0; i < n; i++) {
			assert_true(h[i].id == g[i].id);
			assert_int_equal(h[i].n, g[i].n);
			assert_true(str_eq(h[i].text, g[i].text));
			for (size_t k = 0; k < g[i].n; k++)
				assert_int_equal(other.v[h[i].members[k]].seq,
						 s.v[g[i].members[k]].seq);
		}
	}
}

static void a_group_is_named_by_words_that_are_not_masked_where_it_has_some(void **state)
{
	struct fixture *x = *state;
	struct said s = {.n = 0};
	struct missed_group *g;

	say(&s, "把绑定的手机号换成138****5678");
	say(&s, "把绑定的手机号换成137****0000");
	say(&s, "把绑定的手机号换一个");
	assert_int_equal(group(x, &s, &g), 1);
	assert_int_equal(g[0].n, 3);
	assert_true(str_eq(g[0].text, STR("把绑定的手机号换一个")));
}

static void nothing_said_is_no_group(void **state)
{
	struct fixture *x = *state;
	struct missed_group *g;

	assert_int_equal(missed_groups(&x->a, x->lexicon, NULL, 0, NULL, &g), 0);
}

/* Ten subjects asked about 400 times each, in four ways: as many groups, and every message in its own. */
static void many_messages_are_grouped_by_what_they_are_about(void **state)
{
	static const char *const subjects[] = {
		"证书下载失败",	     "发票金额错误",	    "密码已经过期", "作业批改太慢",
		"直播画面卡顿",	     "字幕没有中文",	    "优惠券用不了", "refund not received",
		"contract unsigned", "microphone is broken"};
	static const char *const before[] = {"请问", "我的", "", "你好，"};
	static const char *const after[] = {"怎么办", "了", "！！", " 123"};
	struct fixture *x = *state;
	enum { N = 4000 };
	struct missed *v = ARENA_ARRAY(&x->a, struct missed, N);
	struct missed_group *g;
	size_t n;

	for (size_t i = 0; i < N; i++) {
		v[i].text = arena_printf(&x->a, "%s%s%s", before[i / 10 % 4], subjects[i % 10],
					 after[i / 40 % 4]);
		v[i].session = STR("s");
		v[i].seq = v[i].at_unix_ms = (int64_t)i;
	}
	n = missed_groups(&x->a, x->lexicon, v, N, NULL, &g);
	assert_int_equal(n, 10);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(g[i].n, N / 10);
		for (size_t k = 1; k < g[i].n; k++)
			assert_int_equal(g[i].members[k] % 10, g[i].members[0] % 10);
	}
}

/* Words that more leaders have than are looked at by one word. */
static void words_that_very_many_groups_have_lose_no_message(void **state)
{
	struct fixture *x = *state;
	enum { N = 6000, WORDS = 6, LETTERS = 10 };
	struct missed *v = ARENA_ARRAY(&x->a, struct missed, N);
	struct missed_group *g;
	uint32_t dice = 1;
	size_t n, sum = 0;

	for (size_t i = 0; i < N; i++) {
		char text[WORDS * 8 + 1] = "";

		for (size_t k = 0; k < WORDS; k++) {
			char a, b;

			dice = dice * 1664525u + 1013904223u;
			a = (char)('a' + (dice >> 24) % LETTERS);
			b = (char)('k' + (dice >> 12) % LETTERS);
			snprintf(text + k * 8, 9, "%c%c%c%c%c%c%c ", a, b, b, a, a, b, a);
		}
		v[i].text = arena_str(&x->a, str_of(text));
		v[i].session = STR("s");
		v[i].seq = v[i].at_unix_ms = (int64_t)i;
	}
	n = missed_groups(&x->a, x->lexicon, v, N, NULL, &g);
	assert_true(n > 1000 && n < N);
	for (size_t i = 0; i < n; i++)
		sum += g[i].n;
	assert_int_equal(sum, N);
}

/* ---- the same groups, the slow way ---- */

enum { FEW = 24 };

struct slow {
	struct missed_forms forms;
	float sense[FEW][64];
	double like[FEW][FEW];
	uint32_t group[FEW]; /* by form */
};

static void read_senses(struct fixture *x, struct slow *s)
{
	const struct vectors *vectors = senses_vectors(&x->a);
	float all[64] = {0};

	for (size_t i = 0; i < s->forms.n; i++) {
		struct utterance u;

		utterance_read(&x->a, x->lexicon, s->forms.v[i].text, &u);
		vectors_mean(vectors, &u, s->sense[i]);
		for (size_t k = 0; k < 64; k++)
			all[k] += s->sense[i][k] / (float)(s->forms.n + 20);
	}
	for (size_t i = 0; i < s->forms.n; i++) {
		float sum = 0;

		for (size_t k = 0; k < 64; k++) {
			s->sense[i][k] -= all[k];
			sum += s->sense[i][k] * s->sense[i][k];
		}
		for (size_t k = 0; k < 64; k++)
			s->sense[i][k] /= sqrtf(sum);
	}
}

static double likeness(const struct slow *s, size_t i, size_t j)
{
	const struct missed_form *a = &s->forms.v[i], *b = &s->forms.v[j];
	double terms = 0, senses = 0;

	for (size_t p = 0; p < a->n_terms; p++)
		for (size_t q = 0; q < b->n_terms; q++)
			if (a->v[p].term == b->v[q].term)
				terms += (double)a->v[p].weight * (double)b->v[q].weight;
	for (size_t k = 0; k < 64; k++)
		senses += (double)s->sense[i][k] * (double)s->sense[j][k];
	return .5 * terms + .5 * senses;
}

/* Average over the pairs of forms of two groups; -1 for groups that are no more. */
static double linkage(const struct slow *s, uint32_t g, uint32_t h)
{
	double sum = 0, pairs = 0;

	for (size_t i = 0; i < s->forms.n; i++)
		for (size_t j = 0; j < s->forms.n; j++)
			if (s->group[i] == g && s->group[j] == h) {
				sum += s->like[i][j];
				pairs++;
			}
	return pairs > 0 ? sum / pairs : -1;
}

/* Joins the two that are most alike; false when none are enough. */
static bool join_two(struct slow *s)
{
	double best = (double)MISSED_MERGE_LIKE;
	uint32_t a = 0, b = 0;

	for (uint32_t g = 0; g < s->forms.n; g++)
		for (uint32_t h = g + 1; h < s->forms.n; h++)
			if (linkage(s, g, h) >= best) {
				best = linkage(s, g, h);
				a = g;
				b = h;
			}
	for (size_t i = 0; i < s->forms.n; i++)
		if (s->group[i] == b)
			s->group[i] = a;
	return a != b;
}

static size_t group_slowly(struct fixture *x, const struct missed *v, size_t n, uint32_t *group_of)
{
	struct slow s = {.forms = {0}};
	size_t groups;

	missed_forms_read(&x->a, x->lexicon, v, n, &s.forms);
	assert_int_equal(s.forms.n, n);
	read_senses(x, &s);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			s.like[i][j] = likeness(&s, i, j);
	for (size_t i = 0; i < n; i++)
		s.group[i] = (uint32_t)i;
	for (groups = n; join_two(&s);)
		groups--;
	for (size_t i = 0; i < n; i++)
		group_of[s.forms.v[i].members[0]] = s.group[i];
	return groups;
}

static struct str some_words(struct fixture *x, size_t i, uint32_t *dice)
{
	static const char *const words[] = {"refund", "money", "invoice", "receipt", "course",
					    "lesson", "video", "watch",	  "phone",   "cancel",
					    "order",  "price", "exam",	  "teacher", "退款",
					    "发票",   "证书",  "视频",	  "课程",    "老师"};
	struct str text = arena_printf(&x->a, "%cq", (char)('a' + (int)i));

	for (size_t k = 0; k < 4; k++) {
		*dice = *dice * 1664525u + 1013904223u;
		text = arena_printf(&x->a, "%.*s %s", STR_ARG(text),
				    words[(*dice >> 24) % (sizeof words / sizeof *words)]);
	}
	return text;
}

static void groups_are_those_of_joining_the_two_nearest_over_and_over(void **state)
{
	struct fixture *x = *state;
	uint32_t dice = 7, group_of[FEW];
	struct missed_group *g;

	for (int round = 0; round < 10; round++) {
		struct missed v[FEW];
		size_t n;

		for (size_t i = 0; i < FEW; i++)
			v[i] = (struct missed){.text = some_words(x, i, &dice),
					       .session = STR("s"),
					       .seq = (int64_t)i,
					       .at_unix_ms = (int64_t)i};
		n = missed_groups(&x->a, x->lexicon, v, FEW, NULL, &g);
		assert_int_equal(n, group_slowly(x, v, FEW, group_of));
		assert_true(n > 1 && n < FEW);
		for (size_t i = 0; i < n; i++)
			for (size_t k = 1; k < g[i].n; k++)
				assert_int_equal(group_of[g[i].members[k]],
						 group_of[g[i].members[0]]);
	}
}

/* ---- the database ---- */

static void put(struct store *s, const char *session, int64_t seq, const char *text,
		const char *source)
{
	struct talk_row row = {.session = str_of(session),
			       .seq = seq,
			       .at_unix_ms = seq * 10,
			       .side = TALK_USER,
			       .text = str_of(text)};
	struct err err;

	assert_ok(store_talk_put(s, &row, &err), err);
	row.side = TALK_BOT;
	row.text = STR("reply");
	row.source = str_of(source);
	row.json = STR("{}");
	assert_ok(store_talk_put(s, &row, &err), err);
}

static void feel(struct store *s, const char *session, int64_t seq, bool helpful)
{
	struct feedback_row row = {
		.session = str_of(session), .seq = seq, .helpful = helpful, .at_unix_ms = 9};
	struct err err;

	assert_ok(store_feedback_put(s, &row, &err), err);
}

static void replies_that_were_no_help_are_read_each_once(void **state)
{
	struct fixture *x = *state;
	struct store *s = kb_memory();
	struct missed *rows;
	struct err err;
	size_t n;

	put(s, "a", 2, "one", "fallback");
	put(s, "a", 3, "two", "ask");
	put(s, "a", 4, "three", "rule");
	put(s, "b", 5, "four", "phrase");
	put(s, "b", 6, "five", "faq");
	feel(s, "a", 2, false); /* no answer, and no help: one message */
	feel(s, "b", 5, false);
	feel(s, "b", 6, true);
	assert_ok(store_missed(s, &x->a, 10, &rows, &n, &err), err);
	assert_int_equal(n, 3);
	assert_true(str_eq(rows[0].text, STR("four")) && rows[0].kind == MISS_DOWN);
	assert_true(str_eq(rows[1].text, STR("two")) && rows[1].kind == MISS_ASK);
	assert_true(str_eq(rows[2].text, STR("one")) && rows[2].kind == MISS_FALLBACK);
	assert_int_equal(rows[0].at_unix_ms, 50);
	assert_ok(store_missed(s, &x->a, 2, &rows, &n, &err), err);
	assert_int_equal(n, 2);
	assert_true(str_eq(rows[1].text, STR("two")));
	store_close(s);
}

static void what_was_dealt_with_is_kept_by_form(void **state)
{
	static const uint64_t forms[] = {7, 3, UINT64_MAX >> 1};
	struct fixture *x = *state;
	struct store *s = kb_memory();
	struct handled_row *rows;
	struct err err;
	size_t n;

	assert_ok(store_handled_put(s, forms, 3, HANDLED_IGNORED, 5, STR("lin"), &err), err);
	assert_ok(store_handled_put(s, forms, 1, HANDLED_DONE, 6, STR("lin"), &err), err);
	assert_ok(store_handled_put(s, forms + 1, 1, HANDLED_OPEN, 7, STR("lin"), &err), err);
	assert_ok(store_handled(s, &x->a, &rows, &n, &err), err);
	assert_int_equal(n, 2);
	assert_true(rows[0].form == 7 && rows[0].state == HANDLED_DONE && rows[0].at_unix_ms == 6);
	assert_true(rows[1].form == forms[2] && rows[1].state == HANDLED_IGNORED);
	store_close(s);
}

static int set_up(void **state)
{
	struct fixture *x = calloc(1, sizeof *x);

	arena_init(&x->a);
	x->lexicon = lexicon_new(&x->a, NULL, 0, NULL, 0);
	*state = x;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *x = *state;

	arena_done(&x->a);
	free(x);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(messages_that_ask_the_same_are_one_group),
		TEST(spelling_alone_makes_no_other_form),
		TEST(the_order_of_messages_does_not_matter),
		TEST(a_group_is_named_by_words_that_are_not_masked_where_it_has_some),
		TEST(nothing_said_is_no_group),
		TEST(many_messages_are_grouped_by_what_they_are_about),
		TEST(words_that_very_many_groups_have_lose_no_message),
		TEST(groups_are_those_of_joining_the_two_nearest_over_and_over),
		TEST(replies_that_were_no_help_are_read_each_once),
		TEST(what_was_dealt_with_is_kept_by_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
