/* Courses by their words: which ones a text asks for, and which are alike.
 *
 * A course is a bag of words and characters of its title and aliases (each counts three times),
 * tags and category (twice), and description. A query's tokens are of three classes: stop words
 * (我, 想, 课程, the, course …) never count; general words (入门, 基础, beginner …) rank but match
 * only when there is nothing else; the rest are topics. A course matches when it has a topic: as
 * the same word or stem or, in Chinese, as the same characters in a row, whatever the words were
 * cut like; 历史学 is also found as 历史, for less. A Latin word that no course has stands for the course word nearest to it by one edit
 * (two from eight letters on). Immutable once made. */
#ifndef KB_CONTENT_H
#define KB_CONTENT_H

#include "kb/course.h"
#include "kb/scratch.h"
#include "text/utterance.h"

struct content;

/* Heap. Borrows the catalogue and the lexicon. Never NULL. */
struct content *content_new(const struct catalogue *c, const struct lexicon *l);
void content_free(struct content *c);

struct content_token {
	const struct token *token;
	struct str word; /* head, or the course word it was taken for */
	bool topic;
};

/* A text read for searching; lives in the arena. */
struct content_query {
	struct utterance utterance;
	struct content_token *tokens; /* without stop words, in order */
	size_t n;
};

/* n == 0: the text names nothing to search for. */
void content_read(const struct content *c, struct arena *a, struct str text,
		  struct content_query *out);

/* Sets scores[catalogue] to 0 where a course does not match, else to its share (0..1] of the best;
 * returns how many match. */
size_t content_score(const struct content *c, struct arena *a, const struct content_query *q,
		     float *scores);

/* The learner's own words that a course matched, longest run of them; "" when none. */
struct str content_words(const struct content *c, const struct content_query *q, uint32_t item);

/* Likeness of courses to `item`, 0..1, the course itself 1, to out->list alone. `out` is empty before. */
void content_like(const struct content *c, uint32_t item, struct sparse *out);

/* Adds weight x likeness of each; the greatest sum of these is returned. `work` is empty before and after. */
float content_like_add(const struct content *c, uint32_t item, float weight, struct sparse *work,
		       struct sparse *out);

/* Of one course only. */
float content_likeness(const struct content *c, uint32_t item, uint32_t other);

/* The course of that title or alias (compared normalised), or -1. */
int32_t content_titled(const struct content *c, struct arena *a, struct str title);

#endif
