#include "tool/heard.h"

#include "intents/regex.h"
#include "text/normal.h"
#include "text/when.h"

const char *difference_name(enum difference d)
{
	static const char *const names[DIFF_CLASSES] = {"lost",	   "intent",  "action",
							"slots",   "context", "text",
							"variant", "slower",  "gained"};

	return names[d];
}

struct judging {
	struct arena *arena;
	const struct ruleset *rules;
	const struct step *step;
	size_t n_step;
	const struct heard *heard;
	struct findings *out;
};

struct str heard_join(struct arena *a, struct strs list, const char *between)
{
	struct buf all = {0};
	struct str out;

	for (size_t i = 0; i < list.n; i++) {
		buf_cstr(&all, i ? between : "");
		buf_str(&all, list.v[i].n ? list.v[i] : STR("(none)"));
	}
	out = arena_str(a, buf_view(&all));
	buf_done(&all);
	return out;
}

static void find(struct judging *j, const struct expect *e, enum difference class, const char *what,
		 struct str expected, struct str got)
{
	const struct finding f = {
		.class = class,
		.mark = e->mark,
		.what = str_of(what),
		.expected = arena_str(j->arena, expected),
		.got = arena_str(j->arena, got),
		.said = j->step->text,
		.step = j->n_step,
		.expect = j->step->n_expects && e >= j->step->expects &&
					  e < j->step->expects + j->step->n_expects
				  ? (size_t)(e - j->step->expects)
				  : EXPECT_WHOLE,
	};

	ARENA_PUSH(j->arena, j->out->v, j->out->n, j->out->cap, f);
}

/* ---- texts: plain, `*` wildcards, /regex/ (as in the rules: on normalised text) ---- */

static bool regex_matches(struct judging *j, struct str pattern, struct str text)
{
	const struct mark nowhere = {0};
	struct diags diags;
	struct regex *re;
	size_t begin, end;
	bool hit;

	diags_init(&diags, false);
	re = regex_new(pattern, nowhere, &diags);
	hit = re && regex_find(re, regex_run_new(j->arena), normal_text(j->arena, text), 0, &begin,
			       &end) == REGEX_HIT;
	regex_unref(re);
	diags_done(&diags);
	return hit;
}

static bool says(struct judging *j, struct str pattern, struct str text)
{
	if (pattern.n > 2 && pattern.p[0] == '/' && pattern.p[pattern.n - 1] == '/')
		return regex_matches(j, str_sub(pattern, 1, pattern.n - 1), text);
	return str_glob(pattern, text);
}

/* `not_says: 抱歉` means nowhere in the text. */
static bool says_anywhere(struct judging *j, struct str pattern, struct str text)
{
	return says(j, pattern, text) || str_find(text, pattern, 0) != SIZE_MAX;
}

static void judge_says(struct judging *j, const struct expect *e)
{
	enum difference class = DIFF_TEXT;

	for (size_t i = 0; i < e->values.n; i++) {
		if (says(j, e->values.v[i], j->heard->text))
			return;
		if (j->rules &&
		    heard_same_answer(j->rules, j->heard->intent, e->values.v[i], j->heard->text))
			class = DIFF_VARIANT;
	}
	find(j, e, class, "says", heard_join(j->arena, e->values, " | "), j->heard->text);
}

static void judge_not_says(struct judging *j, const struct expect *e)
{
	for (size_t i = 0; i < e->values.n; i++)
		if (says_anywhere(j, e->values.v[i], j->heard->text))
			find(j, e, DIFF_TEXT, "not_says", e->values.v[i], j->heard->text);
}

/* ---- names ---- */

static bool any_is(struct strs list, struct str s)
{
	for (size_t i = 0; i < list.n; i++)
		if (str_eq(list.v[i], s))
			return true;
	return false;
}

static enum difference intent_class(const struct expect *e, struct str got)
{
	if (!got.n)
		return DIFF_LOST;
	return e->values.n == 1 && !e->values.v[0].n ? DIFF_GAINED : DIFF_INTENT;
}

static struct str or_none(struct str s)
{
	return s.n ? s : STR("(none)");
}

static void judge_intent(struct judging *j, const struct expect *e)
{
	struct str got = j->heard->intent;

	if (!any_is(e->values, got))
		find(j, e, intent_class(e, got), "intent", heard_join(j->arena, e->values, " | "),
		     or_none(got));
}

static void judge_not_intent(struct judging *j, const struct expect *e)
{
	if (any_is(e->values, j->heard->intent))
		find(j, e, DIFF_INTENT, "not_intent", heard_join(j->arena, e->values, " | "),
		     or_none(j->heard->intent));
}

static void judge_faq(struct judging *j, const struct expect *e)
{
	struct str got = j->heard->intent;
	bool faq = str_starts(got, STR("faq:"));

	if (!faq || !any_is(e->values, str_sub(got, 4, got.n)))
		find(j, e, got.n ? DIFF_INTENT : DIFF_LOST, "faq",
		     heard_join(j->arena, e->values, " | "), or_none(got));
}

static void judge_lang(struct judging *j, const struct expect *e)
{
	if (!any_is(e->values, j->heard->lang))
		find(j, e, DIFF_TEXT, "lang", heard_join(j->arena, e->values, " | "),
		     j->heard->lang);
}

static void judge_source(struct judging *j, const struct expect *e)
{
	if (!any_is(e->values, j->heard->source))
		find(j, e, DIFF_INTENT, "source", heard_join(j->arena, e->values, " | "),
		     j->heard->source);
}

/* ---- lists ---- */

static void judge_buttons(struct judging *j, const struct expect *e)
{
	struct strs got = j->heard->button_titles;
	bool same = got.n == e->values.n;

	for (size_t i = 0; same && i < got.n; i++)
		same = says(j, e->values.v[i], got.v[i]);
	if (!same)
		find(j, e, DIFF_TEXT, "buttons", heard_join(j->arena, e->values, ", "),
		     heard_join(j->arena, got, ", "));
}

static void judge_courses(struct judging *j, const struct expect *e)
{
	struct strs got = j->heard->courses;
	bool good = e->any ? false : got.n >= e->values.n;

	for (size_t i = 0; i < e->values.n; i++) {
		if (e->any && any_is(got, e->values.v[i]))
			good = true;
		if (!e->any && good && !str_eq(got.v[i], e->values.v[i]))
			good = false;
	}
	if (!good)
		find(j, e, DIFF_ACTION, "courses", heard_join(j->arena, e->values, ", "),
		     heard_join(j->arena, got, ", "));
}

/* ---- numbers: "3", ">= 0.8", "< 2" ---- */

static bool compares(struct str condition, double got, bool *readable)
{
	static const char *const ops[] = {">=", "<=", "!=", "==", ">", "<", "="};
	size_t op = 0;
	double want;

	condition = str_trim(condition);
	while (op < 7 && !str_starts(condition, str_of(ops[op])))
		op++;
	if (op < 7)
		condition = str_trim(str_sub(condition, strlen(ops[op]), condition.n));
	*readable = str_to_double(condition, &want);
	switch (op) {
	case 0:
		return got >= want;
	case 1:
		return got <= want;
	case 2:
		return got < want || got > want;
	case 4:
		return got > want;
	case 5:
		return got < want;
	default:
		return got >= want - 1e-9 && got <= want + 1e-9;
	}
}

static void judge_number(struct judging *j, const struct expect *e, const char *what, double got)
{
	bool readable = false;

	if (e->values.n == 1 && compares(e->values.v[0], got, &readable) && readable)
		return;
	find(j, e, DIFF_ACTION, what, heard_join(j->arena, e->values, " | "),
	     arena_printf(j->arena, "%g", got));
}

static void judge_within(struct judging *j, const struct expect *e)
{
	int64_t ms;

	if (e->values.n != 1 || !when_duration(e->values.v[0], &ms))
		find(j, e, DIFF_SLOWER, "within", heard_join(j->arena, e->values, " | "),
		     STR("a duration such as 50ms is needed"));
	else if (j->heard->ms > (double)ms)
		find(j, e, DIFF_SLOWER, "within", e->values.v[0],
		     arena_printf(j->arena, "%.1fms", j->heard->ms));
}

/* ---- what only the process shows ---- */

struct str heard_pairs(struct arena *a, const struct expect_pair *p, size_t n)
{
	struct buf all = {0};
	struct str out;

	for (size_t i = 0; i < n; i++)
		buf_printf(&all, "%s%.*s: %.*s", i ? ", " : "", STR_ARG(p[i].name),
			   STR_ARG(p[i].value));
	out = arena_str(a, buf_view(&all));
	buf_done(&all);
	return out;
}

static bool has_pair(struct judging *j, const struct expect_pair *all, size_t n,
		     const struct expect_pair *want)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].name, want->name) &&
		    (!want->value.n || says(j, want->value, all[i].value)))
			return true;
	return false;
}

static void judge_pairs(struct judging *j, const struct expect *e, const char *what,
			enum difference class, const struct expect_pair *got, size_t n)
{
	for (size_t i = 0; i < e->n_pairs; i++)
		if (!has_pair(j, got, n, &e->pairs[i])) {
			find(j, e, class, what, heard_pairs(j->arena, e->pairs, e->n_pairs),
			     or_none(heard_pairs(j->arena, got, n)));
			return;
		}
}

static void judge_inside(struct judging *j, const struct expect *e)
{
	const struct heard *h = j->heard;

	if (!h->inside) {
		j->out->unseen++;
		return;
	}
	if (e->kind == EXPECT_SLOTS)
		judge_pairs(j, e, "slots", DIFF_SLOTS, h->slots, h->n_slots);
	else if (e->kind == EXPECT_DOES)
		judge_pairs(j, e, "does", DIFF_ACTION, h->does, h->n_does);
	else if (!any_is(e->values, h->context))
		find(j, e, DIFF_CONTEXT, "context", heard_join(j->arena, e->values, " | "),
		     or_none(h->context));
}

static void judge(struct judging *j, const struct expect *e)
{
	switch (e->kind) {
	case EXPECT_SAYS:
		judge_says(j, e);
		break;
	case EXPECT_NOT_SAYS:
		judge_not_says(j, e);
		break;
	case EXPECT_INTENT:
		judge_intent(j, e);
		break;
	case EXPECT_NOT_INTENT:
		judge_not_intent(j, e);
		break;
	case EXPECT_FAQ:
		judge_faq(j, e);
		break;
	case EXPECT_BUTTONS:
		judge_buttons(j, e);
		break;
	case EXPECT_COURSES:
		judge_courses(j, e);
		break;
	case EXPECT_CARDS:
		judge_number(j, e, "cards", (double)j->heard->courses.n);
		break;
	case EXPECT_SCORE:
		judge_number(j, e, "score", j->heard->score);
		break;
	case EXPECT_LANG:
		judge_lang(j, e);
		break;
	case EXPECT_SOURCE:
		judge_source(j, e);
		break;
	case EXPECT_WITHIN:
		judge_within(j, e);
		break;
	case EXPECT_CONTEXT:
	case EXPECT_SLOTS:
	case EXPECT_DOES:
		judge_inside(j, e);
		break;
	}
}

void heard_judge(struct arena *a, const struct ruleset *rules, const struct transcript *t,
		 size_t n_step, const struct heard *h, struct findings *out)
{
	const struct step *step = &t->steps[n_step];
	struct judging j = {a, rules, step, n_step, h, out};
	const struct expect whole = {.mark = step->mark};

	if (step->silent == h->replied && (step->silent || step->n_expects)) {
		find(&j, &whole, step->silent ? DIFF_GAINED : DIFF_LOST, "bot",
		     step->silent ? STR("silent") : STR("a reply"),
		     step->silent ? h->text : STR("silence"));
		return;
	}
	for (size_t i = 0; i < step->n_expects; i++)
		judge(&j, &step->expects[i]);
}
