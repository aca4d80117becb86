#include "text/spell_word.h"

#include "text/dat.h"
#include "text/edit.h"
#include "text/english.h"
#include "text/spell.h"

enum {
	ONE_FROM = 4,
	TWO_FROM = 8,	  /* letters, with SPELL_AUTO */
	TWO_FROM_TWO = 6, /* with SPELL_TWO */
	PREFIX = 7,	  /* letters that are indexed */
	DELETES_MAX = 1 + PREFIX + PREFIX * (PREFIX - 1) / 2,
};

struct entry {
	uint32_t hash, word;
};

struct spell_words {
	const struct spell_word *v;
	struct dat known; /* -> number in v */
	int edits;
	const uint32_t *start; /* by the hash's last bits: mask + 2, into entries */
	const struct entry *entries;
	uint32_t mask;
};

static int allowed(int edits, size_t letters)
{
	size_t two_from = edits == SPELL_TWO ? TWO_FROM_TWO : TWO_FROM;

	if (letters < ONE_FROM)
		return 0;
	return edits == SPELL_ONE || letters < two_from ? 1 : 2;
}

static uint32_t hash_without(struct str prefix, size_t i, size_t j)
{
	char left[PREFIX];
	size_t n = 0;

	for (size_t k = 0; k < prefix.n; k++) {
		if (k != i && k != j)
			left[n++] = prefix.p[k];
	}
	return (uint32_t)str_hash((struct str){left, n});
}

/* Hashes of the first letters with up to `edits` of them left out. */
static size_t make_deletes(struct str word, int edits, uint32_t out[DELETES_MAX])
{
	struct str prefix = str_sub(word, 0, PREFIX);
	size_t n = 0;

	out[n++] = hash_without(prefix, SIZE_MAX, SIZE_MAX);
	for (size_t i = 0; edits > 0 && i < prefix.n; i++) {
		out[n++] = hash_without(prefix, i, SIZE_MAX);
		for (size_t j = i + 1; edits > 1 && j < prefix.n; j++)
			out[n++] = hash_without(prefix, i, j);
	}
	return n;
}

/* ---- building ---- */

static bool is_indexed(const struct spell_words *s, const struct spell_word *w)
{
	return w->meant && allowed(s->edits, w->text.n) > 0 && w->text.n <= EDIT_WORD_MAX;
}

/* Counting sort by bucket: where each begins, then the entries. */
static void index_deletes(struct arena *a, struct spell_words *s, size_t n)
{
	uint32_t deletes[DELETES_MAX], size = 64;
	struct entry *entries;
	uint32_t *start;
	size_t total = 0;

	for (size_t i = 0; i < n; i++) {
		if (is_indexed(s, &s->v[i]))
			total += make_deletes(s->v[i].text, allowed(s->edits, s->v[i].text.n),
					      deletes);
	}
	while (size < total / 2)
		size *= 2;
	s->mask = size - 1;
	start = ARENA_ARRAY(a, uint32_t, size + 1);
	entries = ARENA_ARRAY(a, struct entry, total);
	for (int filling = 0; filling < 2; filling++) {
		/* From the last to the first, as the filling counts the starts down. */
		for (size_t i = n; i-- > 0;) {
			const struct str *text = &s->v[i].text;
			size_t k =
				is_indexed(s, &s->v[i])
					? make_deletes(*text, allowed(s->edits, text->n), deletes)
					: 0;

			while (k-- > 0) {
				uint32_t *at = &start[deletes[k] & s->mask];

				if (filling)
					entries[--*at] = (struct entry){deletes[k], (uint32_t)i};
				else
					++*at;
			}
		}
		for (size_t i = 1; !filling && i <= size; i++)
			start[i] += start[i - 1];
	}
	s->start = start;
	s->entries = entries;
}

const struct spell_words *spell_words_new(struct arena *a, const struct spell_word *v, size_t n,
					  int edits)
{
	struct spell_words *s = ARENA_NEW(a, struct spell_words);
	struct dat_key *keys;
	struct arena scratch;
	int rc;

	arena_init(&scratch);
	keys = ARENA_ARRAY(&scratch, struct dat_key, n);

	*s = (struct spell_words){.v = v, .edits = edits};
	for (size_t i = 0; i < n; i++)
		keys[i] = (struct dat_key){v[i].text, (uint32_t)i};
	/* Too many words for a trie: none is known, so none may be changed. */
	rc = dat_build(a, keys, n, &s->known);
	arena_done(&scratch);
	if (rc < 0)
		return NULL;
	index_deletes(a, s, n);
	return s;
}

/* ---- finding ---- */

/* Keys around each on an English keyboard, from a to z. */
static const char *const neighbours[] = {
	"qwsz",	  "vghn",  "xdfv", "serfcx", "wsdr", "drtgvc", "ftyhbv", "gyujnb", "ujko",
	"huikm",  "jiolm", "kop",  "njk",    "bhjm", "iklp",   "ol",	 "wa",	   "edft",
	"awedxz", "rfgy",  "yhji", "cfgb",   "qase", "zsdc",   "tghu",	 "asx",
};

static bool are_neighbours(char x, char y)
{
	return x >= 'a' && x <= 'z' && strchr(neighbours[x - 'a'], y) && y;
}

/* May `typed` be the beginning of `meant`? Both have two letters at least. */
static bool may_begin(struct str meant, struct str typed)
{
	const char *m = meant.p, *t = typed.p;

	return m[0] == t[0] || m[0] == t[1] || m[1] == t[0] || are_neighbours(m[0], t[0]);
}

struct choice {
	const struct spell_word *word;
	int edits;
	bool first; /* the first letter is right */
};

static bool is_better(const struct choice *a, const struct choice *b)
{
	if (!b->word || a->edits != b->edits)
		return !b->word || a->edits < b->edits;
	if (a->first != b->first)
		return a->first;
	if (a->word->weight != b->word->weight)
		return a->word->weight > b->word->weight;
	return a->word < b->word;
}

static void consider(const struct spell_words *s, struct str typed, uint32_t number,
		     struct choice *best)
{
	struct choice c = {.word = &s->v[number]};
	struct str meant = c.word->text;
	int most = allowed(s->edits, meant.n);

	if (c.word == best->word || meant.n > typed.n + (size_t)most ||
	    typed.n > meant.n + (size_t)most)
		return;
	if (!may_begin(meant, typed))
		return;
	if (best->word && best->edits < most)
		most = best->edits;
	c.edits = edit_distance(typed, meant, most);
	c.first = typed.p[0] == meant.p[0];
	if (c.edits <= most && is_better(&c, best))
		*best = c;
}

static const struct spell_word *nearest(const struct spell_words *s, struct str typed)
{
	uint32_t deletes[DELETES_MAX];
	/* As many as the longest word that may be meant has. */
	size_t n = make_deletes(typed, allowed(s->edits, typed.n + 2), deletes);
	struct choice best = {0};

	for (size_t i = 0; i < n; i++) {
		uint32_t bucket = deletes[i] & s->mask;

		for (uint32_t k = s->start[bucket]; k < s->start[bucket + 1]; k++) {
			if (s->entries[k].hash == deletes[i])
				consider(s, typed, s->entries[k].word, &best);
		}
	}
	return best.word;
}

static bool knows(const struct spell_words *s, struct str word)
{
	uint32_t number;

	return dat_get(&s->known, word, &number);
}

/* didnt -> didn't, youre -> you're */
static bool lacks_apostrophe(struct arena *a, struct str word, struct str *meant)
{
	static const char *const tails[] = {"t", "re", "ve", "ll"};

	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		struct str tail = str_of(tails[i]);

		if (!str_ends(word, tail))
			continue;
		*meant = arena_printf(a, "%.*s'%s", (int)(word.n - tail.n), word.p, tails[i]);
		return english_knows(*meant);
	}
	return false;
}

bool spell_word_find(const struct spell_words *s, struct arena *a, struct str word, struct str stem,
		     struct str *meant)
{
	const struct spell_word *found;

	/* Most words are English as they stand, and that trie is the one in the cache. */
	if (word.n < ONE_FROM || word.n > EDIT_WORD_MAX || english_knows(word) || knows(s, word) ||
	    knows(s, stem))
		return false;
	if (lacks_apostrophe(a, word, meant))
		return true;
	found = nearest(s, word);
	if (found)
		*meant = found->text;
	return found;
}
