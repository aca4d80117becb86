/* Borrowed bytes: a pointer and a length, never NUL-terminated by promise, never owned.
 *
 * A `struct str` says "these bytes, as long as whoever lent them keeps them": from a turn's arena
 * until the turn ends, from a snapshot until it dies, from a literal for ever. The empty string is
 * any str with n == 0 (p may be NULL). Comparisons are by byte. */
#ifndef TEXT_STR_H
#define TEXT_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

/* A str of a string literal: STR in expressions, STR_INIT in initialisers of static tables (where ISO
 * C takes no compound literal). */
#define STR(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define STR_INIT(lit)                                                                              \
	{                                                                                          \
		"" lit, sizeof(lit) - 1                                                            \
	}
#define STR_NONE ((struct str){NULL, 0})

/* printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).n, (s).n ? (s).p : ""

static inline struct str str_of(const char *cstr)
{
	return (struct str){cstr, cstr ? strlen(cstr) : 0};
}

/* Words are short, and a call would cost more than they do: two looks that overlap see 4 to 16 bytes. */
static inline bool str_same_bytes(const char *a, const char *b, size_t n)
{
	uint64_t a8, b8, a_last, b_last;
	uint32_t a4, b4;

	if (n > 16)
		return memcmp(a, b, n) == 0;
	if (n < 4)
		return n == 0 || (a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1]);
	if (n >= 8) {
		memcpy(&a8, a, 8);
		memcpy(&b8, b, 8);
		memcpy(&a_last, a + n - 8, 8);
		memcpy(&b_last, b + n - 8, 8);
		return ((a8 ^ b8) | (a_last ^ b_last)) == 0;
	}
	memcpy(&a4, a, 4);
	memcpy(&b4, b, 4);
	a8 = a4 ^ b4;
	memcpy(&a4, a + n - 4, 4);
	memcpy(&b4, b + n - 4, 4);
	return (a8 | (a4 ^ b4)) == 0;
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && str_same_bytes(a.p, b.p, a.n);
}

/* Bytes [from, to) of s; both are clamped to its length. */
static inline struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return (struct str){s.p ? s.p + from : NULL, to - from};
}

/* Byte order, shorter first on a tie: <0, 0, >0. */
int str_cmp(struct str a, struct str b);

bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* Offset of the first `needle` at or after `from`, or SIZE_MAX. An empty needle is found at `from`. */
size_t str_find(struct str s, struct str needle, size_t from);

/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);

/* FNV-1a with a final mix, 64 bits; stable across runs and machines. */
uint64_t str_hash(struct str s);
/* Eight bytes at a time: for tables in memory and for long texts. Not to be stored. */
uint64_t str_hash_quick(struct str s);

/* Whole-string numbers: true and *out set only when all of s is one (no spaces, no sign for u64). */
bool str_to_u64(struct str s, uint64_t *out);
bool str_to_double(struct str s, double *out);

/* "refund" for "refnd": the name in names[0..n) nearest to s by edits (insert, delete, change, swap of
 * neighbours), if at most a third of its length (and at least 1); else STR_NONE. Ties: first. */
struct str str_nearest(struct str s, const struct str *names, size_t n);

/* Glob with `*` (any bytes): "退款*" matches "退款成功". */
bool str_glob(struct str pattern, struct str s);

#endif
