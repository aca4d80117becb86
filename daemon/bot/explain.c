/* A decision in words: the steps of a turn, each with what it saw. */
#include "bot/reply.h"

static void put_mark(struct buf *out, struct mark m)
{
	if (m.line)
		buf_printf(out, "%.*s:%d: ", STR_ARG(m.file), m.line);
}

static void put_reason(struct buf *out, const struct reason *r)
{
	put_mark(out, r->mark);
	buf_printf(out, "%.*s", STR_ARG(r->what));
	if (r->detail.n)
		buf_printf(out, " %.*s", STR_ARG(r->detail));
	if (r->text.n)
		buf_printf(out, " ← “%.*s”", STR_ARG(r->text));
	buf_printf(out, " (%.2f)", r->points);
}

static void put_considered(struct buf *out, const struct considered *c)
{
	buf_printf(out, "%.*s %.2f %s", STR_ARG(c->intent), c->score, reply_source_name(c->source));
	if (c->verdict.n)
		buf_printf(out, ": %.*s", STR_ARG(c->verdict));
	for (size_t i = 0; i < c->n_reasons; i++) {
		buf_cstr(out, i ? "; " : " — ");
		put_reason(out, &c->reasons[i]);
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

static bool put_experiment(const struct turn *t, size_t i, bool chinese, struct buf *out)
{
	const struct exposures *met = &t->effects.met;

	if (i >= met->n)
		return false;
	buf_printf(out, chinese ? "试验 %.*s：方案 %.*s" : "experiment %.*s: variant %.*s",
		   STR_ARG(met->v[i].experiment->name), STR_ARG(met->v[i].variant->name));
	return true;
}

/* One step as a line; false when there is no step `i`. */
static bool put_step(const struct turn *t, size_t i, bool chinese, struct buf *out)
{
	const struct reply *r = &t->reply;

	switch (i) {
	case 0:
		put_message(t, chinese, out);
		return true;
	case 1:
		buf_cstr(out, chinese ? "分词 " : "tokens ");
		put_tokens(out, &t->utterance);
		return true;
	case 2:
		buf_printf(out, "%s %.*s", chinese ? "语言" : "language", STR_ARG(r->lang));
		return true;
	case 3:
		buf_printf(out, "%s %.*s (%s, %.2f)", chinese ? "结果" : "outcome",
			   STR_ARG(r->intent.n ? r->intent : STR("-")),
			   reply_source_name(r->source), r->score);
		return true;
	default:
		if (i - 4 >= r->n_considered)
			return put_experiment(t, i - 4 - r->n_considered, chinese, out);
		put_considered(out, &r->considered[i - 4]);
		return true;
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
