#include "text/vectors.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/mem.h"
#include "text/utf8.h"

#define LEAST 1e-30 /* squared length of a mean that says anything: 1 / length is a float */

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef int16_t shorts8 __attribute__((vector_size(16)));
typedef int32_t ints4 __attribute__((vector_size(16)));
typedef float floats4 __attribute__((vector_size(16)));

static const char magic[16] = "kefu vectors 1\n";

struct header {
	char magic[16];
	uint32_t dims, words, slots, letters;
	uint64_t checksum;
	char spare[24];
};

_Static_assert(sizeof(struct header) == 64, "the header has no padding");

struct vectors {
	struct str file; /* all of it */
	bool mapped, trusted;
	uint32_t dims, words, slots, n_letters;
	const uint32_t *table, *starts; /* little-endian, as are the floats */
	const uint32_t *scales, *weights;
	const int8_t *rows;
	const char *letters;
};

static float float_of(uint32_t little)
{
	uint32_t bits = le32toh(little);
	float f;

	memcpy(&f, &bits, sizeof f);
	return f;
}

/* ---- checks ---- */

static uint64_t checksum(struct str s)
{
	uint64_t h = 0xcbf29ce484222325U, word;

	for (size_t i = 0; i < s.n; i += sizeof word) {
		size_t left = s.n - i;

		word = 0;
		memcpy(&word, s.p + i, left < sizeof word ? left : sizeof word);
		h = (h ^ le64toh(word)) * 0x100000001b3U;
		h ^= h >> 29;
	}
	return h;
}

/* Fills v from the header; false when its numbers do not add up to the file's size. */
static bool read_header(struct vectors *v, struct header *h)
{
	const char *at = v->file.p + sizeof *h;
	uint64_t size;

	memcpy(h, v->file.p, sizeof *h);
	v->dims = le32toh(h->dims);
	v->words = le32toh(h->words);
	v->slots = le32toh(h->slots);
	v->n_letters = le32toh(h->letters);
	if (v->dims < 1 || v->dims > VECTORS_DIMS_MAX || v->words > VECTORS_WORDS_MAX ||
	    v->slots <= v->words || (v->slots & (v->slots - 1)))
		return false;
	size = sizeof *h + 4 * ((uint64_t)v->slots + 3 * (uint64_t)v->words + 1) +
	       (uint64_t)v->dims * v->words + v->n_letters;
	if (size != v->file.n)
		return false;
	v->table = (const uint32_t *)(const void *)at;
	v->starts = v->table + v->slots;
	v->scales = v->starts + v->words + 1;
	v->weights = v->scales + v->words;
	v->rows = (const int8_t *)(v->weights + v->words);
	v->letters = (const char *)v->rows + (size_t)v->dims * v->words;
	return true;
}

static bool is_sane(float f)
{
	return f >= 0 && f <= 1e6F; /* false for NaN, too */
}

/* What a sound writer never writes. */
static const char *find_fault(const struct vectors *v)
{
	for (uint32_t i = 0; i < v->slots; i++) {
		if (le32toh(v->table[i]) > v->words)
			return "a slot names no word";
	}
	for (uint32_t i = 0; i < v->words; i++) {
		if (le32toh(v->starts[i]) > le32toh(v->starts[i + 1]))
			return "a word ends before it starts";
		if (!is_sane(float_of(v->scales[i])) || !is_sane(float_of(v->weights[i])))
			return "a scale or weight is out of bounds";
	}
	if (le32toh(v->starts[v->words]) > v->n_letters)
		return "a word ends beyond the file";
	return NULL;
}

static int check(struct vectors *v, struct err *err)
{
	struct header h;
	const char *fault;

	if (v->file.n < sizeof h || memcmp(v->file.p, magic, sizeof magic) != 0)
		return err_set(err, ERR_INVALID, "it is no file of word vectors (kefu vectors 1)");
	if (!read_header(v, &h))
		return err_set(err, ERR_CORRUPT, "it is cut short or damaged: %zu bytes",
			       v->file.n);
	if (checksum(str_sub(v->file, sizeof h, v->file.n)) != le64toh(h.checksum))
		return err_set(err, ERR_CORRUPT, "it is damaged: its checksum differs");
	fault = find_fault(v);
	return fault ? err_set(err, ERR_CORRUPT, "it is damaged: %s", fault) : 0;
}

/* ---- opening ---- */

static int take(struct str bytes, bool mapped, struct vectors **out, struct err *err)
{
	struct vectors *v = mem_zalloc(sizeof *v);
	int rc;

	v->file = bytes;
	v->mapped = mapped;
	rc = check(v, err);
	if (rc == 0)
		*out = v;
	else
		vectors_close(v);
	return rc;
}

int vectors_of(struct str bytes, struct vectors **out, struct err *err)
{
	return take(bytes, false, out, err);
}

const struct vectors *vectors_trusted(struct arena *a, struct str bytes)
{
	struct vectors *v = ARENA_NEW(a, struct vectors);
	struct header h;

	v->file = bytes;
	v->trusted = true;
	return bytes.n >= sizeof h && memcmp(bytes.p, magic, sizeof magic) == 0 &&
			       read_header(v, &h)
		       ? v
		       : NULL;
}

static int errno_code(void)
{
	return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND
	       : errno == EACCES		   ? ERR_DENIED
						   : ERR_IO;
}

/* O_NONBLOCK: a pipe of that name must not hang us. */
static int map_file(const char *path, struct str *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc = 0;
	void *p = MAP_FAILED;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		rc = err_set(err, (enum err_code)errno_code(), "%s", strerror(errno));
	else if (!S_ISREG(st.st_mode) || st.st_size == 0)
		rc = err_set(err, ERR_INVALID, "it is %s",
			     S_ISREG(st.st_mode) ? "empty" : "not a regular file");
	else
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (rc == 0 && p == MAP_FAILED)
		rc = err_set(err, ERR_IO, "it cannot be mapped: %s", strerror(errno));
	if (rc == 0)
		*out = (struct str){p, (size_t)st.st_size};
	if (fd >= 0)
		close(fd);
	return rc;
}

int vectors_open(const char *path, struct vectors **out, struct err *err)
{
	struct str bytes;
	int rc = map_file(path, &bytes, err);

	return rc == 0 ? take(bytes, true, out, err) : rc;
}

void vectors_close(struct vectors *v)
{
	if (!v)
		return;
	if (v->mapped)
		munmap((void *)(uintptr_t)v->file.p, v->file.n);
	free(v);
}

size_t vectors_dims(const struct vectors *v)
{
	return v->dims;
}

size_t vectors_words(const struct vectors *v)
{
	return v->words;
}

size_t vectors_bytes(const struct vectors *v)
{
	return v->file.n;
}

/* ---- words ---- */

/* Bounds are kept at every look: the file may change below us, however it should not. */
static struct str word_at(const struct vectors *v, uint32_t row)
{
	struct str letters = {v->letters, v->n_letters};

	return str_sub(letters, le32toh(v->starts[row]), le32toh(v->starts[row + 1]));
}

static bool find_hashed(const struct vectors *v, struct str word, uint64_t hash, uint32_t *row)
{
	uint32_t slot = (uint32_t)hash, mask = v->slots - 1;

	for (uint32_t i = 0; i < v->slots; i++) {
		uint32_t found = le32toh(v->table[(slot + i) & mask]);

		if (found == 0 || found > v->words)
			return false;
		if (str_eq(word_at(v, found - 1), word)) {
			*row = found - 1;
			return true;
		}
	}
	return false;
}

bool vectors_find(const struct vectors *v, struct str word, uint32_t *row)
{
	return find_hashed(v, word, str_hash(word), row);
}

/* ---- the mean of a text ---- */

enum { AHEAD = 32 }; /* words whose rows are fetched before the first is added */

struct mean {
	const struct vectors *v;
	float *sum;
	bool any;
	float known, unknown; /* weight of words with and without a vector */
};

/* sum[0..4) += four bytes of a row, each in the upper byte of its number, x by. */
static inline void add_4(float *sum, ints4 row, float by)
{
	floats4 now;

	memcpy(&now, sum, sizeof now);
	now += __builtin_convertvector(row >> 24, floats4) * by;
	memcpy(sum, &now, sizeof now);
}

/* sum[0..8) += eight bytes of a row, twice each, x by. */
static inline void add_8(float *sum, shorts8 row, float by)
{
	add_4(sum, (ints4)__builtin_shufflevector(row, row, 0, 0, 1, 1, 2, 2, 3, 3), by);
	add_4(sum + 4, (ints4)__builtin_shufflevector(row, row, 4, 4, 5, 5, 6, 6, 7, 7), by);
}

/* sum[0..16) += row x by. Interleaving with itself and shifting is how SSE2 extends signs. */
static inline void add_16(float *sum, const int8_t *row, float by)
{
	bytes16 x;

	memcpy(&x, row, sizeof x);
	add_8(sum,
	      (shorts8)__builtin_shufflevector(x, x, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7,
					       7),
	      by);
	add_8(sum + 8,
	      (shorts8)__builtin_shufflevector(x, x, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14,
					       14, 15, 15),
	      by);
}

static bool add_hashed(struct mean *m, struct str word, uint64_t hash)
{
	const struct vectors *v = m->v;
	const int8_t *values;
	uint32_t row, i = 0;
	float by, weight;

	if (!find_hashed(v, word, hash, &row))
		return false;
	weight = float_of(v->weights[row]);
	by = float_of(v->scales[row]) * weight;
	m->known += weight;
	values = v->rows + (size_t)row * v->dims;
	for (; i + 16 <= v->dims; i += 16)
		add_16(m->sum + i, values + i, by);
	for (; i < v->dims; i++)
		m->sum[i] += by * (float)values[i];
	m->any = true;
	return true;
}

static bool add_word(struct mean *m, struct str word)
{
	return add_hashed(m, word, str_hash(word));
}

/* Where the last character of s begins. */
static size_t last_start(struct str s)
{
	size_t i = s.n - 1;

	while (i > 0 && ((unsigned char)s.p[i] & 0xC0) == 0x80)
		i--;
	return i;
}

/* The longest known words from the left; characters of none are passed over. */
static bool add_parts(struct mean *m, struct str word)
{
	float before = m->known;

	while (word.n > 0) {
		struct str part = word;
		uint32_t cp;

		while (part.n > 0 && !add_word(m, part))
			part.n = last_start(part);
		if (part.n == 0)
			part.n = utf8_decode(word.p, word.n, &cp);
		word = str_sub(word, part.n, word.n);
	}
	return m->known > before;
}

/* A word that is not there is as rare as words get: it weighs 1. */
static void add_token(struct mean *m, const struct token *t, uint64_t hash)
{
	size_t apostrophe;
	bool found;

	if (t->kind == TOKEN_OTHER || add_hashed(m, t->text, hash))
		return;
	apostrophe = str_find(t->text, STR("'"), 0);
	if (t->kind == TOKEN_HAN)
		found = add_parts(m, t->text);
	else if (apostrophe != SIZE_MAX) /* "who's", "i'd" */
		found = add_word(m, str_sub(t->text, 0, apostrophe));
	else
		found = add_word(m, t->stem);
	if (!found)
		m->unknown += 1;
}

/* A word's slot, its letters, numbers and row lie far from one another: all words' are fetched together, for they
 * are seldom in the cache. */
static void fetch(const struct vectors *v, const uint64_t *hashes, size_t n)
{
	uint32_t mask = v->slots - 1;

	for (size_t i = 0; i < n; i++) {
		uint32_t found = le32toh(v->table[(uint32_t)hashes[i] & mask]);

		if (found == 0 || found > v->words)
			continue;
		__builtin_prefetch(v->starts + found - 1);
		__builtin_prefetch(v->scales + found - 1);
		__builtin_prefetch(v->weights + found - 1);
		__builtin_prefetch(v->rows + (size_t)(found - 1) * v->dims);
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t found = le32toh(v->table[(uint32_t)hashes[i] & mask]);

		if (found && found <= v->words)
			__builtin_prefetch(v->letters + le32toh(v->starts[found - 1]));
	}
}

static void add_tokens(struct mean *m, const struct utterance *u)
{
	uint64_t hashes[AHEAD];

	for (size_t from = 0; from < u->n; from += AHEAD) {
		size_t n = u->n - from < AHEAD ? u->n - from : AHEAD;

		for (size_t i = 0; i < n; i++) {
			hashes[i] = str_hash(u->tokens[from + i].text);
			__builtin_prefetch(m->v->table + ((uint32_t)hashes[i] & (m->v->slots - 1)));
		}
		fetch(m->v, hashes, n);
		for (size_t i = 0; i < n; i++)
			add_token(m, &u->tokens[from + i], hashes[i]);
	}
}

static bool find_mean(const struct vectors *v, const struct utterance *u, float *out, float *known)
{
	struct mean m = {.v = v, .sum = out};
	double square = 0;
	float unit;

	memset(out, 0, v->dims * sizeof *out);
	add_tokens(&m, u);
	*known = m.any ? m.known / (m.known + m.unknown) : 0;
	for (uint32_t i = 0; i < v->dims; i++)
		square += (double)out[i] * (double)out[i];
	if (!m.any || square < LEAST) {
		memset(out, 0, v->dims * sizeof *out);
		return false;
	}
	unit = (float)(1 / sqrt(square));
	for (uint32_t i = 0; i < v->dims; i++)
		out[i] *= unit;
	return true;
}

/* Of the vectors in the program only: a file's place may be another's before the utterance is gone. */
bool vectors_mean_known(const struct vectors *v, const struct utterance *u, float *out,
			float *known)
{
	struct utterance_mean *kept =
		v->trusted && v->dims <= UTTERANCE_MEAN &&
				(!u->mean || !u->mean->of || u->mean->of == v->file.p)
			? u->mean
			: NULL;

	if (!kept)
		return find_mean(v, u, out, known);
	if (!kept->of) {
		kept->any = find_mean(v, u, kept->v, &kept->known);
		kept->of = v->file.p;
	}
	memcpy(out, kept->v, v->dims * sizeof *out);
	*known = kept->known;
	return kept->any;
}

bool vectors_mean(const struct vectors *v, const struct utterance *u, float *out)
{
	float known;

	return vectors_mean_known(v, u, out, &known);
}
