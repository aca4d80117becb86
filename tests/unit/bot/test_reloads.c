/* A day of reloads: what a snapshot took is given back, whoever the regexes are shared with. */
#include "fixture.h"

#ifdef KEFU_ARENA_DEBUG /* sanitisers are slow, and keep freed memory for a while to catch its use */
enum { RELOADS = 150 };
#else
enum { RELOADS = 1000 };
#endif
enum { RULES = 120, WARM = 100, GROWN_KIB_MAX = 6 * 1024 };

/* A quarter keywords, phrases a quarter, the others regexes; rule `edited` is of this version alone. */
static void write_rules(const struct fixture *x, int edited)
{
	struct buf b = {0};

	buf_printf(&b, "version: 1\nlanguages: [zh, en]\nintents:\n");
	for (int i = 0; i < RULES; i++) {
		buf_printf(&b, "  r%d:\n    when:\n", i);
		if (i % 4 == 0)
			buf_printf(&b, "      keywords: {all: [退款], any: [第%d门%s]}\n", i,
				   i == edited % RULES ? ", 本次" : "");
		else if (i % 4 == 1)
			buf_printf(&b, "      phrases: [我想预约第%d位老师%s]\n", i,
				   i == edited % RULES ? "的课" : "");
		else
			buf_printf(&b, "      regex: ['(?:怎么|如何).{0,6}第%d门%s']\n", i,
				   i == edited % RULES ? "|本次" : "");
		buf_printf(&b, "    answer: 答%d\n", i);
	}
	buf_printf(&b, "%s", "faq:\n  - {id: a, q: 怎么开发票, a: 订单页}\n");
	fixture_write(x->path, b.p);
	buf_done(&b);
}

/* Memory that is this process's alone and not a file's; -1 when the kernel does not tell. */
static long rss_anon_kib(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[128];
	long kib = -1;

	while (f && fgets(line, sizeof line, f)) {
		if (sscanf(line, "RssAnon: %ld kB", &kib) == 1)
			break;
	}
	if (f)
		fclose(f);
	return kib;
}

static void reload(struct fixture *x, int number)
{
	const struct snapshot_source src = {.intents_path = x->path,
					    .serial = x->snapshot->serial + 1,
					    .previous = x->snapshot};
	struct snapshot *next = NULL;
	struct diags diags;
	struct err err;

	write_rules(x, number);
	diags_init(&diags, false);
	assert_int_equal(snapshot_build(&src, &diags, &next, &err), 0);
	diags_done(&diags);
	snapshot_unref(x->snapshot);
	x->snapshot = next;
}

static void memory_does_not_grow_over_many_reloads(void **state)
{
	static const char *const says[] = {"第%d门退款", "我想预约第%d位老师的课", "怎么学第%d门",
					   "怎么学第%d门"};
	struct fixture x;
	char said[64], want[16];
	long before = 0;

	(void)state;
	fixture_open(&x, "version: 1\nfaq: [{id: a, q: 怎么开发票, a: 订单页}]\n", NULL);
	for (int i = 0; i < RELOADS; i++) {
		int rule = i % RULES;

		if (i == WARM)
			before = rss_anon_kib();
		reload(&x, i);
		snprintf(said, sizeof said, says[rule % 4], rule);
		snprintf(want, sizeof want, "答%d", rule);
		assert_str(fixture_say(&x, said)->text, want);
	}
	if (before < 0)
		skip();
#ifndef KEFU_ARENA_DEBUG
	assert_in_range(rss_anon_kib() - before + GROWN_KIB_MAX, 0, 2 * GROWN_KIB_MAX);
#endif
	fixture_close(&x);
}

/* ---- what is shared changes nothing ---- */

enum { EDITS = 60, ASKED = 12 };

static uint32_t next_random(uint32_t n)
{
	static uint64_t state = 3;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(state >> 33) % n;
}

/* A file of places with a few choices each. */
struct choices {
	uint32_t synonym, keyword, regex, phrase, question, also, answer, typos;
};

static void edit_one(struct choices *c)
{
	uint32_t *const all[] = {&c->synonym,  &c->keyword, &c->regex,	&c->phrase,
				 &c->question, &c->also,    &c->answer, &c->typos};

	*all[next_random(sizeof all / sizeof *all)] = next_random(3);
}

static void write_choices(const struct fixture *x, const struct choices *c)
{
	static const char *const synonyms[] = {"退钱", "退费, 退钱", "还钱"};
	static const char *const keywords[] = {"退款", "电子发票", "怎么开"};
	static const char *const regexes[] = {"证书.*丢", "证书.*(丢|补)", "certificat(e|es) lost"};
	static const char *const phrases[] = {"视频打不开", "视频播放不了", "the video is stuck"};
	static const char *const questions[] = {"怎么开发票", "发票怎么申请", "电子发票怎么开"};
	static const char *const alsos[] = {"invoice for my order", "开票", "要报销用的发票"};
	static const char *const answers[] = {"订单页", "在订单页申请电子发票", "找客服"};
	static const char *const typos[] = {"auto", "off", "2"};
	struct buf b = {0};

	buf_printf(&b, "version: 1\nlanguages: [zh, en]\nsettings: {typos: %s}\n", typos[c->typos]);
	buf_printf(&b, "words: {退款: [%s]}\nintents:\n", synonyms[c->synonym]);
	buf_printf(&b, "  a: {when: {keywords: {any: [%s]}}, answer: 甲}\n", keywords[c->keyword]);
	buf_printf(&b, "  b: {when: {regex: '%s'}, answer: 乙}\n", regexes[c->regex]);
	buf_printf(&b,
		   "  c: {when: {phrases: [%s, 画面一直卡住, no picture at all]}, answer: 丙}\n",
		   phrases[c->phrase]);
	buf_printf(&b, "  d: {when: {phrases: [怎么联系老师, call my teacher]}, answer: 丁}\n");
	buf_printf(&b, "faq:\n  - {id: f, q: %s, also: [%s], a: %s}\n", questions[c->question],
		   alsos[c->also], answers[c->answer]);
	buf_printf(&b, "%s", "  - {id: g, q: 优惠券怎么用, a: 下单时选}\n");
	fixture_write(x->path, b.p);
	buf_done(&b);
}

static struct snapshot *build(const struct fixture *x, const struct snapshot *previous)
{
	const struct snapshot_source src = {
		.intents_path = x->path, .serial = 1, .previous = previous};
	struct snapshot *s = NULL;
	struct diags diags;
	struct err err;

	diags_init(&diags, false);
	assert_int_equal(snapshot_build(&src, &diags, &s, &err), 0);
	diags_done(&diags);
	return s;
}

static void assert_same_answers(struct fixture *x, struct snapshot *a, struct snapshot *b)
{
	static const char *const asked[ASKED] = {"我要退款",	   "退钱",
						 "电子发票怎么开", "发飘怎么申请",
						 "我的证书丢了",   "certifcates lost",
						 "视频打不开",	   "the vedio is stuck",
						 "联系一下老师吧", "invioce for order",
						 "优惠卷怎么用",   "今天天气不错"};

	for (size_t i = 0; i < ASKED; i++) {
		char *text;
		size_t n;
		double score;
		enum reply_source source;

		x->snapshot = a;
		fixture_say(x, asked[i]);
		text = mem_strdup(x->turn.reply.text);
		score = x->turn.reply.score;
		source = x->turn.reply.source;
		n = x->turn.reply.n_considered;
		x->snapshot = b;
		fixture_say(x, asked[i]);
		assert_str(x->turn.reply.text, text);
		assert_true(x->turn.reply.score == score);
		assert_int_equal(x->turn.reply.source, source);
		assert_int_equal(x->turn.reply.n_considered, n);
		free(text);
	}
}

static void a_reload_answers_as_a_fresh_start_does_whatever_was_edited(void **state)
{
	struct choices c = {0};
	size_t shared = 0, made = 0;
	struct fixture x;

	(void)state;
	fixture_open(&x, "version: 1\nfaq: [{id: a, q: 怎么开发票, a: 订单页}]\n", NULL);
	for (int i = 0; i < EDITS; i++) {
		struct snapshot *before = x.snapshot, *warm, *cold;

		edit_one(&c);
		write_choices(&x, &c);
		warm = build(&x, before);
		cold = build(&x, NULL);
		shared += warm->faq == before->faq;
		made += warm->faq != before->faq;
		assert_same_answers(&x, warm, cold);
		snapshot_unref(before); /* what it shared lives on */
		assert_same_answers(&x, warm, cold);
		snapshot_unref(cold);
		x.snapshot = warm;
	}
	assert_true(shared > 5 && made > 5);
	fixture_close(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reload_answers_as_a_fresh_start_does_whatever_was_edited),
		cmocka_unit_test(memory_does_not_grow_over_many_reloads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
