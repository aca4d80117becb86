#include "intents/regex.h"

#include "intents/pattern.h"
#include "text/utf8.h"

enum {
	SAMPLE_MAX = 512, /* bytes of text made from one pattern */
	ATTACK_SIZE = 64, /* bytes of repetition: a catastrophe shows within 30 characters */
	ATTACKS_MAX = 64,
	NEST_MAX = 64,
};

/* A text is grown alongside the pattern, one character for each item; where something repeats
 * without bound, the text so far with that part repeated and a spoilt end is tried. The whole
 * sample follows, because an engine gives up at once on a text without a character that must come.
 *
 *	订(?:退款|退)+号   whole 订退款退号, repeated part 退款退
 *	                   tried 订退款退退款退退款退…!订退款退号 */
struct attacker {
	const struct regex *regex;
	struct regex_run *run;
	struct arena *arena;
	struct str whole; /* the sample of all of the pattern; empty in the first pass, which makes
			     it */
	char sample[SAMPLE_MAX];
	size_t n, last;	       /* bytes; where the last item began */
	size_t open[NEST_MAX]; /* where the open groups began */
	size_t n_open;
	int tried, limited;
	struct str worst; /* one that hit the limit */
};

static void grow(struct attacker *t, uint32_t cp)
{
	t->last = t->n;
	if (t->n + 4 <= sizeof t->sample)
		t->n += utf8_encode(cp, t->sample + t->n);
}

static uint32_t sample_any(char named)
{
	return named == 'd' ? '1' : named == 's' || named == 'h' ? ' ' : 'a';
}

static void grow_class(struct attacker *t, const struct pattern_item *class_item)
{
	struct pattern_reader members = pattern_members(regex_text(t->regex), class_item);
	struct pattern_item member;
	uint32_t cp = 'a';

	if (!class_item->negated && pattern_member(&members, &member))
		cp = member.kind == PATTERN_ANY ? sample_any(member.named) : member.cp;
	grow(t, cp ? cp : 'a');
}

static void attack(struct attacker *t)
{
	struct str body = {t->sample + t->last, t->n - t->last}, text;
	size_t begin, end, n = t->last;
	char *p;

	if (t->whole.n == 0 || body.n == 0 || t->tried >= ATTACKS_MAX)
		return;
	p = arena_alloc(t->arena, t->last + ATTACK_SIZE + body.n + 1 + t->whole.n);
	memcpy(p, t->sample, t->last);
	while (n < t->last + ATTACK_SIZE) {
		memcpy(p + n, body.p, body.n);
		n += body.n;
	}
	p[n++] = '!';
	memcpy(p + n, t->whole.p, t->whole.n);
	text = (struct str){p, n + t->whole.n};
	t->tried++;
	if (regex_find(t->regex, t->run, text, 0, &begin, &end) == REGEX_LIMIT) {
		t->limited++;
		t->worst = text;
	}
}

static void step(struct attacker *t, const struct pattern_item *item)
{
	switch (item->kind) {
	case PATTERN_CHAR:
		grow(t, item->cp);
		break;
	case PATTERN_ANY:
		grow(t, sample_any(item->named));
		break;
	case PATTERN_CLASS:
		grow_class(t, item);
		break;
	case PATTERN_OPEN:
	case PATTERN_LOOK:
	case PATTERN_LOOK_NOT:
		if (t->n_open < NEST_MAX)
			t->open[t->n_open++] = t->n;
		break;
	case PATTERN_CLOSE:
		t->last = t->n_open ? t->open[--t->n_open] : 0;
		break;
	case PATTERN_REPEAT:
		if (item->max < 0 || item->max >= 10)
			attack(t);
		break;
	default:
		break;
	}
}

static void walk(struct attacker *t)
{
	struct pattern_reader reader = {.text = regex_text(t->regex)};
	struct pattern_item item;

	t->n = t->last = t->n_open = 0;
	while (pattern_next(&reader, &item))
		step(t, &item);
}

/* ---- numbers that lose their digits ---- */

/* Where in  退.*(?<days>\d+)天  the walk is: the gap takes "1" of 退15天, and days is 5. */
enum gap { GAP_NONE, GAP_WIDE, GAP_OPEN, GAP_DIGITS };

struct gap_walk {
	struct str text;
	enum gap gap;
	struct pattern_item wide; /* what repeats in the gap */
	struct str group;	  /* the named one that has begun behind it */
};

static bool is_wide(const struct pattern_item *item)
{
	return item->kind == PATTERN_ANY &&
	       (item->named == '.' || item->named == 'w' || item->named == 'S');
}

static bool is_digit(const struct gap_walk *g, const struct pattern_item *item)
{
	struct pattern_reader members;
	struct pattern_item first;

	if (item->kind == PATTERN_ANY)
		return item->named == 'd';
	if (item->kind != PATTERN_CLASS || item->negated)
		return false;
	members = pattern_members(g->text, item);
	return pattern_member(&members, &first) && first.kind == PATTERN_RANGE && first.cp == '0';
}

/* It takes as much as it can, and may take less. */
static bool is_greedy(const struct gap_walk *g, const struct pattern_item *item)
{
	char last = g->text.p[item->to - 1];
	bool marked = item->to - item->from > 1 && (last == '?' || last == '+');

	return item->kind == PATTERN_REPEAT && !marked &&
	       (item->max < 0 || item->max > item->min) && item->max != 1;
}

static struct str group_name(struct str text, const struct pattern_item *item)
{
	struct str open = str_sub(text, item->from, item->to);
	size_t from = str_find(open, STR("<"), 0);

	return from == SIZE_MAX ? STR_NONE : str_sub(open, from + 1, open.n - 1);
}

/* True: digits of a named group were within reach of the gap before it. */
static bool step_gap(struct gap_walk *g, const struct pattern_item *item)
{
	enum gap was = g->gap;

	g->gap = GAP_NONE;
	if (is_wide(item)) {
		g->wide = *item;
		g->gap = GAP_WIDE;
	} else if (was == GAP_WIDE && is_greedy(g, item)) {
		g->wide.to = item->to;
		g->group = STR_NONE;
		g->gap = GAP_OPEN;
	} else if (was == GAP_OPEN && item->kind == PATTERN_OPEN) {
		g->group = g->group.n ? g->group : group_name(g->text, item);
		g->gap = GAP_OPEN;
	} else if (was == GAP_OPEN && g->group.n && is_digit(g, item)) {
		g->gap = GAP_DIGITS;
	} else if (was == GAP_DIGITS) {
		return is_greedy(g, item);
	}
	return false;
}

static void lint_gaps(const struct regex *r, struct mark mark, struct diags *diags)
{
	struct gap_walk g = {.text = regex_text(r)};
	struct pattern_reader reader = {.text = g.text};
	struct pattern_item item;

	while (pattern_next(&reader, &item)) {
		struct str gap;

		if (!step_gap(&g, &item))
			continue;
		gap = str_sub(g.text, g.wide.from, g.wide.to);
		diags_add(
			diags, DIAG_WARNING, mark, "regex-eats-digits",
			"'%.*s' takes the first digits of <%.*s> and leaves it the last one; write "
			"'%.*s?', or \\b in front of the group",
			"'%.*s' 会把 <%.*s> 前面的数字都吃掉，只给它剩最后一位；请写成 '%.*s?'，"
			"或在这个组前面加 \\b",
			STR_ARG(gap), STR_ARG(g.group), STR_ARG(gap));
	}
}

void regex_lint(const struct regex *r, struct mark mark, struct diags *diags)
{
	struct arena scratch;
	struct attacker t = {.regex = r, .arena = &scratch};
	size_t begin, end;

	lint_gaps(r, mark, diags);
	arena_init(&scratch);
	t.run = regex_run_new(&scratch);
	if (regex_find(r, t.run, STR(""), 0, &begin, &end) == REGEX_HIT)
		diags_add(diags, DIAG_WARNING, mark, "regex-matches-empty",
			  "the regular expression matches the empty text, so it fires on every "
			  "message; make some part of it required",
			  "正则表达式能匹配空文本，因此每条消息都会命中；请让其中一部分必须出现");
	walk(&t);
	t.whole = arena_str(&scratch, (struct str){t.sample, t.n});
	walk(&t);
	if (t.limited > 0)
		diags_add(diags, DIAG_WARNING, mark, "regex-match-limit",
			  "on %d of %d texts made to test it, e.g. '%.*s', the regular expression "
			  "gave "
			  "up after %d steps; avoid a repetition inside a repetition",
			  "在 %d/%d 个测试文本上（例如 '%.*s'），正则表达式超过 %d "
			  "步仍未得出结果；请避免重复之中再套重复",
			  t.limited, t.tried, STR_ARG(t.worst), (int)REGEX_MATCH_LIMIT);
	arena_done(&scratch);
}
