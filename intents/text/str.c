#include "text/str.h"

#include <errno.h>
#include <stdlib.h>

#include "text/utf8.h"

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

size_t str_find(struct str s, struct str needle, size_t from)
{
	const char *hit;

	if (from > s.n)
		return SIZE_MAX;
	if (!needle.n)
		return from;
	if (needle.n > s.n - from)
		return SIZE_MAX;
	hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
	return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

uint64_t str_hash(struct str s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	/* FNV-1a is weak in its low bits for short keys; the final mix of MurmurHash3 cures it. */
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdu;
	h ^= h >> 33;
	h *= 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 33;
}

static uint64_t word_at(const char *p, size_t n)
{
	uint64_t word = 0;

	memcpy(&word, p, n);
	return word;
}

uint64_t str_hash_quick(struct str s)
{
	uint64_t h = s.n * 0x9e3779b97f4a7c15u;
	size_t i = 0;

	for (; i + 8 <= s.n; i += 8) {
		h = (h ^ word_at(s.p + i, 8)) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	if (i < s.n)
		h = (h ^ word_at(s.p + i, s.n - i)) * 0xff51afd7ed558ccdu;
	h ^= h >> 32;
	h *= 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 29;
}

bool str_to_u64(struct str s, uint64_t *out)
{
	uint64_t v = 0;

	if (!s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned)(unsigned char)s.p[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, digit, &v))
			return false;
	}
	*out = v;
	return true;
}

bool str_to_double(struct str s, double *out)
{
	char copy[64], *end;
	double v;

	if (!s.n || s.n >= sizeof copy)
		return false;
	/* Only decimal forms: strtod would take hexadecimal, "inf", "nan" and leading space as
	 * well. */
	for (size_t i = 0; i < s.n; i++) {
		if (!s.p[i] || !strchr("0123456789+-.eE", s.p[i]))
			return false;
	}
	memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	errno = 0;
	v = strtod(copy, &end);
	if (end != copy + s.n || __builtin_isinf(v))
		return false;
	*out = v;
	return true;
}

enum { NEAREST_MAX = 64 }; /* longer names are not compared: nobody mistypes a paragraph */

static size_t to_chars(struct str s, uint32_t out[NEAREST_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; n++) {
		if (n == NEAREST_MAX)
			return SIZE_MAX;
		i += utf8_decode(s.p + i, s.n - i, &out[n]);
	}
	return n;
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Optimal string alignment distance: Levenshtein plus the swap of neighbours. Three rows suffice:
 * the one being filled, the one above, and the one above that, which swaps reach back to. */
static size_t edits(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	size_t rows[3][NEAREST_MAX + 1];

	for (size_t j = 0; j <= nb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *row = rows[i % 3];
		const size_t *up = rows[(i - 1) % 3], *up2 = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			row[j] = least(up[j] + 1, row[j - 1] + 1,
				       up[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], up2[j - 2] + 1, SIZE_MAX);
		}
	}
	return rows[na % 3][nb];
}

struct str str_nearest(struct str s, const struct str *names, size_t n)
{
	uint32_t a[NEAREST_MAX], b[NEAREST_MAX];
	size_t na = to_chars(s, a), best;
	struct str found = STR_NONE;

	if (!na || na == SIZE_MAX)
		return found;
	best = (na < 3 ? 1 : na / 3) + 1;
	for (size_t i = 0; i < n; i++) {
		size_t nb = to_chars(names[i], b), d;

		if (nb == SIZE_MAX)
			continue;
		d = edits(a, na, b, nb);
		if (d < best) {
			best = d;
			found = names[i];
		}
	}
	return found;
}

bool str_glob(struct str pattern, struct str s)
{
	size_t i = 0, j = 0, star = SIZE_MAX, resume = 0;

	while (j < s.n) {
		if (i < pattern.n && pattern.p[i] == '*') {
			star = i++;
			resume = j;
		} else if (i < pattern.n && pattern.p[i] == s.p[j]) {
			i++;
			j++;
		} else if (star != SIZE_MAX) {
			i = star + 1; /* let the last star take one byte more */
			j = ++resume;
		} else {
			return false;
		}
	}
	while (i < pattern.n && pattern.p[i] == '*')
		i++;
	return i == pattern.n;
}
