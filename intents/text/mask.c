#include "text/mask.h"

#include "text/utf8.h"

struct masker {
	const struct normal *normal;
	char *hide;    /* one flag a raw byte; set where a hidden character begins */
	size_t hidden; /* how many are set */
};

/* Digits read from normalised text, and where each stood. */
enum { DIGITS_MAX = 20 };

struct digits {
	unsigned char value[DIGITS_MAX];
	uint32_t at[DIGITS_MAX];
	size_t n;
	size_t end; /* offset behind the last one */
};

static void hide_raw(struct masker *m, size_t raw_at)
{
	if (!m->hide[raw_at]) {
		m->hide[raw_at] = 1;
		m->hidden++;
	}
}

static void hide_digits(struct masker *m, const struct digits *d, size_t from, size_t to)
{
	for (size_t i = from; i < to && i < d->n; i++)
		hide_raw(m, m->normal->at[d->at[i]]);
}

static bool is_digit(struct str s, size_t i)
{
	return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

static bool is_separator(struct str s, size_t i)
{
	return i < s.n && (s.p[i] == ' ' || s.p[i] == '-');
}

/* Up to `max` digits from i; one separator may stand behind the k-th digit when bit k of `breaks`
 * is set. A digit that goes on behind the last one gives n = 0: the number is longer than asked
 * for. */
static struct digits read_digits(struct str s, size_t i, size_t max, uint32_t breaks)
{
	struct digits d = {.end = i};

	while (d.n < max) {
		if (d.n && (breaks >> d.n & 1) && is_separator(s, i) && is_digit(s, i + 1))
			i++;
		if (!is_digit(s, i))
			break;
		d.value[d.n] = (unsigned char)(s.p[i] - '0');
		d.at[d.n++] = (uint32_t)i;
		d.end = ++i;
	}
	if (is_digit(s, i))
		d.n = 0;
	return d;
}

#define BREAK(k) (1u << (k))

/* Luhn: from the right, every second digit doubled (and 9 taken off beyond 9); the sum ends in 0.
 */
static bool luhn_holds(const struct digits *d)
{
	unsigned sum = 0;

	for (size_t i = 0; i < d->n; i++) {
		unsigned v = d->value[d->n - 1 - i] * (i % 2 ? 2u : 1u);

		sum += v > 9 ? v - 9 : v;
	}
	return sum % 10 == 0;
}

static bool is_birth_date(const unsigned char *v)
{
	unsigned year = v[0] * 1000u + v[1] * 100u + v[2] * 10u + v[3];
	unsigned month = v[4] * 10u + v[5], day = v[6] * 10u + v[7];

	return year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* GB 11643-1999, ISO 7064 MOD 11-2: weights 2^(17-i) mod 11; the check character is 10 for X. */
static bool identity_holds(const struct digits *d, unsigned check)
{
	static const unsigned char weights[17] = {7, 9, 10, 5,	8, 4, 2, 1, 6,
						  3, 7, 9,  10, 5, 8, 4, 2};
	unsigned sum = check;

	for (size_t i = 0; i < 17; i++)
		sum += d->value[i] * (unsigned)weights[i];
	return sum % 11 == 1 && is_birth_date(d->value + 6);
}

static size_t mask_identity(struct masker *m, struct str s, size_t i)
{
	struct digits d = read_digits(s, i, 18, BREAK(6) | BREAK(14));
	bool letter = d.n == 17 && d.end < s.n && s.p[d.end] == 'x';

	if (!letter && d.n != 18)
		return 0;
	if (!identity_holds(&d, letter ? 10 : d.value[17]))
		return 0;
	hide_digits(m, &d, 3, 14);
	return d.end + letter;
}

static size_t mask_bank_card(struct masker *m, struct str s, size_t i)
{
	/* Groups of four, or 4-6-5 as American Express prints them. */
	struct digits d =
		read_digits(s, i, 19, BREAK(4) | BREAK(8) | BREAK(10) | BREAK(12) | BREAK(16));

	if (d.n < 15 || d.value[0] < 3 || d.value[0] > 6 || !luhn_holds(&d))
		return 0;
	hide_digits(m, &d, 4, d.n - 4);
	return d.end;
}

static size_t country_code(struct str s, size_t i)
{
	static const struct str codes[] = {STR_INIT("0086"), STR_INIT("86")};

	for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
		size_t behind = i + codes[k].n;

		if (!str_eq(str_sub(s, i, behind), codes[k]))
			continue;
		return behind + is_separator(s, behind);
	}
	return i;
}

static size_t mask_mobile(struct masker *m, struct str s, size_t i)
{
	struct digits d = read_digits(s, country_code(s, i), 11, BREAK(3) | BREAK(7));

	if (d.n != 11 || d.value[0] != 1 || d.value[1] < 3)
		return 0;
	hide_digits(m, &d, 3, 7);
	return d.end;
}

/* 010-12345678, 0755 1234567: an area code set apart from seven or eight digits. */
static size_t mask_land_line(struct masker *m, struct str s, size_t i)
{
	struct digits area = read_digits(s, i, 4, 0), d;

	if (area.n < 3 || area.value[0] != 0 || area.value[1] == 0 || !is_separator(s, area.end))
		return 0;
	d = read_digits(s, area.end + 1, 8, BREAK(4));
	if (d.n < 7)
		return 0;
	hide_digits(m, &d, 0, d.n - 4);
	return d.end;
}

static size_t mask_foreign(struct masker *m, struct str s, size_t i)
{
	struct digits d;

	if (!i || s.p[i - 1] != '+')
		return 0;
	d = read_digits(s, i, 15, ~1u);
	if (d.n < 8)
		return 0;
	hide_digits(m, &d, 2, d.n - 4);
	return d.end;
}

static void mask_numbers(struct masker *m)
{
	/* Stricter forms first: a form that matches ends the search at its place. */
	static size_t (*const forms[])(struct masker *, struct str, size_t) = {
		mask_identity, mask_mobile, mask_bank_card, mask_land_line, mask_foreign,
	};
	struct str s = m->normal->text;

	for (size_t i = 0; i < s.n;) {
		size_t end = 0;

		if (!is_digit(s, i) || (i && is_digit(s, i - 1))) {
			i++;
			continue;
		}
		for (size_t k = 0; k < sizeof forms / sizeof *forms && !end; k++)
			end = forms[k](m, s, i);
		i = end ? end : i + 1;
	}
}

static bool is_mail_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("._%+-", c));
}

/* A dot followed by two letters or more, somewhere in the host's characters. */
static bool is_mail_host(struct str s, size_t from)
{
	size_t letters = 0;
	bool dot = false;

	for (size_t i = from; i < s.n && is_mail_char(s.p[i]); i++) {
		bool letter = s.p[i] >= 'a' && s.p[i] <= 'z';

		if (s.p[i] == '.' && i > from) {
			dot = true;
			letters = 0;
		} else if (dot && letter && ++letters == 2) {
			return true;
		} else if (!letter) {
			letters = 0;
		}
	}
	return false;
}

static void mask_mails(struct masker *m)
{
	struct str s = m->normal->text;

	for (size_t at = str_find(s, STR("@"), 0); at != SIZE_MAX;
	     at = str_find(s, STR("@"), at + 1)) {
		size_t from = at;

		while (from && at - from < 64 && is_mail_char(s.p[from - 1]))
			from--;
		if (from == at || !is_mail_host(s, at + 1))
			continue;
		for (size_t i = at - from > 1 ? from + 1 : from; i < at; i++)
			hide_raw(m, m->normal->at[i]);
	}
}

static void mask_span(struct masker *m, struct mask_span span)
{
	enum { SHORT = 8, KEPT = 2 };
	struct str part = str_sub(m->normal->raw, span.from, span.to);
	size_t chars = utf8_count(part), k = 0;
	uint32_t cp;

	for (size_t i = 0; i < part.n; k++) {
		if (chars < SHORT || (k >= KEPT && k < chars - KEPT))
			hide_raw(m, (size_t)(part.p - m->normal->raw.p) + i);
		i += utf8_decode(part.p + i, part.n - i, &cp);
	}
}

static struct str write_masked(const struct masker *m, struct arena *a)
{
	struct str raw = m->normal->raw;
	char *out = arena_alloc(a, raw.n);
	size_t n = 0, len;
	uint32_t cp;

	for (size_t i = 0; i < raw.n; i += len) {
		len = utf8_decode(raw.p + i, raw.n - i, &cp);
		if (m->hide[i]) {
			out[n++] = '*';
		} else {
			memcpy(out + n, raw.p + i, len);
			n += len;
		}
	}
	return (struct str){out, n};
}

struct str mask_normal(struct arena *a, const struct normal *text, const struct mask_span *spans,
		       size_t n)
{
	struct masker m = {.normal = text, .hide = arena_alloc(a, text->raw.n + 1)};

	mask_mails(&m);
	mask_numbers(&m);
	for (size_t i = 0; i < n; i++)
		mask_span(&m, spans[i]);
	return m.hidden ? write_masked(&m, a) : text->raw;
}

struct str mask_text(struct arena *a, struct str raw, const struct mask_span *spans, size_t n)
{
	struct normal text;

	normal_read(a, raw, &text);
	return mask_normal(a, &text, spans, n);
}
