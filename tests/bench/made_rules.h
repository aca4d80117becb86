/* Rules made from the words of real messages: bench_rules.c has the mix. The seed is fixed, so every
 * run has the same rules. */
#ifndef TESTS_MADE_RULES_H
#define TESTS_MADE_RULES_H

#include <stdlib.h>

#include "bench/desk_words.h"
#include "intents/rule.h"
#include "text/lexicon.h"
#include "text/utterance.h"

/* ---- words ---- */

struct words {
	struct str *v;
	size_t n, cap;
};

struct bench {
	struct arena kept, turn;
	const struct lexicon *lexicon;
	struct str *messages;
	struct utterance *utterances;
	size_t n, cap;
	struct words zh, en;
};

/* A token that a pattern may hold as it is. */
static bool is_plain(const struct token *t)
{
	for (size_t i = 0; i < t->text.n; i++) {
		unsigned char c = (unsigned char)t->text.p[i];

		if (c < 0x80 && (c < 'a' || c > 'z'))
			return false;
	}
	return (t->kind == TOKEN_HAN && t->text.n >= 6) || (t->kind == TOKEN_WORD && t->text.n > 3);
}

static int by_text(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static void keep_distinct(struct words *w)
{
	size_t n = 0;

	qsort(w->v, w->n, sizeof *w->v, by_text);
	for (size_t i = 0; i < w->n; i++) {
		if (n == 0 || !str_eq(w->v[n - 1], w->v[i]))
			w->v[n++] = w->v[i];
	}
	w->n = n;
}

static void collect_words(struct bench *b)
{
	for (size_t i = 0; i < b->n; i++) {
		for (size_t k = 0; k < b->utterances[i].n; k++) {
			const struct token *t = &b->utterances[i].tokens[k];
			struct words *w = t->kind == TOKEN_HAN ? &b->zh : &b->en;

			if (is_plain(t))
				ARENA_PUSH(&b->kept, w->v, w->n, w->cap, t->text);
		}
	}
	keep_distinct(&b->zh);
	keep_distinct(&b->en);
}

static const char *of_words(struct bench *b, const struct words *w)
{
	return arena_str(&b->kept, w->v[pick(w->n)]).p;
}

static const char *noun(struct bench *b)
{
	return pick(6) ? of_words(b, &b->zh) : PICK(nouns);
}

static const char *verb(struct bench *b)
{
	return pick(6) ? of_words(b, &b->zh) : PICK(verbs);
}

static const char *word(struct bench *b)
{
	return pick(6) ? of_words(b, &b->en) : PICK(english);
}

/* ---- rules ---- */

static struct str pattern(struct bench *b)
{
	struct arena *a = &b->kept;
	size_t die = pick(100);

	if (die < 20)
		return arena_printf(
			a, "(?:怎么|如何|怎样|咋)(?:才能|可以)?(?:%s|%s|%s).{0,6}(?:%s|%s|%s)",
			verb(b), verb(b), verb(b), noun(b), noun(b), noun(b));
	if (die < 35)
		return arena_printf(
			a, "(?:%s|%s|%s|%s)(?:的)?.{0,8}(?:在哪|哪里|什么时候|多久|多少钱|几天)",
			noun(b), noun(b), noun(b), noun(b));
	if (die < 50)
		return arena_printf(
			a, "(?:我|我的)?(?:想|要|想要)?(?:%s|%s)(?:一下)?(?<item>%s|%s|%s)",
			verb(b), verb(b), noun(b), noun(b), noun(b));
	if (die < 60)
		return arena_printf(a, "%s.{0,10}(?:不能|无法|没法|不可以|打不开)%s", noun(b),
				    verb(b));
	if (die < 68)
		return arena_printf(a, "(?:订单|单号|编号)[:：]?\\s*(?<no>%zu\\d{%zu})",
				    10 + pick(90), 7 + pick(5));
	if (die < 80)
		return arena_printf(a,
				    "\\b(?:how|where)\\b.{0,20}\\b(?:do|can|could)\\s+(?:i|we)\\s+"
				    "%s(?:ing|ed)?\\s+(?:my|the|a)?\\s*%ss?\\b",
				    word(b), word(b));
	if (die < 90)
		return arena_printf(a, "\\b(?:%s|%s|%s)\\s+(?:is|was|has)\\s+(?:not|n't)?\\s*%s",
				    word(b), word(b), word(b), word(b));
	if (die < 95)
		return arena_printf(
			a, "^(?:你好|您好|请问|hi|hello)?[，, ]*%s.*%s(?:吗|么|嘛)?[?？。]*$",
			noun(b), verb(b));
	return arena_printf(a, "(?:%s|%s)(?!课)(?:%s|%s){1,2}", noun(b), noun(b), verb(b), verb(b));
}

static struct strs some_words(struct bench *b, size_t n)
{
	struct str *v = ARENA_ARRAY(&b->kept, struct str, n);
	bool chinese = pick(3) > 0;

	for (size_t i = 0; i < n; i++)
		v[i] = str_of(chinese ? (i & 1 ? verb(b) : noun(b)) : word(b));
	return (struct strs){v, n};
}

#endif
