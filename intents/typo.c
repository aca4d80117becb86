#include "intents/typo.h"

#include "intents/strmap.h"
#include "text/edit.h"
#include "text/english.h"

struct word {
	struct str text;
	uint32_t letters; /* bit per letter, folded to 32 */
	int edits;
};

struct typos {
	struct arena *arena;
	struct word *words; /* those that may be meant */
	size_t n, cap;
	struct strmap known; /* every word added */
	struct strmap meant; /* those in words -> index */
};

struct typos *typos_new(struct arena *a)
{
	struct typos *t = ARENA_NEW(a, struct typos);

	t->arena = a;
	return t;
}

static uint32_t letter_set(struct str word)
{
	uint32_t set = 0;

	for (size_t i = 0; i < word.n; i++)
		set |= 1U << ((unsigned char)word.p[i] & 31);
	return set;
}

static int allowed_edits(struct str word)
{
	return word.n < TYPO_ONE_FROM ? 0 : word.n < TYPO_TWO_FROM ? 1 : 2;
}

void typos_add(struct typos *t, struct str word, int edits)
{
	const uint32_t *listed;

	if (word.n == 0)
		return;
	if (!strmap_get(&t->known, word))
		strmap_put(t->arena, &t->known, arena_str(t->arena, word), 0);
	if (edits > allowed_edits(word))
		edits = allowed_edits(word);
	if (edits == 0 || word.n > TYPO_WORD_MAX)
		return;
	listed = strmap_get(&t->meant, word);
	if (!listed) {
		word = arena_str(t->arena, word);
		strmap_put(t->arena, &t->meant, word, (uint32_t)t->n);
		ARENA_PUSH(t->arena, t->words, t->n, t->cap,
			   ((struct word){word, letter_set(word), edits}));
	} else if (edits > t->words[*listed].edits) {
		t->words[*listed].edits = edits;
	}
}

bool typos_wanted(const struct typos *t)
{
	return t->n > 0;
}

static bool begins_alike(struct str a, struct str b)
{
	return a.p[0] == b.p[0] || (a.p[0] == b.p[1] && a.p[1] == b.p[0]);
}

/* An edit changes at most two letters of the set. */
static bool may_be_near(const struct word *w, struct str word, uint32_t letters)
{
	size_t gap = w->text.n > word.n ? w->text.n - word.n : word.n - w->text.n;

	return gap <= (size_t)w->edits &&
	       __builtin_popcount(w->letters ^ letters) <= 2 * w->edits &&
	       (w->text.n >= TYPO_TWO_FROM || begins_alike(w->text, word));
}

bool typos_word(const struct typos *t, struct str word, struct str *meant, int *edits)
{
	uint32_t letters = letter_set(word);
	const struct word *best = NULL;
	int least = allowed_edits(word) + 1;

	if (least == 1 || word.n > TYPO_WORD_MAX || strmap_get(&t->known, word) ||
	    english_knows(word))
		return false;
	for (size_t i = 0; i < t->n; i++) {
		const struct word *w = &t->words[i];
		int max = w->edits < least - 1 ? w->edits : least - 1, d;

		if (!may_be_near(w, word, letters))
			continue;
		d = edit_distance(word, w->text, max);
		if (d <= max) {
			least = d;
			best = w;
		}
		if (least == 1)
			break;
	}
	if (!best)
		return false;
	*meant = best->text;
	*edits = least;
	return true;
}

static bool is_letters(struct str word)
{
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] < 'a' || word.p[i] > 'z')
			return false;
	}
	return true;
}

/* Part of an address or a code: something that is written without spaces and is no sentence. */
static bool is_joined(struct str text, const struct token *t)
{
	size_t end = t->at + t->text.n;
	static const char joints[] = "@._-/\\#&=+~0123456789";

	return (t->at > 0 && strchr(joints, text.p[t->at - 1])) ||
	       (end + 1 < text.n && strchr(joints, text.p[end]) && text.p[end + 1] != ' ');
}

bool typos_correct(const struct typos *t, struct arena *a, const struct utterance *u,
		   struct typo_text *out)
{
	struct str text = u->normal.text, meant;
	size_t copied = 0, n = 0;
	char *p = NULL;

	out->n = 0;
	for (size_t i = 0; i < u->n && out->n < TYPO_FIXES_MAX; i++) {
		const struct token *token = &u->tokens[i];
		struct typo_fix *fix = &out->fixes[out->n];

		if (token->kind != TOKEN_WORD || !is_letters(token->text) ||
		    is_joined(text, token) || !typos_word(t, token->text, &meant, &fix->edits))
			continue;
		if (!p)
			p = arena_alloc(a, text.n + (size_t)TYPO_FIXES_MAX * TYPO_WORD_MAX);
		memcpy(p + n, text.p + copied, token->at - copied);
		n += token->at - copied;
		fix->from = token->at;
		fix->to = (uint32_t)(token->at + token->text.n);
		fix->new_from = (uint32_t)n;
		memcpy(p + n, meant.p, meant.n);
		n += meant.n;
		fix->new_to = (uint32_t)n;
		copied = fix->to;
		out->n++;
	}
	if (!p)
		return false;
	memcpy(p + n, text.p + copied, text.n - copied);
	out->text = (struct str){p, n + text.n - copied};
	return true;
}

/* Where a place of the corrected text was; inside a fix, where the fixed word began or ended. */
static uint32_t place(const struct typo_text *t, uint32_t at, bool end)
{
	const struct typo_fix *last = NULL;

	for (size_t i = 0; i < t->n && t->fixes[i].new_from + end <= at; i++)
		last = &t->fixes[i];
	if (!last)
		return at;
	if (at + !end <= last->new_to)
		return end ? last->to : last->from;
	return at - last->new_to + last->to;
}

void typo_place(const struct typo_text *t, uint32_t *from, uint32_t *to)
{
	*from = place(t, *from, false);
	*to = place(t, *to, true);
}

int typo_edits(const struct typo_text *t, uint32_t from, uint32_t to)
{
	int edits = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (t->fixes[i].new_from < to && from < t->fixes[i].new_to &&
		    t->fixes[i].edits > edits)
			edits = t->fixes[i].edits;
	}
	return edits;
}
