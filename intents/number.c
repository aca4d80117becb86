#include "intents/number.h"

#include <math.h>

#include "text/utf8.h"

struct numeral {
	const char *text;
	double value;
};

static const struct numeral han_digits[] = {
	{"零", 0}, {"〇", 0}, {"一", 1}, {"二", 2}, {"两", 2}, {"三", 3},
	{"四", 4}, {"五", 5}, {"六", 6}, {"七", 7}, {"八", 8}, {"九", 9},
};

static const struct numeral han_units[] = {
	{"十", 10}, {"百", 100}, {"千", 1000}, {"万", 1e4}, {"亿", 1e8},
};

static const struct numeral english[] = {
	{"a", 1},	  {"an", 1},	      {"zero", 0},     {"one", 1},	{"two", 2},
	{"three", 3},	  {"four", 4},	      {"five", 5},     {"six", 6},	{"seven", 7},
	{"eight", 8},	  {"nine", 9},	      {"ten", 10},     {"eleven", 11},	{"twelve", 12},
	{"thirteen", 13}, {"fourteen", 14},   {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17},
	{"eighteen", 18}, {"nineteen", 19},   {"twenty", 20},  {"thirty", 30},	{"forty", 40},
	{"fifty", 50},	  {"sixty", 60},      {"seventy", 70}, {"eighty", 80},	{"ninety", 90},
	{"hundred", 100}, {"thousand", 1000},
};

#define LOOK_UP(table, text, out) look_up((table), sizeof(table) / sizeof *(table), (text), (out))

static bool look_up(const struct numeral *table, size_t n, struct str text, double *out)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(text, str_of(table[i].text))) {
			*out = table[i].value;
			return true;
		}
	}
	return false;
}

/* ASCII digits with thousands commas, then perhaps a unit. */
static bool read_digits(struct str s, double *out)
{
	char plain[32];
	size_t n = 0, i = 0;
	double unit = 1;
	struct str rest;

	for (; i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.' || s.p[i] == ',');
	     i++) {
		if (s.p[i] == ',')
			continue;
		if (n == sizeof plain)
			return false;
		plain[n++] = s.p[i];
	}
	rest = str_trim(str_sub(s, i, s.n));
	if (rest.n > 0 && !str_eq(rest, STR("k")) && !LOOK_UP(han_units, rest, &unit))
		return false;
	if (str_eq(rest, STR("k")))
		unit = 1000;
	if (!str_to_double((struct str){plain, n}, out))
		return false;
	*out *= unit;
	return true;
}

struct han_sum {
	double total, section, digit; /* section: below the next 万 or 亿 */
	double unit;		      /* of what was added last; 0 = none */
	bool pending, positional; /* a digit waits for its unit; two digits in a row were seen */
};

static void add_unit(struct han_sum *sum, double unit)
{
	double many = sum->pending ? sum->digit : 0;

	if (unit >= 1e4) {
		sum->section += many;
		if (sum->total >= unit) /* 一亿二十万: the 亿 is closed */
			sum->total += sum->section * unit;
		else
			sum->total = (sum->total + (sum->section > 0 ? sum->section : 1)) * unit;
		sum->section = 0;
	} else {
		sum->section += (sum->pending ? many : 1) * unit;
	}
	sum->pending = false;
	sum->digit = 0;
	sum->unit = unit;
}

static void add_digit(struct han_sum *sum, double digit)
{
	if (sum->pending && sum->digit > 0 && sum->unit == 0)
		sum->positional = true; /* 二零二六: read like digits */
	sum->digit = sum->pending && sum->unit == 0 ? sum->digit * 10 + digit : digit;
	sum->pending = true;
	if (digit == 0 && sum->unit > 0)
		sum->unit = 10; /* 两千零三: the 3 stands for itself */
}

static bool read_han(struct str s, double *out)
{
	struct han_sum sum = {0};
	double value;
	uint32_t cp;

	if (str_eq(s, STR("半"))) {
		*out = 0.5;
		return true;
	}
	for (size_t i = 0, step; i < s.n; i += step) {
		struct str c;

		step = utf8_decode(s.p + i, s.n - i, &cp);
		c = str_sub(s, i, i + step);
		if (LOOK_UP(han_digits, c, &value))
			add_digit(&sum, value);
		else if (LOOK_UP(han_units, c, &value) && !sum.positional)
			add_unit(&sum, value);
		else
			return false;
	}
	/* 一百五 is 150: a last digit counts tenths of the unit before it */
	if (sum.pending)
		sum.section += sum.digit * (sum.unit > 10 ? sum.unit / 10 : 1);
	*out = sum.total + sum.section;
	return s.n > 0;
}

static bool read_english(struct str s, double *out)
{
	double total = 0, part = 0, value;
	size_t from = 0;
	bool any = false;

	for (size_t i = 0; i <= s.n; i++) {
		struct str word;

		if (i < s.n && s.p[i] != ' ' && s.p[i] != '-')
			continue;
		word = str_sub(s, from, i);
		from = i + 1;
		if (word.n == 0 || str_eq(word, STR("and")))
			continue;
		if (!LOOK_UP(english, word, &value))
			return false;
		any = true;
		if (value == 100) {
			part = (part > 0 ? part : 1) * 100;
		} else if (value == 1000) {
			total += (part > 0 ? part : 1) * 1000;
			part = 0;
		} else {
			part += value;
		}
	}
	*out = total + part;
	return any;
}

bool number_read(struct str s, double *out)
{
	double value;

	s = str_trim(s);
	if (s.n == 0)
		return false;
	if (!read_digits(s, &value) && !read_han(s, &value) && !read_english(s, &value))
		return false;
	if (!isfinite(value))
		return false;
	*out = value;
	return true;
}

struct str number_print(struct arena *a, double value)
{
	struct str s = arena_printf(a, "%.4f", value);

	while (s.n > 0 && s.p[s.n - 1] == '0')
		s.n--;
	if (s.n > 0 && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}
