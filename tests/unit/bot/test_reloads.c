/* A day of reloads: what a snapshot took is given back, whoever the regexes are shared with. */
#include "fixture.h"

#ifdef KEFU_ARENA_DEBUG /* sanitisers are slow, and keep freed memory for a while to catch its use */
enum { RELOADS = 150 };
#else
enum { RELOADS = 1000 };
#endif
enum { RULES = 120, WARM = 100, GROWN_KIB_MAX = 6 * 1024 };

/* A third keywords, two thirds regexes; rule `edited` is of this version alone. */
static void write_rules(const struct fixture *x, int edited)
{
	struct buf b = {0};

	buf_printf(&b, "version: 1\nlanguages: [zh, en]\nintents:\n");
	for (int i = 0; i < RULES; i++) {
		buf_printf(&b, "  r%d:\n    when:\n", i);
		if (i % 3 == 0)
			buf_printf(&b, "      keywords: {all: [退款], any: [第%d门%s]}\n", i,
				   i == edited % RULES ? ", 本次" : "");
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
		snprintf(said, sizeof said, rule % 3 ? "怎么学第%d门" : "第%d门退款", rule);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_does_not_grow_over_many_reloads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
