#include "intents/common.h"

#include "intents/strmap.h"

/* Words that say how something is asked rather than what about, and in what share of all questions
 * one of them stands. */
static const struct {
	const char *words;
	float common;
} function_words[] = {
	{"我 你 您 他 她 们 我们 你们 的 了 吗 嘛 呢 啊 吧 呀 哦 啦 哈 是 在 个 这 那 就 都 也 和 "
	 "与 把 给 "
	 "被 让 着 过 很 太 又 还 请 请问 一下 麻烦 帮 帮我 想 要 想要 我想 我要 有 会 一 些 点 呗 "
	 "这个 那个 "
	 "一个 the a an is are am be to of in on at for and or it its this that i me my you your "
	 "we us our do "
	 "doe did can could will would shall should may please want need get with from there have "
	 "has had so "
	 "if am i'm i'd i've it's as by",
	 0.20F},
	{"怎么 如何 怎样 咋 什么 哪 哪里 哪儿 哪个 能 可以 能不能 可不可以 有没有 是不是 为什么 么 "
	 "怎 样 何 可 "
	 "以 为 怎么办 怎么样 办 how what where when which who whi why not no don't can't",
	 0.08F},
};

/* Most words are none of these: a map of what the words look like tells nearly all of them. */
enum { LOOKS = 2048 };

struct common {
	struct strmap index; /* word -> index in function_words */
	uint64_t looks[LOOKS / 64];
};

/* By length, last letter and the one in the middle; of a Chinese character, all that tells it from the next. */
static size_t look_of(struct str word)
{
	size_t last = (unsigned char)word.p[word.n - 1];
	size_t middle = (unsigned char)word.p[word.n / 2];

	return (last ^ middle << 5 ^ word.n << 3) % LOOKS;
}

static void put_word(struct arena *a, struct common *c, struct str word, uint32_t i)
{
	size_t look = look_of(word);

	strmap_put(a, &c->index, word, i);
	c->looks[look / 64] |= UINT64_C(1) << look % 64;
}

const struct common *common_new(struct arena *a)
{
	struct common *c = ARENA_NEW(a, struct common);

	for (uint32_t i = 0; i < sizeof function_words / sizeof *function_words; i++) {
		struct str list = str_of(function_words[i].words);

		for (size_t from = 0, to; from < list.n; from = to + 1) {
			to = str_find(list, STR(" "), from);
			to = to == SIZE_MAX ? list.n : to;
			put_word(a, c, str_sub(list, from, to), i);
		}
	}
	return c;
}

float common_share(const struct common *c, struct str word)
{
	size_t look = word.n ? look_of(word) : 0;
	const uint32_t *i = NULL;

	if (word.n && (c->looks[look / 64] >> look % 64 & 1))
		i = strmap_get(&c->index, word);
	return i ? function_words[*i].common : 0;
}
