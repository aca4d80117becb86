/* What the knowledge base costs: bench_kb [--json] [--events N] [FILE]
 *
 * FAQ search over 1,000, 10,000 and 100,000 questions (those of FILE, one a line, when it has
 * enough; else made from frames and words), recommendation over 2,000 courses and N events, saving
 * and importing events into a database in a temporary folder. Times are medians. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kb/faq.h"
#include "kb/import.h"
#include "kb/recommend.h"
#include "text/buf.h"
#include "text/lexicon.h"
#include "text/mem.h"

enum { COURSES = 2000, ASKED = 2000 };

struct bench {
	struct arena kept, turn;
	const struct lexicon *lexicon;
	struct str *questions; /* of the file */
	size_t n_questions, cap;
	uint64_t random;
	uint64_t events;
	struct buf json;
	bool as_json;
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void report(struct bench *b, const char *name, double value, const char *unit)
{
	if (b->as_json)
		json_knum(&b->json, name, value);
	else
		printf("%-34s %12.1f %s\n", name, value, unit);
}

static size_t pick(struct bench *b, size_t n)
{
	b->random = b->random * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(b->random >> 33) % n;
}

#define PICK(b, list) list[pick((b), sizeof list / sizeof *list)]

static struct str make_zh(struct bench *b)
{
	static const char *const frames[] = {"怎么%s%s的%s",	   "%s%s的%s在哪里",
					     "请问%s%s能%s吗",	   "%s了%s，%s还在吗",
					     "为什么%s不了%s的%s", "%s%s需要多久%s",
					     "我想%s%s，%s怎么办", "手机上怎么%s%s和%s",
					     "%s%s的时候%s出错了", "没收到%s%s的%s怎么办"};
	static const char *const verbs[] = {"申请", "下载", "修改", "取消", "查看", "购买",
					    "分享", "兑换", "绑定", "删除", "续费", "转让",
					    "导出", "提交", "评价", "收藏"};
	static const char *const nouns[] = {"课程", "发票", "证书", "优惠券", "订单",	"作业",
					    "直播", "回放", "账号", "密码",   "会员",	"学习计划",
					    "笔记", "讲义", "考试", "积分",   "退款",	"手机号",
					    "班级", "老师", "进度", "字幕",   "礼品卡", "拼团"};

	return arena_printf(&b->kept, PICK(b, frames), PICK(b, verbs), PICK(b, nouns),
			    PICK(b, nouns));
}

static int by_value(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof *v, by_value);
	return v[n / 2];
}

/* ---- FAQ ---- */

static struct faq_doc *make_docs(struct bench *b, size_t n)
{
	struct faq_doc *docs = ARENA_ARRAY(&b->kept, struct faq_doc, n);

	for (size_t i = 0; i < n; i++) {
		struct str *q = ARENA_NEW(&b->kept, struct str);

		*q = i < b->n_questions ? b->questions[i] : make_zh(b);
		docs[i] = (struct faq_doc){.questions = q, .n = 1};
	}
	return docs;
}

static void bench_faq(struct bench *b, size_t n)
{
	static double us[ASKED];
	struct faq_doc *docs = make_docs(b, n);
	double begun = now_us();
	struct faq_index *f = faq_index_new(b->lexicon, docs, n);
	char name[64];

	snprintf(name, sizeof name, "faq_%zu_build_ms", n);
	report(b, name, (now_us() - begun) / 1e3, "ms");
	for (size_t i = 0; i < ASKED; i++) {
		struct faq_hit hits[5];
		struct utterance u;

		arena_reset(&b->turn);
		utterance_read(&b->turn, b->lexicon, docs[pick(b, n)].questions[0], &u);
		begun = now_us();
		if (!faq_search(f, &b->turn, &u, hits, 5))
			abort();
		us[i] = now_us() - begun;
	}
	snprintf(name, sizeof name, "faq_%zu_search_p50_us", n);
	report(b, name, median(us, ASKED), "us");
	snprintf(name, sizeof name, "faq_%zu_search_p99_us", n);
	report(b, name, us[ASKED * 99 / 100], "us");
	faq_index_free(f);
}

/* ---- events and recommendation ---- */

static void must(int rc, const struct err *err)
{
	if (rc == 0)
		return;
	fprintf(stderr, "bench_kb: %s\n", err->text);
	exit(1);
}

static void put_courses(struct bench *b, struct store *s)
{
	struct err err;

	must(store_begin(s, &err), &err);
	for (int i = 0; i < COURSES; i++) {
		struct course c = {.id = arena_printf(&b->kept, "c%04d", i),
				   .title = make_zh(b),
				   .description = make_zh(b),
				   .category = arena_printf(&b->kept, "category %d", i % 20),
				   .price = i % 300};

		must(course_put(s, &c, &err), &err);
	}
	must(store_commit(s, &err), &err);
}

/* Learners of twenty events; popular courses are taken more often. */
static struct str make_events(struct bench *b)
{
	static const char *const types[] = {"view", "enroll", "purchase", "complete", "study"};
	struct buf csv = {0};
	struct str out;

	buf_cstr(&csv, "user,course,type,at,progress\n");
	for (uint64_t i = 0; i < b->events; i++)
		buf_printf(&csv, "u%llu,c%04zu,%s,%llu,.5\n", (unsigned long long)i / 20,
			   pick(b, pick(b, COURSES) + 1), PICK(b, types),
			   1700000000 + (unsigned long long)i);
	out = arena_str(&b->kept, buf_view(&csv));
	buf_done(&csv);
	return out;
}

static void bench_import(struct bench *b, struct store *s)
{
	struct str csv = make_events(b);
	struct import_report r;
	struct diags d;
	struct err err;
	double begun = now_us();

	diags_init(&d, false);
	must(import_bytes(s, IMPORT_EVENTS, STR("events.csv"), csv, ROWS_CSV, NULL, &r, &d, &err),
	     &err);
	report(b, "import_events_per_s", (double)r.rows / (now_us() - begun) * 1e6, "rows/s");
	diags_done(&d);
}

static void bench_put(struct bench *b, struct store *s, int group)
{
	struct event e = {.user = STR("bench"),
			  .course = STR("c0001"),
			  .type = EVENT_VIEW,
			  .value = 1,
			  .minutes = -1,
			  .progress = -1,
			  .score = -1};
	int total = group == 1 ? 300 : 20000;
	double begun = now_us();
	struct err err;
	char name[64];

	for (int i = 0; i < total; i++) {
		if (i % group == 0)
			must(store_begin(s, &err), &err);
		e.at_unix_ms = (int64_t)group * 1000000 + i;
		must(event_put(s, &e, &err), &err);
		if (i % group == group - 1)
			must(store_commit(s, &err), &err);
	}
	snprintf(name, sizeof name, "events_per_s_commit_of_%d", group);
	report(b, name, total / (now_us() - begun) * 1e6, "events/s");
}

static void bench_lists(struct bench *b, const struct recommender *r, const struct profiles *p,
			const char *name, struct recommend_query q)
{
	static double us[ASKED];
	char user[32];

	q.profiles = p;
	q.count = 10;
	q.max_price = -1;
	q.reply_lang = STR("zh");
	for (size_t i = 0; i < ASKED; i++) {
		struct recommended_list l;
		double begun;

		snprintf(user, sizeof user, "u%zu", pick(b, (size_t)b->events / 20 + 1));
		if (!q.n_likes)
			q.user = str_of(user);
		arena_reset(&b->turn);
		begun = now_us();
		recommend(r, &b->turn, &q, &l);
		us[i] = now_us() - begun;
	}
	report(b, name, median(us, ASKED), "us");
}

static void bench_recommend(struct bench *b, struct store *s)
{
	const struct catalogue *courses;
	struct recommender *r;
	struct profiles *p = profiles_new();
	struct err err;
	double begun;

	must(catalogue_read(s, &b->kept, &courses, &err), &err);
	begun = now_us();
	must(recommender_new(courses, b->lexicon, s, &r, &err), &err);
	report(b, "recommender_build_ms", (now_us() - begun) / 1e3, "ms");
	begun = now_us();
	must(profiles_read(p, s, NULL, &err), &err);
	report(b, "profiles_read_ms", (now_us() - begun) / 1e3, "ms");
	bench_lists(b, r, p, "recommend_learner_p50_us", (struct recommend_query){0});
	bench_lists(b, r, p, "recommend_text_p50_us",
		    (struct recommend_query){.text = STR("发票和证书")});
	bench_lists(
		b, r, p, "recommend_like_p50_us",
		(struct recommend_query){.likes = &(struct str)STR_INIT("c0007"), .n_likes = 1});
	recommender_free(r);
	profiles_free(p);
}

static void bench_store(struct bench *b)
{
	char folder[] = "/tmp/bench-kb-XXXXXX", path[64], also[80];
	static const char *const tails[] = {"", "-wal", "-shm"};
	struct store *s;
	struct err err;

	if (!mkdtemp(folder))
		exit(1);
	snprintf(path, sizeof path, "%s/kefu.db", folder);
	must(store_open(path, STORE_WRITE, &s, &err), &err);
	put_courses(b, s);
	bench_import(b, s);
	bench_put(b, s, 1);
	bench_put(b, s, 100);
	bench_recommend(b, s);
	store_close(s);
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		snprintf(also, sizeof also, "%s%s", path, tails[i]);
		unlink(also);
	}
	rmdir(folder);
}

static void read_questions(struct bench *b, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[4096];

	if (!f) {
		fprintf(stderr, "bench_kb: cannot open '%s'\n", path);
		exit(2);
	}
	while (fgets(line, sizeof line, f)) {
		struct str s = str_trim(str_of(line));

		if (s.n)
			ARENA_PUSH(&b->kept, b->questions, b->n_questions, b->cap,
				   arena_str(&b->kept, s));
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	static const size_t sizes[] = {1000, 10000, 100000};
	struct bench b = {.random = 1, .events = 200000};

	arena_init(&b.kept);
	arena_init(&b.turn);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			b.as_json = true;
		else if (strcmp(argv[i], "--events") == 0 && i + 1 < argc)
			str_to_u64(str_of(argv[++i]), &b.events);
		else
			read_questions(&b, argv[i]);
	}
	b.lexicon = lexicon_new(&b.kept, NULL, 0, NULL, 0);
	if (b.as_json)
		json_open(&b.json, '{');
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		bench_faq(&b, sizes[i]);
	bench_store(&b);
	if (b.as_json) {
		json_close(&b.json, '}');
		puts(b.json.p);
	}
	buf_done(&b.json);
	arena_done(&b.turn);
	arena_done(&b.kept);
	return 0;
}
