/* A decision in words: the steps of a turn, each with what it saw. */
#include "bot/reply.h"
#include "bot/steps.h"

/* What the other files call it, and what people are told. */
struct word {
	struct str name;
	const char *en, *zh;
};

static const struct word blocks[] = {
	{STR_INIT("keywords"), "keywords", "关键词"},
	{STR_INIT("regex"), "regex", "正则"},
	{STR_INIT("phrases"), "phrases", "例句"},
	{STR_INIT("faq"), "faq", "问法"},
	{STR_INIT("entity"), "entity", "实体"},
	{STR_INIT("only"), "needs only:", "要求 only:"},
};

static const struct word verdicts[] = {
	{STR_INIT("chosen"), "chosen", "选中"},
	{STR_INIT("asked: did you mean"), "asked: did you mean", "反问：您是不是想问"},
	{STR_INIT("under ask_at"), "too unsure, under ask_at", "把握太小，不到 ask_at"},
	{STR_INIT("within margin of the best"), "within margin of the best",
	 "和第一名太接近，相差不到 margin"},
	{STR_INIT("has more of the message"), "has more of the message", "更贴近原话"},
	{STR_INIT("not in the active context"), "not in the active context", "不在当前上下文里"},
	{STR_INIT("lower priority"), "lower priority", "priority 较低"},
	{STR_INIT("lower score"), "lower score", "分数较低"},
	{STR_INIT("later in the order"), "later in the order", "顺序靠后"},
	{STR_INIT("another sentence asks it"), "another sentence asks it, offered as a button",
	 "另一句问到，列成按钮"},
	{STR_INIT("kept out by only"), "kept out by only", "不满足 only"},
};

static const char *const sources_zh[] = {"规则", "例句", "FAQ", "槽位", "上下文", "反问", "没听懂"};

static const char *tell(const struct word *words, size_t n, struct str name, bool chinese)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(words[i].name, name))
			return chinese ? words[i].zh : words[i].en;
	}
	return name.n ? name.p : "";
}

#define TELL(words, name, chinese) tell(words, sizeof(words) / sizeof *(words), name, chinese)

static const char *tell_source(enum reply_source s, bool chinese)
{
	return chinese ? sources_zh[s] : reply_source_name(s);
}

static void put_mark(struct buf *out, struct mark m)
{
	if (m.line)
		buf_printf(out, "%.*s:%d: ", STR_ARG(m.file), m.line);
}

/* What would have to be so for the intent to answer: context refunding. */
static void put_needs(const struct turn *t, struct str intent, struct str what, struct buf *out)
{
	const struct intent *it = rule_intent(t->snapshot->rules, intent);
	const struct strs *names = NULL;

	if (it && str_eq(what, STR("context")))
		names = &it->only.contexts;
	else if (it && str_eq(what, STR("lang")))
		names = &it->only.langs;
	else if (it && str_eq(what, STR("page")))
		names = &it->only.pages;
	buf_printf(out, " %.*s", STR_ARG(what));
	for (size_t i = 0; names && i < names->n; i++)
		buf_printf(out, "%s%.*s", i ? ", " : " ", STR_ARG(names->v[i]));
}

static void put_reason(const struct turn *t, const struct considered *c, const struct reason *r,
		       bool chinese, struct buf *out)
{
	put_mark(out, r->mark);
	buf_cstr(out, TELL(blocks, r->what, chinese));
	if (str_eq(r->what, STR("only"))) {
		put_needs(t, c->intent, r->detail, out);
		return;
	}
	if (r->detail.n)
		buf_printf(out, " %.*s", STR_ARG(r->detail));
	if (r->text.n)
		buf_printf(out, " ← “%.*s”", STR_ARG(r->text));
	if (!str_eq(r->what, STR("entity"))) /* it gives a slot, no points */
		buf_printf(out, " (%.2f)", r->points);
}

static void put_verdict(const struct turn *t, const struct considered *c, bool chinese,
			struct buf *out)
{
	if (!c->verdict.n)
		return;
	buf_printf(out, "%s%s", chinese ? "：" : ": ", TELL(verdicts, c->verdict, chinese));
	if (str_ends(c->verdict, STR("ask_at")))
		buf_printf(out, " %g", t->tuning.ask_at);
	else if (str_starts(c->verdict, STR("within margin")))
		buf_printf(out, " (%g)", t->tuning.margin);
}

static void put_considered(const struct turn *t, const struct considered *c, bool chinese,
			   struct buf *out)
{
	buf_printf(out, "%.*s %.2f %s", STR_ARG(c->intent), c->score,
		   tell_source(c->source, chinese));
	put_verdict(t, c, chinese, out);
	for (size_t i = 0; i < c->n_reasons; i++) {
		buf_cstr(out, i ? "; " : " — ");
		put_reason(t, c, &c->reasons[i], chinese, out);
	}
}

static void put_tokens(struct buf *out, const struct utterance *u)
{
	for (size_t i = 0; i < u->n; i++) {
		const struct token *tok = &u->tokens[i];

		if (i)
			buf_char(out, '|');
		buf_str(out, tok->text);
		if (tok->head.n && !str_eq(tok->head, tok->text) && !str_eq(tok->head, tok->stem))
			buf_printf(out, "(=%.*s)", STR_ARG(tok->head));
	}
}

/* The message, and how it was read where that differs: read as “我要退款” (退宽 = 退款) */
static void put_message(const struct turn *t, bool chinese, struct buf *out)
{
	struct str typed = t->typed.normal.text;

	buf_printf(out, "%s “%.*s”", chinese ? "规范化后" : "normalised", STR_ARG(typed));
	for (size_t i = 0; i < t->parts.n; i++)
		buf_printf(out, chinese ? "，单独看 “%.*s”" : ", by itself “%.*s”",
			   STR_ARG(t->parts.v[i]));
	if (!t->spelling)
		return;
	buf_printf(out, chinese ? "，读作 “%.*s” (" : ", read as “%.*s” (",
		   STR_ARG(t->utterance.normal.text));
	for (size_t i = 0; i < t->spelling->n; i++) {
		const struct spell_fix *f = &t->spelling->fixes[i];

		buf_printf(out, "%s%.*s = %.*s", i ? ", " : "",
			   STR_ARG(str_sub(typed, f->from, f->to)), STR_ARG(f->meant));
	}
	buf_char(out, ')');
}

/* A sure phrase was not enough: see bot/decide.c. */
static bool is_contested(const struct reply *r)
{
	for (size_t i = 0; i < r->n_considered; i++) {
		if (str_eq(r->considered[i].verdict, STR("has more of the message")))
			return true;
	}
	return false;
}

/* The outcome, and what was missing or comes next. */
static void put_outcome(const struct turn *t, bool chinese, struct buf *out)
{
	const struct reply *r = &t->reply;
	const char *asking = t->session->asking_slot;

	buf_printf(out, "%s %.*s (%s, %.2f)", chinese ? "结果" : "outcome",
		   STR_ARG(r->intent.n ? r->intent : STR("-")), tell_source(r->source, chinese),
		   r->score);
	if (r->source == SOURCE_ASK && is_contested(r))
		buf_str(out, chinese ? STR("：FAQ 里有一条更贴近原话")
				     : STR(": an FAQ entry has more of the message"));
	else if (r->source == SOURCE_ASK)
		buf_printf(
			out,
			chinese ? "：没有一个把握够大又明显领先（answer_at %g，margin %g）"
				: ": none is sure enough and well ahead (answer_at %g, margin %g)",
			t->tuning.answer_at, t->tuning.margin);
	else if (r->source == SOURCE_FALLBACK)
		buf_printf(out, chinese ? "：没有一个达到 ask_at %g" : ": none reaches ask_at %g",
			   t->tuning.ask_at);
	else if (*asking)
		buf_printf(out, chinese ? "，接着问 %s" : ", asks for %s", asking);
}

static void put_limited(const struct regex_limited *l, bool chinese, struct buf *out)
{
	put_mark(out, l->mark);
	buf_cstr(out, chinese ? "正则在这句话上算得太久，被停下，按没命中算"
			      : "regex was stopped: it took too long on this message, which counts "
				"as no hit");
}

static bool put_experiment(const struct turn *t, size_t i, bool chinese, struct buf *out)
{
	const struct exposures *met = &t->effects.met;

	if (i >= met->n)
		return false;
	buf_printf(out, chinese ? "试验 %.*s：方案 %.*s" : "experiment %.*s: variant %.*s",
		   STR_ARG(met->v[i].experiment->name), STR_ARG(met->v[i].variant->name));
	return true;
}

/* The steps behind the first four; false when there is no step `i`. */
static bool put_later(const struct turn *t, size_t i, bool chinese, struct buf *out)
{
	const struct reply *r = &t->reply;

	if (i < r->n_considered) {
		put_considered(t, &r->considered[i], chinese, out);
		return true;
	}
	i -= r->n_considered;
	if (i < t->matches.n_limited) {
		put_limited(&t->matches.limited[i], chinese, out);
		return true;
	}
	i -= t->matches.n_limited;
	if (i < t->effects.met.n)
		return put_experiment(t, i, chinese, out);
	return i == t->effects.met.n && explain_recommend(t, chinese, out);
}

/* One step as a line; false when there is no step `i`. */
static bool put_step(const struct turn *t, size_t i, bool chinese, struct buf *out)
{
	switch (i) {
	case 0:
		put_message(t, chinese, out);
		return true;
	case 1:
		buf_cstr(out, chinese ? "分词 " : "tokens ");
		put_tokens(out, &t->utterance);
		return true;
	case 2:
		buf_printf(out, "%s %.*s", chinese ? "语言" : "language", STR_ARG(t->reply.lang));
		return true;
	case 3:
		put_outcome(t, chinese, out);
		return true;
	default:
		return put_later(t, i - 4, chinese, out);
	}
}

void turn_why(const struct turn *t, struct buf *out)
{
	struct buf line = {0};

	json_open(out, '[');
	for (size_t i = 0; buf_reset(&line), put_step(t, i, false, &line); i++)
		json_str(out, buf_view(&line));
	json_close(out, ']');
	buf_done(&line);
}

void turn_explain(const struct turn *t, bool chinese, struct buf *out)
{
	for (size_t i = 0; put_step(t, i, chinese, out); i++)
		buf_char(out, '\n');
}
