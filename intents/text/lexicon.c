#include "text/lexicon.h"

#include <assert.h>
#include <stdlib.h>

#include "text/lexicon_image.h"
#include "text/mem.h"
#include "text/normal.h"
#include "text/segment.h"
#include "text/token.h"
#include "text/utf8.h"
#include "text/utterance.h"

__asm__(".pushsection .rodata\n"
	".balign 64\n"
	"kefu_lexicon_image:\n"
	".incbin \"" KEFU_LEXICON_IMAGE "\"\n"
	".byte 0\n"
	".popsection\n");

extern const struct lexicon_image kefu_lexicon_image;

struct group {
	const struct str *members; /* head first */
	size_t n;
};

struct lexicon {
	struct segmenter segmenter;
	struct group *groups;
	size_t n_groups;
	struct dat members;    /* normalised member -> group */
	struct dat paths;      /* stems of a member, each with STEM_END behind it -> group */
	struct dat_key *terms; /* those in segmenter.terms, sorted: for comparing with another's */
	size_t n_terms;
};

enum { STEM_END = 1 };

/* Keys that are being gathered for one of the tries. */
struct keys {
	struct dat_key *items;
	size_t n, cap;
};

static void keys_add(struct keys *k, struct str key, uint32_t value)
{
	if (!key.n)
		return;
	if (k->n == k->cap) {
		k->cap = k->cap ? k->cap * 2 : 64;
		k->items = mem_resize(k->items, k->cap, sizeof *k->items);
	}
	k->items[k->n++] = (struct dat_key){key, value};
}

/* Sorts and copies. */
static void keep_terms(struct lexicon *l, struct arena *a, struct keys *k)
{
	k->n = dat_sort(k->items, k->n);
	l->terms = ARENA_ARRAY(a, struct dat_key, k->n);
	l->n_terms = k->n;
	for (size_t i = 0; i < k->n; i++)
		l->terms[i] = (struct dat_key){arena_str(a, k->items[i].key), k->items[i].value};
}

/* Frees the keys. A trie that does not fit is left empty: millions of bytes of terms are beyond any
 * quota, and words that are not known still read as themselves. */
static void keys_build(struct keys *k, struct arena *a, struct dat *out)
{
	k->n = dat_sort(k->items, k->n);
	if (k->n && dat_build(a, k->items, k->n, out) < 0)
		*out = (struct dat){0};
	free(k->items);
}

static uint32_t term_cost(const struct segmenter *dictionary, struct str term)
{
	uint32_t cost = segment_cost(dictionary, term);
	size_t chars = utf8_count(term);

	if (chars == 1)
		return cost;
	return chars == 2 ? cost - SEGMENT_SCALE / 2 : cost / 2;
}

/* The whole term as one word, and the words of a term with spaces as known words. */
static void add_term(struct keys *keys, struct arena *a, const struct segmenter *dictionary,
		     struct str term)
{
	struct token *tokens;
	size_t n = token_cut(a, dictionary, term, &tokens);

	if (n && !memchr(term.p, ' ', term.n))
		keys_add(keys, term, term_cost(dictionary, term));
	for (size_t i = 0; n > 1 && i < n; i++) {
		if (tokens[i].kind == TOKEN_WORD)
			keys_add(keys, tokens[i].text, dictionary->unknown);
	}
}

static void read_group(struct lexicon *l, struct arena *a, struct arena *scratch,
		       const struct synonym *s)
{
	struct group *g = &l->groups[l->n_groups++];
	struct str *members = ARENA_ARRAY(a, struct str, s->n + 1);

	for (size_t i = 0; i <= s->n; i++) {
		struct str m = normal_text(scratch, i ? s->members[i - 1] : s->head);
		bool twice = !m.n;

		for (size_t k = 0; k < g->n && !twice; k++)
			twice = str_eq(members[k], m);
		if (!twice)
			members[g->n++] = arena_str(a, m);
	}
	g->members = members;
}

/* The path of a member through the trie: its stems, each ended. Known only when all terms are. */
static struct str member_path(const struct lexicon *l, struct arena *a, struct str member)
{
	struct token *tokens;
	size_t n = token_cut(a, &l->segmenter, member, &tokens), used = 0;
	char *path;

	for (size_t i = 0; i < n; i++)
		used += tokens[i].stem.n + 1;
	path = arena_alloc(a, used);
	used = 0;
	for (size_t i = 0; i < n; i++) {
		memcpy(path + used, tokens[i].stem.p, tokens[i].stem.n);
		used += tokens[i].stem.n;
		path[used++] = STEM_END;
	}
	return (struct str){path, used};
}

static void index_groups(struct lexicon *l, struct arena *a, struct arena *scratch)
{
	struct keys members = {0}, paths = {0};

	for (size_t i = 0; i < l->n_groups; i++) {
		for (size_t k = 0; k < l->groups[i].n; k++) {
			struct str m = l->groups[i].members[k];

			keys_add(&members, m, (uint32_t)i);
			keys_add(&paths, member_path(l, scratch, m), (uint32_t)i);
		}
	}
	keys_build(&members, a, &l->members);
	keys_build(&paths, a, &l->paths);
}

static struct segmenter dictionary_only(void)
{
	const struct lexicon_image *image = &kefu_lexicon_image;

	assert(memcmp(image->magic, "kefulex1", sizeof image->magic) == 0);
	return (struct segmenter){.dictionary = {image->units, image->n_units},
				  .unknown = image->unknown};
}

const struct lexicon *lexicon_new(struct arena *a, const struct synonym *synonyms,
				  size_t n_synonyms, const struct str *terms, size_t n_terms)
{
	struct lexicon *l = ARENA_NEW(a, struct lexicon);
	struct segmenter dictionary = dictionary_only();
	struct keys keys = {0};
	struct arena scratch;

	arena_init(&scratch);
	l->segmenter = dictionary;
	l->groups = ARENA_ARRAY(a, struct group, n_synonyms);
	for (size_t i = 0; i < n_synonyms; i++) {
		read_group(l, a, &scratch, &synonyms[i]);
		for (size_t k = 0; k < l->groups[i].n; k++)
			add_term(&keys, &scratch, &dictionary, l->groups[i].members[k]);
	}
	for (size_t i = 0; i < n_terms; i++)
		add_term(&keys, &scratch, &dictionary, normal_text(&scratch, terms[i]));
	keep_terms(l, a, &keys);
	keys_build(&keys, a, &l->segmenter.terms);
	index_groups(l, a, &scratch);
	arena_done(&scratch);
	return l;
}

const struct str *lexicon_synonyms(const struct lexicon *l, struct str word, size_t *n)
{
	uint32_t group;

	*n = 0;
	if (!l->members.n || !dat_get(&l->members, word, &group))
		return NULL;
	*n = l->groups[group].n;
	return l->groups[group].members;
}

bool lexicon_knows(const struct lexicon *l, struct str word)
{
	size_t n;

	return segment_knows(&l->segmenter, word) || lexicon_synonyms(l, word, &n);
}

static bool step_stem(const struct dat *d, uint32_t *node, struct str stem)
{
	for (size_t i = 0; i < stem.n; i++) {
		if (!dat_step(d, node, (unsigned char)stem.p[i]))
			return false;
	}
	return dat_step(d, node, STEM_END);
}

struct str lexicon_head(const struct lexicon *l, const struct token *tokens, size_t n,
			size_t *covered)
{
	uint32_t node = DAT_ROOT, group;
	struct str head = STR_NONE;

	*covered = 0;
	if (!l->paths.n)
		return head;
	for (size_t i = 0; i < n && step_stem(&l->paths, &node, tokens[i].stem); i++) {
		if (!dat_value(&l->paths, node, &group))
			continue;
		head = l->groups[group].members[0];
		*covered = i + 1;
	}
	return head;
}

/* ---- comparing ---- */

static void add_change(struct lexicon_change *out, struct str term)
{
	if (out->n == LEXICON_CHANGES_MAX)
		out->all = true;
	else
		out->terms[out->n++] = term;
}

/* Both lists are sorted. */
static void compare_terms(const struct lexicon *a, const struct lexicon *b,
			  struct lexicon_change *out)
{
	size_t i = 0, k = 0;

	while ((i < a->n_terms || k < b->n_terms) && !out->all) {
		int order = i == a->n_terms   ? 1
			    : k == b->n_terms ? -1
					      : str_cmp(a->terms[i].key, b->terms[k].key);

		if (order < 0 || (order == 0 && a->terms[i].value != b->terms[k].value))
			add_change(out, a->terms[i].key);
		else if (order > 0)
			add_change(out, b->terms[k].key);
		i += order <= 0;
		k += order >= 0;
	}
}

/* Their paths through the trie are cut with the terms, too. */
static bool same_groups(const struct lexicon *a, const struct lexicon *b,
			const struct lexicon_change *terms)
{
	if (a->n_groups != b->n_groups)
		return false;
	for (size_t i = 0; i < a->n_groups; i++) {
		if (a->groups[i].n != b->groups[i].n)
			return false;
		for (size_t k = 0; k < a->groups[i].n; k++) {
			struct str member = a->groups[i].members[k];

			if (!str_eq(member, b->groups[i].members[k]) ||
			    !lexicon_reads_alike(terms, member))
				return false;
		}
	}
	return true;
}

/* No trie was left empty for want of room. */
static bool is_whole(const struct lexicon *l)
{
	return (l->segmenter.terms.n || !l->n_terms) &&
	       ((l->members.n && l->paths.n) || !l->n_groups);
}

void lexicon_compare(const struct lexicon *before, const struct lexicon *now,
		     struct lexicon_change *out)
{
	*out = (struct lexicon_change){0};
	compare_terms(before, now, out);
	if (out->n > 0 && !(is_whole(before) && is_whole(now)))
		out->all = true;
	if (!out->all && !same_groups(before, now, out))
		out->all = true;
}

bool lexicon_reads_alike(const struct lexicon_change *c, struct str normal)
{
	for (size_t i = 0; i < c->n && !c->all; i++) {
		if (memmem(normal.p, normal.n, c->terms[i].p, c->terms[i].n))
			return false;
	}
	return !c->all;
}

const struct segmenter *lexicon_segmenter(const struct lexicon *l)
{
	return &l->segmenter;
}
