/* Mistakes within a value: it starts with a sign of YAML's, or its quotes do not fit. */
#include "intents/yaml_mend_part.h"

#include "text/utf8.h"

/* ---- values that start with a sign of YAML's ---- */

static void say_start(const struct mend *m, size_t at)
{
	diags_add(m->diags, DIAG_ERROR, mend_mark(m, &m->line, at), "special-start",
		  "a value that starts with '%c' means something else in YAML; put the text in "
		  "quotes",
		  "以“%c”开头的值在 YAML 里另有含义；请给这段文字加引号", m->line.p[at]);
}

/* * & ! % @ ` > | , ] } : libyaml stops at the sign or right behind it, also inside brackets. */
bool mend_see_sign(struct mend *m)
{
	static const char *const reasons[] = {
		"expected alphabetic or numeric",
		"cannot start any token",
		"expected comment or line",
		"tag",
		"expected whitespace or line break",
		"unknown directive name",
		"expected node content",
	};
	size_t i = 0, at;

	while (i < sizeof reasons / sizeof reasons[0] && !mend_words_are(m, reasons[i]))
		i++;
	if (i == sizeof reasons / sizeof reasons[0])
		return false;
	at = mend_at(m);
	for (at = at < m->line.n ? at + 1 : at; at-- > 0;)
		if (memchr("*&!%@`>|,]}", m->line.p[at], 11)) {
			say_start(m, at);
			m->line.p[at] = '_';
			return true;
		}
	return false;
}

/* Behind the bracket that closes the one at `from`; m->line.n when the line ends before. */
static size_t behind_bracket(const struct mend *m, size_t from)
{
	char open = m->line.p[from], close = open == '{' ? '}' : ']';
	size_t depth = 0;

	for (size_t i = from; i < m->line.n; i++) {
		depth += m->line.p[i] == open;
		depth -= m->line.p[i] == close;
		if (!depth)
			return i + 1;
	}
	return m->line.n;
}

/* `{course} 已退` and `[退款] 请稍等`: the bracket closes and the text goes on. */
bool mend_see_bracket(struct mend *m)
{
	if (m->value >= m->line.n || !memchr("{[", m->line.p[m->value], 2) ||
	    !mend_words_are(m, "expected") ||
	    mend_blank(str_sub(mend_line_str(&m->line), behind_bracket(m, m->value), m->line.n)))
		return false;
	say_start(m, m->value);
	mend_overwrite(&m->line, m->value, m->line.n, '_');
	return true;
}

/* ---- quotes ---- */

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* Behind the quote that closes the text which is the line's value; m->line.n when there is none. */
static size_t behind_value(const struct mend *m)
{
	const char *close = NULL;

	if (m->value < m->line.n && is_quote(m->line.p[m->value]))
		close = memchr(m->line.p + m->value + 1, m->line.p[m->value],
			       m->line.n - m->value - 1);
	return close ? (size_t)(close + 1 - m->line.p) : m->line.n;
}

/* The same in brackets: `{en: "hi" there}`, where libyaml stops at the word. */
static size_t behind_in_brackets(const struct mend *m)
{
	size_t at = mend_at(m);

	while (mend_words_are(m, "',' or '") && at > 0 && m->line.p[at - 1] == ' ')
		at--;
	return at > 0 && is_quote(m->line.p[at - 1]) ? at : m->line.n;
}

/* `"他说"好""`: the text ends at the second quote and something follows. */
bool mend_see_behind_quote(struct mend *m)
{
	size_t at = behind_value(m), end = m->line.n;
	char quote;

	if (at == m->line.n && mend_words_are(m, "',' or '")) {
		at = end = behind_in_brackets(m);
		while (end < m->line.n && !memchr(",]}", m->line.p[end], 3))
			end++;
	}
	if (!mend_words_are(m, "expected") ||
	    mend_blank(str_sub(mend_line_str(&m->line), at, m->line.n)))
		return false;
	quote = m->line.p[at - 1];
	diags_add(m->diags, DIAG_ERROR, mend_mark(m, &m->line, at), "behind-quote",
		  "text goes on after the closing quote %c; for quotes inside a text use 「」, "
		  "or put the other kind of quotes around it",
		  "引号 %c 结束后还有文字；文字里的引号请用「」，或者外面换另一种引号", quote);
	mend_overwrite(&m->line, at, end, ' ');
	return true;
}

bool mend_see_escape(struct mend *m)
{
	if (!mend_words_are(m, "unknown escape"))
		return false;
	diags_add(m->diags, DIAG_ERROR,
		  (struct mark){m->problem->file, m->problem->line, m->problem->col}, "escape",
		  "in double quotes a backslash must be doubled; for a regex use single quotes, "
		  "which leave it alone",
		  "双引号里的反斜杠要写两个；正则请用单引号，单引号不改动反斜杠");
	for (size_t i = 0; i < m->line.n; i++)
		if (m->line.p[i] == '\\')
			m->line.p[i] = '/';
	return true;
}

bool mend_see_open_quote(struct mend *m)
{
	if (!mend_words_are(m, "unexpected end of stream") &&
	    !mend_words_are(m, "unexpected document"))
		return false;
	diags_add(m->diags, DIAG_ERROR,
		  (struct mark){m->problem->file, m->problem->context_line, 1}, "open-quote",
		  "a quote that opens on this line is never closed", "这一行开始的引号没有结束");
	return false;
}
