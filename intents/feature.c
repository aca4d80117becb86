#include "intents/feature.h"

#include "text/utf8.h"

enum { WORD_MAX = 32 };

static const float kind_weight[] = {
	[FEATURE_WORD] = 1.0F,	 [FEATURE_PAIR] = 0.5F, [FEATURE_CHAR] = 0.6F,
	[FEATURE_BIGRAM] = 0.7F, [FEATURE_GRAM] = 0.2F, [FEATURE_ENTITY] = 0.7F,
};

/* Words that say how something is asked rather than what about, and how much of their weight is
 * left. */
static const struct {
	const char *words;
	float left;
} function_words[] = {
	{" 我 你 您 他 她 们 我们 你们 的 了 吗 嘛 呢 啊 吧 呀 哦 啦 哈 是 在 个 这 那 就 都 也 和 "
	 "与 把 给 "
	 "被 让 着 过 很 太 又 还 请 请问 一下 麻烦 帮 帮我 想 要 想要 我想 我要 有 "
	 "会 一 些 点 "
	 "呗 这个 那个 一个 the a an is are am be to of in on at for and or it its this that i me "
	 "my you your "
	 "we us our do doe did can could will would shall should may please thank hi hello hey "
	 "want need get "
	 "with from there have has had so if am i'm i'd i've it's as by ",
	 0.3F},
	{" 怎么 如何 怎样 咋 什么 哪 哪里 哪儿 哪个 能 可以 能不能 可不可以 有没有 是不是 为什么 "
	 "么 怎 样 何 "
	 "可 以 为 怎么办 办 how what where when which who whi why not no don't can't ",
	 0.55F},
};

struct reader {
	struct arena *arena;
	struct features *out;
	uint64_t seen[FEATURES_MAX * 2]; /* hash set; 0 = free */
	uint32_t last_char, last_end;	 /* Chinese character before, and where it ended */
	struct str last_word;
	float last_left;
};

static float weight_left(struct str word)
{
	char spaced[32];

	if (word.n == 0 || word.n + 2 > sizeof spaced)
		return 1;
	spaced[0] = ' ';
	memcpy(spaced + 1, word.p, word.n);
	spaced[word.n + 1] = ' ';
	for (size_t i = 0; i < sizeof function_words / sizeof *function_words; i++) {
		if (str_find(str_of(function_words[i].words), (struct str){spaced, word.n + 2},
			     0) != SIZE_MAX)
			return function_words[i].left;
	}
	return 1;
}

static uint64_t mix(enum feature_kind kind, uint64_t a, uint64_t b)
{
	uint64_t h =
		(a ^ (b * 0x9e3779b97f4a7c15ULL) ^ ((uint64_t)kind << 59)) * 0xff51afd7ed558ccdULL;

	h ^= h >> 32;
	return h ? h : 1;
}

static void add(struct reader *r, enum feature_kind kind, uint64_t a, uint64_t b, float left)
{
	const size_t mask = sizeof r->seen / sizeof *r->seen - 1;
	uint64_t hash = mix(kind, a, b);
	size_t i = hash & mask;

	if (r->out->n == FEATURES_MAX)
		return;
	for (; r->seen[i]; i = (i + 1) & mask) {
		if (r->seen[i] == hash)
			return;
	}
	r->seen[i] = hash;
	ARENA_PUSH(r->arena, r->out->v, r->out->n, r->out->cap,
		   ((struct feature){hash, kind_weight[kind] * left, (uint8_t)kind}));
}

static void read_chars(struct reader *r, struct str text, uint32_t at)
{
	uint32_t cp;

	for (size_t i = 0, step; i < text.n; i += step) {
		float left;

		step = utf8_decode(text.p + i, text.n - i, &cp);
		if (!utf8_is_han(cp))
			continue;
		left = weight_left(str_sub(text, i, i + step));
		add(r, FEATURE_CHAR, cp, 0, left);
		if (r->last_char && r->last_end == at + i)
			add(r, FEATURE_BIGRAM, r->last_char, cp, left < 1 ? 0.7F : 1);
		r->last_char = cp;
		r->last_end = (uint32_t)(at + i + step);
	}
}

static void read_grams(struct reader *r, struct str word, float left)
{
	char framed[WORD_MAX + 2];

	if (word.n < 4 || word.n > WORD_MAX)
		return;
	framed[0] = '^';
	memcpy(framed + 1, word.p, word.n);
	framed[word.n + 1] = '$';
	for (size_t size = 3; size <= 4; size++) {
		for (size_t i = 0; i + size <= word.n + 2; i++)
			add(r, FEATURE_GRAM, str_hash((struct str){framed + i, size}), size, left);
	}
}

static void read_token(struct reader *r, const struct token *t)
{
	struct str word = t->head;
	float left = weight_left(word);

	if (word.n == 0)
		return; /* inside a synonym group that an earlier token stands for */
	add(r, FEATURE_WORD, str_hash(word), 0, left);
	if (r->last_word.n > 0)
		add(r, FEATURE_PAIR, str_hash(r->last_word), str_hash(word),
		    left < r->last_left ? left : r->last_left);
	r->last_word = word;
	r->last_left = left;
	read_chars(r, word, t->at);
	if (t->kind == TOKEN_HAN && r->last_char)
		r->last_end = (uint32_t)(t->at + t->text.n);
	if (t->kind == TOKEN_WORD && str_eq(word, t->stem))
		read_grams(r, word, left);
}

uint64_t feature_entity_hash(struct str name)
{
	return mix(FEATURE_ENTITY, str_hash(name), 0);
}

static void read_entity(struct reader *r, struct str name)
{
	add(r, FEATURE_ENTITY, str_hash(name), 0, 1);
	r->last_word = STR("");
	r->last_char = 0;
}

void features_read(struct arena *a, const struct utterance *u,
		   const struct feature_entity *entities, size_t n_entities, struct features *out)
{
	struct reader *r = ARENA_NEW(a, struct reader);
	size_t next = 0;

	*out = (struct features){0};
	r->arena = a;
	r->out = out;
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
