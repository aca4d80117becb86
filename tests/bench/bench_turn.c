/* Whole turns: time of their stages, build time and memory at 100, 1,000 and 5,000 rules.
 *
 *	bench_turn [MESSAGES]	(a file of messages, a line each)
 *
 * Rules are made from a support desk's vocabulary: 60 % keywords, 30 % regexes, 10 % phrases, an
 * FAQ entry for every tenth. All sizes are measured in alternating rounds of one run; medians are
 * printed. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bot/turn.h"
#include "text/mem.h"

enum { ROUNDS = 9, MESSAGES_MIN = 1000, SIZES = 3, LINES_MAX = 10000 };

static const char *const nouns[] = {
	"课程", "视频", "订单", "发票",	  "证书",   "账号", "密码",   "作业",	"直播",
	"回放", "讲义", "题库", "考试",	  "积分",   "会员", "优惠券", "拼团",	"分期",
	"退款", "物流", "教材", "笔记",	  "字幕",   "倍速", "下载",   "缓存",	"手机",
	"平板", "电脑", "微信", "支付宝", "银行卡", "老师", "助教",   "班主任", "同学",
	"社群", "评论", "收藏", "进度",	  "学时",   "打卡", "奖学金", "简历",	"面试",
	"实习", "认证", "报名", "名额",	  "座位",   "教室", "时间表",
};
static const char *const verbs[] = {
	"怎么", "如何", "打不开", "找不到", "取消", "修改", "申请", "查看",
	"更换", "绑定", "升级",	  "续费",   "转让", "延期", "导出", "分享",
	"恢复", "删除", "提交",	  "预约",   "投诉", "咨询", "激活", "兑换",
};
static const char *const english[] = {
	"invoice",  "certificate", "password", "account",    "homework", "livestream",
	"replay",   "handout",	   "coupon",   "membership", "refund",	 "payment",
	"subtitle", "download",	   "teacher",  "progress",   "exam",	 "schedule",
	"device",   "browser",	   "screen",   "sound",	     "email",	 "phone",
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static uint64_t rng = 20260301;

static size_t pick(size_t n)
{
	rng = rng * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(rng >> 33) % n;
}

#define ONE(list) list[pick(COUNT(list))]

static void put_rule(FILE *f, int i)
{
	fprintf(f, "  r%d:\n    when:\n", i);
	switch (i % 10) {
	case 0:
		fprintf(f, "      phrases: [%s%s%s在哪里, 我的%s%s%s了%d, how do I %s my %s %d]\n",
			ONE(verbs), ONE(nouns), ONE(nouns), ONE(nouns), ONE(nouns), ONE(verbs), i,
			ONE(english), ONE(english), i);
		break;
	case 1:
	case 2:
	case 3:
		fprintf(f, "      regex: ['%s.{0,8}(%s|%s).{0,6}%s', '\\b%s\\b.{0,20}\\b%s\\b']\n",
			ONE(verbs), ONE(nouns), ONE(nouns), ONE(nouns), ONE(english), ONE(english));
		break;
	default:
		fprintf(f, "      keywords: {all: [%s, %s], any: [%s, %s, %s], none: [%s]}\n",
			ONE(nouns), ONE(nouns), ONE(verbs), ONE(verbs), ONE(english), ONE(english));
	}
	fprintf(f, "    answer: {zh: 答案%d, en: Answer %d}\n", i, i);
}

static void write_rules(const char *path, int n)
{
	FILE *f = fopen(path, "w");

	if (!f)
		exit(2);
	fputs("version: 1\nlanguages: [zh, en]\nintents:\n", f);
	for (int i = 0; i < n; i++)
		put_rule(f, i);
	fputs("faq:\n", f);
	for (int i = 0; i < n / 10; i++)
		fprintf(f, "  - {id: q%d, q: %s%s%s怎么办%d, a: {zh: 回答%d, en: Reply %d}}\n", i,
			ONE(nouns), ONE(verbs), ONE(nouns), i, i, i);
	fclose(f);
}

/* Processor time of this thread: what neighbours on the machine do does not count. */
static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static long rss_kib(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages = 0, resident = 0;

	if (f && fscanf(f, "%ld %ld", &pages, &resident) != 2)
		resident = 0;
	if (f)
		fclose(f);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static size_t read_lines(const char *path, struct str *lines)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0, n = 0;
	ssize_t got;

	while (f && n < LINES_MAX && (got = getline(&line, &cap, f)) > 0)
		lines[n++] = str_of(mem_strdup(str_trim((struct str){line, (size_t)got})));
	free(line);
	if (f)
		fclose(f);
	return n;
}

/* What is done with each message. */
enum stage { STAGE_READ, STAGE_DECIDE, STAGE_TURN, STAGES };

static void one(enum stage stage, struct snapshot *s, struct turn *t, struct str line)
{
	static const struct match_state state = {.lang = STR_INIT("zh")};
	struct session session;

	session_init(&session, 1);
	turn_reset(t);
	t->snapshot = s;
	t->session = &session;
	t->text = line;
	if (stage == STAGE_TURN)
		bot_turn(t);
	else
		utterance_read(&t->arena, s->lexicon, line, &t->utterance);
	if (stage == STAGE_DECIDE)
		intent_match(s->matcher, &t->arena, &t->utterance, &state, false, &t->matches);
	session_done(&session);
}

static double round_us(enum stage stage, struct snapshot *s, const struct str *lines, size_t n)
{
	size_t messages = n < MESSAGES_MIN ? MESSAGES_MIN : n;
	struct turn t;
	double began;

	turn_init(&t);
	began = now_ms();
	for (size_t i = 0; i < messages; i++)
		one(stage, s, &t, lines[i % n]);
	began = now_ms() - began;
	turn_done(&t);
	return began * 1e3 / (double)messages;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print(const char *stage, int size, double *us, const double *of_100)
{
	qsort(us, ROUNDS, sizeof *us, compare);
	printf("%-30s %5d rules: %6.2f us, %8.0f/s, %.2fx of 100 rules\n", stage, size,
	       us[ROUNDS / 2], 1e6 / us[ROUNDS / 2], us[ROUNDS / 2] / of_100[ROUNDS / 2]);
}

int main(int argc, char **argv)
{
	static const char *const stages[STAGES] = {"read", "decide (read, rules, phrases)",
						   "a whole turn"};
	static const int sizes[SIZES] = {100, 1000, 5000};
	static struct str lines[LINES_MAX];
	struct snapshot *snapshots[SIZES];
	double us[STAGES][SIZES][ROUNDS];
	size_t n = read_lines(argc > 1 ? argv[1] : "tests/bench/messages.txt", lines);
	char path[] = "/tmp/kefu-bench-XXXXXX";
	int fd = mkstemp(path);

	if (n == 0 || fd < 0)
		return fprintf(stderr, "bench_turn: no messages\n"), 2;
	close(fd);
	for (int i = 0; i < SIZES; i++) {
		const struct snapshot_source src = {.intents_path = path, .serial = 1};
		struct diags diags;
		struct err err;
		long before = rss_kib();

		write_rules(path, sizes[i]);
		diags_init(&diags, false);
		if (snapshot_build(&src, &diags, &snapshots[i], &err) != 0)
			return fprintf(stderr, "bench_turn: %s\n", err.text), 1;
		diags_done(&diags);
		round_us(STAGE_TURN, snapshots[i], lines, n);
		printf("%5d rules: built in %7.1f ms, +%.1f MiB resident\n", sizes[i],
		       snapshots[i]->build_ms, (double)(rss_kib() - before) / 1024);
	}
	unlink(path);
	for (int r = 0; r < ROUNDS; r++)
		for (int stage = 0; stage < STAGES; stage++)
			for (int i = 0; i < SIZES; i++)
				us[stage][i][r] =
					round_us((enum stage)stage, snapshots[i], lines, n);
	for (int stage = 0; stage < STAGES; stage++)
		for (int i = 0; i < SIZES; i++)
			print(stages[stage], sizes[i], us[stage][i], us[stage][0]);
	for (int i = 0; i < SIZES; i++)
		snapshot_unref(snapshots[i]);
	for (size_t i = 0; i < n; i++)
		free((char *)(uintptr_t)lines[i].p);
	return 0;
}
