#include "text/normal.h"

#include <utf8proc.h>

#include "text/normal_class.h"
#include "text/utf8.h"

#include "normal_table.h" /* generated: normal_page, normal_cell, normal_special, normal_pool */

/* Bytes that any one step may write: the longest replacement, or a whole composed cluster. */
enum { CLUSTER_MAX = 48, STEP_MAX = CLUSTER_MAX * 4 };

struct writer {
	struct arena *arena;
	char *p;
	uint32_t *at; /* NULL: offsets are not asked for */
	size_t n, cap;
};

static void writer_init(struct writer *w, struct arena *a, size_t raw_n, bool offsets)
{
	/* Most text keeps its length or shrinks. */
	*w = (struct writer){.arena = a, .cap = raw_n + STEP_MAX};
	w->p = arena_alloc(a, w->cap);
	if (offsets)
		w->at = ARENA_ARRAY(a, uint32_t, w->cap + 1);
}

static __attribute__((noinline)) void writer_grow(struct writer *w)
{
	struct writer more;

	writer_init(&more, w->arena, w->cap * 2, w->at);
	memcpy(more.p, w->p, w->n);
	if (w->at)
		memcpy(more.at, w->at, w->n * sizeof *w->at);
	more.n = w->n;
	*w = more;
}

static inline void put(struct writer *w, const char *p, size_t n, size_t raw_at)
{
	for (size_t i = 0; i < n; i++) {
		w->p[w->n + i] = p[i];
		if (w->at)
			w->at[w->n + i] = (uint32_t)raw_at;
	}
	w->n += n;
}

static inline void put_space(struct writer *w, size_t raw_at)
{
	if (w->n && w->p[w->n - 1] != ' ')
		put(w, " ", 1, raw_at);
}

static inline uint16_t class_of(uint32_t cp)
{
	if (cp < NORMAL_LIMIT) {
		size_t page = normal_page[cp >> NORMAL_PAGE_BITS];

		return normal_cell[page << NORMAL_PAGE_BITS | (cp & ((1 << NORMAL_PAGE_BITS) - 1))];
	}
	/* Plane 14 is for tags and selectors; the others hold ideographs or nothing yet. */
	return cp >= 0xE0000 && cp < 0xE1000 ? NORMAL_DROP : NORMAL_SAME;
}

static bool starts_with_mark(uint16_t class)
{
	return class == NORMAL_MARK ||
	       (class >= NORMAL_SPECIAL && normal_special[class - NORMAL_SPECIAL].mark);
}

/* Offset of the character that ends at `end` of what was written; end > 0. */
static size_t last_char(const struct writer *w, size_t end)
{
	do
		end--;
	while (end && ((unsigned char)w->p[end] & 0xC0) == 0x80);
	return end;
}

/* A base and its marks, canonically decomposed. Bounded, as Unicode's stream-safe text is (UAX #15
 * section 13): marks beyond CLUSTER_MAX are dropped, so a wall of marks costs linear time. */
struct cluster {
	int32_t cp[CLUSTER_MAX];
	size_t n;
	size_t raw_at; /* of its first character */
};

static int combining_class(int32_t cp)
{
	return utf8proc_get_property(cp)->combining_class;
}

static void cluster_emit(struct cluster *c, struct writer *w)
{
	utf8proc_ssize_t n;

	/* Canonical order: a stable insertion sort that moves marks (class > 0) only. */
	for (size_t i = 1; i < c->n; i++) {
		int32_t cp = c->cp[i];
		int class = combining_class(cp);
		size_t j = i;

		for (; class && j && combining_class(c->cp[j - 1]) > class; j--)
			c->cp[j] = c->cp[j - 1];
		c->cp[j] = cp;
	}
	n = utf8proc_normalize_utf32(c->cp, (utf8proc_ssize_t)c->n,
				     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		char bytes[4];

		put(w, bytes, utf8_encode((uint32_t)c->cp[i], bytes), c->raw_at);
	}
	c->n = 0;
	if (w->cap - w->n < STEP_MAX)
		writer_grow(w);
}

static void cluster_add(struct cluster *c, struct writer *w, uint32_t cp, size_t raw_at)
{
	int32_t parts[8];
	int last = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char((int32_t)cp, parts, 8,
						     UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, &last);

	for (utf8proc_ssize_t i = 0; i < n && i < 8; i++) {
		if (c->n == CLUSTER_MAX) {
			if (combining_class(parts[i]))
				continue;
			cluster_emit(c, w);
		}
		if (!c->n)
			c->raw_at = raw_at;
		c->cp[c->n++] = parts[i];
	}
}

static void cluster_add_str(struct cluster *c, struct writer *w, struct str s, size_t raw_at)
{
	uint32_t cp;

	for (size_t i = 0; i < s.n;) {
		i += utf8_decode(s.p + i, s.n - i, &cp);
		cluster_add(c, w, cp, raw_at);
	}
}

/* Takes back what the marks at raw offset i stand on. */
static void cluster_begin(struct cluster *c, struct writer *w, size_t i)
{
	size_t base = w->n;
	struct str taken;
	uint32_t cp;

	c->n = 0;
	c->raw_at = i;
	do {
		if (!base)
			break;
		base = last_char(w, base);
		utf8_decode(w->p + base, w->n - base, &cp);
	} while (class_of(cp) == NORMAL_MARK);
	if (base == w->n)
		return;
	if (w->at)
		i = w->at[base];
	taken = (struct str){w->p + base, w->n - base};
	w->n = base;
	cluster_add_str(c, w, taken, i);
}

/* The mark at raw offset i and all that follow it: returns the offset behind them. */
static __attribute__((noinline)) size_t read_marks(struct writer *w, struct str raw, size_t i)
{
	struct cluster c;

	cluster_begin(&c, w, i);
	while (i < raw.n) {
		uint32_t cp;
		size_t len = utf8_decode(raw.p + i, raw.n - i, &cp);
		uint16_t class = class_of(cp);

		if (class == NORMAL_MARK) {
			cluster_add(&c, w, cp, i);
		} else if (starts_with_mark(class)) {
			const struct normal_special *s = &normal_special[class - NORMAL_SPECIAL];

			cluster_add_str(&c, w,
					(struct str){(const char *)normal_pool + s->at, s->n}, i);
		} else if (class != NORMAL_DROP && class != NORMAL_JOINER &&
			   class != NORMAL_SELECTOR) {
			break;
		}
		i += len;
	}
	cluster_emit(&c, w);
	return i;
}

static void put_special(struct writer *w, const struct normal_special *s, size_t raw_at)
{
	const char *p = (const char *)normal_pool + s->at;

	if (!s->space) {
		put(w, p, s->n, raw_at);
		return;
	}
	for (size_t i = 0; i < s->n; i++) {
		if (p[i] == ' ')
			put_space(w, raw_at);
		else
			put(w, p + i, 1, raw_at);
	}
}

static uint16_t class_before(const struct writer *w)
{
	size_t at;
	uint32_t cp;

	if (!w->n)
		return NORMAL_SPACE;
	at = last_char(w, w->n);
	utf8_decode(w->p + at, w->n - at, &cp);
	return class_of(cp);
}

static bool emoji_follows(struct str raw, size_t i)
{
	uint32_t cp;

	if (i >= raw.n)
		return false;
	utf8_decode(raw.p + i, raw.n - i, &cp);
	return class_of(cp) == NORMAL_EMOJI;
}

/* A joiner or selector lives only inside an emoji sequence. */
static void put_glue(struct writer *w, struct str raw, size_t i, size_t len, uint16_t class)
{
	uint16_t before = class_before(w);

	if (class == NORMAL_SELECTOR ? before == NORMAL_EMOJI
				     : (before == NORMAL_EMOJI || before == NORMAL_SELECTOR) &&
					       emoji_follows(raw, i + len))
		put(w, raw.p + i, len, i);
}

/* One character beyond ASCII: returns the raw offset behind what was read. */
static inline size_t read_char(struct writer *w, struct str raw, size_t i)
{
	uint32_t cp;
	size_t len = utf8_decode(raw.p + i, raw.n - i, &cp);
	uint16_t class = class_of(cp);

	if (class == NORMAL_SAME || class == NORMAL_EMOJI) {
		if (len == 3)
			put(w, raw.p + i, 3, i); /* a known length is copied without a loop */
		else if (len == 1)
			put(w, "\xEF\xBF\xBD", 3, i); /* malformed */
		else
			put(w, raw.p + i, len, i);
	} else if (starts_with_mark(class)) {
		return read_marks(w, raw, i);
	} else if (class >= NORMAL_SPECIAL) {
		put_special(w, &normal_special[class - NORMAL_SPECIAL], i);
	} else if (class == NORMAL_SPACE) {
		put_space(w, i);
	} else if (class != NORMAL_DROP) {
		put_glue(w, raw, i, len, class);
	}
	return i + len;
}

static void read_all(struct writer *w, struct str raw)
{
	for (size_t i = 0; i < raw.n;) {
		unsigned char c = (unsigned char)raw.p[i];

		if (w->cap - w->n < STEP_MAX)
			writer_grow(w);
		if (c >= 0x80) {
			i = read_char(w, raw, i);
			continue;
		}
		if (c <= ' ' || c == 0x7F) {
			put_space(w, i);
		} else {
			char lower = (char)(c | (unsigned)(c >= 'A' && c <= 'Z') << 5);

			put(w, &lower, 1, i);
		}
		i++;
	}
}

/* Returns where the text ends in raw: before trailing space. */
static size_t trim_end(struct writer *w, size_t raw_n)
{
	if (!w->n || w->p[w->n - 1] != ' ')
		return raw_n;
	w->n--;
	return w->at ? w->at[w->n] : raw_n;
}

void normal_read(struct arena *a, struct str raw, struct normal *out)
{
	struct writer w;
	size_t end;

	raw = utf8_cut(raw, NORMAL_MAX);
	writer_init(&w, a, raw.n, true);
	read_all(&w, raw);
	end = trim_end(&w, raw.n);
	w.at[w.n] = (uint32_t)end;
	*out = (struct normal){.raw = raw, .text = {w.p, w.n}, .at = w.at};
}

struct str normal_text(struct arena *a, struct str raw)
{
	struct writer w;

	raw = utf8_cut(raw, NORMAL_MAX);
	writer_init(&w, a, raw.n, false);
	read_all(&w, raw);
	trim_end(&w, raw.n);
	return (struct str){w.p, w.n};
}

struct str normal_raw(const struct normal *n, size_t from, size_t to)
{
	if (to > n->text.n)
		to = n->text.n;
	if (from >= to)
		return STR_NONE;
	/* A cut inside what one raw character became takes that character whole. */
	while (to < n->text.n && n->at[to] == n->at[to - 1])
		to++;
	return str_sub(n->raw, n->at[from], n->at[to]);
}
