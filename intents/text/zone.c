#include "text/zone.h"

#include <stdio.h>

enum { HEAD = 44, FILE_MAX = 1 << 20, TRANSITIONS_MAX = 20000, DAY = 86400 };

/* ---- the calendar (proleptic Gregorian; H. Hinnant's days_from_civil) ---- */

int64_t zone_days(int64_t year, int month, int day)
{
	int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void zone_date(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097,
		of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = y + era * 400 + (*month <= 2);
}

/* ---- the rule of the last line: std offset dst [offset],begin[/time],end[/time] ---- */

struct scan {
	struct str s;
	size_t at;
};

static char peek(const struct scan *s)
{
	return s->at < s->s.n ? s->s.p[s->at] : '\0';
}

static bool accept(struct scan *s, char c)
{
	if (peek(s) != c)
		return false;
	s->at++;
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "CST" or "<+08>" */
static bool skip_name(struct scan *s)
{
	size_t from = s->at;

	if (accept(s, '<')) {
		while (peek(s) && peek(s) != '>')
			s->at++;
		return accept(s, '>');
	}
	while (is_letter(peek(s)))
		s->at++;
	return s->at - from >= 3;
}

static bool number(struct scan *s, int max, int *out)
{
	size_t from = s->at;

	*out = 0;
	while (peek(s) >= '0' && peek(s) <= '9' && s->at - from < 4)
		*out = *out * 10 + (s->s.p[s->at++] - '0');
	return s->at > from && *out <= max;
}

/* "-5", "8:30", "+03:30:00"; seconds */
static bool clock_time(struct scan *s, int *out)
{
	bool minus = accept(s, '-');
	int h, m = 0, sec = 0;

	if (!minus)
		accept(s, '+');
	if (!number(s, 167, &h) || (accept(s, ':') && !number(s, 59, &m)) ||
	    (accept(s, ':') && !number(s, 59, &sec)))
		return false;
	*out = (h * 60 + m) * 60 + sec;
	*out = minus ? -*out : *out;
	return true;
}

/* ",M3.5.0/3"; other forms of the day are in no file that is used. */
static bool turn(struct scan *s, struct zone_turn *out)
{
	out->seconds = 2 * 3600;
	return accept(s, ',') && accept(s, 'M') && number(s, 12, &out->month) && out->month &&
	       accept(s, '.') && number(s, 5, &out->week) && out->week && accept(s, '.') &&
	       number(s, 6, &out->weekday) && (!accept(s, '/') || clock_time(s, &out->seconds));
}

static bool rule_read(struct str text, struct zone *z)
{
	struct scan s = {text, 0};
	int west;

	if (!skip_name(&s) || !clock_time(&s, &west))
		return false;
	z->standard = z->summer = -west;
	if (s.at == text.n)
		return true;
	if (!skip_name(&s))
		return false;
	z->summer = z->standard + 3600;
	if (peek(&s) != ',') {
		if (!clock_time(&s, &west))
			return false;
		z->summer = -west;
	}
	return turn(&s, &z->begins) && turn(&s, &z->ends) && s.at == text.n;
}

/* ---- the file ---- */

static int64_t big(const char *p, size_t n)
{
	uint64_t v = n == 4 && p[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | (unsigned char)p[i];
	return (int64_t)v;
}

struct counts {
	size_t utc, std, leap, times, types, chars;
};

static bool head_read(struct str b, size_t at, struct counts *c)
{
	size_t *const all[] = {&c->utc, &c->std, &c->leap, &c->times, &c->types, &c->chars};

	if (b.n < at + HEAD || memcmp(b.p + at, "TZif", 4) != 0 || b.p[at + 4] < '2')
		return false;
	for (size_t i = 0; i < 6; i++) {
		int64_t n = big(b.p + at + 20 + 4 * i, 4);

		if (n < 0 || n > TRANSITIONS_MAX)
			return false;
		*all[i] = (size_t)n;
	}
	return true;
}

static size_t body_size(const struct counts *c, size_t width)
{
	return c->times * (width + 1) + c->types * 6 + c->chars + c->leap * (width + 4) + c->std +
	       c->utc;
}

static bool transitions_read(struct arena *a, const char *p, const struct counts *c, struct zone *z)
{
	const char *index = p + c->times * 8, *types = index + c->times;
	int64_t *at = ARENA_ARRAY(a, int64_t, c->times + 1);
	int32_t *offset = ARENA_ARRAY(a, int32_t, c->times + 1);

	if (!c->types)
		return false;
	for (size_t i = 0; i < c->times; i++) {
		size_t type = (unsigned char)index[i];

		at[i] = big(p + 8 * i, 8);
		if (type >= c->types || (i && at[i] <= at[i - 1]))
			return false;
		offset[i] = (int32_t)big(types + 6 * type, 4);
		if (offset[i] < -2 * DAY || offset[i] > 2 * DAY)
			return false;
	}
	z->first = (int32_t)big(types, 4);
	z->n = c->times;
	z->at = at;
	z->offset = offset;
	return z->first >= -2 * DAY && z->first <= 2 * DAY;
}

bool zone_read(struct arena *a, struct str bytes, struct zone *out)
{
	struct counts first, second;
	struct zone z = {0};
	size_t at, end;
	struct str rule;

	if (!head_read(bytes, 0, &first))
		return false;
	at = HEAD + body_size(&first, 4);
	if (!head_read(bytes, at, &second))
		return false;
	at += HEAD;
	end = at + body_size(&second, 8);
	if (bytes.n < end || !transitions_read(a, bytes.p + at, &second, &z))
		return false;
	rule = str_trim(str_sub(bytes, end, bytes.n));
	z.ruled = rule.n > 0;
	if (z.ruled && !rule_read(rule, &z))
		return false;
	*out = z;
	return true;
}

bool zone_fixed(struct str text, struct zone *out)
{
	struct zone z = {.ruled = true};
	bool minus = str_starts(text, STR("-"));
	int h = 0, m = 0;
	struct scan s = {text, 1};

	if (str_eq(text, STR("UTC"))) {
		*out = z;
		return true;
	}
	if (text.n < 3 || (!minus && text.p[0] != '+'))
		return false;
	if (text.n == 5) { /* +0800 */
		int both;

		if (!number(&s, 1400, &both))
			return false;
		h = both / 100;
		m = both % 100;
	} else if (!number(&s, 14, &h) || (accept(&s, ':') && !number(&s, 59, &m))) {
		return false;
	}
	if (s.at != text.n || m > 59)
		return false;
	z.standard = z.summer = z.first = (minus ? -1 : 1) * (h * 60 + m) * 60;
	*out = z;
	return true;
}

static bool name_is_safe(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!is_letter(c) && !(c >= '0' && c <= '9') && !memchr("_+-/", c, 4))
			return false;
	}
	return name.n < 64 && name.p[0] != '/';
}

static bool file_read(struct arena *a, const char *path, struct zone *out)
{
	static const size_t max = FILE_MAX;
	FILE *f = fopen(path, "rbe");
	bool good = false;
	char *bytes;
	size_t n;

	if (!f)
		return false;
	bytes = arena_alloc(a, max);
	n = fread(bytes, 1, max, f);
	if (!ferror(f) && n < max)
		good = zone_read(a, (struct str){bytes, n}, out);
	fclose(f);
	return good;
}

/* A file takes more memory than what is kept of it. */
static bool load_file(struct arena *a, const char *path, struct zone *out)
{
	struct arena scratch;
	struct zone z;
	bool good;

	arena_init(&scratch);
	good = file_read(&scratch, path, &z);
	if (good) {
		int64_t *at = ARENA_ARRAY(a, int64_t, z.n + 1);
		int32_t *offset = ARENA_ARRAY(a, int32_t, z.n + 1);

		memcpy(at, z.at, z.n * sizeof *at);
		memcpy(offset, z.offset, z.n * sizeof *offset);
		*out = z;
		out->at = at;
		out->offset = offset;
	}
	arena_done(&scratch);
	return good;
}

bool zone_load(struct arena *a, struct str name, struct zone *out)
{
	char path[128];

	if (!name.n) /* a machine without a zone keeps UTC */
		return load_file(a, "/etc/localtime", out) || zone_fixed(STR("UTC"), out);
	if (zone_fixed(name, out))
		return true;
	if (!name_is_safe(name))
		return false;
	snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", STR_ARG(name));
	return load_file(a, path, out);
}

/* ---- asking ---- */

/* Seconds of local time since 1970 at which the turn is in that year. */
static int64_t turn_at(const struct zone_turn *t, int64_t year)
{
	int64_t first = zone_days(year, t->month, 1);
	int weekday = (int)(((first + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
	int64_t day = first + (t->weekday - weekday + 7) % 7 + 7 * (t->week - 1);
	int64_t next =
		t->month == 12 ? zone_days(year + 1, 1, 1) : zone_days(year, t->month + 1, 1);

	if (day >= next)
		day -= 7;
	return day * DAY + t->seconds;
}

static int64_t days_of(int64_t seconds)
{
	return seconds / DAY - (seconds % DAY < 0);
}

static int32_t by_rule(const struct zone *z, int64_t unix_s)
{
	int64_t year, begins, ends;
	int month, day;
	bool summer;

	if (z->summer == z->standard)
		return z->standard;
	zone_date(days_of(unix_s + z->standard), &year, &month, &day);
	begins = turn_at(&z->begins, year) - z->standard;
	ends = turn_at(&z->ends, year) - z->summer;
	summer = begins < ends ? unix_s >= begins && unix_s < ends
			       : unix_s >= begins || unix_s < ends;
	return summer ? z->summer : z->standard;
}

int32_t zone_offset(const struct zone *z, int64_t unix_s)
{
	size_t low = 0, high = z->n;

	if (!z->n || unix_s < z->at[0])
		return z->ruled && !z->n ? by_rule(z, unix_s) : z->first;
	if (z->ruled && unix_s >= z->at[z->n - 1])
		return by_rule(z, unix_s);
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (z->at[mid] <= unix_s)
			low = mid;
		else
			high = mid;
	}
	return z->offset[low];
}
