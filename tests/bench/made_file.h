/* A whole file of rules and FAQ entries as staff would write it, made from words: for benches of what a
 * snapshot costs. Of ten intents five have keywords, four a regex (made_rules.h has the forms) and one
 * example phrases, each in Chinese or English; every intent has an answer, every FAQ entry a
 * question and an answer in both languages and three more wordings. The seed is fixed. */
#ifndef TESTS_MADE_FILE_H
#define TESTS_MADE_FILE_H

#include <stdio.h>

#include "bench/made_rules.h"

/* What an editor changed since the file was written first. */
enum made_edit { MADE_AS_IT_WAS, MADE_RULE, MADE_PHRASE, MADE_FAQ };

struct made_file {
	size_t intents, faq;
	enum made_edit edit;
};

/* ---- words ---- */

static void read_lines(struct bench *b, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[4096];

	while (f && fgets(line, sizeof line, f)) {
		struct str s = str_trim(str_of(line));

		if (s.n)
			ARENA_PUSH(&b->kept, b->messages, b->n, b->cap, arena_str(&b->kept, s));
	}
	if (f)
		fclose(f);
}

static void cut_lines(struct bench *b)
{
	b->utterances = ARENA_ARRAY(&b->kept, struct utterance, b->n);
	for (size_t i = 0; i < b->n; i++)
		utterance_read(&b->kept, b->lexicon, b->messages[i], &b->utterances[i]);
}

/* ---- intents ---- */

static void put_quoted(FILE *f, struct str s)
{
	fputc('\'', f);
	for (size_t i = 0; i < s.n; i++)
		fprintf(f, s.p[i] == '\'' ? "''" : "%c", s.p[i]);
	fputc('\'', f);
}

static void put_wording(FILE *f, struct bench *b, bool chinese)
{
	static const char *const begins[] = {"我的", "请问", "为什么", "想问一下", ""};
	static const char *const ends[] = {"怎么办", "在哪里看", "不了", "要多久", "可以吗"};

	if (chinese)
		fprintf(f, "%s%s%s%s%s", PICK(begins), noun(b), verb(b), noun(b), PICK(ends));
	else
		fprintf(f, "how do I %s my %s %s %s", word(b), word(b),
			pick(2) ? "on the" : "after", word(b));
}

static void put_phrases(FILE *f, struct bench *b, bool edited)
{
	fputs("      phrases:\n", f);
	for (int i = 0; i < 6; i++) {
		fputs("        - ", f);
		put_wording(f, b, i % 3 < 2);
		fputs(edited && i == 0 ? " 全新的一句\n" : "\n", f);
	}
}

static void put_list(FILE *f, const char *name, struct strs words)
{
	if (!words.n)
		return;
	fprintf(f, "%s: [", name);
	for (size_t i = 0; i < words.n; i++)
		fprintf(f, "%s%.*s", i ? ", " : "", STR_ARG(words.v[i]));
	fputs("], ", f);
}

static void put_keywords(FILE *f, struct bench *b)
{
	fputs("      keywords: {", f);
	put_list(f, "all", some_words(b, 1 + pick(2)));
	put_list(f, "any", some_words(b, 2 + pick(3)));
	put_list(f, "none", some_words(b, pick(2)));
	fputs("}\n", f);
}

static void put_answer(FILE *f, struct bench *b, const char *indent)
{
	fprintf(f, "%szh: 请在「%s-%s」里%s%s，%zu 个工作日内处理完，不满意可以找人工客服。\n",
		indent, noun(b), noun(b), verb(b), noun(b), 1 + pick(9));
	fprintf(f, "%sen: Open %s and %s and pick %s; it takes %zu working days to be done.\n",
		indent, word(b), word(b), word(b), 1 + pick(9));
}

static void put_intent(FILE *f, struct bench *b, size_t i, enum made_edit edit)
{
	fprintf(f, "  r%zu:\n    when:\n", i);
	if (i % 10 == 0) {
		put_phrases(f, b, edit == MADE_PHRASE);
	} else if (i % 10 < 5) {
		fputs("      regex: ", f);
		put_quoted(f, pattern(b));
		fputc('\n', f);
	} else {
		put_keywords(f, b);
	}
	if (edit == MADE_RULE)
		fputs("      keywords: {any: [全新的词, 百科全书]}\n", f);
	fputs("    answer:\n", f);
	put_answer(f, b, "      ");
}

/* ---- the FAQ ---- */

static void put_faq(FILE *f, struct bench *b, size_t i, bool edited)
{
	fprintf(f, "  - id: q%zu\n    q:\n      zh: ", i);
	put_wording(f, b, true);
	fputs("\n      en: ", f);
	put_wording(f, b, false);
	fputs("\n    also:\n", f);
	for (int k = 0; k < 3; k++) {
		fputs("      - ", f);
		put_wording(f, b, k < 2);
		fputs(edited && k == 0 ? " 全新的一句\n" : "\n", f);
	}
	fputs("    a:\n", f);
	put_answer(f, b, "      ");
}

/* False when the file cannot be written. The edited one stands in the middle. */
static bool made_file_write(struct bench *b, const struct made_file *m, const char *path)
{
	FILE *f = fopen(path, "w");
	struct arena kept = b->kept; /* words of patterns are taken from it, and given back */

	if (!f)
		return false;
	seed = 20260301;
	arena_init(&b->kept);
	fputs("version: 1\nlanguages: [zh, en]\nintents:\n", f);
	for (size_t i = 0; i < m->intents; i++)
		put_intent(f, b, i,
			   i == m->intents / 20 * 10 + (m->edit == MADE_RULE) ? m->edit
									      : MADE_AS_IT_WAS);
	fputs("faq:\n", f);
	for (size_t i = 0; i < m->faq; i++)
		put_faq(f, b, i, m->edit == MADE_FAQ && i == m->faq / 2);
	arena_done(&b->kept);
	b->kept = kept;
	return fclose(f) == 0;
}

#endif
