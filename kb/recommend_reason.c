#include "kb/recommend_reason.h"

/* ---- which ---- */

/* The latest seed whose content is most like the item's. */
static size_t most_alike(const struct work *w, uint32_t item)
{
	float most = -1;
	size_t best = 0;

	for (size_t p = 0; p < w->seeds.n && (w->seeds.asked || p < RECOMMEND_LATEST); p++) {
		const struct interaction *seen = &w->seeds.v[w->seeds.n - 1 - p];
		float like = (w->seeds.asked ? 1 : knn_recency(seen->weight, p)) *
			     work_likeness(w->r, seen->item, item);

		if (like > most) {
			most = like;
			best = w->seeds.n - 1 - p;
		}
	}
	return best;
}

static struct reason_from from_seed(const struct work *w, enum reason_kind asked,
				    enum reason_kind seen, size_t seed)
{
	return (struct reason_from){w->seeds.asked ? asked : seen,
				    w->r->courses->courses[w->seeds.v[seed].item].title,
				    w->seeds.types[seed]};
}

static enum recommend_part largest(const float parts[PARTS])
{
	enum recommend_part best = PART_WORDS;

	for (int p = 0; p < PARTS; p++)
		if (p != PART_TONGUE && parts[p] > parts[best])
			best = (enum recommend_part)p;
	return best;
}

struct reason_from reason_find(const struct work *w, uint32_t item, const float parts[PARTS])
{
	struct str category = w->r->courses->courses[item].category;
	enum recommend_part part = largest(parts);

	if (parts[part] <= 0)
		return (struct reason_from){.kind = w->r->is_known ? REASON_NEW : REASON_CATALOGUE};
	if (part == PART_WORDS)
		return (struct reason_from){REASON_WORDS,
					    content_words(w->r->content, &w->text, item), 0};
	if (part == PART_TASTE)
		return from_seed(
			w, REASON_TASTE_LIKE, REASON_TASTE,
			knn_strongest(taste_knn(w->r->taste), w->seeds.v, w->seeds.n, item));
	if (part == PART_ALIKE)
		return from_seed(w, REASON_ALIKE, REASON_ALIKE_SEEN, most_alike(w, item));
	/* Asked to be like others and not like them, it is here for its category (rank_at_home). */
	if (part == PART_FIELD || w->q->category.n ||
	    (w->mode == MODE_LIKE && parts[PART_TASTE] <= 0 && parts[PART_ALIKE] <= 0))
		return (struct reason_from){REASON_CATEGORY, category, 0};
	return (struct reason_from){.kind = REASON_POPULAR};
}

const char *reason_name(enum reason_kind kind)
{
	static const char *const names[] = {
		[REASON_WORDS] = "words",	 [REASON_TASTE] = "taste",
		[REASON_TASTE_LIKE] = "taste",	 [REASON_ALIKE] = "alike",
		[REASON_ALIKE_SEEN] = "alike",	 [REASON_CATEGORY] = "category",
		[REASON_POPULAR] = "popular",	 [REASON_NEW] = "new",
		[REASON_CATALOGUE] = "catalogue"};

	return names[kind];
}

/* ---- in words ---- */

/* What was done with the course that led here: taking weighs more than looking. */
enum deed { DEED_LOOKED, DEED_TOOK, DEED_STUDIED, DEEDS };

static enum deed find_deed(unsigned types)
{
	if (types & (1u << EVENT_STUDY | 1u << EVENT_COMPLETE))
		return DEED_STUDIED;
	return types & ~(1u << EVENT_VIEW | 1u << EVENT_DISMISS | 1u << EVENT_UNDISMISS)
		       ? DEED_TOOK
		       : DEED_LOOKED;
}

struct sentence {
	const char *before, *after; /* of what */
};

struct words {
	struct sentence zh[DEEDS], en[DEEDS];
};

#define ANY(before, after)                                                                         \
	{                                                                                          \
		{before, after}, {before, after},                                                  \
		{                                                                                  \
			before, after                                                              \
		}                                                                                  \
	}

static const struct words table[] = {
	[REASON_WORDS] = {ANY("与“", "”匹配"), ANY("Matches “", "”")},
	[REASON_TASTE] = {{{"看过《", "》的同学也在学"},
			   {"选过《", "》的同学也在学"},
			   {"学过《", "》的同学也在学"}},
			  {{"Because you viewed ", ""},
			   {"Because you took ", ""},
			   {"Because you studied ", ""}}},
	[REASON_TASTE_LIKE] = {ANY("学过《", "》的同学也在学"),
			       ANY("Learners of ", " also take this")},
	[REASON_ALIKE] = {ANY("与《", "》内容相近"), ANY("Similar to ", "")},
	[REASON_ALIKE_SEEN] = {{{"与你看过的《", "》内容相近"},
				{"与你选过的《", "》内容相近"},
				{"与你学过的《", "》内容相近"}},
			       {{"Similar to ", ", which you viewed"},
				{"Similar to ", ", which you took"},
				{"Similar to ", ", which you studied"}}},
	[REASON_CATEGORY] = {ANY("“", "”类热门课程"), ANY("Popular in ", "")},
	[REASON_POPULAR] = {ANY("很多同学在学", ""), ANY("Popular with learners", "")},
	[REASON_NEW] = {ANY("新上架，来做第一位同学", ""), ANY("New: be the first to take it", "")},
	[REASON_CATALOGUE] = {ANY("课程目录中的课程", ""), ANY("From our catalogue", "")},
};

struct str reason_text(struct arena *a, const struct reason_from *from, struct str lang)
{
	const struct words *words = &table[from->kind];
	enum deed deed = find_deed(from->types);
	const struct sentence *s =
		str_starts(lang, STR("zh")) ? &words->zh[deed] : &words->en[deed];

	return arena_printf(a, "%s%.*s%s", s->before, STR_ARG(from->what), s->after);
}
