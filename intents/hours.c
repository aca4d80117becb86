#include "intents/hours.h"

enum { DAY_MINUTES = 1440, DAYS_AHEAD = 367 };

/* ---- reading ---- */

static const struct {
	struct str word;
	unsigned days;
} day_words[] = {
	{STR_INIT("sun"), 1},	  {STR_INIT("mon"), 2},	    {STR_INIT("tue"), 4},
	{STR_INIT("wed"), 8},	  {STR_INIT("thu"), 16},    {STR_INIT("fri"), 32},
	{STR_INIT("sat"), 64},	  {STR_INIT("周日"), 1},    {STR_INIT("周一"), 2},
	{STR_INIT("周二"), 4},	  {STR_INIT("周三"), 8},    {STR_INIT("周四"), 16},
	{STR_INIT("周五"), 32},	  {STR_INIT("周六"), 64},   {STR_INIT("星期日"), 1},
	{STR_INIT("星期天"), 1},  {STR_INIT("周天"), 1},    {STR_INIT("星期一"), 2},
	{STR_INIT("星期二"), 4},  {STR_INIT("星期三"), 8},  {STR_INIT("星期四"), 16},
	{STR_INIT("星期五"), 32}, {STR_INIT("星期六"), 64}, {STR_INIT("daily"), 127},
	{STR_INIT("每天"), 127},
};

/* "Mon", "monday" and "周一" -> the bit; 0: no day. */
static unsigned one_day(struct str s)
{
	char low[16] = "";
	struct str lower;

	for (size_t i = 0; i < s.n && i < sizeof low - 1; i++)
		low[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
	lower = (struct str){low, s.n < sizeof low ? s.n : sizeof low - 1};
	for (size_t i = 0; i < sizeof day_words / sizeof *day_words; i++) {
		struct str word = day_words[i].word;
		bool latin = (unsigned char)word.p[0] < 0x80;

		if (str_eq(lower, word) || (latin && word.n == 3 && str_starts(lower, word) &&
					    str_ends(lower, STR("day"))))
			return day_words[i].days;
	}
	return 0;
}

/* "Mon-Fri"; also over the end of the week. */
static unsigned some_days(struct str s)
{
	size_t dash = str_find(s, STR("-"), 0);
	unsigned from = one_day(str_sub(s, 0, dash)), days = from, to;

	if (dash == SIZE_MAX)
		return from;
	to = one_day(str_sub(s, dash + 1, s.n));
	if (!from || !to || from == 127 || to == 127)
		return 0;
	for (unsigned d = from; d != to;) {
		d = d == 64 ? 1 : d << 1;
		days |= d;
	}
	return days;
}

static bool digits(struct str s, size_t at, size_t n, int *out)
{
	*out = 0;
	for (size_t i = at; i < at + n; i++) {
		if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
			return false;
		*out = *out * 10 + (s.p[i] - '0');
	}
	return true;
}

/* "2026-10-01" */
static bool one_date(struct str s, int64_t *out)
{
	int64_t year;
	int y, m, d, month, day;

	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !digits(s, 0, 4, &y) ||
	    !digits(s, 5, 2, &m) || !digits(s, 8, 2, &d) || m < 1 || m > 12 || d < 1)
		return false;
	*out = zone_days(y, m, d);
	zone_date(*out, &year, &month, &day);
	return month == m && day == d; /* 2026-02-30 is none */
}

static bool read_days(struct str s, struct hours_row *out)
{
	size_t dots = str_find(s, STR(".."), 0);

	out->weekdays = some_days(s);
	if (out->weekdays)
		return true;
	if (!one_date(str_sub(s, 0, dots), &out->first))
		return false;
	out->last = out->first;
	return dots == SIZE_MAX || one_date(str_sub(s, dots + 2, s.n), &out->last);
}

/* "9:00", "09:00" */
static bool one_time(struct str s, int *out)
{
	size_t colon = str_find(s, STR(":"), 0);
	int h, m;

	if (colon == SIZE_MAX || colon < 1 || colon > 2 || s.n != colon + 3 ||
	    !digits(s, 0, colon, &h) || !digits(s, colon + 1, 2, &m))
		return false;
	*out = h * 60 + m;
	return m < 60 && *out <= DAY_MINUTES;
}

static bool read_span(struct str s, struct hours_span *out)
{
	size_t dash = str_find(s, STR("-"), 0);

	if (dash == SIZE_MAX || !one_time(str_trim(str_sub(s, 0, dash)), &out->from) ||
	    !one_time(str_trim(str_sub(s, dash + 1, s.n)), &out->to) || out->from == DAY_MINUTES ||
	    out->from == out->to)
		return false;
	if (out->to < out->from)
		out->to += DAY_MINUTES;
	return true;
}

enum hours_fault hours_read(struct str text, struct hours_row *out, struct str *part)
{
	size_t space = str_find(text, STR(" "), 0);
	struct str rest = str_trim(str_sub(text, space, text.n));

	*out = (struct hours_row){0};
	*part = str_sub(text, 0, space);
	if (!read_days(*part, out))
		return HOURS_NO_DAY;
	if (out->last < out->first)
		return HOURS_BACKWARDS;
	if (str_eq(rest, STR("closed")) || str_eq(rest, STR("休息")))
		return HOURS_GOOD;
	*part = rest;
	do {
		size_t comma = str_find(rest, STR(","), 0);

		*part = str_trim(str_sub(rest, 0, comma));
		if (out->n == HOURS_SPANS)
			return HOURS_TOO_MANY;
		if (!read_span(*part, &out->spans[out->n++]))
			return HOURS_NO_TIME;
		rest = comma == SIZE_MAX ? STR_NONE : str_sub(rest, comma + 1, rest.n);
	} while (rest.n);
	return HOURS_GOOD;
}

/* ---- asking ---- */

static bool has_date(const struct hours *h, int64_t day)
{
	for (size_t i = 0; i < h->n; i++) {
		if (!h->rows[i].weekdays && day >= h->rows[i].first && day <= h->rows[i].last)
			return true;
	}
	return false;
}

/* Does the row speak of that day? A date's rows stand in place of its weekday's. */
static bool is_of(const struct hours_row *row, int64_t day, bool dated)
{
	int weekday = (int)(((day + 4) % 7 + 7) % 7);

	if (dated)
		return !row->weekdays && day >= row->first && day <= row->last;
	return row->weekdays & 1u << weekday;
}

/* Of the spans that begin on that day: the first minute >= `from` that is within one; -1: none. */
static int first_minute(const struct hours *h, int64_t day, int from)
{
	bool dated = has_date(h, day);
	int best = -1;

	for (size_t i = 0; i < h->n; i++) {
		const struct hours_row *row = &h->rows[i];

		for (size_t k = 0; is_of(row, day, dated) && k < row->n; k++) {
			int at = row->spans[k].from > from ? row->spans[k].from : from;

			if (at < row->spans[k].to && (best < 0 || at < best))
				best = at;
		}
	}
	return best;
}

static void local(const struct hours *h, int64_t unix_ms, int64_t *day, int *minute)
{
	int64_t s = unix_ms / 1000 - (unix_ms % 1000 < 0);

	s += zone_offset(&h->zone, s);
	*day = s / 86400 - (s % 86400 < 0);
	*minute = (int)((s - *day * 86400) / 60);
}

bool hours_open(const struct hours *h, int64_t unix_ms)
{
	int64_t day;
	int minute;

	if (!h->n)
		return true;
	local(h, unix_ms, &day, &minute);
	return first_minute(h, day, minute) == minute ||
	       first_minute(h, day - 1, minute + DAY_MINUTES) == minute + DAY_MINUTES;
}

/* The offset at the time that is looked for depends on it: twice is enough but within the hour that a clock is put
 * forward. */
static int64_t to_unix_ms(const struct hours *h, int64_t day, int minute)
{
	int64_t s = day * 86400 + minute * 60, at = s;

	for (int i = 0; i < 2; i++)
		at = s - zone_offset(&h->zone, at);
	return at * 1000;
}

int64_t hours_opens(const struct hours *h, int64_t unix_ms)
{
	int64_t day;
	int minute;

	if (hours_open(h, unix_ms))
		return unix_ms;
	local(h, unix_ms, &day, &minute);
	for (int i = 0; i < DAYS_AHEAD; i++) {
		int at = first_minute(h, day + i, i ? 0 : minute);

		if (at >= 0)
			return to_unix_ms(h, day + i, at);
	}
	return 0;
}
