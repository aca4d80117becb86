#include "intents/yaml_mend_part.h"

#include "text/utf8.h"

struct line mend_line(const struct mend *m, int number)
{
	struct line line = {NULL, 0, 0};
	size_t from = 0;

	for (int i = 1; i <= number && from <= m->n; i++) {
		const char *nl = from < m->n ? memchr(m->bytes + from, '\n', m->n - from) : NULL;
		size_t to = nl ? (size_t)(nl - m->bytes) : m->n;

		line = (struct line){m->bytes + from, to - from, i};
		from = to + 1;
	}
	return line.number == number ? line : (struct line){NULL, 0, 0};
}

struct str mend_line_str(const struct line *line)
{
	return (struct str){line->p, line->n};
}

struct mark mend_mark(const struct mend *m, const struct line *line, size_t at)
{
	return (struct mark){m->problem->file, line->number,
			     (int)utf8_count(str_sub(mend_line_str(line), 0, at)) + 1};
}

/* Where in the line libyaml gave up. */
size_t mend_at(const struct mend *m)
{
	size_t at = 0;

	for (int col = 1; col < m->problem->col && at < m->line.n; col++) {
		uint32_t cp;

		at += utf8_decode(m->line.p + at, m->line.n - at, &cp);
	}
	return at;
}

bool mend_words_are(const struct mend *m, const char *words)
{
	return strstr(m->problem->words, words) != NULL;
}

void mend_overwrite(const struct line *line, size_t from, size_t to, char c)
{
	if (from < to)
		memset(line->p + from, c, to - from);
}

bool mend_blank(struct str line)
{
	return str_trim(line).n == 0;
}

/* ---- colons, on this line and the ones above that were swallowed with it ---- */

static void mend_colon(const struct line *line, const struct bad_colon *c)
{
	if (c->kind == COLON_FULL_WIDTH) {
		memcpy(line->p + c->at, ":  ", 3);
	} else if (c->kind == COLON_WIDE_SPACE) {
		size_t width = line->p[c->at + 1] == '\xc2' ? 2 : 3;

		mend_overwrite(line, c->at + 1, c->at + 1 + width, ' ');
	} else {
		/* There is no room for a space: the value gives its first byte, ASCII or not. */
		uint32_t cp;
		size_t width = utf8_decode(line->p + c->at + 1, line->n - c->at - 1, &cp);

		mend_overwrite(line, c->at + 1, c->at + 1 + width, '_');
		line->p[c->at + 1] = ' ';
	}
}

/* `退款：` alone on its line: any name, for nothing else ends so. */
static bool name_colon(const struct line *line, struct bad_colon *out)
{
	struct str s = str_trim(mend_line_str(line));
	size_t body = traps_body(mend_line_str(line));

	if (!str_ends(s, STR("：")) || s.n < 4 || str_find(s, STR(": "), 0) != SIZE_MAX)
		return false;
	out->kind = COLON_FULL_WIDTH;
	out->at = (size_t)(s.p + s.n - 3 - line->p);
	out->key = str_sub(mend_line_str(line), body, out->at);
	return out->at > body;
}

static size_t mend_colons(struct mend *m, const struct line *line)
{
	struct bad_colon c;
	size_t found = 0;

	while (traps_bad_colon(mend_line_str(line), 0, true, m->is_key, &c) ||
	       name_colon(line, &c)) {
		traps_say_colon(&c, mend_mark(m, line, c.at), m->diags);
		mend_colon(line, &c);
		found++;
	}
	return found;
}

enum { LINES_BACK = 20 };

static bool see_colons(struct mend *m)
{
	size_t found = mend_colons(m, &m->line), here = found;

	for (int i = 1; i < LINES_BACK && i < m->line.number; i++) {
		struct line above = mend_line(m, m->line.number - i);

		if (mend_blank(mend_line_str(&above)))
			continue;
		here = mend_colons(m, &above);
		if (!here)
			break;
		found += here;
	}
	return found > 0;
}

/* `{zh: 你好，en: hi}`: the comma that was to part the two is full-width. */
static bool see_comma(struct mend *m)
{
	struct str line = mend_line_str(&m->line);

	for (size_t at = str_find(line, STR("，"), 0); at != SIZE_MAX;
	     at = str_find(line, STR("，"), at + 1)) {
		size_t colon = str_find(line, STR(":"), at);
		struct str word = str_trim(str_sub(line, at + 3, colon));

		if (colon == SIZE_MAX || !m->is_key || !m->is_key(word))
			continue;
		diags_add(m->diags, DIAG_ERROR, mend_mark(m, &m->line, at), "full-width-comma",
			  "the comma before '%.*s' is full-width (，); write ', '",
			  "“%.*s”前面是全角逗号（，）；请改成半角逗号加空格“, ”", STR_ARG(word));
		memcpy(m->line.p + at, ",  ", 3);
		return true;
	}
	return false;
}

/* ---- white space ---- */

/* "-<tab>退款", "key: <tab>@": a tab where something must begin. */
static bool see_tab_inside(struct mend *m)
{
	size_t at = mend_at(m);

	if (at >= m->line.n || m->line.p[at] != '\t' ||
	    !mend_words_are(m, "cannot start any token"))
		return false;
	diags_add(m->diags, DIAG_ERROR, mend_mark(m, &m->line, at), "tab",
		  "a tab stands here, which YAML does not take for a space; type a space instead",
		  "这里是制表符（Tab），YAML 不把它当作空格；请改用空格");
	for (; at < m->line.n && m->line.p[at] == '\t'; at++)
		m->line.p[at] = ' ';
	return true;
}

static bool see_tab(struct mend *m)
{
	size_t indent = 0;
	bool tab = false;

	while (indent < m->line.n && (m->line.p[indent] == ' ' || m->line.p[indent] == '\t'))
		tab |= m->line.p[indent++] == '\t';
	if (!tab || (!mend_words_are(m, "tab") && !mend_words_are(m, "cannot start any token")))
		return false;
	diags_add(m->diags, DIAG_ERROR, mend_mark(m, &m->line, 0), "tab",
		  "the line is indented with a tab, which YAML forbids; use spaces",
		  "这一行用制表符（Tab）缩进，YAML 不允许；请改用空格");
	mend_overwrite(&m->line, 0, indent, ' ');
	return true;
}

/* ---- structure ---- */

/* `a: b: c`, and `{a: b: c}`, where libyaml stops at the colon itself. */
static size_t second_colon(const struct mend *m)
{
	struct str line = mend_line_str(&m->line);
	size_t at = mend_at(m);

	if (mend_words_are(m, "mapping values are not allowed") && m->value != m->body)
		return str_find(line, STR(": "), m->value);
	if (mend_words_are(m, "',' or '") && m->problem->context_line == m->line.number &&
	    str_starts(str_sub(line, at, line.n), STR(": ")))
		return at;
	return SIZE_MAX;
}

static bool see_second_colon(struct mend *m)
{
	size_t at = second_colon(m);

	if (at == SIZE_MAX)
		return false;
	diags_add(m->diags, DIAG_ERROR, mend_mark(m, &m->line, at), "second-colon",
		  "a second ': ' in one line; put the text in quotes, or write the colon "
		  "full-width (：)",
		  "同一行里出现了第二个“: ”；请给文字加引号，或在文字里用全角冒号（：）");
	m->line.p[at] = '_';
	return true;
}

static bool see_no_colon(struct mend *m)
{
	struct line line = mend_line(m, m->problem->context_line);

	if (!mend_words_are(m, "could not find expected ':'") || !line.number)
		return false;
	diags_add(m->diags, DIAG_ERROR, mend_mark(m, &line, traps_body(mend_line_str(&line))),
		  "no-colon",
		  "'%.*s' stands where a key is expected; write 'key: value', or put a text that "
		  "goes on over lines in quotes",
		  "“%.*s”的位置应当是键；请写成“键: 值”，跨行的文字请加引号",
		  STR_ARG(utf8_cut(str_trim(mend_line_str(&line)), 60)));
	mend_overwrite(&line, 0, line.n, ' ');
	return true;
}

static bool see_end(struct mend *m)
{
	const char *at = m->line.number ? m->line.p : m->bytes + m->n;

	while (at < m->bytes + m->n && memchr(" \t\r\n", *at, 4))
		at++;
	if (at < m->bytes + m->n)
		return false;
	diags_add(m->diags, DIAG_ERROR,
		  (struct mark){m->problem->file, m->problem->line, m->problem->col}, "open-end",
		  "the file ends inside brackets or quotes that were never closed",
		  "文件结束了，但前面的括号或引号还没有关闭");
	return false;
}

/* A mistake on this line was mended in an earlier reading; what is left is likely its debris. */
static bool see_aftermath(struct mend *m)
{
	for (size_t i = 0; i < m->diags->n; i++) {
		const struct diag *d = &m->diags->items[i];

		if (d->level == DIAG_ERROR && d->mark.line == m->line.number &&
		    str_eq(d->mark.file, m->problem->file))
			m->settled = true;
	}
	return false;
}

/* `{en: see [this]}`: within brackets, the signs of brackets end a text that is not quoted. */
static bool see_sign_in_brackets(struct mend *m)
{
	size_t at = mend_at(m);

	if (!mend_words_are(m, "',' or '") || at >= m->line.n ||
	    !memchr("[{\"'", m->line.p[at], 4) || m->problem->context_line != m->line.number)
		return false;
	diags_add(m->diags, DIAG_ERROR, mend_mark(m, &m->line, at), "sign-in-brackets",
		  "a text inside { } or [ ] cannot hold '%c' without quotes; put the whole text "
		  "in quotes",
		  "{ } 或 [ ] 里的文字不加引号就不能含有“%c”；请给整段文字加引号", m->line.p[at]);
	m->line.p[at] = '_';
	return true;
}

static bool see_open_bracket(struct mend *m)
{
	if (!mend_words_are(m, "',' or '") || !m->problem->context_line)
		return false;
	diags_add(m->diags, DIAG_ERROR,
		  (struct mark){m->problem->file, m->problem->line, m->problem->col},
		  "open-bracket",
		  "the bracket that opens on line %d is not closed here, or a comma is missing",
		  "第 %d 行开始的括号到这里还没有结束，或者缺少逗号", m->problem->context_line);
	return false;
}

static bool see_indent(struct mend *m)
{
	size_t indent = 0;

	if (!mend_words_are(m, "expected key") &&
	    !mend_words_are(m, "mapping values are not allowed") &&
	    !mend_words_are(m, "'-' indicator"))
		return false;
	while (indent < m->line.n && m->line.p[indent] == ' ')
		indent++;
	diags_add(m->diags, DIAG_ERROR, mend_mark(m, &m->line, indent), "indentation",
		  "this line does not fit the ones above; keys or list items of one level must "
		  "start in the same column",
		  "这一行和上面的行对不上；同一层的键或列表项必须从同一列开始");
	return false;
}

static bool see_control(struct mend *m)
{
	if (!mend_words_are(m, "control characters"))
		return false;
	diags_add(m->diags, DIAG_ERROR,
		  (struct mark){m->problem->file, m->problem->line, m->problem->col},
		  "control-character",
		  "an invisible control character is in the file here; delete it",
		  "这里有一个看不见的控制字符；请删除");
	return false;
}

static bool see_anything(struct mend *m)
{
	diags_add(m->diags, DIAG_ERROR,
		  (struct mark){m->problem->file, m->problem->line, m->problem->col}, "syntax",
		  "this is not YAML: %s", "这里不符合 YAML 的写法：%s", m->problem->words);
	return false;
}

/* Each looks at the line and says what it knows; the first to say something ends it. */
static bool (*const eyes[])(struct mend *m) = {
	see_control,	 see_colons,	       see_comma,	 see_tab,
	see_tab_inside,	 mend_see_sign,	       mend_see_bracket, mend_see_behind_quote,
	mend_see_escape, mend_see_open_quote,  see_second_colon, see_no_colon,
	see_aftermath,	 see_sign_in_brackets, see_open_bracket, see_end,
	see_indent,	 see_anything,
};

/* Behind "key: ", where the key is quoted or not; the body's start when the line has no key. */
static size_t find_value(struct str line, size_t body)
{
	size_t colon = str_find(line, STR(": "), body);

	if (body < line.n && memchr("{['\"", line.p[body], 4))
		return body;
	if (colon == SIZE_MAX)
		return body;
	for (colon++; colon < line.n && line.p[colon] == ' ';)
		colon++;
	return colon;
}

bool mend_problem(const struct yaml_problem *p, char *bytes, size_t n, traps_is_key *is_key,
		  struct diags *diags)
{
	struct mend m = {.problem = p, .bytes = bytes, .n = n, .is_key = is_key, .diags = diags};
	size_t before = diags->errors;

	m.line = mend_line(&m, p->line);
	m.body = traps_body(mend_line_str(&m.line));
	m.value = find_value(mend_line_str(&m.line), m.body);
	for (size_t i = 0; i < sizeof eyes / sizeof eyes[0]; i++) {
		bool mended = eyes[i](&m);

		if (mended || m.settled || diags->errors > before)
			return mended;
	}
	return false;
}
