#include "kb/recommend.h"

#include <math.h>
#include <stdlib.h>

#include "kb/history.h"
#include "kb/intern.h"
#include "kb/recommend_work.h"
#include "text/mem.h"

static void read_fields(struct recommender *r)
{
	r->low = ARENA_ARRAY(&r->arena, struct str, r->courses->n * FIELDS);
	for (size_t i = 0; i < r->courses->n; i++) {
		const struct course *c = &r->courses->courses[i];
		struct str *low = r->low + i * FIELDS;

		low[FIELD_CATEGORY] = normal_text(&r->arena, c->category);
		low[FIELD_LEVEL] = course_level(normal_text(&r->arena, c->level));
		low[FIELD_LANGUAGE] = normal_text(&r->arena, c->language);
		low[FIELD_FORMAT] = course_format(normal_text(&r->arena, c->format));
	}
}

/* ---- categories ---- */

static void find_categories(struct recommender *r)
{
	struct intern names;
	size_t n = r->courses->n;

	intern_init(&names);
	r->category = ARENA_ARRAY(&r->arena, uint32_t, n);
	r->categories = ARENA_ARRAY(&r->arena, struct recommend_category, n);
	for (size_t i = 0; i < n; i++) {
		struct str low = r->low[i * FIELDS + FIELD_CATEGORY];

		r->category[i] = low.n ? intern_put(&names, low) : UINT32_MAX;
		if (low.n && !r->categories[r->category[i]].courses++)
			r->categories[r->category[i]].name = r->courses->courses[i].category;
	}
	r->n_categories = names.n;
	for (size_t i = 0; i < n; i++)
		if (r->category[i] == UINT32_MAX)
			r->category[i] = names.n;
	intern_done(&names);
}

static bool comes_before(const struct recommend_category *a, const struct recommend_category *b)
{
	if (a->interest > b->interest || a->interest < b->interest)
		return a->interest > b->interest;
	return a->courses > b->courses;
}

static void order_categories(struct recommender *r)
{
	r->offered = ARENA_ARRAY(&r->arena, uint32_t, r->n_categories);
	for (uint32_t c = 0; c < r->n_categories; c++) {
		uint32_t at = c;

		for (;
		     at > 0 && comes_before(&r->categories[c], &r->categories[r->offered[at - 1]]);
		     at--)
			r->offered[at] = r->offered[at - 1];
		r->offered[at] = c;
	}
}

/* Popularity within each category: ln(1 + n) / ln(1 + most in it). */
static void rate_at_home(struct recommender *r, const float *interest)
{
	float *own = mem_zalloc((r->courses->n + 1) * sizeof *own);
	size_t n = r->courses->n;

	r->at_home = ARENA_ARRAY(&r->arena, float, n);
	for (size_t i = 0; i < n; i++) {
		uint32_t c = r->category[i];

		if (c == r->n_categories)
			continue;
		r->categories[c].interest += (double)interest[i];
		own[c] = interest[i] > own[c] ? interest[i] : own[c];
	}
	for (size_t i = 0; i < n; i++)
		if (r->category[i] < r->n_categories)
			r->at_home[i] = blend_share(interest[i], own[r->category[i]]);
	free(own);
}

/* Categories with courses in the language of the reply first. */
static void offer(const struct work *w, struct recommended_list *out)
{
	const struct recommender *r = w->r;
	struct str *names = ARENA_ARRAY(w->a, struct str, RECOMMEND_OFFERS);
	bool *speaks = ARENA_ARRAY(w->a, bool, r->n_categories + 1);

	for (uint32_t i = 0; i < r->courses->n; i++)
		if (work_speaks(w, i, w->q->reply_lang))
			speaks[r->category[i]] = true;
	for (int other = 0; other < 2; other++)
		for (size_t i = 0; i < r->n_categories && out->n_categories < RECOMMEND_OFFERS; i++)
			if (speaks[r->offered[i]] == !other)
				names[out->n_categories++] = r->categories[r->offered[i]].name;
	out->categories = names;
}

/* ---- the whole ---- */

struct recommender *recommender_of(const struct catalogue *c, const struct lexicon *l,
				   const struct history *h)
{
	struct recommender *r = mem_zalloc(sizeof *r);

	arena_init(&r->arena);
	r->courses = c;
	r->content = content_new(c, l);
	r->taste = taste_new(c, h);
	r->popular = ARENA_ARRAY(&r->arena, float, c->n);
	blend_popular(h->popular, r->popular, c->n);
	r->is_known = h->n > 0;
	read_fields(r);
	find_categories(r);
	rate_at_home(r, h->popular);
	order_categories(r);
	return r;
}

int recommender_new(const struct catalogue *c, const struct lexicon *l, struct store *s,
		    struct recommender **out, struct err *err)
{
	struct history h;
	int rc = history_read(s, c, &h, err);

	if (rc < 0)
		return rc;
	*out = recommender_of(c, l, &h);
	history_done(&h);
	rc = vectors_read(s, c, &(*out)->vectors, err);
	if (rc < 0)
		recommender_free(*out);
	return rc;
}

void recommender_free(struct recommender *r)
{
	if (!r)
		return;
	content_free(r->content);
	taste_free(r->taste);
	vectors_free(r->vectors);
	arena_done(&r->arena);
	free(r);
}

static struct work begin(const struct recommender *r, struct arena *a,
			 const struct recommend_query *q)
{
	struct work w = {.r = r, .q = q, .a = a};

	for (int p = 0; p < PARTS; p++)
		w.part[p] = ARENA_ARRAY(a, float, r->courses->n);
	work_read(&w);
	return w;
}

void recommend(const struct recommender *r, struct arena *a, const struct recommend_query *q,
	       struct recommended_list *out)
{
	struct work w = begin(r, a, q);

	*out = (struct recommended_list){.text_matched = true};
	if (work_score(&w))
		work_list(&w, out);
	else
		out->text_matched = false;
	if (!out->n)
		offer(&w, out);
}

void recommend_scores(const struct recommender *r, struct arena *a, const struct recommend_query *q,
		      float *scores)
{
	struct work w = begin(r, a, q);
	bool matched = work_score(&w);
	float parts[PARTS];

	for (uint32_t i = 0; i < r->courses->n; i++)
		scores[i] =
			matched && work_is_candidate(&w, i) ? work_parts(&w, i, parts) : -INFINITY;
}
