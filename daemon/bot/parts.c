/* A message of several sentences that says nothing sure as a whole, part by part.
 *
 *	您好，我想了解一下。我女儿今年七岁。请问钢琴课多少钱一节？
 *	-> 您好，我想了解一下 | 我女儿今年七岁 | 请问钢琴课多少钱一节	<- this one is sure
 *
 * Sentences first, then clauses. Parts are asked of phrases and the FAQ only: rules have seen the
 * whole message, and what keeps one from firing (none, an anchor) may stand in another part. */
#include "bot/steps.h"

#include "text/utf8.h"

enum {
	PARTS_MAX = 12,	     /* of a message; the rest is not read */
	PART_WORDS_MIN = 2,  /* one word alone is no question */
	PART_ASKS_BYTES = 4, /* a shorter part is a name or a number */
};

enum cut { CUT_SENTENCES, CUT_CLAUSES };

/* ---- where parts end ---- */

/* '.' and ',' stand inside numbers and names, too: only a space makes them ends. */
static bool ends_part(struct str text, size_t i, uint32_t cp, enum cut cut)
{
	static const uint32_t sentence[] = {'!',    '?',    ';',    '\n',   0x3002,
					    0xFF01, 0xFF1F, 0xFF1B, 0x2026, 0xFF0E};
	bool spaced = i + 1 == text.n || text.p[i + 1] == ' ';

	if (cp == '.')
		return spaced;
	if (cut == CUT_CLAUSES && (cp == ',' || cp == ':'))
		return spaced;
	if (cut == CUT_CLAUSES && (cp == 0xFF0C || cp == 0xFF1A || cp == ' '))
		return cp != ' ' || (i > 0 && (unsigned char)text.p[i - 1] >= 0x80);
	for (size_t k = 0; k < sizeof sentence / sizeof *sentence; k++) {
		if (cp == sentence[k])
			return true;
	}
	return false;
}

/* The last ones, when there are more: what is asked mostly comes at the end. */
static size_t cut_parts(struct str text, enum cut cut, struct str parts[PARTS_MAX])
{
	size_t n = 0, from = 0, len;

	for (size_t i = 0; i < text.n; i += len) {
		uint32_t cp;
		struct str part;

		len = utf8_decode(text.p + i, text.n - i, &cp);
		if (!ends_part(text, i, cp, cut) && i + len < text.n)
			continue;
		/* With its sign: a question mark says something. */
		part = str_trim(str_sub(text, from, i + len));
		from = i + len;
		if (part.n < PART_ASKS_BYTES)
			continue;
		if (n == PARTS_MAX)
			memmove(parts, parts + 1, --n * sizeof *parts);
		parts[n++] = part;
	}
	return n;
}

/* Leaves out what was read before: a sentence without clauses. */
static size_t only_new(struct str parts[PARTS_MAX], size_t n, const struct str *read, size_t n_read)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < n_read && (read[k].p != parts[i].p || read[k].n != parts[i].n))
			k++;
		if (k == n_read)
			parts[kept++] = parts[i];
	}
	return kept;
}

/* ---- what says nothing of the question ---- */

/* A part of these words alone greets, thanks or leads in. Normalised, in the order of their bytes. */
static const char social[][16] = {
	"a",	     "about",	  "afternoon",	 "again", "all",     "also",	 "am",
	"an",	     "and",	  "another",	 "any",	  "are",     "ask",	 "bye",
	"cheers",    "day",	  "dear",	 "doing", "evening", "everyone", "for",
	"good",	     "goodbye",	  "great",	 "has",	  "have",    "hello",	 "help",
	"here",	     "hey",	  "hi",		 "hope",  "i",	     "i'd",	 "i'm",
	"in",	     "info",	  "information", "is",	  "just",    "know",	 "later",
	"like",	     "lot",	  "me",		 "more",  "morning", "much",	 "my",
	"nice",	     "now",	  "ok",		 "okay",  "one",     "please",	 "question",
	"questions", "quick",	  "see",	 "short", "sir",     "small",	 "so",
	"some",	     "something", "team",	 "thank", "thanks",  "the",	 "then",
	"there",     "thing",	  "things",	 "to",	  "two",     "very",	 "well",
	"wonder",    "wondering", "would",	 "you",	  "your",    "一下",	 "一个",
	"下",	     "下午好",	  "个",		 "了",	  "了解",    "了解一下", "事",
	"事情",	     "亲",	  "亲爱",	 "你",	  "你们",    "你好",	 "再见",
	"几个",	     "另外",	  "同学",	 "吗",	  "呀",	     "呃",	 "呢",
	"咨询",	     "咨询一下",  "哈喽",	 "哈罗",  "哎",	     "哦",	 "啊",
	"啦",	     "嗨",	  "嗯",		 "在",	  "在吗",    "多谢",	 "大家",
	"大家好",    "太",	  "好",		 "好的",  "对了",    "小",	 "就是",
	"您",	     "您好",	  "想",		 "想要",  "想问",    "感谢",	 "我",
	"我们",	     "打扰",	  "打扰一下",	 "拜拜",  "早上",    "是",	 "晚上好",
	"有",	     "有个",	  "有人",	 "点",	  "然后",    "的",	 "老师",
	"要",	     "请教",	  "请教一下",	 "请问",  "谢谢",    "谢谢您",	 "还有",
	"这样",	     "这样的",	  "这边",	 "那",	  "那个",    "问",	 "问一下",
	"问下",	     "问问",	  "问题",	 "非常",  "麻烦",
};

static bool is_social(struct str word)
{
	size_t low = 0, high = sizeof social / sizeof *social;

	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = str_cmp(word, str_of(social[mid]));

		if (order == 0)
			return true;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

static bool asks_something(const struct utterance *u)
{
	size_t n = 0;

	for (size_t i = 0; i < u->n; i++)
		n += u->tokens[i].kind != TOKEN_OTHER && !is_social(u->tokens[i].text);
	return u->n >= PART_WORDS_MIN && n > 0;
}

/* ---- deciding ---- */

/* What the parts of one cut said. */
struct heard {
	struct option sure[ASK_BUTTONS_MAX]; /* of what parts are sure of, each target once */
	struct str texts[ASK_BUTTONS_MAX];   /* the part of each, as it was read */
	size_t n_sure;
	struct decision maybe; /* of the part that comes nearest without being sure */
	struct str maybe_text;
	const struct considered *considered; /* of the part that was kept last */
	size_t n_considered;
};

static bool same_target(const struct option *a, const struct option *b)
{
	if (!a->intent || !b->intent)
		return !a->intent && !b->intent && a->faq == b->faq;
	return a->intent->intent == b->intent->intent;
}

static bool among(const struct option *o, const struct option *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (same_target(o, &v[i]))
			return true;
	}
	return false;
}

/* As typed, then as probably meant. */
static void decide_part(struct turn *t, struct str part, struct decision *d)
{
	struct reading typed;
	struct decision again;

	t->spelling = NULL;
	utterance_read(&t->arena, t->snapshot->lexicon, part, &t->utterance);
	*d = (struct decision){0};
	if (!asks_something(&t->utterance))
		return;
	reading_match(t);
	decide_reading(t, d);
	if (!decision_is_sure(d) && reading_correct(t, &typed)) {
		decide_reading(t, &again);
		if (again.n)
			*d = again;
	}
	if (d->n && d->options[0].intent && d->options[0].intent->source == MATCH_RULE)
		d->n = 0;
}

static void hear_part(struct turn *t, struct str part, struct heard *h)
{
	struct decision d;

	decide_part(t, part, &d);
	if (!d.n)
		return;
	if (decision_is_sure(&d)) {
		if (h->n_sure == ASK_BUTTONS_MAX || among(&d.options[0], h->sure, h->n_sure))
			return;
		h->texts[h->n_sure] = t->utterance.normal.text;
		h->sure[h->n_sure++] = d.options[0];
	} else {
		if (h->n_sure || (h->maybe.n && d.options[0].score <= h->maybe.options[0].score))
			return;
		h->maybe_text = t->utterance.normal.text;
		h->maybe = d;
	}
	h->considered = t->reply.considered;
	h->n_considered = t->reply.n_considered;
}

static void hear_parts(struct turn *t, const struct str *parts, size_t n, struct heard *h)
{
	const struct utterance whole = t->utterance;
	const struct matches matches = t->matches;
	const struct spelling *spelling = t->spelling;
	const struct considered *considered = t->reply.considered;
	size_t n_considered = t->reply.n_considered;

	*h = (struct heard){0};
	for (size_t i = 0; i < n; i++)
		hear_part(t, parts[i], h);
	t->utterance = whole;
	t->matches = matches;
	t->spelling = spelling;
	t->reply.considered = considered;
	t->reply.n_considered = n_considered;
}

/* One sure part answers, unless the whole points elsewhere; else all are offered. */
static void settle(const struct heard *h, struct decision *d)
{
	bool alone = h->n_sure == 1 && (!d->n || among(&h->sure[0], d->options, d->n));
	struct decision whole = *d;

	*d = (struct decision){.verdict = VERDICT_ASK};
	for (size_t i = 0; i < h->n_sure; i++)
		d->options[d->n++] = h->sure[i];
	if (alone)
		d->verdict = h->sure[0].intent ? VERDICT_INTENT : VERDICT_FAQ;
	for (size_t i = 0; !alone && i < whole.n && d->n < OPTIONS_MAX; i++) {
		if (!among(&whole.options[i], d->options, d->n))
			d->options[d->n++] = whole.options[i];
	}
}

/* The parts' candidates before those of the whole that they do not name. */
static void consider(struct turn *t, const struct considered *parts, size_t n)
{
	const struct considered *whole = t->reply.considered;
	size_t all = n;
	struct considered *v = ARENA_ARRAY(&t->arena, struct considered, n + t->reply.n_considered);

	memcpy(v, parts, n * sizeof *v);
	for (size_t i = 0; i < t->reply.n_considered; i++) {
		size_t k = 0;

		while (k < n && !str_eq(v[k].intent, whole[i].intent))
			k++;
		if (k == n)
			v[all++] = whole[i];
	}
	t->reply.considered = v;
	t->reply.n_considered = all;
}

static void keep(struct turn *t, const struct heard *h, const struct str *texts, size_t n)
{
	struct str *kept = ARENA_ARRAY(&t->arena, struct str, n);

	memcpy(kept, texts, n * sizeof *kept);
	t->parts = (struct strs){kept, n};
	consider(t, h->considered, h->n_considered);
}

/* True: a part is sure. */
static bool decide_parts(struct turn *t, const struct str *parts, size_t n, struct decision *d)
{
	/* With more to guess from, nonsense comes near something more often. */
	const double least = (t->tuning.ask_at + t->tuning.answer_at) / 2;
	struct heard h;

	hear_parts(t, parts, n, &h);
	if (h.n_sure) {
		settle(&h, d);
		keep(t, &h, h.texts, h.n_sure);
	} else if (!d->n && h.maybe.n && h.maybe.options[0].score >= least) {
		*d = h.maybe;
		keep(t, &h, &h.maybe_text, 1);
	}
	return h.n_sure;
}

void parts_decide(struct turn *t, struct decision *d)
{
	struct str sentences[PARTS_MAX], clauses[PARTS_MAX];
	struct str raw = t->typed.normal.raw;
	size_t n = cut_parts(raw, CUT_SENTENCES, sentences), n_clauses;

	if (n > 1 && decide_parts(t, sentences, n, d))
		return;
	n_clauses = cut_parts(raw, CUT_CLAUSES, clauses);
	if (n_clauses > n)
		decide_parts(t, clauses, only_new(clauses, n_clauses, sentences, n > 1 ? n : 0), d);
}

/* ---- more than one question ---- */

static void consider_also(struct turn *t, const struct option *o)
{
	const struct considered *whole = t->reply.considered;
	size_t n = t->reply.n_considered;
	struct considered *v = ARENA_ARRAY(&t->arena, struct considered, n + 1);
	struct considered *c = &v[n];

	memcpy(v, whole, n * sizeof *v);
	*c = (struct considered){.score = o->score, .verdict = STR("another sentence asks it")};
	if (o->intent) {
		c->intent = o->intent->intent->name;
		c->source = SOURCE_PHRASE;
		c->reasons = o->intent->reasons;
		c->n_reasons = o->intent->n_reasons;
	} else {
		c->intent = arena_printf(&t->arena, "faq:%.*s",
					 STR_ARG(t->snapshot->rules->faq[o->faq].id));
		c->source = SOURCE_FAQ;
	}
	t->reply.considered = v;
	t->reply.n_considered = n + 1;
}

void parts_also(struct turn *t, struct decision *d)
{
	struct str parts[PARTS_MAX];
	size_t n = cut_parts(t->typed.normal.raw, CUT_SENTENCES, parts);
	struct heard h;

	if (n < 2)
		n = cut_parts(t->typed.normal.raw, CUT_CLAUSES, parts);
	if (n < 2)
		return;
	hear_parts(t, parts, n, &h);
	for (size_t i = 0; i < h.n_sure; i++) {
		const struct option *o = &h.sure[i];

		if (same_target(o, &d->options[0]) || (o->intent && !o->intent->intent->title.n))
			continue;
		d->also[d->n_also++] = *o;
		consider_also(t, o);
	}
}
