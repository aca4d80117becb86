#include "kb/course.h"

const char course_level_names[] = "beginner, intermediate, advanced";
const char course_format_names[] = "video, audio, text, live, vr";

/* What levels and formats are called in catalogues and by learners. */
struct called {
	const char *name;
	const char *also[12];
};

static const struct called levels[] = {
	{"beginner",
	 {"入门", "初级", "零基础", "新手", "小白", "基础", "elementary", "entry level",
	  "introductory", "basic"}},
	{"intermediate", {"中级", "进阶", "提高"}},
	{"advanced", {"高级", "高阶", "精通", "expert"}},
};

static const struct called formats[] = {
	{"video",
	 {"视频", "视频课", "录播", "录播课", "点播", "videos", "recorded", "video course"}},
	{"audio",
	 {"音频", "音频课", "听书", "播客", "podcast", "audiobook", "audio course",
	  "audio lesson"}},
	{"text",
	 {"图文", "图文课", "文字", "文字课", "文章", "电子书", "article", "ebook", "reading",
	  "text course"}},
	{"live",
	 {"直播", "直播课", "直播班", "现场课", "livestream", "live stream", "webinar",
	  "live class", "live course", "live lesson"}},
	{"vr", {"虚拟现实", "vr课", "vr课程", "virtual reality", "xr", "immersive", "沉浸式"}},
};

enum { ALSO = sizeof levels->also / sizeof *levels->also };

static bool is_called(const struct called *c, struct str word)
{
	if (str_eq(word, str_of(c->name)))
		return true;
	for (size_t i = 0; i < ALSO && c->also[i]; i++)
		if (str_eq(word, str_of(c->also[i])))
			return true;
	return false;
}

static const struct called *find(const struct called *list, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++)
		if (is_called(&list[i], word))
			return &list[i];
	return NULL;
}

static const struct called *find_level(struct str word)
{
	return find(levels, sizeof levels / sizeof *levels, word);
}

static const struct called *find_format(struct str word)
{
	return find(formats, sizeof formats / sizeof *formats, word);
}

struct str course_level(struct str word)
{
	const struct called *c = find_level(word);

	return c ? str_of(c->name) : word;
}

struct str course_format(struct str word)
{
	const struct called *c = find_format(word);

	return c ? str_of(c->name) : word;
}

bool course_knows_level(struct str word)
{
	return find_level(word) != NULL;
}

bool course_knows_format(struct str word)
{
	return find_format(word) != NULL;
}
