#include "text/when.h"

#include <stdio.h>
#include <time.h>

/* Exactly `n` digits at *at: their value; else -1. */
static int digits(struct str s, size_t *at, size_t n)
{
	int v = 0;

	if (s.n - *at < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		char c = s.p[*at + i];

		if (c < '0' || c > '9')
			return -1;
		v = v * 10 + (c - '0');
	}
	*at += n;
	return v;
}

static bool skip(struct str s, size_t *at, const char *any)
{
	if (*at >= s.n || !strchr(any, s.p[*at]))
		return false;
	++*at;
	return true;
}

/* ".123456" -> 123 milliseconds. */
static int read_fraction(struct str s, size_t *at)
{
	int ms = 0, scale = 100;

	if (!skip(s, at, ".,"))
		return 0;
	while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9') {
		ms += (s.p[(*at)++] - '0') * scale;
		scale /= 10;
	}
	return ms;
}

/* "Z", "+08:00", "-0530" or nothing, to the end of s: minutes east of UTC. */
static bool read_zone(struct str s, size_t *at, int *minutes)
{
	int hours, rest = 0, west;

	*minutes = 0;
	if (*at == s.n || skip(s, at, "Zz"))
		return *at == s.n;
	west = s.p[*at] == '-';
	if (!skip(s, at, "+-") || (hours = digits(s, at, 2)) < 0 || hours > 14)
		return false;
	skip(s, at, ":");
	if (*at < s.n && ((rest = digits(s, at, 2)) < 0 || rest > 59))
		return false;
	*minutes = (hours * 60 + rest) * (west ? -1 : 1);
	return *at == s.n;
}

static bool read_date(struct str s, size_t *at, struct tm *tm)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int y = digits(s, at, 4), m, d;

	if (y < 0 || !skip(s, at, "-/") || (m = digits(s, at, 2)) < 1 || m > 12 ||
	    !skip(s, at, "-/") || (d = digits(s, at, 2)) < 1 || d > days[m - 1])
		return false;
	tm->tm_year = y - 1900;
	tm->tm_mon = m - 1;
	tm->tm_mday = d;
	return true;
}

static bool read_clock(struct str s, size_t *at, struct tm *tm, int *ms)
{
	if (!skip(s, at, "Tt "))
		return *at == s.n;
	tm->tm_hour = digits(s, at, 2);
	if (tm->tm_hour < 0 || tm->tm_hour > 23 || !skip(s, at, ":"))
		return false;
	tm->tm_min = digits(s, at, 2);
	if (tm->tm_min < 0 || tm->tm_min > 59)
		return false;
	if (skip(s, at, ":")) {
		tm->tm_sec = digits(s, at, 2);
		if (tm->tm_sec < 0 || tm->tm_sec > 60)
			return false;
		*ms = read_fraction(s, at);
	}
	return true;
}

bool when_read(struct str s, int64_t *unix_ms)
{
	struct tm tm = {0};
	size_t at = 0;
	int ms = 0, east;
	uint64_t number;

	if (s.n <= 15 && str_to_u64(s, &number)) {
		*unix_ms = (int64_t)(s.n <= 11 ? number * 1000 : number);
		return true;
	}
	if (!read_date(s, &at, &tm) || !read_clock(s, &at, &tm, &ms) || !read_zone(s, &at, &east))
		return false;
	*unix_ms = ((int64_t)timegm(&tm) - east * 60) * 1000 + ms;
	return true;
}

bool when_duration(struct str s, int64_t *ms)
{
	static const struct {
		const char *unit;
		double ms;
	} units[] = {{"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}, {"d", 8.64e7}};
	size_t n = 0;
	double number;

	while (n < s.n && ((s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == '.'))
		n++;
	if (!str_to_double(str_sub(s, 0, n), &number))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (str_eq(str_trim(str_sub(s, n, s.n)), str_of(units[i].unit)) &&
		    number * units[i].ms < 1e15) {
			*ms = (int64_t)(number * units[i].ms);
			return true;
		}
	return false;
}

void when_print(int64_t unix_ms, char out[WHEN_TEXT_MAX])
{
	int64_t ms = unix_ms % 1000;
	time_t s = (time_t)(unix_ms / 1000) - (ms < 0);
	struct tm tm;
	size_t n;

	if (ms < 0)
		ms += 1000;
	if (!gmtime_r(&s, &tm)) {
		out[0] = '\0';
		return;
	}
	n = strftime(out, WHEN_TEXT_MAX - 8, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, WHEN_TEXT_MAX - n, ".%03dZ", (int)ms);
}
