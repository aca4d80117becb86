#include "kb/content_words.h"

#include <stdlib.h>

/* Sorted by byte. */
static const char *const stops[] = {
	"a",
	"about",
	"all",
	"am",
	"an",
	"and",
	"any",
	"are",
	"be",
	"best",
	"can",
	"class",
	"classes",
	"could",
	"course",
	"courses",
	"do",
	"find",
	"for",
	"from",
	"get",
	"give",
	"good",
	"have",
	"hello",
	"help",
	"hi",
	"how",
	"i",
	"i'd",
	"i'm",
	"in",
	"interested",
	"is",
	"it",
	"know",
	"learn",
	"learning",
	"lesson",
	"lessons",
	"like",
	"looking",
	"me",
	"more",
	"my",
	"need",
	"of",
	"on",
	"online",
	"or",
	"please",
	"recommend",
	"recommendation",
	"recommendations",
	"recommended",
	"show",
	"some",
	"something",
	"study",
	"studying",
	"suggest",
	"take",
	"teach",
	"tell",
	"that",
	"the",
	"there",
	"to",
	"training",
	"want",
	"what",
	"which",
	"with",
	"would",
	"you",
	"your",
	"一下",
	"一个",
	"一些",
	"一点",
	"一门",
	"不",
	"个",
	"为",
	"也",
	"了",
	"些",
	"什么",
	"介绍",
	"他",
	"你",
	"你们",
	"做",
	"儿",
	"关于",
	"几门",
	"到",
	"吗",
	"吧",
	"听",
	"呢",
	"和",
	"哪",
	"哪个",
	"哪些",
	"哪门",
	"啊",
	"在",
	"好",
	"好的",
	"如何",
	"学",
	"学习",
	"学会",
	"对",
	"帮",
	"帮我",
	"开始",
	"很",
	"怎么",
	"怎样",
	"您",
	"想",
	"想学",
	"想要",
	"我",
	"我们",
	"我想",
	"找",
	"把",
	"报",
	"推荐",
	"教",
	"方面",
	"是",
	"最",
	"最好",
	"有",
	"有关",
	"有没有",
	"来",
	"比较",
	"点",
	"的",
	"相关",
	"看",
	"知道",
	"给",
	"给我",
	"老师",
	"能",
	"要",
	"让",
	"请",
	"请问",
	"课",
	"课程",
	"这",
	"适合",
	"那",
	"都",
	"门",
	"需要",
};

static const char *const generals[] = {
	"advanced",  "basic",	     "basics",	     "beginner",     "beginners", "certificate",
	"complete",  "easy",	     "free",	     "fundamentals", "guide",	  "intermediate",
	"intro",     "introduction", "introductory", "practical",    "starter",	  "tutorial",
	"tutorials", "video",	     "videos",	     "中级",	     "免费",	  "入门",
	"全套",	     "初学者",	     "初级",	     "基础",	     "实战",	  "实用",
	"小白",	     "快速",	     "教学",	     "教程",	     "新手",	  "视频",
	"证书",	     "进阶",	     "零",	     "零基础",	     "高级",
};

static int by_bytes(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key, str_of(*(const char *const *)item));
}

static bool listed(struct str word, const char *const *list, size_t n)
{
	return bsearch(&word, list, n, sizeof *list, by_bytes) != NULL;
}

enum word_class content_word_class(struct str word)
{
	if (listed(word, stops, sizeof stops / sizeof *stops))
		return WORD_STOP;
	if (listed(word, generals, sizeof generals / sizeof *generals))
		return WORD_GENERAL;
	return WORD_TOPIC;
}

enum { LETTERS_MAX = 31 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment distance, three rows at a time. */
static size_t distance(struct str a, struct str b)
{
	size_t rows[3][LETTERS_MAX + 1];

	for (size_t j = 0; j <= b.n; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *now = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t d = up[j - 1] + (a.p[i - 1] != b.p[j - 1]);

			d = least(d, least(up[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
				d = least(d, up2[j - 2] + 1);
			now[j] = d;
		}
	}
	return rows[a.n % 3][b.n];
}

struct str content_nearest(struct str word, const struct str *names, size_t n, size_t edits)
{
	struct str best = STR_NONE;
	size_t best_edits = edits + 1;

	if (!word.n || word.n > LETTERS_MAX)
		return STR_NONE;
	for (size_t i = 0; i < n; i++) {
		struct str name = names[i];
		size_t d;

		if (name.n > LETTERS_MAX || name.n + edits < word.n || word.n + edits < name.n ||
		    !name.n || name.p[0] != word.p[0])
			continue;
		d = distance(word, name);
		if (d < best_edits) {
			best_edits = d;
			best = name;
		}
	}
	return best;
}
