/* What new rules do differently from old ones at one step of a conversation. */
#include "tool/heard.h"

struct comparing {
	struct arena *arena;
	const struct ruleset *rules;
	const struct transcript *t;
	size_t step;
	const struct heard *was, *now;
	struct findings *out;
};

/* ---- how much it understood ---- */

enum { LEVEL_SILENT, LEVEL_FALLBACK, LEVEL_ASKED, LEVEL_ANSWERED };

static int level_of(const struct heard *h)
{
	if (!h->replied)
		return LEVEL_SILENT;
	if (h->intent.n)
		return LEVEL_ANSWERED;
	return str_eq(h->source, STR("ask")) ? LEVEL_ASKED : LEVEL_FALLBACK;
}

/* "refund: 请告诉我订单号" */
static struct str describe(struct arena *a, const struct heard *h)
{
	static const char *const words[] = {"(silent)", "(fallback)", "(did you mean)"};
	int level = level_of(h);

	if (level == LEVEL_SILENT)
		return str_of(words[0]);
	return arena_printf(a, "%.*s: %.*s",
			    STR_ARG(level == LEVEL_ANSWERED ? h->intent : str_of(words[level])),
			    STR_ARG(h->text));
}

/* ---- the same or not ---- */

static bool same_strs(struct strs a, struct strs b)
{
	for (size_t i = 0; a.n == b.n && i < a.n; i++)
		if (!str_eq(a.v[i], b.v[i]))
			return false;
	return a.n == b.n;
}

static bool same_pairs(const struct expect_pair *a, size_t n_a, const struct expect_pair *b,
		       size_t n_b)
{
	for (size_t i = 0; n_a == n_b && i < n_a; i++)
		if (!str_eq(a[i].name, b[i].name) || !str_eq(a[i].value, b[i].value))
			return false;
	return n_a == n_b;
}

static void find(struct comparing *c, enum difference class, const char *what, struct str expected,
		 struct str got)
{
	const struct step *step = &c->t->steps[c->step];
	const struct finding f = {
		.class = class,
		.mark = step->mark,
		.what = str_of(what),
		.expected = arena_str(c->arena, expected.n ? expected : STR("(none)")),
		.got = arena_str(c->arena, got.n ? got : STR("(none)")),
		.said = step->text,
		.step = c->step,
		.expect = EXPECT_WHOLE,
	};

	ARENA_PUSH(c->arena, c->out->v, c->out->n, c->out->cap, f);
}

/* ---- the kinds of difference, each true when it was found ---- */

static bool compare_intent(struct comparing *c)
{
	int was = level_of(c->was), now = level_of(c->now);
	enum difference class = now < was ? DIFF_LOST : now > was ? DIFF_GAINED : DIFF_INTENT;

	if (was == now && str_eq(c->was->intent, c->now->intent))
		return false;
	find(c, class, "intent", describe(c->arena, c->was), describe(c->arena, c->now));
	return true;
}

static bool compare_action(struct comparing *c)
{
	const struct heard *was = c->was, *now = c->now;

	if (!same_pairs(was->does, was->n_does, now->does, now->n_does)) {
		find(c, DIFF_ACTION, "does", heard_pairs(c->arena, was->does, was->n_does),
		     heard_pairs(c->arena, now->does, now->n_does));
		return true;
	}
	if (same_strs(was->courses, now->courses))
		return false;
	find(c, DIFF_ACTION, "courses", heard_join(c->arena, was->courses, ", "),
	     heard_join(c->arena, now->courses, ", "));
	return true;
}

static bool compare_slots(struct comparing *c)
{
	const struct heard *was = c->was, *now = c->now;

	if (same_pairs(was->slots, was->n_slots, now->slots, now->n_slots))
		return false;
	find(c, DIFF_SLOTS, "slots", heard_pairs(c->arena, was->slots, was->n_slots),
	     heard_pairs(c->arena, now->slots, now->n_slots));
	return true;
}

static bool compare_context(struct comparing *c)
{
	if (str_eq(c->was->context, c->now->context))
		return false;
	find(c, DIFF_CONTEXT, "context", c->was->context, c->now->context);
	return true;
}

static bool compare_text(struct comparing *c)
{
	const struct heard *was = c->was, *now = c->now;

	if (!str_eq(was->text, now->text)) {
		bool variant = heard_same_answer(c->rules, now->intent, was->text, now->text);

		find(c, variant ? DIFF_VARIANT : DIFF_TEXT, "says", was->text, now->text);
		return true;
	}
	if (!same_strs(was->button_titles, now->button_titles)) {
		find(c, DIFF_TEXT, "buttons", heard_join(c->arena, was->button_titles, ", "),
		     heard_join(c->arena, now->button_titles, ", "));
		return true;
	}
	if (str_eq(was->lang, now->lang))
		return false;
	find(c, DIFF_TEXT, "lang", was->lang, now->lang);
	return true;
}

/* Far beyond what another process at the same time, or a cold cache, could do: a rule that backtracks. */
enum { SLOWER_MS = 20, SLOWER_TIMES = 4 };

static bool compare_time(struct comparing *c)
{
	double was = c->was->ms, now = c->now->ms;

	if (now < was + SLOWER_MS || now < was * SLOWER_TIMES)
		return false;
	find(c, DIFF_SLOWER, "time", arena_printf(c->arena, "%.1f ms", was),
	     arena_printf(c->arena, "%.1f ms", now));
	return true;
}

void heard_compare(struct arena *a, const struct ruleset *rules, const struct transcript *t,
		   size_t step, const struct heard *was, const struct heard *now,
		   struct findings *out)
{
	static bool (*const kinds[])(struct comparing *) = {compare_intent, compare_action,
							    compare_slots,  compare_context,
							    compare_text,   compare_time};
	struct comparing c = {a, rules, t, step, was, now, out};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i](&c))
			return;
}
