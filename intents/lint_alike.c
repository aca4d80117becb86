/* Phrases of two intents that say the same in other small words, another order or with synonyms. */
#include "intents/common.h"
#include "intents/linter.h"

#include <stdlib.h>

#include "text/lexicon.h"
#include "text/utf8.h"
#include "text/utterance.h"

/* Words that may be left out or put in without another meaning. Pronouns, 有 and "not" may not. */
static const char *const small_words[] = {
	"的",	"了",	"吗",	"嘛",	"呢",	"啊",	"吧",	  "呀",	  "哦", "啦",
	"哈",	"呗",	"请",	"请问", "一下", "麻烦", "帮",	  "帮我", "想", "要",
	"想要", "我想", "我要", "a",	"an",	"the",	"please", "just",
};

enum { WORDS_MAX = 64 }; /* of one phrase; longer ones are left alone */

struct alike {
	struct linter *l;
	const struct lexicon *lexicon;
	const struct common *common;
	struct strmap small;
	struct arena reading; /* of one phrase */
	struct strmap index;  /* sorted words -> owners */
	struct alike_owner {
		const struct intent *intent;
		const struct example *phrase;
	} * owners;
	size_t n, cap;
};

struct wording {
	struct str words[WORDS_MAX];
	size_t n;
	bool has_topic;
	bool too_long;
};

static void add_word(struct wording *w, struct str word)
{
	w->too_long |= w->n == WORDS_MAX;
	if (!w->too_long)
		w->words[w->n++] = word;
}

/* 我 of 我 想 is small as 我想 is. */
static bool is_small(const struct alike *k, const struct token *t, size_t left)
{
	if (left > 1 && str_eq(t->text, STR("我")))
		return str_eq(t[1].text, STR("想")) || str_eq(t[1].text, STR("要")) ||
		       str_eq(t[1].text, STR("想要"));
	return strmap_get(&k->small, t->text) != NULL;
}

static void add_text(struct alike *k, struct str text, struct wording *w)
{
	struct utterance u;

	utterance_read(&k->reading, k->lexicon, text, &u);
	for (size_t i = 0; i < u.n; i++) {
		const struct token *t = &u.tokens[i];

		if (!t->head.n || is_small(k, t, u.n - i))
			continue;
		w->has_topic |= common_share(k->common, t->stem) <= 0;
		add_word(w, t->head);
	}
}

/* Captures are words of their own; `*` is none. */
static void read_wording(struct alike *k, struct str phrase, struct wording *w)
{
	size_t from = 0;

	*w = (struct wording){0};
	for (size_t i = 0; i < phrase.n; i++) {
		size_t end = phrase.p[i] == '<' ? str_find(phrase, STR(">"), i) : SIZE_MAX;

		if (phrase.p[i] != '*' && end == SIZE_MAX)
			continue;
		add_text(k, str_sub(phrase, from, i), w);
		if (phrase.p[i] == '<') {
			add_word(w, str_sub(phrase, i, end + 1));
			i = end;
		}
		from = i + 1;
	}
	add_text(k, str_sub(phrase, from, phrase.n), w);
}

static int by_text(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* Its words in order, each once; "" when a phrase is about nothing, so that it is like no other. */
static struct str key_of(struct alike *k, struct str phrase)
{
	struct wording w;
	struct buf key = {0};
	struct str kept;

	read_wording(k, phrase, &w);
	if (!w.has_topic || w.too_long)
		return STR_NONE;
	qsort(w.words, w.n, sizeof *w.words, by_text);
	for (size_t i = 0; i < w.n; i++) {
		if (i && str_eq(w.words[i - 1], w.words[i]))
			continue;
		buf_str(&key, w.words[i]);
		buf_char(&key, '\n');
	}
	kept = arena_str(&k->reading, buf_view(&key));
	buf_done(&key);
	return kept;
}

/* In a context of its own an intent may have any phrase again. */
static bool may_meet(const struct intent *a, const struct intent *b)
{
	return a != b && !a->only.contexts.n && !b->only.contexts.n;
}

static void check_phrase(struct alike *k, const struct intent *it, const struct example *e)
{
	struct linter *l = k->l;
	const struct alike_owner *first;
	const uint32_t *at;
	struct str key;

	arena_reset(&k->reading);
	key = key_of(k, e->text);
	if (!key.n)
		return;
	at = strmap_get(&k->index, key);
	if (!at) {
		strmap_put(l->a, &k->index, arena_str(l->a, key), (uint32_t)k->n);
		ARENA_PUSH(l->a, k->owners, k->n, k->cap, ((struct alike_owner){it, e}));
		return;
	}
	first = &k->owners[*at];
	if (!may_meet(it, first->intent) ||
	    str_eq(lint_bare(l->a, e->text), lint_bare(l->a, first->phrase->text)))
		return; /* lint_words.c tells of the same */
	LINT_WARNING(l, e->mark, "alike-phrase",
		     "phrase '%.*s' is '%.*s' of intent '%.*s' (%.*s) in another order, with small "
		     "words or synonyms; keep it in one of them",
		     "例句“%.*s”和“%.*s”（意图“%.*s”，%.*s）只差语序、虚词或同义词；请只保留一处",
		     STR_ARG(utf8_cut(e->text, 80)), STR_ARG(utf8_cut(first->phrase->text, 80)),
		     STR_ARG(first->intent->name),
		     STR_ARG(lint_place(l, e->mark, first->phrase->mark)));
}

void lint_alike(const struct ruleset *rs, const struct lexicon *lexicon, struct arena *a,
		struct diags *diags)
{
	struct linter l = {.rs = rs, .a = a, .diags = diags};
	struct alike k = {.l = &l, .lexicon = lexicon, .common = common_new(a)};

	arena_init(&k.reading);
	for (size_t i = 0; i < sizeof small_words / sizeof *small_words; i++)
		strmap_put(a, &k.small, str_of(small_words[i]), 1);
	for (size_t i = 0; i < rs->n_intents; i++) {
		const struct intent *it = &rs->intents[i];

		for (size_t b = 0; b < it->n_blocks; b++)
			for (size_t p = 0;
			     it->blocks[b].kind == BLOCK_PHRASES && p < it->blocks[b].n; p++)
				check_phrase(&k, it, &it->blocks[b].phrases[p]);
	}
	arena_done(&k.reading);
}
