#include "intents/pattern.h"

#include "text/normal.h"
#include "text/utf8.h"

enum {
	GROWTH =
		20, /* most bytes one written byte may become: U+FDFA is 33 bytes of Arabic for 3 */
	SLACK = 64,
	RUN_MAX = 64, /* bytes of one character with its joiners: the longest emoji family is 35 */
};

struct rewriter {
	struct arena *arena;
	struct str in;
	char *out;
	uint32_t *at;
	size_t n;
	size_t source; /* offset in `in` of what is being written */
};

static void emit(struct rewriter *w, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		w->at[w->n] = (uint32_t)w->source;
		w->out[w->n++] = p[i];
	}
}

/* As written, each byte mapped to itself. */
static void emit_source(struct rewriter *w, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		w->source = i;
		emit(w, w->in.p + i, 1);
	}
}

static bool is_punctuation(uint32_t cp)
{
	return cp > ' ' && cp < 127 && !(cp >= '0' && cp <= '9') && !(cp >= 'a' && cp <= 'z') &&
	       !(cp >= 'A' && cp <= 'Z') && cp != '_';
}

static bool is_space(uint32_t cp)
{
	return cp <= ' ' || (cp >= 0x7f && cp <= 0xa0) || cp == 0x1680 ||
	       (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 || cp == 0x202f ||
	       cp == 0x205f || cp == 0x3000;
}

/* Changes or joins the character before it, so that both must be normalised together. */
static bool is_joiner(uint32_t cp)
{
	return (cp >= 0x300 && cp <= 0x36f) || cp == 0x3099 || cp == 0x309a || cp == 0x200d ||
	       cp == 0xfe0f || cp == 0x20e3 || (cp >= 0x1f3fb && cp <= 0x1f3ff);
}

/* Normalised characters as literals. */
static void emit_literal(struct rewriter *w, struct str text)
{
	uint32_t cp;

	for (size_t i = 0, step; i < text.n; i += step) {
		step = utf8_decode(text.p + i, text.n - i, &cp);
		if (is_punctuation(cp))
			emit(w, "\\", 1);
		emit(w, text.p + i, step);
	}
}

static struct str normal_char(struct rewriter *w, uint32_t cp)
{
	char bytes[4];
	size_t n = utf8_encode(cp, bytes);

	if (is_space(cp))
		return STR(" ");
	return normal_text(w->arena, (struct str){bytes, n});
}

static bool plain_ascii(const struct rewriter *w, const struct pattern_item *item)
{
	return item->to == item->from + 1 && (unsigned char)w->in.p[item->from] < 0x80;
}

/* A character and the joiners behind it; moves the reader past them. */
static void rewrite_char(struct rewriter *w, struct pattern_reader *r, struct pattern_item *item)
{
	struct pattern_reader ahead = *r;
	struct pattern_item next;
	char run[RUN_MAX];
	size_t n = utf8_encode(item->cp, run);
	bool joined = false;
	struct str normal;

	for (uint32_t last = item->cp; pattern_next(&ahead, &next) && next.kind == PATTERN_CHAR;) {
		if ((!is_joiner(next.cp) && last != 0x200d) || n + 4 > sizeof run)
			break;
		n += utf8_encode(next.cp, run + n);
		last = next.cp;
		*r = ahead;
		joined = true;
	}
	normal = joined ? normal_text(w->arena, (struct str){run, n}) : normal_char(w, item->cp);
	w->source = item->from;
	if (utf8_count(normal) > 1) {
		emit(w, "(?:", 3);
		emit_literal(w, normal);
		emit(w, ")", 1);
	} else if (plain_ascii(w, item) && !r->quoted && !joined) {
		emit(w, normal.p, normal.n);
	} else {
		emit_literal(w, normal);
	}
}

static bool is_ascii_alnum(uint32_t cp)
{
	return cp < 127 && cp > ' ' && !is_punctuation(cp) && cp != '_';
}

/* Folds a range only where both ends stay letters or digits in order ([Ａ-Ｚ], [A-Z]): folding one
 * end of [一-龥] would move it. */
static void rewrite_range(struct rewriter *w, const struct pattern_item *item)
{
	struct str from = normal_char(w, item->cp), to = normal_char(w, item->cp_to);

	if (from.n == 1 && to.n == 1 && is_ascii_alnum((unsigned char)from.p[0]) &&
	    is_ascii_alnum((unsigned char)to.p[0]) && from.p[0] <= to.p[0]) {
		w->source = item->from;
		emit(w, from.p, 1);
		emit(w, "-", 1);
		emit(w, to.p, 1);
	} else {
		emit_source(w, item->from, item->to);
	}
}

static void rewrite_class(struct rewriter *w, const struct pattern_item *class_item)
{
	struct pattern_reader r = pattern_members(w->in, class_item);
	struct pattern_item item;

	emit_source(w, class_item->from, r.at);
	while (pattern_member(&r, &item)) {
		w->source = item.from;
		if (item.kind == PATTERN_CHAR)
			emit_literal(w, normal_char(w, item.cp));
		else if (item.kind == PATTERN_RANGE)
			rewrite_range(w, &item);
		else if (item.kind != PATTERN_QUOTE)
			emit_source(w, item.from, item.to);
	}
	emit_source(w, class_item->to - 1, class_item->to);
}

void pattern_normalise(struct arena *a, struct str pattern, struct pattern_normal *out)
{
	struct pattern_reader r = {.text = pattern};
	struct pattern_item item;
	struct rewriter w = {
		.arena = a,
		.in = pattern,
		.out = ARENA_ARRAY(a, char, pattern.n *GROWTH + SLACK),
		.at = ARENA_ARRAY(a, uint32_t, pattern.n * GROWTH + SLACK),
	};

	while (pattern_next(&r, &item)) {
		if (item.kind == PATTERN_CHAR)
			rewrite_char(&w, &r, &item);
		else if (item.kind == PATTERN_CLASS)
			rewrite_class(&w, &item);
		else if (item.kind != PATTERN_QUOTE)
			emit_source(&w, item.from, item.to);
	}
	w.at[w.n] = (uint32_t)pattern.n;
	w.out[w.n] = '\0';
	out->text = (struct str){w.out, w.n};
	out->at = w.at;
}
