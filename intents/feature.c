#include "intents/feature.h"

#include "intents/strmap.h"
#include "text/utf8.h"

enum {
	WORD_MAX = 32, /* bytes of a word whose letters are looked at */
	GRAM_WORD_MIN = 4,
	GRAM_MIN = 3,
	GRAM_MAX = 4,
};

/* Measured on CLINC150, BANKING77, MASSIVE (zh, en), HINT3 and three small sets: flat around these.
 */
static const float kind_weight[] = {
	[FEATURE_WORD] = 1.0F,	 [FEATURE_PAIR] = 0.5F, [FEATURE_CHAR] = 1.2F,
	[FEATURE_BIGRAM] = 0.7F, [FEATURE_GRAM] = 0.2F, [FEATURE_ENTITY] = 0.7F,
};

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

struct feature_words {
	struct strmap index; /* word -> index in function_words */
};

struct reader {
	struct arena *arena;
	const struct feature_words *words;
	struct features *out;
	uint64_t *seen;		      /* hash set; 0 = free */
	size_t mask;		      /* its size - 1 */
	uint32_t last_char, last_end; /* Chinese character before, and where it ended */
	float last_char_common;
	struct str last_word;
	float last_common;
};

const struct feature_words *feature_words_new(struct arena *a)
{
	struct feature_words *w = ARENA_NEW(a, struct feature_words);

	for (uint32_t i = 0; i < sizeof function_words / sizeof *function_words; i++) {
		struct str list = str_of(function_words[i].words);

		for (size_t from = 0, to; from < list.n; from = to + 1) {
			to = str_find(list, STR(" "), from);
			to = to == SIZE_MAX ? list.n : to;
			strmap_put(a, &w->index, str_sub(list, from, to), i);
		}
	}
	return w;
}

static float how_common(const struct reader *r, struct str word)
{
	const uint32_t *i = strmap_get(&r->words->index, word);

	return i ? function_words[*i].common : 0;
}

/* Of two in a row: half as common as the rarer one. */
static float both_common(float a, float b)
{
	return (a < b ? a : b) / 2;
}

static uint64_t mix(enum feature_kind kind, uint64_t a, uint64_t b)
{
	uint64_t h = a ^ (b * 0x9e3779b97f4a7c15ULL) ^ ((uint64_t)kind << 59);

	h *= 0xff51afd7ed558ccdULL;
	h ^= h >> 32;
	return h ? h : 1;
}

static void add(struct reader *r, enum feature_kind kind, uint64_t a, uint64_t b, float common)
{
	uint64_t hash = mix(kind, a, b);
	size_t i = hash & r->mask;

	if (r->out->n == FEATURES_MAX)
		return;
	for (; r->seen[i]; i = (i + 1) & r->mask) {
		if (r->seen[i] == hash)
			return;
	}
	r->seen[i] = hash;
	ARENA_PUSH(r->arena, r->out->v, r->out->n, r->out->cap,
		   ((struct feature){hash, kind_weight[kind], common, (uint8_t)kind}));
}

static void read_chars(struct reader *r, struct str text, uint32_t at)
{
	uint32_t cp;

	for (size_t i = 0, step; i < text.n; i += step) {
		float common;

		step = utf8_decode(text.p + i, text.n - i, &cp);
		if (!utf8_is_han(cp))
			continue;
		common = how_common(r, str_sub(text, i, i + step));
		add(r, FEATURE_CHAR, cp, 0, common);
		if (r->last_char && r->last_end == at + i)
			add(r, FEATURE_BIGRAM, r->last_char, cp,
			    both_common(common, r->last_char_common));
		r->last_char = cp;
		r->last_char_common = common;
		r->last_end = (uint32_t)(at + i + step);
	}
}

static void read_grams(struct reader *r, struct str word, float common)
{
	char framed[WORD_MAX + 2];

	if (word.n < GRAM_WORD_MIN || word.n > WORD_MAX)
		return;
	framed[0] = '^';
	memcpy(framed + 1, word.p, word.n);
	framed[word.n + 1] = '$';
	for (size_t size = GRAM_MIN; size <= GRAM_MAX; size++) {
		for (size_t i = 0; i + size <= word.n + 2; i++) {
			struct str gram = {framed + i, size};

			add(r, FEATURE_GRAM, str_hash(gram), size, common);
		}
	}
}

static void read_token(struct reader *r, const struct token *t)
{
	struct str word = t->head;
	float common = how_common(r, word);

	if (word.n == 0)
		return; /* inside a synonym group that an earlier token stands for */
	add(r, FEATURE_WORD, str_hash(word), 0, common);
	if (r->last_word.n > 0)
		add(r, FEATURE_PAIR, str_hash(r->last_word), str_hash(word),
		    both_common(common, r->last_common));
	r->last_word = word;
	r->last_common = common;
	read_chars(r, word, t->at);
	if (t->kind != TOKEN_HAN)
		r->last_char = 0;
	r->last_end = (uint32_t)(t->at + t->text.n);
	if (t->kind == TOKEN_WORD && str_eq(word, t->stem))
		read_grams(r, word, common);
}

uint64_t feature_entity_hash(struct str name)
{
	return mix(FEATURE_ENTITY, str_hash(name), 0);
}

static void read_entity(struct reader *r, struct str name)
{
	add(r, FEATURE_ENTITY, str_hash(name), 0, 0);
	r->last_word = STR("");
	r->last_char = 0;
}

/* Features there may be: a byte of a word begins three at most. */
static size_t count_most(const struct utterance *u, size_t n_entities)
{
	size_t most = n_entities;

	for (size_t i = 0; i < u->n; i++) {
		const struct token *t = &u->tokens[i];

		most += 3 * (t->head.n > t->text.n ? t->head.n : t->text.n) + 2;
	}
	return most < FEATURES_MAX ? most : FEATURES_MAX;
}

void features_read(struct arena *a, const struct feature_words *words, const struct utterance *u,
		   const struct feature_entity *entities, size_t n_entities, struct features *out)
{
	size_t most = count_most(u, n_entities), size = 64, next = 0;
	struct reader reader = {.arena = a, .words = words, .out = out}, *r = &reader;

	while (size < 2 * most)
		size *= 2;
	r->mask = size - 1;
	r->seen = ARENA_ARRAY(a, uint64_t, size);
	*out = (struct features){0};
	for (size_t i = 0; i < u->n; i++) {
		const struct token *t = &u->tokens[i];

		for (; next < n_entities && entities[next].to <= t->at; next++)
			read_entity(r, entities[next].name);
		if (next < n_entities && entities[next].from < t->at + t->text.n)
			continue; /* said by the entity */
		if (t->kind != TOKEN_OTHER)
			read_token(r, t);
	}
	for (; next < n_entities; next++)
		read_entity(r, entities[next].name);
}
