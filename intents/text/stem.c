#include "text/stem.h"

#include <stdbool.h>
#include <stdint.h>

enum { WORD_MIN = 3, WORD_MAX = 64 };

/* A word on its way. A y that is a consonant is a Y meanwhile.
 *
 *	relatively	r1 = 3: behind the first consonant after a vowel, "atively"
 *	   ^ ^		r2 = 5: the same once more within that, "ively"
 */
struct word {
	char v[WORD_MAX];
	size_t n, r1, r2;
};

/* ---- letters ---- */

#define BIT(c) (UINT32_C(1) << ((c)&31))
#define VOWELS (BIT('a') | BIT('e') | BIT('i') | BIT('o') | BIT('u') | BIT('y'))
#define DOUBLES                                                                                    \
	(BIT('b') | BIT('d') | BIT('f') | BIT('g') | BIT('m') | BIT('n') | BIT('p') | BIT('r') |   \
	 BIT('t'))
#define BEFORE_LI                                                                                  \
	(BIT('c') | BIT('d') | BIT('e') | BIT('g') | BIT('h') | BIT('k') | BIT('m') | BIT('n') |   \
	 BIT('r') | BIT('t'))

static bool is_one_of(char c, uint32_t letters)
{
	return c >= 'a' && (letters & BIT(c));
}

static bool is_vowel(char c)
{
	return is_one_of(c, VOWELS);
}

static bool has_vowel(const struct word *w, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_vowel(w->v[i]))
			return true;
	}
	return false;
}

/* Ends in a short syllable: consonant, vowel, consonant other than w, x and Y (hop), or is a vowel and a
 * consonant (on). */
static bool ends_short(const struct word *w)
{
	const char *end = w->v + w->n;

	if (w->n < 2 || is_vowel(end[-1]) || !is_vowel(end[-2]))
		return false;
	if (w->n == 2)
		return true;
	return end[-1] != 'w' && end[-1] != 'x' && end[-1] != 'Y' && !is_vowel(end[-3]);
}

/* ---- endings ---- */

enum where { ANYWHERE, IN_R1, IN_R2, AFTER_L, AFTER_LI, AFTER_S_OR_T };

/* What becomes of a word that ends so. */
struct ending {
	char from[8];
	uint8_t n;
	char to[5];
	uint8_t n_to;
	uint8_t where; /* it must begin there, or stand there */
};

#define ENDING(from, to, where)                                                                    \
	{                                                                                          \
		from, sizeof from - 1, to, sizeof to - 1, where                                    \
	}

static bool ends_in(const struct word *w, const char *end, size_t n)
{
	return w->n >= n && !memcmp(w->v + w->n - n, end, n);
}

static bool stands(const struct word *w, const struct ending *e)
{
	size_t at = w->n - e->n;
	char before = at ? w->v[at - 1] : '\0';

	switch ((enum where)e->where) {
	case ANYWHERE:
		return true;
	case IN_R1:
		return at >= w->r1;
	case IN_R2:
		return at >= w->r2;
	case AFTER_L:
		return at >= w->r1 && before == 'l';
	case AFTER_LI:
		return at >= w->r1 && is_one_of(before, BEFORE_LI);
	case AFTER_S_OR_T:
		return at >= w->r2 && (before == 's' || before == 't');
	}
	return false;
}

/* The longest ending counts, whether it stands where it must or not; the longest stand first. */
static const struct ending *find_ending(const struct word *w, const struct ending *v, size_t n)
{
	char last = w->n ? w->v[w->n - 1] : '\0';

	for (size_t i = 0; i < n; i++) {
		if (v[i].from[v[i].n - 1] == last && ends_in(w, v[i].from, v[i].n))
			return &v[i];
	}
	return NULL;
}

static void turn_ending(struct word *w, const struct ending *v, size_t n)
{
	const struct ending *e = find_ending(w, v, n);

	if (!e || !stands(w, e))
		return;
	w->n -= e->n;
	memcpy(w->v + w->n, e->to, e->n_to);
	w->n += e->n_to;
}

#define TURN_ENDING(w, table) turn_ending(w, table, sizeof(table) / sizeof *(table))

/* ---- the steps, as their author numbers them ---- */

static void drop_possessive(struct word *w)
{
	static const struct ending endings[] = {
		ENDING("'s'", "", ANYWHERE), ENDING("'s", "", ANYWHERE), ENDING("'", "", ANYWHERE)};

	TURN_ENDING(w, endings);
}

/* 1a */
static void drop_plural(struct word *w)
{
	if (ends_in(w, "sses", 4)) {
		w->n -= 2;
	} else if (ends_in(w, "ied", 3) || ends_in(w, "ies", 3)) {
		w->n -= w->n > 4 ? 2 : 1;
	} else if (ends_in(w, "s", 1) && !ends_in(w, "us", 2) && !ends_in(w, "ss", 2)) {
		if (w->n > 2 && has_vowel(w, w->n - 2))
			w->n--;
	}
}

/* What is left of a word behind -ed and -ing: luxuriat(e), hop(p), hop(e). */
static void mend_end(struct word *w)
{
	char last = w->n ? w->v[w->n - 1] : '\0';

	if (ends_in(w, "at", 2) || ends_in(w, "bl", 2) || ends_in(w, "iz", 2))
		w->v[w->n++] = 'e';
	else if (w->n > 1 && last == w->v[w->n - 2] && is_one_of(last, DOUBLES))
		w->n--;
	else if (w->n == w->r1 && ends_short(w))
		w->v[w->n++] = 'e';
}

/* 1b */
static void drop_past(struct word *w)
{
	static const struct ending endings[] = {
		ENDING("eedly", "ee", IN_R1), ENDING("ingly", "", ANYWHERE),
		ENDING("edly", "", ANYWHERE), ENDING("eed", "ee", IN_R1),
		ENDING("ing", "", ANYWHERE),  ENDING("ed", "", ANYWHERE),
	};
	const struct ending *e = find_ending(w, endings, sizeof endings / sizeof *endings);

	if (!e)
		return;
	if (e->n_to) {
		turn_ending(w, e, 1);
	} else if (has_vowel(w, w->n - e->n)) {
		w->n -= e->n;
		mend_end(w);
	}
}

/* 1c */
static void turn_y(struct word *w)
{
	char *end = w->v + w->n;

	if (w->n > 2 && (end[-1] == 'y' || end[-1] == 'Y') && !is_vowel(end[-2]))
		end[-1] = 'i';
}

/* 2 to 4 */
static void turn_endings(struct word *w)
{
	static const struct ending second[] = {
		ENDING("ational", "ate", IN_R1), ENDING("fulness", "ful", IN_R1),
		ENDING("iveness", "ive", IN_R1), ENDING("ization", "ize", IN_R1),
		ENDING("ousness", "ous", IN_R1), ENDING("biliti", "ble", IN_R1),
		ENDING("lessli", "less", IN_R1), ENDING("tional", "tion", IN_R1),
		ENDING("alism", "al", IN_R1),	 ENDING("aliti", "al", IN_R1),
		ENDING("ation", "ate", IN_R1),	 ENDING("entli", "ent", IN_R1),
		ENDING("fulli", "ful", IN_R1),	 ENDING("iviti", "ive", IN_R1),
		ENDING("ousli", "ous", IN_R1),	 ENDING("abli", "able", IN_R1),
		ENDING("alli", "al", IN_R1),	 ENDING("anci", "ance", IN_R1),
		ENDING("ator", "ate", IN_R1),	 ENDING("enci", "ence", IN_R1),
		ENDING("izer", "ize", IN_R1),	 ENDING("bli", "ble", IN_R1),
		ENDING("ogi", "og", AFTER_L),	 ENDING("li", "", AFTER_LI),
	};
	static const struct ending third[] = {
		ENDING("ational", "ate", IN_R1), ENDING("tional", "tion", IN_R1),
		ENDING("alize", "al", IN_R1),	 ENDING("ative", "", IN_R2),
		ENDING("icate", "ic", IN_R1),	 ENDING("iciti", "ic", IN_R1),
		ENDING("ical", "ic", IN_R1),	 ENDING("ness", "", IN_R1),
		ENDING("ful", "", IN_R1),
	};
	static const struct ending fourth[] = {
		ENDING("ement", "", IN_R2), ENDING("able", "", IN_R2),
		ENDING("ance", "", IN_R2),  ENDING("ence", "", IN_R2),
		ENDING("ible", "", IN_R2),  ENDING("ment", "", IN_R2),
		ENDING("ant", "", IN_R2),   ENDING("ate", "", IN_R2),
		ENDING("ent", "", IN_R2),   ENDING("ion", "", AFTER_S_OR_T),
		ENDING("ism", "", IN_R2),   ENDING("iti", "", IN_R2),
		ENDING("ive", "", IN_R2),   ENDING("ize", "", IN_R2),
		ENDING("ous", "", IN_R2),   ENDING("al", "", IN_R2),
		ENDING("er", "", IN_R2),    ENDING("ic", "", IN_R2),
	};

	TURN_ENDING(w, second);
	TURN_ENDING(w, third);
	TURN_ENDING(w, fourth);
}

/* 5 */
static void drop_last(struct word *w)
{
	size_t at = w->n - 1;

	if (w->n == 0)
		return;
	if (w->v[at] == 'l' && at >= w->r2 && at > 0 && w->v[at - 1] == 'l') {
		w->n--;
	} else if (w->v[at] == 'e' && at >= w->r1) {
		w->n--;
		if (at < w->r2 && ends_short(w))
			w->n++;
	}
}

/* ---- words that are as they are ---- */

struct exception {
	char word[8], stem[6];
};

static struct str look_up(const struct exception *v, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].word[0] == word.p[0] && str_eq(str_of(v[i].word), word))
			return v[i].stem[0] ? str_of(v[i].stem) : word;
	}
	return STR_NONE;
}

#define LOOK_UP(table, word) look_up(table, sizeof(table) / sizeof *(table), word)

static struct str whole_exception(struct str word)
{
	static const struct exception whole[] = {
		{"skis", "ski"},    {"skies", "sky"}, {"dying", "die"},	   {"lying", "lie"},
		{"tying", "tie"},   {"idly", "idl"},  {"gently", "gentl"}, {"ugly", "ugli"},
		{"early", "earli"}, {"only", "onli"}, {"singly", "singl"}, {"sky", ""},
		{"news", ""},	    {"howe", ""},     {"atlas", ""},	   {"cosmos", ""},
		{"bias", ""},	    {"andes", ""},
	};

	return word.n > 6 ? STR_NONE : LOOK_UP(whole, word);
}

/* Once its plural is dropped. */
static bool is_finished(const struct word *w)
{
	static const struct exception finished[] = {
		{"inning", ""},	 {"outing", ""},  {"canning", ""}, {"herring", ""},
		{"earring", ""}, {"proceed", ""}, {"exceed", ""},  {"succeed", ""},
	};

	return w->n >= 6 && w->n <= 7 && LOOK_UP(finished, ((struct str){w->v, w->n})).n;
}

/* ---- the whole ---- */

static size_t behind_syllable(const struct word *w, size_t at)
{
	while (at < w->n && !is_vowel(w->v[at]))
		at++;
	while (at < w->n && is_vowel(w->v[at]))
		at++;
	return at < w->n ? at + 1 : w->n;
}

static void word_begin(struct word *w, struct str word)
{
	static const char beginnings[][7] = {"gener", "commun", "arsen"};
	size_t from = word.p[0] == '\'';

	w->n = word.n - from;
	memcpy(w->v, word.p + from, w->n);
	for (size_t i = 0; i < w->n; i++) {
		if (w->v[i] == 'y' && (i == 0 || is_vowel(w->v[i - 1])))
			w->v[i] = 'Y';
	}
	w->r1 = behind_syllable(w, 0);
	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
		struct str begin = str_of(beginnings[i]);

		if (str_starts((struct str){w->v, w->n}, begin))
			w->r1 = begin.n;
	}
	w->r2 = behind_syllable(w, w->r1);
}

static void word_stem(struct word *w)
{
	drop_possessive(w);
	drop_plural(w);
	if (is_finished(w))
		return;
	drop_past(w);
	turn_y(w);
	turn_endings(w);
	drop_last(w);
}

static bool is_stemmable(struct str word)
{
	if (word.n < WORD_MIN || word.n > WORD_MAX)
		return false;
	for (size_t i = 0; i < word.n; i++) {
		if ((word.p[i] < 'a' || word.p[i] > 'z') && word.p[i] != '\'')
			return false;
	}
	return true;
}

struct str stem_english(struct arena *a, struct str word)
{
	struct word w;
	struct str stem;

	if (!is_stemmable(word))
		return word;
	stem = whole_exception(word);
	if (stem.n)
		return stem;
	word_begin(&w, word);
	word_stem(&w);
	for (size_t i = 0; i < w.n; i++)
		w.v[i] = w.v[i] == 'Y' ? 'y' : w.v[i];
	stem = (struct str){w.v, w.n};
	return str_starts(word, stem) ? str_sub(word, 0, stem.n) : arena_str(a, stem);
}
