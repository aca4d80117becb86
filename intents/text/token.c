#include "text/token.h"

#include <utf8proc.h>

#include "text/stem.h"
#include "text/utf8.h"
#include "text/utterance.h"

enum char_class {
	CHAR_NONE, /* punctuation, space, unassigned: no token */
	CHAR_HAN,
	CHAR_LETTER, /* and _ */
	CHAR_DIGIT,
	CHAR_MARK, /* goes on a word, begins none */
	CHAR_SYMBOL,
};

struct cutter {
	struct arena *arena;
	const struct segmenter *segmenter;
	struct str text;
	struct token *tokens;
	size_t n, cap;
};

static const uint8_t category_class[] = {
	[UTF8PROC_CATEGORY_LU] = CHAR_LETTER, [UTF8PROC_CATEGORY_LL] = CHAR_LETTER,
	[UTF8PROC_CATEGORY_LT] = CHAR_LETTER, [UTF8PROC_CATEGORY_LM] = CHAR_LETTER,
	[UTF8PROC_CATEGORY_LO] = CHAR_LETTER, [UTF8PROC_CATEGORY_NL] = CHAR_LETTER,
	[UTF8PROC_CATEGORY_ND] = CHAR_DIGIT,  [UTF8PROC_CATEGORY_NO] = CHAR_SYMBOL,
	[UTF8PROC_CATEGORY_MN] = CHAR_MARK,   [UTF8PROC_CATEGORY_MC] = CHAR_MARK,
	[UTF8PROC_CATEGORY_ME] = CHAR_MARK,   [UTF8PROC_CATEGORY_SM] = CHAR_SYMBOL,
	[UTF8PROC_CATEGORY_SC] = CHAR_SYMBOL, [UTF8PROC_CATEGORY_SO] = CHAR_SYMBOL,
	[UTF8PROC_CATEGORY_CO] = CHAR_NONE, /* the last one: gives the table its length */
};

static enum char_class class_of(uint32_t cp)
{
	if ((cp >= 'a' && cp <= 'z') || cp == '_')
		return CHAR_LETTER;
	if (cp < 128)
		return cp >= '0' && cp <= '9' ? CHAR_DIGIT : cp == '$' ? CHAR_SYMBOL : CHAR_NONE;
	if (utf8_is_han(cp))
		return CHAR_HAN;
	return category_class[utf8proc_category((int32_t)cp)];
}

/* Class of the character at i; its length in *len, 0 at the end of the text. */
static inline enum char_class class_at(struct str text, size_t i, size_t *len)
{
	uint32_t cp;

	if (i >= text.n) {
		*len = 0;
		return CHAR_NONE;
	}
	*len = utf8_decode(text.p + i, text.n - i, &cp);
	return class_of(cp);
}

static void add(struct cutter *c, size_t from, size_t to, enum token_kind kind)
{
	struct str text = str_sub(c->text, from, to);
	struct str stem = kind == TOKEN_WORD ? stem_english(c->arena, text) : text;
	bool known =
		kind == TOKEN_NUMBER || kind == TOKEN_OTHER || segment_knows(c->segmenter, text);

	ARENA_PUSH(c->arena, c->tokens, c->n, c->cap,
		   (struct token){.text = text,
				  .stem = stem,
				  .head = stem,
				  .at = (uint32_t)from,
				  .kind = (uint8_t)kind,
				  .known = known});
}

static size_t cut_han(struct cutter *c, size_t from)
{
	uint16_t ends[SEGMENT_WORDS];
	size_t end = from, len, n;

	while (end - from <= SEGMENT_BYTES && class_at(c->text, end, &len) == CHAR_HAN)
		end += len;
	n = segment_run(c->segmenter, str_sub(c->text, from, end), ends);
	end = from;
	for (size_t i = 0; i < n && c->n < UTTERANCE_TOKENS_MAX; i++) {
		add(c, end, from + ends[i], TOKEN_HAN);
		end = from + ends[i];
	}
	return end;
}

static bool goes_on_word(enum char_class class)
{
	return class == CHAR_LETTER || class == CHAR_DIGIT || class == CHAR_MARK;
}

static size_t word_end(struct str text, size_t i)
{
	size_t len;

	for (;;) {
		enum char_class class = class_at(text, i, &len);

		if (goes_on_word(class)) {
			i += len;
			continue;
		}
		/* An apostrophe only between letters: "don't", not 'quoted'. */
		if (!len || text.p[i] != '\'' || class_at(text, i + 1, &len) != CHAR_LETTER)
			return i;
		i++;
	}
}

/* c++, c#, at&t, node.js: words with punctuation that the dictionary or a term spells out. */
static size_t spelled_end(const struct cutter *c, size_t from, size_t plain)
{
	size_t end = from + segment_longest(c->segmenter, str_sub(c->text, from, c->text.n)), len;

	if (end <= plain || goes_on_word(class_at(c->text, end, &len)))
		return plain;
	/* Words with Chinese in them (c语言) are cut at the seam, as they are when a space stands
	 * there. */
	for (size_t i = plain; i < end; i += len) {
		if (class_at(c->text, i, &len) == CHAR_HAN || c->text.p[i] == ' ')
			return plain;
	}
	return end;
}

static bool is_ascii_punct(struct str text, size_t i)
{
	return i < text.n && text.p[i] > ' ' && text.p[i] < 127;
}

static size_t cut_word(struct cutter *c, size_t from)
{
	size_t end = word_end(c->text, from);

	if (is_ascii_punct(c->text, end))
		end = spelled_end(c, from, end);
	add(c, from, end, TOKEN_WORD);
	return end;
}

/* What is one word with the digits before it. */
static const struct unit {
	struct str text;
	struct str not_before; /* characters of three bytes: 1990年代, 5日元 */
	uint8_t digits;	       /* as many, no more and no less; 0: any */
} units[] = {
	{STR_INIT("%"), STR_INIT(""), 0},      {STR_INIT("‰"), STR_INIT(""), 0},
	{STR_INIT("万亿"), STR_INIT(""), 0},   {STR_INIT("万"), STR_INIT(""), 0},
	{STR_INIT("亿"), STR_INIT(""), 0},     {STR_INIT("年"), STR_INIT("代度级"), 4},
	{STR_INIT("月份"), STR_INIT(""), 0},   {STR_INIT("月"), STR_INIT(""), 0},
	{STR_INIT("日"), STR_INIT("元本"), 0}, {STR_INIT("时"), STR_INIT("间候"), 0},
};

static bool begins_with_any(struct str text, struct str characters)
{
	for (size_t i = 0; i < characters.n; i += 3) {
		if (str_starts(text, str_sub(characters, i, i + 3)))
			return true;
	}
	return false;
}

/* Where the number [from, end) ends with its unit. */
static size_t unit_end(struct str text, size_t from, size_t end)
{
	struct str rest = str_sub(text, end, text.n);

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		const struct unit *u = &units[i];

		if (!str_starts(rest, u->text) || (u->digits && end - from != u->digits))
			continue;
		rest = str_sub(rest, u->text.n, rest.n);
		return begins_with_any(rest, u->not_before) ? end : end + u->text.n;
	}
	return end;
}

struct str token_amount(const struct token *t)
{
	size_t n = 0;

	while (t->kind == TOKEN_NUMBER && n < t->text.n && (unsigned char)t->text.p[n] < 0x80 &&
	       t->text.p[n] != '%')
		n++;
	return n ? str_sub(t->text, 0, n) : t->text;
}

static size_t cut_number(struct cutter *c, size_t from)
{
	size_t end = from, len;
	bool plain = true;

	for (;;) {
		while (class_at(c->text, end, &len) == CHAR_DIGIT)
			end += len;
		if (!len || !memchr(".,:/-", c->text.p[end], 5) ||
		    class_at(c->text, end + 1, &len) != CHAR_DIGIT)
			break;
		end++;
		plain = false;
	}
	/* 3d, 1080p, 7days: a word that begins with digits. */
	if (plain && class_at(c->text, end, &len) == CHAR_LETTER)
		return cut_word(c, from);
	end = unit_end(c->text, from, end);
	add(c, from, end, TOKEN_NUMBER);
	return end;
}

static bool is_regional(uint32_t cp)
{
	return cp >= 0x1F1E6 && cp <= 0x1F1FF;
}

/* An emoji with its selector, skin tone and joined emoji; a flag's two letters; or one symbol. */
static size_t cut_symbol(struct cutter *c, size_t from)
{
	uint32_t first, cp;
	size_t end = from + utf8_decode(c->text.p + from, c->text.n - from, &first);

	while (end < c->text.n) {
		size_t len = utf8_decode(c->text.p + end, c->text.n - end, &cp);
		bool flag = is_regional(first) && is_regional(cp) && end == from + len;

		if (cp == 0x200D && end + len < c->text.n)
			len += utf8_decode(c->text.p + end + len, c->text.n - end - len, &cp);
		else if (cp != 0xFE0F && !(cp >= 0x1F3FB && cp <= 0x1F3FF) && !flag)
			break;
		end += len;
	}
	add(c, from, end, TOKEN_OTHER);
	return end;
}

/* Punctuation gives no token, unless a term begins with it (.net). */
static size_t skip(struct cutter *c, size_t from, size_t len)
{
	size_t end;

	if (!c->segmenter->terms.n || !is_ascii_punct(c->text, from))
		return from + len;
	end = spelled_end(c, from, from + len);
	if (end > from + len)
		add(c, from, end, TOKEN_WORD);
	return end;
}

size_t token_cut(struct arena *a, const struct segmenter *s, struct str normal,
		 struct token **tokens)
{
	struct cutter c = {.arena = a, .segmenter = s, .text = normal};
	size_t len;

	/* Room for a word in every four bytes: what most messages need, without growing. */
	c.cap = normal.n / 4 < 64 ? normal.n / 4 + 4 : 64;
	c.tokens = ARENA_ARRAY(a, struct token, c.cap);

	for (size_t i = 0; i < normal.n && c.n < UTTERANCE_TOKENS_MAX;) {
		switch (class_at(normal, i, &len)) {
		case CHAR_HAN:
			i = cut_han(&c, i);
			break;
		case CHAR_LETTER:
			i = cut_word(&c, i);
			break;
		case CHAR_DIGIT:
			i = cut_number(&c, i);
			break;
		case CHAR_SYMBOL:
			i = cut_symbol(&c, i);
			break;
		default:
			i = skip(&c, i, len);
			break;
		}
	}
	*tokens = c.tokens;
	return c.n;
}
