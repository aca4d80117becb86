#include "tool/replay.h"

void replay_sum(struct replay *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct played *p = &r->v[i];

		r->turns += p->turns;
		r->same += p->same;
		r->failed += p->findings.n > 0;
		r->skipped += p->skipped.n > 0;
		for (size_t k = 0; k < p->findings.n; k++)
			r->classes[p->findings.v[k].class]++;
	}
}

/* ---- a finding ---- */

/* The class's name; with what it means, for those who read Chinese. */
static void put_class(enum difference class, bool chinese, struct buf *out)
{
	static const char *const meanings[DIFF_CLASSES] = {"答不上了", "意图变了",   "动作变了",
							   "槽位变了", "上下文变了", "文字变了",
							   "说法换了", "变慢了",     "新答上了"};

	buf_cstr(out, difference_name(class));
	if (chinese)
		buf_printf(out, "（%s）", meanings[class]);
}

/* The first line of s; *s is the rest. */
static struct str take_line(struct str *s)
{
	size_t end = str_find(*s, STR("\n"), 0);
	struct str line = str_sub(*s, 0, end);

	*s = end == SIZE_MAX ? STR_NONE : str_sub(*s, end + 1, s->n);
	return line;
}

static void print_lines(struct buf *out, const char *before, struct str s)
{
	do {
		struct str line = take_line(&s);

		buf_printf(out, "%s%.*s\n", before, STR_ARG(line));
	} while (s.n);
}

/* Texts of several lines: those both begin with are shown once. */
static void print_texts(struct str expected, struct str got, struct buf *out)
{
	for (;;) {
		struct str rest_e = expected, rest_g = got;
		struct str line = take_line(&rest_e);

		if (!rest_e.n || !str_eq(line, take_line(&rest_g)) || !rest_g.n)
			break;
		buf_printf(out, "    %.*s\n", STR_ARG(line));
		expected = rest_e;
		got = rest_g;
	}
	print_lines(out, "  - ", expected);
	print_lines(out, "  + ", got);
}

void replay_print_finding(const struct transcript *t, const struct finding *f, bool chinese,
			  struct buf *out)
{
	buf_printf(out, "%.*s:%d:%d: ", STR_ARG(f->mark.file), f->mark.line, f->mark.col);
	put_class(f->class, chinese, out);
	buf_printf(out, ": %.*s: %.*s\n", STR_ARG(t->name), STR_ARG(f->what));
	if (f->said.n)
		print_lines(out, "  > ", f->said);
	print_texts(f->expected, f->got, out);
}

/* ---- all of them ---- */

static void print_class(const struct replay *r, enum difference class, struct buf *out)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->v[i].findings.n; k++)
			if (r->v[i].findings.v[k].class == class)
				replay_print_finding(r->v[i].transcript, &r->v[i].findings.v[k],
						     r->chinese, out);
}

static void print_skipped(const struct replay *r, struct buf *out)
{
	size_t unseen = 0;

	for (size_t i = 0; i < r->n; i++) {
		unseen += r->v[i].findings.unseen;
		if (r->v[i].skipped.n)
			buf_printf(out, r->chinese ? "跳过 %.*s：%.*s\n" : "skipped %.*s: %.*s\n",
				   STR_ARG(r->v[i].transcript->name), STR_ARG(r->v[i].skipped));
	}
	if (unseen)
		buf_printf(out,
			   r->chinese ? "%zu 条关于槽位、上下文和动作的断言在线上看不到，没有检查\n"
				      : "%zu assertions on slots, context and actions do not show "
					"over the wire\n",
			   unseen);
}

/* 4812 -> "4,812" */
static void put_count(struct buf *out, size_t n)
{
	if (n >= 1000) {
		put_count(out, n / 1000);
		buf_printf(out, ",%03zu", n % 1000);
	} else {
		buf_printf(out, "%zu", n);
	}
}

static void print_classes(const struct replay *r, struct buf *out)
{
	const char *between = "";

	for (int class = 0; class < DIFF_CLASSES; class ++) {
		if (!r->classes[class])
			continue;
		buf_cstr(out, between);
		put_class((enum difference) class, r->chinese, out);
		buf_char(out, ' ');
		put_count(out, r->classes[class]);
		between = r->chinese ? "，" : ", ";
	}
}

static void print_changes(const struct replay *r, struct buf *out)
{
	if (r->turns == r->same)
		return;
	buf_cstr(out, r->chinese ? "（" : " (");
	print_classes(r, out);
	buf_cstr(out, r->chinese ? "）" : ")");
}

static void print_compared(const struct replay *r, struct buf *out)
{
	if (r->chinese) {
		put_count(out, r->n);
		buf_cstr(out, " 段对话：相同 ");
	}
	put_count(out, r->same);
	buf_cstr(out, r->chinese ? "，不同 " : " same, ");
	put_count(out, r->turns - r->same);
	if (!r->chinese)
		buf_cstr(out, " changed");
	print_changes(r, out);
	if (!r->chinese) {
		buf_cstr(out, " in ");
		put_count(out, r->n);
		buf_cstr(out, " conversations");
	}
	buf_char(out, '\n');
}

static void print_judged(const struct replay *r, struct buf *out)
{
	if (r->failed) {
		print_classes(r, out);
		buf_cstr(out, r->chinese ? "；" : ", ");
	}
	buf_printf(out,
		   r->chinese ? "%zu 份脚本，%zu 轮：通过 %zu，不通过 %zu，跳过 %zu\n"
			      : "%zu transcripts, %zu turns: %zu passed, %zu failed, %zu skipped\n",
		   r->n, r->turns, r->n - r->failed - r->skipped, r->failed, r->skipped);
}

void replay_print(const struct replay *r, struct buf *out)
{
	for (int class = 0; class < DIFF_CLASSES; class ++)
		if (r->classes[class])
			print_class(r, (enum difference) class, out);
	print_skipped(r, out);
	if (r->coverage.rules)
		coverage_print(&r->coverage, r->chinese, out);
	if (r->comparing)
		print_compared(r, out);
	else
		print_judged(r, out);
}
