#include "tool/coverage.h"

void coverage_init(struct coverage *c, struct arena *a, const struct ruleset *rules)
{
	size_t blocks = 0;

	*c = (struct coverage){.rules = rules,
			       .intents = ARENA_ARRAY(a, size_t, rules->n_intents),
			       .faq = ARENA_ARRAY(a, size_t, rules->n_faq),
			       .first = ARENA_ARRAY(a, size_t, rules->n_intents + 1),
			       .beaten = ARENA_ARRAY(a, size_t, rules->n_intents),
			       .by = ARENA_ARRAY(a, size_t, rules->n_intents)};
	for (size_t i = 0; i < rules->n_intents; i++) {
		c->first[i] = blocks;
		blocks += rules->intents[i].n_blocks;
	}
	c->first[rules->n_intents] = blocks;
	c->blocks = ARENA_ARRAY(a, size_t, blocks);
}

/* ---- counting ---- */

static bool same_place(struct mark a, struct mark b)
{
	return a.line == b.line && a.col == b.col && str_eq(a.file, b.file);
}

/* Is the place that of the block, or of a phrase or pattern in it? */
static bool is_of(const struct block *b, struct mark m)
{
	for (size_t i = 0; i < b->n; i++)
		if (same_place(b->phrases[i].mark, m))
			return true;
	return same_place(b->mark, m);
}

static void count_blocks(struct coverage *c, const struct intent *it, const struct considered *won)
{
	for (size_t b = 0; b < it->n_blocks; b++)
		for (size_t i = 0; i < won->n_reasons; i++)
			if (is_of(&it->blocks[b], won->reasons[i].mark)) {
				c->blocks[c->first[it->index] + b]++;
				break;
			}
}

static void count_beaten(struct coverage *c, const struct considered *lost, size_t winner)
{
	const struct intent *it = rule_intent(c->rules, lost->intent);

	if (!it || lost->source != SOURCE_RULE)
		return;
	c->beaten[it->index]++;
	if (!c->by[it->index] || winner + 1 < c->by[it->index])
		c->by[it->index] = winner + 1;
}

static void count_intent(struct coverage *c, const struct reply *r, const struct intent *it)
{
	bool decided = r->source == SOURCE_RULE || r->source == SOURCE_PHRASE ||
		       r->source == SOURCE_CONTEXT;

	c->intents[it->index]++;
	for (size_t i = 0; decided && i < r->n_considered; i++) {
		const struct considered *each = &r->considered[i];

		if (str_eq(each->intent, it->name))
			count_blocks(c, it, each);
		else
			count_beaten(c, each, it->index);
	}
}

void coverage_count(struct coverage *c, const struct reply *r)
{
	const struct intent *it = rule_intent(c->rules, r->intent);
	const struct faq_entry *entry =
		str_starts(r->intent, STR("faq:"))
			? rule_faq(c->rules, str_sub(r->intent, 4, r->intent.n))
			: NULL;

	if (it)
		count_intent(c, r, it);
	else if (entry)
		c->faq[entry - c->rules->faq]++;
	else if (r->source == SOURCE_ASK)
		c->asked++;
	else
		c->fallbacks++;
}

static void add(size_t *into, const size_t *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		into[i] += from[i];
}

void coverage_merge(struct coverage *into, const struct coverage *from)
{
	const struct ruleset *rs = into->rules;

	add(into->intents, from->intents, rs->n_intents);
	add(into->faq, from->faq, rs->n_faq);
	add(into->blocks, from->blocks, into->first[rs->n_intents]);
	add(into->beaten, from->beaten, rs->n_intents);
	for (size_t i = 0; i < rs->n_intents; i++)
		if (from->by[i] && (!into->by[i] || from->by[i] < into->by[i]))
			into->by[i] = from->by[i];
	into->fallbacks += from->fallbacks;
	into->asked += from->asked;
}

/* ---- telling ---- */

static const char *kind_name(const struct block *b)
{
	static const char *const names[] = {[BLOCK_PHRASES] = "phrases",
					    [BLOCK_KEYWORDS] = "keywords",
					    [BLOCK_REGEX] = "regex"};

	return names[b->kind];
}

bool coverage_shadowed(const struct coverage *c, size_t i)
{
	return c->beaten[i] && !c->intents[i];
}

/* A list of names that goes on over the words of one line, and stops at a screen of it. */
enum { NAMES_MAX = 40 };

struct listing {
	struct buf *out;
	bool chinese;
	const char *title;
	size_t n;
};

static void list(struct listing *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void list(struct listing *l, const char *fmt, ...)
{
	va_list ap;

	if (l->n == 0)
		buf_cstr(l->out, l->title);
	if (l->n++ >= NAMES_MAX)
		return;
	buf_cstr(l->out, l->chinese ? (l->n > 1 ? "、" : "") : l->n > 1 ? ", " : " ");
	va_start(ap, fmt);
	buf_vprintf(l->out, fmt, ap);
	va_end(ap);
}

static void list_end(struct listing *l)
{
	if (l->n > NAMES_MAX)
		buf_printf(l->out, l->chinese ? "，还有 %zu 个" : " and %zu more",
			   l->n - NAMES_MAX);
	if (l->n)
		buf_char(l->out, '\n');
}

static size_t reached(const size_t *counts, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += counts[i] > 0;
	return sum;
}

static void print_names(const struct coverage *c, bool zh, struct buf *out)
{
	struct listing intents = {out, zh, zh ? "从未命中的意图：" : "intents never reached:", 0},
		       faq = {out, zh,
			      zh ? "从未命中的常见问题：" : "FAQ entries never reached:", 0},
		       shadowed = {out, zh, zh ? "总被盖过的意图：" : "shadowed:", 0};

	for (size_t i = 0; i < c->rules->n_intents; i++)
		if (!c->intents[i])
			list(&intents, "%.*s", STR_ARG(c->rules->intents[i].name));
	list_end(&intents);
	for (size_t i = 0; i < c->rules->n_faq; i++)
		if (!c->faq[i])
			list(&faq, "%.*s", STR_ARG(c->rules->faq[i].id));
	list_end(&faq);
	for (size_t i = 0; i < c->rules->n_intents; i++)
		if (coverage_shadowed(c, i))
			list(&shadowed,
			     zh ? "%.*s（命中 %zu 次，每次都输给别的意图，先是 %.*s）"
				: "%.*s (hit %zu times, always beaten, first by %.*s)",
			     STR_ARG(c->rules->intents[i].name), c->beaten[i],
			     STR_ARG(c->rules->intents[c->by[i] - 1].name));
	list_end(&shadowed);
}

/* Rules of intents that were reached another way; those of the others go without saying. */
static void print_blocks(const struct coverage *c, bool zh, struct buf *out)
{
	struct listing blocks = {out, zh, zh ? "从未触发的规则：" : "rules that never fired:", 0};

	for (size_t i = 0; i < c->rules->n_intents; i++) {
		const struct intent *it = &c->rules->intents[i];

		for (size_t b = 0; c->intents[i] && b < it->n_blocks; b++)
			if (!c->blocks[c->first[i] + b])
				list(&blocks, zh ? "%.*s:%d %s（%.*s）" : "%.*s:%d %s of %.*s",
				     STR_ARG(it->blocks[b].mark.file), it->blocks[b].mark.line,
				     kind_name(&it->blocks[b]), STR_ARG(it->name));
	}
	list_end(&blocks);
}

void coverage_print(const struct coverage *c, bool zh, struct buf *out)
{
	const struct ruleset *rs = c->rules;
	size_t blocks = c->first[rs->n_intents];

	buf_printf(out,
		   zh ? "覆盖：意图 %zu/%zu，规则 %zu/%zu，常见问题 %zu/%zu\n"
		      : "coverage: %zu of %zu intents, %zu of %zu rules, %zu of %zu FAQ entries\n",
		   reached(c->intents, rs->n_intents), rs->n_intents, reached(c->blocks, blocks),
		   blocks, reached(c->faq, rs->n_faq), rs->n_faq);
	print_names(c, zh, out);
	print_blocks(c, zh, out);
}

static void json_blocks(const struct coverage *c, struct buf *out)
{
	json_key(out, "rules_never_fired");
	json_open(out, '[');
	for (size_t i = 0; i < c->rules->n_intents; i++)
		for (size_t b = 0; b < c->rules->intents[i].n_blocks; b++) {
			const struct block *block = &c->rules->intents[i].blocks[b];

			if (c->blocks[c->first[i] + b])
				continue;
			json_open(out, '{');
			json_kstr(out, "intent", c->rules->intents[i].name);
			json_kstr(out, "kind", str_of(kind_name(block)));
			json_kstr(out, "file", block->mark.file);
			json_kint(out, "line", block->mark.line);
			json_close(out, '}');
		}
	json_close(out, ']');
}

static void json_shadowed(const struct coverage *c, struct buf *out)
{
	json_key(out, "shadowed");
	json_open(out, '[');
	for (size_t i = 0; i < c->rules->n_intents; i++) {
		if (!coverage_shadowed(c, i))
			continue;
		json_open(out, '{');
		json_kstr(out, "intent", c->rules->intents[i].name);
		json_kstr(out, "by", c->rules->intents[c->by[i] - 1].name);
		json_kint(out, "times", (int64_t)c->beaten[i]);
		json_close(out, '}');
	}
	json_close(out, ']');
}

void coverage_json(const struct coverage *c, struct buf *out)
{
	json_key(out, "intents_never_reached");
	json_open(out, '[');
	for (size_t i = 0; i < c->rules->n_intents; i++)
		if (!c->intents[i])
			json_str(out, c->rules->intents[i].name);
	json_close(out, ']');
	json_key(out, "faq_never_reached");
	json_open(out, '[');
	for (size_t i = 0; i < c->rules->n_faq; i++)
		if (!c->faq[i])
			json_str(out, c->rules->faq[i].id);
	json_close(out, ']');
	json_blocks(c, out);
	json_shadowed(c, out);
}
