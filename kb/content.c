#include "kb/content.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "kb/alike.h"
#include "kb/bag.h"
#include "kb/bm25.h"
#include "kb/content_words.h"
#include "kb/intern.h"
#include "text/mem.h"
#include "text/utf8.h"

enum {
	BEST_SHARE_PERCENT = 40
}; /* courses that match less of the query than this share of the best go */

/* A course about 历史 is this much about 历史学. */
static const float subject_share = .6f;

struct content {
	const struct catalogue *courses;
	const struct lexicon *lexicon;
	struct bm25 *index;  /* all fields */
	struct bm25 *heads;  /* title, aliases, tags and category */
	struct alike *alike; /* title, tags, category; words and pairs */
	struct intern titles;
	uint32_t *titled;    /* course by number of title */
	struct intern latin; /* Latin words of the courses, for typing errors */
};

/* ---- building ---- */

static const unsigned all_parts = BAG_WORDS | BAG_CHARS | BAG_PAIRS;
static const unsigned alike_parts = BAG_WORDS | BAG_PAIRS;

/* The bags of one course while it is read. */
struct bags {
	struct bag doc, head, alike;
};

/* The fields of a course: how much they weigh in `doc`, and which other bags have them. */
static const struct field {
	size_t at;
	float weight;
	bool head, alike;
} fields[] = {
	{offsetof(struct course, title), 3, true, true},
	{offsetof(struct course, aliases), 3, true, false},
	{offsetof(struct course, tags), 2, true, true},
	{offsetof(struct course, category), 2, true, true},
	{offsetof(struct course, creator), 1, false, false},
	{offsetof(struct course, description), 1, false, false},
};

static void add_field(struct content *c, struct arena *a, const struct course *course,
		      const struct field *f, struct bags *out)
{
	struct str text = *(const struct str *)((const char *)course + f->at);
	struct utterance u;

	utterance_read(a, c->lexicon, text, &u);
	bag_add(a, &out->doc, &u, all_parts, f->weight);
	if (f->head)
		bag_add(a, &out->head, &u, all_parts, f->weight);
	if (f->alike)
		bag_add(a, &out->alike, &u, alike_parts, 1);
	for (size_t i = 0; i < u.n; i++)
		if (u.tokens[i].kind == TOKEN_WORD)
			intern_put(&c->latin, u.tokens[i].text);
}

/* Sorted, and no larger than it is. */
static struct bag keep_bag(struct arena *a, struct bag *b)
{
	struct bag out;

	bag_sort(b);
	out = (struct bag){ARENA_ARRAY(a, struct term, b->n), b->n, b->n};
	if (b->n)
		memcpy(out.v, b->v, b->n * sizeof *b->v);
	return out;
}

/* The term in the course, or NULL. */
static const struct own_term *find_term(const struct bm25 *index, int32_t term, uint32_t item)
{
	size_t n, low = 0;
	const struct own_term *own = bm25_doc(index, item, &n);

	if (term < 0)
		return NULL;
	for (size_t high = n; low < high;) {
		size_t mid = (low + high) / 2;

		if (own[mid].term < (uint32_t)term)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && own[low].term == (uint32_t)term ? &own[low] : NULL;
}

static void add_title(struct content *c, struct arena *a, struct str title, uint32_t item)
{
	struct str normal = normal_text(a, title);
	uint32_t n = c->titles.n, number;

	if (!normal.n)
		return;
	number = intern_put(&c->titles, normal);
	if (number < n)
		return;			  /* an earlier course has it */
	if ((number & (number + 1)) == 0) /* 0, 1, 3, 7 …: room for twice as many */
		c->titled = mem_resize(c->titled, ((size_t)number + 1) * 2, sizeof *c->titled);
	c->titled[number] = item;
}

static void add_titles(struct content *c, struct arena *a, uint32_t item)
{
	const struct course *course = &c->courses->courses[item];
	struct str rest = course->aliases;

	add_title(c, a, course->title, item);
	while (rest.n) {
		size_t end = str_find(rest, STR(";"), 0);

		add_title(c, a, str_sub(rest, 0, end), item);
		rest = str_sub(rest, end == SIZE_MAX ? rest.n : end + 1, rest.n);
	}
}

/* Reading leaves ten times what is kept: a course at a time. */
static void read_courses(struct content *c, struct arena *kept, struct bag *docs, struct bag *heads,
			 struct bag *alike)
{
	struct arena scratch;

	arena_init(&scratch);
	for (uint32_t i = 0; i < c->courses->n; i++) {
		struct bags bags = {0};

		for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
			add_field(c, &scratch, &c->courses->courses[i], &fields[f], &bags);
		docs[i] = keep_bag(kept, &bags.doc);
		heads[i] = keep_bag(kept, &bags.head);
		alike[i] = keep_bag(kept, &bags.alike);
		add_titles(c, &scratch, i);
		arena_reset(&scratch);
	}
	arena_done(&scratch);
}

struct content *content_new(const struct catalogue *courses, const struct lexicon *l)
{
	struct content *c = mem_zalloc(sizeof *c);
	struct bag *docs = mem_zalloc((courses->n + 1) * sizeof *docs);
	struct bag *heads = mem_zalloc((courses->n + 1) * sizeof *heads);
	struct bag *alike = mem_zalloc((courses->n + 1) * sizeof *alike);
	struct arena kept;

	c->courses = courses;
	c->lexicon = l;
	arena_init(&kept);
	intern_init(&c->titles);
	intern_init(&c->latin);
	read_courses(c, &kept, docs, heads, alike);
	c->index = bm25_new(docs, courses->n);
	c->heads = bm25_new(heads, courses->n);
	c->alike = alike_new(c->index, alike);
	arena_done(&kept);
	free(docs);
	free(heads);
	free(alike);
	return c;
}

void content_free(struct content *c)
{
	if (!c)
		return;
	bm25_free(c->index);
	bm25_free(c->heads);
	intern_done(&c->titles);
	intern_done(&c->latin);
	free(c->titled);
	alike_free(c->alike);
	free(c);
}

/* ---- reading a query ---- */

static struct str nearest_word(const struct content *c, struct str word)
{
	if (word.n < 4 || intern_find(&c->latin, word) != INTERN_NONE)
		return STR_NONE;
	return content_nearest(word, c->latin.names, c->latin.n, word.n < 8 ? 1 : 2);
}

static struct content_token read_token(const struct content *c, struct arena *a,
				       const struct token *t)
{
	bool plain = str_eq(t->head, t->text);
	struct content_token out = {t, plain ? token_amount(t) : t->head,
				    content_word_class(t->text) == WORD_TOPIC};

	if (t->kind == TOKEN_WORD && bm25_term(c->index, bag_word(t->head)) < 0) {
		struct str near = nearest_word(c, t->text);

		if (near.n)
			out.word = utterance_stem(a, near);
	}
	return out;
}

void content_read(const struct content *c, struct arena *a, struct str text,
		  struct content_query *out)
{
	*out = (struct content_query){0};
	utterance_read(a, c->lexicon, text, &out->utterance);
	out->tokens = ARENA_ARRAY(a, struct content_token, out->utterance.n);
	for (size_t i = 0; i < out->utterance.n; i++) {
		const struct token *t = &out->utterance.tokens[i];

		if (t->head.n && t->kind != TOKEN_OTHER && content_word_class(t->text) != WORD_STOP)
			out->tokens[out->n++] = read_token(c, a, t);
	}
}

/* ---- matching ---- */

enum { PAIRS_MAX = 8 };

/* The terms a course must have all of to have a word. */
struct needs {
	const struct bm25 *index;
	int32_t terms[PAIRS_MAX];
	size_t n;
};

static void need(struct needs *out, uint64_t key)
{
	out->terms[out->n++] = bm25_term(out->index, key);
}

/* One term; or the pairs of characters of a Chinese word, however the course's words were cut. A
 * single character says too little to be looked for in descriptions (带 is in 带你 everywhere);
 * 画画 is 画. */
static void read_needs(const struct content *c, struct str word, struct needs *out)
{
	uint32_t cp = 0;
	size_t step = word.n ? utf8_decode(word.p, word.n, &cp) : 0;
	struct str first = str_sub(word, 0, step);

	*out = (struct needs){.index = c->index};
	if (!utf8_is_han(cp)) {
		need(out, bag_word(word));
		return;
	}
	if (word.n == step || (word.n == 2 * step && str_eq(str_sub(word, step, word.n), first))) {
		out->index = c->heads;
		need(out, bag_word(first));
		return;
	}
	for (size_t before = 0, at = step; at < word.n && out->n < PAIRS_MAX; at += step) {
		step = utf8_decode(word.p + at, word.n - at, &cp);
		need(out, bag_pair(str_sub(word, before, at + step)));
		before = at;
	}
}

static bool has_all(const struct needs *needs, uint32_t item)
{
	for (size_t i = 0; i < needs->n; i++)
		if (!find_term(needs->index, needs->terms[i], item))
			return false;
	return true;
}

/* 历史学 is about 历史, 声乐类 about 声乐: the subject of a word that names a field, "" for others. */
static struct str subject_of(struct str word)
{
	static const struct str ends[] = {STR_INIT("学"), STR_INIT("类"), STR_INIT("科"),
					  STR_INIT("论"), STR_INIT("术")};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (word.n >= 3 * ends[i].n && str_ends(word, ends[i]))
			return str_sub(word, 0, word.n - ends[i].n);
	return STR_NONE;
}

/* Adds the word's weight (rare words weigh more) times `share` to each course that has it, but not to
 * those that have `other`, too. */
static void add_word(const struct content *c, struct str word, struct str other, float share,
		     float *mass)
{
	const struct posting *p = NULL;
	size_t shortest = SIZE_MAX;
	struct needs needs, others;
	float weight = 0;

	read_needs(c, word, &needs);
	read_needs(c, other, &others);
	for (size_t i = 0; i < needs.n; i++) {
		size_t n;
		const struct posting *list = bm25_postings(needs.index, needs.terms[i], &n);

		if (n < shortest) {
			shortest = n;
			p = list;
			weight = bm25_idf(needs.index, needs.terms[i]);
		}
	}
	for (size_t k = 0; p && k < shortest; k++)
		if (has_all(&needs, p[k].doc) && !(other.n && has_all(&others, p[k].doc)))
			mass[p[k].doc] += weight * share;
}

static void add_token(const struct content *c, struct str word, float *mass)
{
	struct str subject = subject_of(word);

	add_word(c, word, STR_NONE, 1, mass);
	if (subject.n)
		add_word(c, subject, word, subject_share, mass);
}

static bool has_topics(const struct content_query *q)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->tokens[i].topic)
			return true;
	return false;
}

static void score_words(const struct content *c, struct arena *a, const struct content_query *q,
			float *scores)
{
	struct bag b = {0};

	for (size_t i = 0; i < q->n; i++) {
		struct token t = *q->tokens[i].token;

		t.head = q->tokens[i].word;
		bag_add_token(a, &b, &t, BAG_WORDS | BAG_CHARS | BAG_PAIRS, 1);
	}
	bag_sort(&b);
	bm25_score(c->index, &b, scores);
}

size_t content_score(const struct content *c, struct arena *a, const struct content_query *q,
		     float *scores)
{
	size_t n = c->courses->n, matched = 0;
	float *mass = ARENA_ARRAY(a, float, n), most = 0, best = 0;
	bool topics = has_topics(q);

	memset(scores, 0, n * sizeof *scores);
	for (size_t i = 0; i < q->n; i++)
		if (q->tokens[i].topic || !topics)
			add_token(c, q->tokens[i].word, mass);
	for (size_t i = 0; i < n; i++)
		most = fmaxf(most, mass[i]);
	if (most <= 0)
		return 0;
	score_words(c, a, q, scores);
	for (size_t i = 0; i < n; i++) {
		if (mass[i] * 100 < most * BEST_SHARE_PERCENT)
			scores[i] = 0;
		else
			matched++;
		best = fmaxf(best, scores[i]);
	}
	for (size_t i = 0; i < n; i++)
		scores[i] /= best;
	return matched;
}

static bool has_word(const struct content *c, struct str word, uint32_t item)
{
	struct str subject = subject_of(word);
	struct needs needs;

	read_needs(c, word, &needs);
	if (has_all(&needs, item))
		return true;
	read_needs(c, subject, &needs);
	return subject.n && has_all(&needs, item);
}

struct str content_words(const struct content *c, const struct content_query *q, uint32_t item)
{
	size_t from = 0, to = 0, best_from = 0, best_to = 0;
	bool topics = has_topics(q);

	for (size_t i = 0; i < q->n; i++) {
		const struct token *t = q->tokens[i].token;

		if ((topics && !q->tokens[i].topic) || !has_word(c, q->tokens[i].word, item))
			continue;
		if (t->at > to + 1) /* a space may lie between */
			from = t->at;
		to = t->at + t->text.n;
		if (to - from > best_to - best_from) {
			best_from = from;
			best_to = to;
		}
	}
	return best_to ? normal_raw(&q->utterance.normal, best_from, best_to) : STR_NONE;
}

void content_like(const struct content *c, uint32_t item, struct sparse *out)
{
	alike_reach(c->alike, item, out);
}

float content_like_add(const struct content *c, uint32_t item, float weight, struct sparse *work,
		       struct sparse *out)
{
	return alike_add(c->alike, item, weight, work, out);
}

float content_likeness(const struct content *c, uint32_t item, uint32_t other)
{
	return alike_pair(c->alike, item, other);
}

int32_t content_titled(const struct content *c, struct arena *a, struct str title)
{
	uint32_t number = intern_find(&c->titles, normal_text(a, title));

	return number == INTERN_NONE ? -1 : (int32_t)c->titled[number];
}
