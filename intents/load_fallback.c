/* `fallback:` and `settings:`: what holds for the whole file. */
#include "intents/loader.h"

#include <stdlib.h>

/* A path, relative to the file that names it. The matcher opens it. */
static void load_vectors(struct loader *l, const struct node *v, void *field)
{
	struct str *path = field;

	if (v->kind != NODE_SCALAR || !v->text.n || memchr(v->text.p, '\0', v->text.n)) {
		load_expected(l, v, "the name of a file", "文件名");
		return;
	}
	if (v->text.p[0] == '/')
		*path = load_keep(l, v->text);
	else
		*path = arena_printf(l->keep, "%.*s%.*s", STR_ARG(load_folder_of(l->file)),
				     STR_ARG(v->text));
	l->rs->settings.vectors_mark = load_mark(l, v);
}

static const struct load_key settings_keys[] = {
	{"answer_at", load_fraction, offsetof(struct rule_settings, answer_at), "fraction",
	 "Confidence to answer outright; default 0.75"},
	{"ask_at", load_fraction, offsetof(struct rule_settings, ask_at), "fraction",
	 "From here to answer_at: did you mean; default 0.45"},
	{"margin", load_fraction, offsetof(struct rule_settings, margin), "fraction",
	 "Best two closer than this: did you mean; default 0.08"},
	{"typos", load_typos, offsetof(struct rule_settings, typos), "typos",
	 "Typing mistakes that are forgiven: off, auto, 1 or 2"},
	{"welcome_buttons", load_strs, offsetof(struct rule_settings, welcome_buttons), "strings",
	 "Buttons of the first message"},
	{"vectors", load_vectors, offsetof(struct rule_settings, vectors), "scalar",
	 "File of word vectors, relative to this file; ./dev vectors makes one"},
	{"hours", load_hours, 0, "strings",
	 "When people are there: Mon-Fri 09:00-18:00, 2026-10-01..2026-10-07 closed"},
	{"timezone", load_timezone, offsetof(struct rule_settings, hours), "scalar",
	 "Time zone of hours, as Asia/Shanghai or +08:00; default the machine's"},
	{"experiments", load_experiments, 0, "experiments",
	 "Variants that learners are shared out to, and what is hoped of them"},
};
const struct load_table load_settings_table = LOAD_TABLE(settings_keys);

void load_settings(struct loader *l, const struct node *v, void *unused)
{
	struct rule_settings *s = &l->rs->settings;

	(void)unused;
	load_set_where(l, "settings", "设置 settings ", STR_NONE);
	load_map(l, v, &load_settings_table, s);
	if (s->hours.n && !s->hours.zone.n && !s->hours.zone.ruled &&
	    !zone_load(l->keep, STR_NONE, &s->hours.zone))
		s->hours.zone = (struct zone){.ruled = true};
	if (v->kind == NODE_MAP && s->answer_at < s->ask_at)
		LOAD_ERROR(l, v, "thresholds",
			   "answer_at (%g) is below ask_at (%g); it must not be, or nothing is "
			   "ever asked",
			   "answer_at（%g）小于 ask_at（%g）；应当不小于它，否则永远不会反问",
			   s->answer_at, s->ask_at);
}

/* ---- after so many misses ---- */

static void load_after_map(struct loader *l, const struct node *v, struct fallback_after *after,
			   struct action_list *acts)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct node *key = node_key(v, i), *value = node_value(v, i);

		l->key_node = key;
		if (str_eq(key->text, STR("answer")))
			load_text(l, value, &after->text);
		else if (str_eq(key->text, STR("do")))
			load_do(l, value, acts);
		else
			load_verb(l, key, value, acts);
	}
}

static void load_after_entry(struct loader *l, const struct node *key, const struct node *v,
			     struct fallback_after *out)
{
	struct action_list acts = {0};

	l->key_node = key;
	load_count(l, key, &out->misses);
	if (v->kind == NODE_MAP)
		load_after_map(l, v, out, &acts);
	else
		load_do(l, v, &acts);
	out->acts = (struct actions){LOAD_KEEP_ITEMS(l, acts.v, acts.n), acts.n};
}

static int by_misses(const void *a, const void *b)
{
	const struct fallback_after *x = a, *y = b;

	return (x->misses > y->misses) - (x->misses < y->misses);
}

static void load_after(struct loader *l, const struct node *v, void *field)
{
	struct fallback *fallback = field;
	const struct node *outer = l->key_node;
	struct fallback_after *after;

	if (!load_is(l, v, NODE_MAP))
		return;
	after = ARENA_ARRAY(l->keep, struct fallback_after, v->n);
	for (size_t i = 0; i < v->n; i++)
		load_after_entry(l, node_key(v, i), node_value(v, i), &after[i]);
	qsort(after, v->n, sizeof *after, by_misses);
	fallback->after = after;
	fallback->n = v->n;
	l->key_node = outer;
}

static const struct load_key fallback_keys[] = {
	{"answer", load_text, offsetof(struct fallback, text), "text",
	 "Said when nothing is understood"},
	{"after", load_after, 0, "after", "What happens at the nth miss in a row"},
};
const struct load_table load_fallback_table =
	LOAD_TEXT_TABLE(fallback_keys, offsetof(struct fallback, text));

void load_fallback(struct loader *l, const struct node *v, void *unused)
{
	(void)unused;
	load_set_where(l, "fallback", "兜底 fallback ", STR_NONE);
	if (v->kind == NODE_MAP)
		load_map(l, v, &load_fallback_table, &l->rs->fallback);
	else
		load_text(l, v, &l->rs->fallback.text);
}
