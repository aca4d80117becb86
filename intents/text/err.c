#include "text/err.h"

#include <stdio.h>
#include <stdlib.h>

#include "text/utf8.h"

/* vsnprintf cuts between bytes: a character that lost its tail goes whole. */
static void drop_half_character(char *text, size_t n)
{
	size_t valid = utf8_valid((struct str){text, n});

	if (valid + 3 >= n)
		text[valid] = '\0';
}

static void print_to(char *out, size_t size, const char *fmt, va_list ap)
{
	int n = vsnprintf(out, size, fmt, ap);

	if (n < 0)
		out[0] = '\0';
	else if ((size_t)n >= size)
		drop_half_character(out, size - 1);
}

int err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return code;
	e->code = code;
	e->zh[0] = '\0';
	va_start(ap, fmt);
	print_to(e->text, sizeof e->text, fmt, ap);
	va_end(ap);
	return code;
}

int err_say(struct err *e, enum err_code code, const char *en, const char *zh, ...)
{
	va_list ap;

	if (!e)
		return code;
	e->code = code;
	va_start(ap, zh);
	print_to(e->text, sizeof e->text, en, ap);
	va_end(ap);
	va_start(ap, zh);
	print_to(e->zh, sizeof e->zh, zh, ap);
	va_end(ap);
	return code;
}

void diags_init(struct diags *d, bool chinese)
{
	*d = (struct diags){.chinese = chinese};
	arena_init(&d->arena);
}

void diags_done(struct diags *d)
{
	bool chinese = d->chinese;

	arena_done(&d->arena);
	diags_init(d, chinese);
}

/* Most diagnostics of a load are about one file: its name is kept once. */
static struct str keep_file(struct diags *d, struct str file)
{
	if (d->n && str_eq(d->items[d->n - 1].mark.file, file))
		return d->items[d->n - 1].mark.file;
	return arena_str(&d->arena, file);
}

void diags_add(struct diags *d, enum diag_level level, struct mark mark, const char *code,
	       const char *en, const char *zh, ...)
{
	struct diag item = {.level = level, .mark = mark};
	va_list ap;

	d->errors += level == DIAG_ERROR;
	d->warnings += level == DIAG_WARNING;
	if (d->n == DIAGS_MAX) {
		d->dropped++;
		return;
	}
	va_start(ap, zh);
	item.text = arena_vprintf(&d->arena, d->chinese ? zh : en, ap);
	va_end(ap);
	item.mark.file = keep_file(d, mark.file);
	item.code = arena_str(&d->arena, str_of(code));
	ARENA_PUSH(&d->arena, d->items, d->n, d->cap, item);
}

static int mark_cmp(const struct mark *a, const struct mark *b)
{
	int c = str_cmp(a->file, b->file);

	if (c)
		return c;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->col > b->col) - (a->col < b->col);
}

/* Insertion sort: stable, nearly linear on what loaders give (almost sorted), and n <= DIAGS_MAX.
 */
void diags_sort(struct diags *d)
{
	for (size_t i = 1; i < d->n; i++) {
		struct diag item = d->items[i];
		size_t j = i;

		for (; j && mark_cmp(&d->items[j - 1].mark, &item.mark) > 0; j--)
			d->items[j] = d->items[j - 1];
		d->items[j] = item;
	}
}

static const char *const level_en[] = {
	[DIAG_ERROR] = "error",
	[DIAG_WARNING] = "warning",
	[DIAG_NOTE] = "note",
};

/* The words and the full-width colon of GCC's own Chinese messages. */
static const char *const level_zh[] = {
	[DIAG_ERROR] = "错误：",
	[DIAG_WARNING] = "警告：",
	[DIAG_NOTE] = "附注：",
};

void diags_print(const struct diags *d, struct buf *out)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *item = &d->items[i];
		const struct mark *m = &item->mark;

		if (m->file.n && m->line > 0)
			buf_printf(out, "%.*s:%d:%d: ", STR_ARG(m->file), m->line, m->col);
		else if (m->file.n)
			buf_printf(out, "%.*s: ", STR_ARG(m->file));
		if (d->chinese)
			buf_cstr(out, level_zh[item->level]);
		else
			buf_printf(out, "%s: ", level_en[item->level]);
		buf_str(out, item->text);
		buf_char(out, '\n');
	}
	if (d->dropped)
		buf_printf(out, d->chinese ? "（另有 %zu 条未列出）\n" : "(%zu more not listed)\n",
			   d->dropped);
}

void diags_json(const struct diags *d, struct buf *out)
{
	json_open(out, '{');
	json_key(out, "diagnostics");
	json_open(out, '[');
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *item = &d->items[i];

		json_open(out, '{');
		json_kstr(out, "level", str_of(level_en[item->level]));
		json_kstr(out, "file", item->mark.file);
		json_kint(out, "line", item->mark.line);
		json_kint(out, "col", item->mark.col);
		json_kstr(out, "code", item->code);
		json_kstr(out, "text", item->text);
		json_close(out, '}');
	}
	json_close(out, ']');
	json_kint(out, "errors", (int64_t)d->errors);
	json_kint(out, "warnings", (int64_t)d->warnings);
	json_close(out, '}');
}

bool err_locale_chinese(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strncmp(value, "zh", 2) == 0;
	}
	return false;
}
