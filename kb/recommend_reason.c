#include "kb/recommend_reason.h"

#include "kb/event.h"

/* What was done with the course that led here: taking weighs more than looking. */
enum deed { DEED_LOOKED, DEED_TOOK, DEED_STUDIED, DEEDS };

static enum deed find_deed(unsigned types)
{
	if (types & (1u << EVENT_STUDY | 1u << EVENT_COMPLETE))
		return DEED_STUDIED;
	return types & ~(1u << EVENT_VIEW) ? DEED_TOOK : DEED_LOOKED;
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
