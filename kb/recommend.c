#include "kb/recommend.h"

#include <stdlib.h>

#include "kb/content.h"
#include "kb/history.h"
#include "kb/knn.h"
#include "kb/recommend_blend.h"
#include "kb/recommend_reason.h"
#include "text/mem.h"

/* The score of a course j is a weighted sum of shares, each 0..1 of the best in the catalogue:
 *
 *	words	BM25 of the query's words in the course (content.h)
 *	taste	item kNN over the learner's profile, latest first (knn.h); with `like`, over
 *		that course
 *	alike	likeness of j's words with those of the learner's latest courses; with `like`,
 *		of that course
 *	popular	interest of all learners, logarithmic: ln(1 + n_j) / ln(1 + most)
 *	tongue	1 when j is taught in the language of the reply
 *
 * A query for words leads by words: taste only orders what matches about as well. Without a query
 * taste leads; likeness helps where few have learned (new courses have no neighbours); popularity
 * breaks ties and is all there is for a guest. The weights are in recommend_blend.c. */
enum {
	LATEST = 5, /* courses of the profile whose words count */
	COUNT_MAX = 50,
};

/* Courses that share less than this with the liked one are not like it. */
static const float alike_least = .12f;

struct recommender {
	const struct catalogue *courses;
	struct content *content;
	struct knn *knn;
	float *popular;	 /* share, by course */
	struct str *low; /* normalised category, level, language and format of each course: 4 a
			    course */
	struct arena arena;
};

/* ---- building ---- */

enum field { FIELD_CATEGORY, FIELD_LEVEL, FIELD_LANGUAGE, FIELD_FORMAT, FIELDS };

static void read_fields(struct recommender *r)
{
	for (size_t i = 0; i < r->courses->n; i++) {
		const struct course *c = &r->courses->courses[i];
		struct str *low = r->low + i * FIELDS;

		low[FIELD_CATEGORY] = normal_text(&r->arena, c->category);
		low[FIELD_LEVEL] = normal_text(&r->arena, c->level);
		low[FIELD_LANGUAGE] = normal_text(&r->arena, c->language);
		low[FIELD_FORMAT] = normal_text(&r->arena, c->format);
	}
}

int recommender_new(const struct catalogue *c, const struct lexicon *l, struct store *s,
		    struct recommender **out, struct err *err)
{
	struct recommender *r;
	struct history h;
	int rc = history_read(s, c, &h, err);

	if (rc < 0)
		return rc;
	r = mem_zalloc(sizeof *r);
	arena_init(&r->arena);
	r->courses = c;
	r->content = content_new(c, l);
	r->knn = knn_new(&h.view, blend_neighbours(c->n));
	r->popular = mem_zalloc((c->n + 1) * sizeof *r->popular);
	r->low = ARENA_ARRAY(&r->arena, struct str, c->n * FIELDS);
	blend_popular(h.popular, r->popular, c->n);
	read_fields(r);
	history_done(&h);
	*out = r;
	return 0;
}

void recommender_free(struct recommender *r)
{
	if (!r)
		return;
	content_free(r->content);
	knn_free(r->knn);
	free(r->popular);
	arena_done(&r->arena);
	free(r);
}

/* ---- one question ---- */

enum mode { MODE_TEXT, MODE_LIKE, MODE_LEARNER };

/* The parts of every course's score, and what they were made from. */
struct work {
	const struct recommender *r;
	const struct recommend_query *q;
	struct arena *a;
	enum mode mode;
	struct content_query text;
	int32_t like;		     /* item, or -1 */
	struct interaction *profile; /* in the catalogue, oldest first */
	uint8_t *types;		     /* of each profile item */
	size_t n_profile;
	bool *owned; /* by item */
	float *words, *taste, *alike;
	struct str filter[FIELDS]; /* normalised; "" = any */
};

static void read_profile(struct work *w)
{
	struct profile p = {NULL, 0};
	const unsigned own = 1u << EVENT_ENROLL | 1u << EVENT_PURCHASE | 1u << EVENT_COMPLETE;

	if (w->q->profiles && w->q->user.n)
		p = profiles_of(w->q->profiles, w->q->user);
	w->owned = ARENA_ARRAY(w->a, bool, w->r->courses->n);
	w->profile = ARENA_ARRAY(w->a, struct interaction, p.n);
	w->types = ARENA_ARRAY(w->a, uint8_t, p.n);
	for (size_t i = 0; i < p.n; i++) {
		struct str id = profiles_course(w->q->profiles, p.seen[i].course);
		int32_t item = catalogue_find(w->r->courses, id);

		if (item < 0)
			continue;
		w->owned[item] = p.seen[i].types & own;
		w->types[w->n_profile] = p.seen[i].types;
		w->profile[w->n_profile++] = (struct interaction){(uint32_t)item, p.seen[i].weight,
								  p.seen[i].at_unix_ms};
	}
}

static void read_filters(struct work *w)
{
	w->filter[FIELD_CATEGORY] = normal_text(w->a, w->q->category);
	w->filter[FIELD_LEVEL] = normal_text(w->a, w->q->level);
	w->filter[FIELD_LANGUAGE] = normal_text(w->a, w->q->lang);
	w->filter[FIELD_FORMAT] = normal_text(w->a, w->q->format);
}

/* Words first; a liked course by id or title; a liked course that is unknown is searched as words.
 */
static void read_mode(struct work *w)
{
	const struct recommend_query *q = w->q;
	struct str text = q->text;

	w->like = -1;
	w->mode = MODE_LEARNER;
	if (!text.n && q->like.n) {
		w->like = catalogue_find(w->r->courses, q->like);
		if (w->like < 0)
			w->like = content_titled(w->r->content, w->a, q->like);
		text = q->like;
	}
	if (w->like >= 0) {
		w->mode = MODE_LIKE;
		return;
	}
	if (!text.n)
		return;
	content_read(w->r->content, w->a, text, &w->text);
	if (w->text.n)
		w->mode = MODE_TEXT;
}

static void score_like(struct work *w)
{
	const struct interaction liked = {(uint32_t)w->like, 1, 0};
	size_t n = w->r->courses->n;

	knn_score(w->r->knn, &liked, 1, w->taste);
	blend_scale(w->taste, n);
	content_like(w->r->content, w->a, (uint32_t)w->like, 1, w->alike);
	for (size_t i = 0; i < n; i++)
		if (w->alike[i] < alike_least)
			w->alike[i] = 0;
	w->owned[w->like] = true; /* not like itself */
}

static void score_profile(struct work *w)
{
	knn_score(w->r->knn, w->profile, w->n_profile, w->taste);
	blend_scale(w->taste, w->r->courses->n);
	for (size_t p = 0; p < w->n_profile && p < LATEST; p++) {
		const struct interaction *seen = &w->profile[w->n_profile - 1 - p];

		content_like(w->r->content, w->a, seen->item, knn_recency(seen->weight, p),
			     w->alike);
	}
	blend_scale(w->alike, w->r->courses->n);
}

/* zh is also spoken in zh-cn. */
static bool speaks(const struct work *w, uint32_t item, struct str lang)
{
	struct str low = w->r->low[(size_t)item * FIELDS + FIELD_LANGUAGE];

	return lang.n && str_starts(low, lang) && (low.n == lang.n || low.p[lang.n] == '-');
}

static bool passes(const struct work *w, uint32_t item)
{
	const struct str *low = w->r->low + (size_t)item * FIELDS;
	double price = w->r->courses->courses[item].price;

	if (w->owned[item])
		return false;
	if (w->q->max_price >= 0 && (price < 0 || price > w->q->max_price))
		return false;
	for (int f = 0; f < FIELDS; f++) {
		struct str want = w->filter[f];

		if (want.n && !(f == FIELD_LANGUAGE ? speaks(w, item, want) : str_eq(low[f], want)))
			return false;
	}
	return true;
}

static bool is_candidate(const struct work *w, uint32_t item)
{
	if (!passes(w, item))
		return false;
	if (w->mode == MODE_TEXT)
		return w->words[item] > 0;
	return w->mode == MODE_LEARNER || w->taste[item] > 0 || w->alike[item] > 0;
}

struct ranked {
	uint32_t item;
	float score;
};

/* The `max` best, in order; ties go to the smaller item. */
static size_t rank(const struct work *w, const struct blend *b, struct ranked *best, size_t max)
{
	size_t n = 0;

	for (uint32_t i = 0; i < w->r->courses->n; i++) {
		float score;
		size_t at;

		if (!is_candidate(w, i))
			continue;
		score = b->words * w->words[i] + b->taste * w->taste[i] + b->alike * w->alike[i] +
			b->popular * w->r->popular[i] +
			(speaks(w, i, w->q->reply_lang) ? b->tongue : 0);
		if (n == max && score <= best[n - 1].score)
			continue;
		for (at = n < max ? n++ : n - 1; at > 0 && best[at - 1].score < score; at--)
			best[at] = best[at - 1];
		best[at] = (struct ranked){i, score};
	}
	return n;
}

/* The latest profile course whose words are most like the item's. */
static size_t most_alike(const struct work *w, uint32_t item)
{
	float most = -1;
	size_t best = 0;

	for (size_t p = 0; p < w->n_profile && p < LATEST; p++) {
		const struct interaction *seen = &w->profile[w->n_profile - 1 - p];
		float like = knn_recency(seen->weight, p) *
			     content_likeness(w->r->content, seen->item, item);

		if (like > most) {
			most = like;
			best = w->n_profile - 1 - p;
		}
	}
	return best;
}

static struct reason_from learner_reason(const struct work *w, const struct blend *b, uint32_t item)
{
	float taste = b->taste * w->taste[item], alike = b->alike * w->alike[item];
	float popular = b->popular * w->r->popular[item];
	const struct course *courses = w->r->courses->courses;
	size_t p;

	if (taste > 0 && taste >= alike && taste >= popular) {
		p = knn_strongest(w->r->knn, w->profile, w->n_profile, item);
		return (struct reason_from){REASON_TASTE, courses[w->profile[p].item].title,
					    w->types[p]};
	}
	if (alike > 0 && alike >= popular) {
		p = most_alike(w, item);
		return (struct reason_from){REASON_ALIKE_SEEN, courses[w->profile[p].item].title,
					    w->types[p]};
	}
	if (w->r->popular[item] <= 0)
		return (struct reason_from){.kind = REASON_CATALOGUE};
	if (w->q->category.n)
		return (struct reason_from){REASON_CATEGORY, courses[item].category, 0};
	return (struct reason_from){.kind = REASON_POPULAR};
}

static struct reason_from find_reason(const struct work *w, const struct blend *b, uint32_t item)
{
	if (w->mode == MODE_TEXT)
		return (struct reason_from){REASON_WORDS,
					    content_words(w->r->content, &w->text, item), 0};
	if (w->mode == MODE_LIKE) {
		bool taste = b->taste * w->taste[item] >= b->alike * w->alike[item];

		return (struct reason_from){taste ? REASON_TASTE_LIKE : REASON_ALIKE,
					    w->r->courses->courses[w->like].title, 0};
	}
	return learner_reason(w, b, item);
}

static void write_list(struct work *w, const struct blend *b, const struct ranked *best, size_t n,
		       struct recommended_list *out)
{
	struct recommended *v = ARENA_ARRAY(w->a, struct recommended, n);

	for (size_t i = 0; i < n; i++) {
		struct reason_from from = find_reason(w, b, best[i].item);

		v[i] = (struct recommended){&w->r->courses->courses[best[i].item],
					    (double)best[i].score,
					    reason_text(w->a, &from, w->q->reply_lang)};
	}
	out->v = v;
	out->n = n;
}

void recommend(const struct recommender *r, struct arena *a, const struct recommend_query *q,
	       struct recommended_list *out)
{
	static const struct blend *const blends[] = {[MODE_TEXT] = &blend_for_text,
						     [MODE_LIKE] = &blend_for_like,
						     [MODE_LEARNER] = &blend_for_learner};
	struct work w = {.r = r,
			 .q = q,
			 .a = a,
			 .words = ARENA_ARRAY(a, float, r->courses->n),
			 .taste = ARENA_ARRAY(a, float, r->courses->n),
			 .alike = ARENA_ARRAY(a, float, r->courses->n)};
	struct ranked best[COUNT_MAX];
	size_t count = q->count < COUNT_MAX ? q->count : COUNT_MAX, n;

	*out = (struct recommended_list){.text_matched = true};
	read_profile(&w);
	read_filters(&w);
	read_mode(&w);
	if (w.mode == MODE_TEXT && content_score(r->content, a, &w.text, w.words) == 0) {
		out->text_matched = false;
		return;
	}
	if (w.mode == MODE_LIKE)
		score_like(&w);
	else
		score_profile(&w);
	n = count ? rank(&w, blends[w.mode], best, count) : 0;
	write_list(&w, blends[w.mode], best, n, out);
}
