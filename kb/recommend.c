#include "kb/recommend.h"

#include <math.h>
#include <stdlib.h>

#include "kb/intern.h"
#include "kb/learning.h"
#include "kb/parallel.h"
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

/* What depends on what learners did. */
static void learn(struct recommender *r, struct loom *l)
{
	size_t n = r->courses->n;
	float *interest = mem_alloc((n + 1) * sizeof *interest);

	loom_interest(l, interest);
	r->taste = taste_new(r->courses, loom_weave(l, parallel_cores()), interest);
	r->popular = ARENA_ARRAY(&r->arena, float, n);
	blend_popular(interest, r->popular, n);
	for (size_t i = 0; i < n; i++)
		r->is_known |= interest[i] > 0;
	rate_at_home(r, interest);
	order_categories(r);
	free(interest);
}

static void weigh_taste(struct recommender *r, const struct loom *l, const struct taste_settings *s)
{
	float *interest = mem_alloc((r->courses->n + 1) * sizeof *interest);

	loom_interest(l, interest);
	taste_set(r->taste, s, interest);
	free(interest);
}

void recommender_choose(struct recommender *r, struct learning *l)
{
	float *interest;

	if (l->is_chosen)
		weigh_taste(r, l->loom, &l->taste);
	if (l->is_chosen || !l->profiles)
		return;
	interest = mem_alloc((r->courses->n + 1) * sizeof *interest);
	loom_interest(l->loom, interest);
	taste_choose(r->taste, l->loom, interest, l->profiles);
	free(interest);
	l->taste = *taste_settings(r->taste);
	l->is_chosen = true;
}

struct recommender *recommender_learned(const struct catalogue *c, const struct lexicon *l,
					struct loom *loom, struct vectors *vectors)
{
	struct recommender *r = mem_zalloc(sizeof *r);

	arena_init(&r->arena);
	r->courses = c;
	r->content = content_new(c, l);
	r->vectors = vectors;
	r->scratch = scratch_pool_new(c->n);
	read_fields(r);
	find_categories(r);
	learn(r, loom);
	return r;
}

struct recommender *recommender_renew(const struct recommender *old, struct loom *loom)
{
	struct recommender *r = mem_zalloc(sizeof *r);

	arena_init(&r->arena);
	r->courses = old->courses;
	r->content = old->content;
	r->vectors = old->vectors;
	r->borrows = true;
	r->scratch = scratch_pool_ref(old->scratch);
	r->low = old->low;
	r->category = old->category;
	r->n_categories = old->n_categories;
	r->categories = ARENA_ARRAY(&r->arena, struct recommend_category, r->n_categories);
	for (size_t i = 0; i < r->n_categories; i++) {
		r->categories[i] = old->categories[i];
		r->categories[i].interest = 0;
	}
	learn(r, loom);
	weigh_taste(r, loom, taste_settings(old->taste));
	return r;
}

struct recommender *recommender_of(const struct catalogue *c, const struct lexicon *l,
				   struct profiles *p)
{
	struct learning learning = {.profiles = p};
	struct recommender *r;
	struct history h;

	history_of(p, c, &h);
	learning.loom = loom_new(&h.view, blend_neighbours(c->n));
	r = recommender_learned(c, l, learning.loom, NULL);
	recommender_choose(r, &learning);
	loom_free(learning.loom);
	history_done(&h);
	return r;
}

int recommender_new(const struct catalogue *c, const struct lexicon *l, struct store *s,
		    struct recommender **out, struct err *err)
{
	struct learning learning = {0};
	struct vectors *vectors = NULL;
	int rc = learning_read(&learning, s, c, NULL, err);

	if (rc == 0)
		rc = vectors_read(s, c, &vectors, err);
	if (rc == 0) {
		*out = recommender_learned(c, l, learning.loom, vectors);
		recommender_choose(*out, &learning);
	}
	learning_done(&learning);
	return rc;
}

void recommender_free(struct recommender *r)
{
	if (!r)
		return;
	if (!r->borrows) {
		content_free(r->content);
		vectors_free(r->vectors);
	}
	scratch_pool_free(r->scratch);
	taste_free(r->taste);
	arena_done(&r->arena);
	free(r);
}

static struct work begin(const struct recommender *r, struct arena *a,
			 const struct recommend_query *q, unsigned without)
{
	struct work w = {.r = r, .q = q, .a = a, .s = scratch_take(r->scratch), .without = without};

	work_read(&w);
	if (w.mode == MODE_TEXT)
		w.words = ARENA_ARRAY(a, float, r->courses->n);
	return w;
}

static void list(const struct recommender *r, struct arena *a, const struct recommend_query *q,
		 unsigned without, struct recommended_list *out)
{
	struct work w = begin(r, a, q, without);

	*out = (struct recommended_list){.text_matched = true, .without = without};
	if (work_score(&w))
		work_list(&w, out);
	else
		out->text_matched = false;
	if (!out->n)
		offer(&w, out);
	scratch_give(r->scratch, w.s);
}

void recommend(const struct recommender *r, struct arena *a, const struct recommend_query *q,
	       struct recommended_list *out)
{
	list(r, a, q, 0, out);
}

/* ---- the nearest ---- */

const char *recommend_filter_name(enum recommend_filter f)
{
	static const char *const names[] = {[FILTER_CATEGORY] = "category",
					    [FILTER_LEVEL] = "level",
					    [FILTER_LANGUAGE] = "language",
					    [FILTER_FORMAT] = "format",
					    [FILTER_PRICE] = "price"};

	return names[f];
}

void recommend_filters_put(struct buf *out, unsigned filters, bool chinese)
{
	static const char *const zh[FILTERS] = {[FILTER_CATEGORY] = "类别",
						[FILTER_LEVEL] = "难度",
						[FILTER_LANGUAGE] = "授课语言",
						[FILTER_FORMAT] = "形式",
						[FILTER_PRICE] = "价格"};
	const char *between = "";

	for (enum recommend_filter f = 0; f < FILTERS; f++) {
		if (!(filters & 1u << f))
			continue;
		buf_printf(out, "%s%s", between, chinese ? zh[f] : recommend_filter_name(f));
		between = chinese ? "、" : " and ";
	}
}

bool recommend_has_filter(const struct recommend_query *q, enum recommend_filter f)
{
	const bool has[FILTERS] = {[FILTER_CATEGORY] = q->category.n > 0,
				   [FILTER_LEVEL] = q->level.n > 0,
				   [FILTER_LANGUAGE] = q->lang.n > 0,
				   [FILTER_FORMAT] = q->format.n > 0,
				   [FILTER_PRICE] = q->max_price >= 0 || q->min_price > 0};

	return has[f];
}

void recommend_nearest(const struct recommender *r, struct arena *a,
		       const struct recommend_query *q, struct recommended_list *out)
{
	static const enum recommend_filter order[] = {FILTER_PRICE, FILTER_FORMAT, FILTER_LANGUAGE,
						      FILTER_LEVEL, FILTER_CATEGORY};
	struct recommended_list near = {0};
	unsigned all = 0;

	list(r, a, q, 0, out);
	if (out->n || !out->text_matched)
		return;
	for (size_t i = 0; i < FILTERS && !near.n; i++) {
		if (!recommend_has_filter(q, order[i]))
			continue;
		all |= 1u << order[i];
		list(r, a, q, 1u << order[i], &near);
	}
	if (!near.n && all)
		list(r, a, q, all, &near);
	if (near.n)
		*out = near;
}

void recommend_scores(const struct recommender *r, struct arena *a, const struct recommend_query *q,
		      float *scores)
{
	struct work w = begin(r, a, q, 0);
	bool matched = work_score(&w);
	float parts[PARTS];

	for (uint32_t i = 0; i < r->courses->n; i++)
		scores[i] =
			matched && work_is_candidate(&w, i) ? work_parts(&w, i, parts) : -INFINITY;
	scratch_give(r->scratch, w.s);
}
