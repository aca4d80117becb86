#include "intents/pattern.h"

#include "text/utf8.h"

static int peek(const struct pattern_reader *r, size_t ahead)
{
	return r->at + ahead < r->text.n ? (unsigned char)r->text.p[r->at + ahead] : -1;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(int c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool one_of(int c, const char *set)
{
	return c > 0 && strchr(set, c) != NULL;
}

/* Moves behind the next `close`; to the end when there is none. */
static void skip_past(struct pattern_reader *r, char close)
{
	while (r->at < r->text.n && r->text.p[r->at] != close)
		r->at++;
	if (r->at < r->text.n)
		r->at++;
}

static void read_char(struct pattern_reader *r, struct pattern_item *item)
{
	item->kind = PATTERN_CHAR;
	r->at += utf8_decode(r->text.p + r->at, r->text.n - r->at, &item->cp);
}

/* What follows a letter that takes an argument: \p{L} \pL \x41 \x{41} \g{1} \k<name> \12. */
static void skip_argument(struct pattern_reader *r, char letter)
{
	int c = peek(r, 0);

	if (c == '{' && one_of(letter, "pPxogkN")) {
		skip_past(r, '}');
	} else if (one_of(c, "<'") && one_of(letter, "gk")) {
		r->at++;
		skip_past(r, c == '<' ? '>' : '\'');
	} else if (one_of(letter, "pPc")) {
		struct pattern_item dropped;

		if (c >= 0)
			read_char(r, &dropped);
	} else if (letter == 'x') {
		for (int i = 0; i < 2 && one_of(peek(r, 0), "0123456789abcdefABCDEF"); i++)
			r->at++;
	} else if (letter == 'g' || is_digit(letter)) {
		if (letter == 'g' && one_of(c, "+-"))
			r->at++;
		while (is_digit(peek(r, 0)))
			r->at++;
	}
}

/* At the byte behind a backslash. */
static void read_escape(struct pattern_reader *r, struct pattern_item *item)
{
	int c = peek(r, 0);

	if (c < 0) {
		item->kind = PATTERN_OPAQUE;
	} else if (!is_alnum(c)) {
		read_char(r, item);
	} else if (c == 'Q' || c == 'E') {
		r->at++;
		r->quoted = c == 'Q';
		item->kind = PATTERN_QUOTE;
	} else if (one_of(c, "bBAzZGK")) {
		r->at++;
		item->kind = PATTERN_EMPTY;
	} else if (one_of(c, "dDwWsShHvVNRXtnrfeapPxocgk0123456789")) {
		r->at++;
		item->kind = PATTERN_ANY;
		item->named = (char)c;
		skip_argument(r, (char)c);
	} else {
		r->at++;
		item->kind = PATTERN_OPAQUE;
	}
}

/* At '[': to behind the closing bracket, which may be the first member itself ("[]a]"). */
static void read_class(struct pattern_reader *r, struct pattern_item *item)
{
	struct pattern_reader in = {.text = r->text, .at = r->at + 1};
	struct pattern_item member;

	item->negated = peek(&in, 0) == '^';
	in.at += item->negated;
	for (bool first = true; peek(&in, 0) >= 0; first = false) {
		if (peek(&in, 0) == ']' && !first && !in.quoted)
			break;
		pattern_member(&in, &member);
	}
	item->kind = peek(&in, 0) == ']' ? PATTERN_CLASS : PATTERN_OPAQUE;
	r->at = in.at < r->text.n ? in.at + 1 : in.at;
}

/* {n} {n,} {n,m}; anything else in braces is literal. */
static bool read_braces(struct pattern_reader *r, struct pattern_item *item)
{
	size_t i = 1;
	int bounds[2] = {0, 0};

	for (int b = 0; b < 2; b++) {
		if (!is_digit(peek(r, i)) && b == 0)
			return false;
		bounds[b] = is_digit(peek(r, i)) ? 0 : -1;
		for (; is_digit(peek(r, i)); i++)
			bounds[b] = bounds[b] > 99999 ? 99999 : bounds[b] * 10 + peek(r, i) - '0';
		if (peek(r, i) == '}') {
			if (b == 0)
				bounds[1] = bounds[0];
			break;
		}
		if (b == 1 || peek(r, i) != ',')
			return false;
		i++;
	}
	item->kind = PATTERN_REPEAT;
	item->min = bounds[0];
	item->max = bounds[1];
	r->at += i + 1;
	return true;
}

static void read_repeat(struct pattern_reader *r, struct pattern_item *item)
{
	int c = peek(r, 0);

	if (c == '{') {
		if (!read_braces(r, item)) {
			read_char(r, item);
			return;
		}
	} else {
		item->kind = PATTERN_REPEAT;
		item->min = c == '+';
		item->max = c == '?' ? 1 : -1;
		r->at++;
	}
	if (one_of(peek(r, 0), "?+"))
		r->at++; /* lazy or possessive */
}

/* Behind "(?": option letters, then ')' or ':'. */
static void read_options(struct pattern_reader *r, struct pattern_item *item)
{
	bool extended = false;

	while (one_of(peek(r, 0), "imsnxJU^-")) {
		extended |= peek(r, 0) == 'x';
		r->at++;
	}
	if (peek(r, 0) == ')')
		item->kind = PATTERN_EMPTY;
	else if (peek(r, 0) == ':')
		item->kind = PATTERN_OPEN;
	else
		item->kind = PATTERN_OPAQUE;
	if (item->kind != PATTERN_OPAQUE)
		r->at++;
	if (extended)
		item->kind = PATTERN_OPAQUE; /* white space would no longer be text */
}

/* Behind "(?<", "(?P<" or "(?'": a name up to `close`. */
static void read_name(struct pattern_reader *r, struct pattern_item *item, char close)
{
	skip_past(r, close);
	item->kind = PATTERN_OPEN;
}

static void read_angle(struct pattern_reader *r, struct pattern_item *item)
{
	int c = peek(r, 1);

	if (c == '=' || c == '!') {
		item->kind = c == '=' ? PATTERN_LOOK : PATTERN_LOOK_NOT;
		r->at += 2;
	} else if (c == '*') {
		item->kind = PATTERN_OPAQUE;
		r->at += 2;
	} else {
		r->at++;
		read_name(r, item, '>');
	}
}

/* Behind "(?". */
static void read_special_group(struct pattern_reader *r, struct pattern_item *item)
{
	int c = peek(r, 0), d = peek(r, 1);

	if (one_of(c, ":>|")) {
		item->kind = PATTERN_OPEN;
		r->at++;
	} else if (c == '=' || c == '!') {
		item->kind = c == '=' ? PATTERN_LOOK : PATTERN_LOOK_NOT;
		r->at++;
	} else if (c == '<') {
		read_angle(r, item);
	} else if (c == '\'') {
		r->at++;
		read_name(r, item, '\'');
	} else if (c == 'P' && d == '<') {
		r->at += 2;
		read_name(r, item, '>');
	} else if (c == '#') {
		item->kind = PATTERN_EMPTY;
		skip_past(r, ')');
	} else if (c == 'P' || one_of(c, "&R+") || is_digit(c) || (c == '-' && is_digit(d))) {
		item->kind = PATTERN_ANY; /* a call of another group, or what it matched */
		skip_past(r, ')');
	} else if (c == '(' || c == 'C') {
		item->kind = PATTERN_OPAQUE; /* conditional or callout */
		if (d != '?')
			skip_past(r, ')');
	} else {
		read_options(r, item);
	}
}

static void read_group(struct pattern_reader *r, struct pattern_item *item)
{
	r->at++;
	if (peek(r, 0) == '*') {
		item->kind = PATTERN_OPAQUE;
		skip_past(r, ')');
	} else if (peek(r, 0) == '?') {
		r->at++;
		read_special_group(r, item);
	} else {
		item->kind = PATTERN_OPEN;
	}
}

static void read_single(struct pattern_reader *r, struct pattern_item *item, enum pattern_kind kind)
{
	item->kind = kind;
	r->at++;
}

static void read_plain(struct pattern_reader *r, struct pattern_item *item)
{
	switch (peek(r, 0)) {
	case '\\':
		r->at++;
		read_escape(r, item);
		break;
	case '[':
		read_class(r, item);
		break;
	case '(':
		read_group(r, item);
		break;
	case ')':
		read_single(r, item, PATTERN_CLOSE);
		break;
	case '|':
		read_single(r, item, PATTERN_OR);
		break;
	case '.':
		read_single(r, item, PATTERN_ANY);
		item->named = '.';
		break;
	case '^':
	case '$':
		read_single(r, item, PATTERN_EMPTY);
		break;
	case '*':
	case '+':
	case '?':
	case '{':
		read_repeat(r, item);
		break;
	default:
		read_char(r, item);
	}
}

/* True, and behind it, when "\E" ends a quotation here. */
static bool quote_ends(struct pattern_reader *r)
{
	if (!r->quoted || peek(r, 0) != '\\' || peek(r, 1) != 'E')
		return false;
	r->quoted = false;
	r->at += 2;
	return true;
}

bool pattern_next(struct pattern_reader *r, struct pattern_item *item)
{
	*item = (struct pattern_item){.kind = PATTERN_END, .from = r->at, .to = r->at};
	if (r->at >= r->text.n)
		return false;
	if (quote_ends(r))
		item->kind = PATTERN_QUOTE;
	else if (r->quoted)
		read_char(r, item);
	else
		read_plain(r, item);
	item->to = r->at;
	return true;
}

struct pattern_reader pattern_members(struct str pattern, const struct pattern_item *class_item)
{
	return (struct pattern_reader){
		.text = str_sub(pattern, 0, class_item->to - 1),
		.at = class_item->from + 1 + class_item->negated,
	};
}

/* At "[:", "[." or "[=": true, and behind it, when it is closed by the same mark and a bracket. */
static bool read_posix(struct pattern_reader *r)
{
	int mark = peek(r, 1);

	if (peek(r, 0) != '[' || !one_of(mark, ":.="))
		return false;
	for (size_t i = 2; peek(r, i) >= 0 && peek(r, i) != ']'; i++) {
		if (peek(r, i) == mark && peek(r, i + 1) == ']') {
			r->at += i + 2;
			return true;
		}
	}
	return false;
}

/* One member without looking for a range. */
static void read_member(struct pattern_reader *r, struct pattern_item *item)
{
	if (quote_ends(r)) {
		item->kind = PATTERN_QUOTE;
	} else if (!r->quoted && read_posix(r)) {
		item->kind = PATTERN_ANY;
	} else if (!r->quoted && peek(r, 0) == '\\') {
		r->at++;
		read_escape(r, item);
		if (item->kind == PATTERN_EMPTY)
			item->kind = PATTERN_ANY; /* \b in a class is a backspace */
	} else {
		read_char(r, item);
	}
}

bool pattern_member(struct pattern_reader *r, struct pattern_item *item)
{
	*item = (struct pattern_item){.kind = PATTERN_END, .from = r->at, .to = r->at};
	if (r->at >= r->text.n)
		return false;
	read_member(r, item);
	if (item->kind == PATTERN_CHAR && !r->quoted && peek(r, 0) == '-' && peek(r, 1) >= 0 &&
	    peek(r, 1) != ']') {
		struct pattern_item to = {.kind = PATTERN_END};

		r->at++;
		read_member(r, &to);
		item->kind = to.kind == PATTERN_CHAR ? PATTERN_RANGE : PATTERN_ANY;
		item->cp_to = to.cp;
	}
	item->to = r->at;
	return true;
}
