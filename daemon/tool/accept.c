#include "tool/accept.h"

#include <stdlib.h>

#include "intents/yaml_edit.h"
#include "text/mem.h"

struct accepting {
	struct yaml_edit *e;
	const struct expect *expect;
	const struct heard *heard;
	const struct node *in; /* the value is that of pair `i` of this map */
	size_t i;
};

/* ---- values ---- */

static struct node text_or_null(struct str s)
{
	return s.n ? YAML_TEXT(s) : YAML_WORD(STR("null"));
}

/* A text that looks like a /regex/ is none: `*` stands for its first character. */
static struct node text_heard(struct accepting *a)
{
	struct str s = a->heard->text;

	if (s.n > 2 && s.p[0] == '/' && s.p[s.n - 1] == '/')
		s = arena_printf(&a->e->arena, "*%.*s", STR_ARG(str_sub(s, 1, s.n)));
	return YAML_TEXT(s);
}

static struct node list_heard(struct accepting *a, struct strs list)
{
	struct node *items = ARENA_ARRAY(&a->e->arena, struct node, list.n);

	for (size_t i = 0; i < list.n; i++)
		items[i] = YAML_TEXT(list.v[i]);
	return YAML_LIST(items, list.n);
}

static struct node map_heard(struct accepting *a, const struct expect_pair *p, size_t n)
{
	struct node *items = ARENA_ARRAY(&a->e->arena, struct node, 2 * n);

	for (size_t i = 0; i < n; i++) {
		items[2 * i] = YAML_TEXT(p[i].name);
		items[2 * i + 1] = YAML_TEXT(p[i].value);
	}
	return YAML_FLOW_MAP(items, n);
}

static void set(struct accepting *a, struct node value)
{
	yaml_edit_set(a->e, a->in, a->i, value);
}

/* ---- kinds of expectation; false: it is left as it is ---- */

static bool accept_strings(struct accepting *a)
{
	const struct heard *h = a->heard;

	switch (a->expect->kind) {
	case EXPECT_SAYS:
		set(a, text_heard(a));
		return true;
	case EXPECT_INTENT:
		set(a, text_or_null(h->intent));
		return true;
	case EXPECT_CONTEXT:
		set(a, text_or_null(h->context));
		return true;
	case EXPECT_LANG:
		set(a, YAML_TEXT(h->lang));
		return true;
	case EXPECT_SOURCE:
		set(a, YAML_TEXT(h->source));
		return true;
	default:
		return false;
	}
}

/* Another entry; or none, and the key becomes `intent`. */
static bool accept_faq(struct accepting *a)
{
	struct str got = a->heard->intent;

	if (str_starts(got, STR("faq:"))) {
		set(a, YAML_TEXT(str_sub(got, 4, got.n)));
		return true;
	}
	if (yaml_edit_find(a->in, STR("intent")) != SIZE_MAX)
		return false;
	yaml_edit_rename(a->e, a->in, a->i, STR("intent"));
	set(a, text_or_null(got));
	return true;
}

static bool accept_lists(struct accepting *a)
{
	const struct node *value = node_value(a->in, a->i);
	size_t any = yaml_edit_find(value, STR("any"));

	if (a->expect->kind == EXPECT_BUTTONS)
		set(a, list_heard(a, a->heard->button_titles));
	else if (any != SIZE_MAX)
		yaml_edit_set(a->e, value, any, list_heard(a, a->heard->courses));
	else
		set(a, list_heard(a, a->heard->courses));
	return true;
}

static bool accept_numbers(struct accepting *a)
{
	struct arena *arena = &a->e->arena;

	if (a->expect->kind == EXPECT_CARDS)
		set(a, YAML_TEXT(arena_printf(arena, "%zu", a->heard->courses.n)));
	else /* a hundredth less: it is a floor */
		set(a, YAML_TEXT(arena_printf(arena, ">= %.2f",
					      (double)(int)(a->heard->score * 100) / 100)));
	return true;
}

static const struct expect_pair *find_pair(const struct expect_pair *p, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(p[i].name, name))
			return &p[i];
	return NULL;
}

/* Values of names that are still there change in their place; else the whole map does. */
static bool accept_pairs(struct accepting *a, const struct expect_pair *got, size_t n)
{
	const struct node *map = node_value(a->in, a->i);
	struct expect_pair *wanted = ARENA_ARRAY(&a->e->arena, struct expect_pair, map->n + n);
	size_t found = 0;

	for (size_t i = 0; map->kind == NODE_MAP && i < map->n; i++) {
		const struct expect_pair *p = find_pair(got, n, node_key(map, i)->text);

		if (p)
			wanted[found++] = *p;
	}
	if (map->kind != NODE_MAP || found < map->n) {
		set(a, found || a->expect->kind == EXPECT_SLOTS ? map_heard(a, wanted, found)
								: map_heard(a, got, n));
		return true;
	}
	for (size_t i = 0; i < map->n; i++) {
		const struct node *value = node_value(map, i);
		bool same = value->kind == NODE_SCALAR &&
			    (!value->text.n || str_eq(value->text, wanted[i].value));

		if (!same)
			yaml_edit_set(a->e, map, i, YAML_TEXT(wanted[i].value));
	}
	return true;
}

static bool accept_expect(struct accepting *a)
{
	const struct heard *h = a->heard;

	switch (a->expect->kind) {
	case EXPECT_FAQ:
		return accept_faq(a);
	case EXPECT_BUTTONS:
	case EXPECT_COURSES:
		return accept_lists(a);
	case EXPECT_CARDS:
	case EXPECT_SCORE:
		return accept_numbers(a);
	case EXPECT_SLOTS:
		return accept_pairs(a, h->slots, h->n_slots);
	case EXPECT_DOES:
		return accept_pairs(a, h->does, h->n_does);
	default:
		return accept_strings(a);
	}
}

/* ---- a file ---- */

/* The node of what the finding is about, and its new value. */
static bool accept_finding(struct yaml_edit *e, const struct played *p, const struct finding *f)
{
	const struct step *step = &p->transcript->steps[f->step];
	const struct node *turns = node_get(&e->root, STR("turns"));
	const struct node *turn = &turns->items[f->step];
	size_t bot = yaml_edit_find(turn, STR("bot"));
	struct accepting a = {.e = e, .heard = &p->heard[f->step], .in = turn, .i = bot};

	if (f->expect == EXPECT_WHOLE) {
		set(&a, a.heard->replied ? text_heard(&a) : YAML_WORD(STR("silent")));
		return true;
	}
	a.expect = &step->expects[f->expect];
	if (node_value(turn, bot)->kind == NODE_MAP) {
		a.in = node_value(turn, bot);
		a.i = f->expect;
	}
	return accept_expect(&a);
}

static bool seen_before(const struct findings *all, size_t i)
{
	return i > 0 && all->v[i - 1].step == all->v[i].step &&
	       all->v[i - 1].expect == all->v[i].expect;
}

static size_t rewrite(struct yaml_edit *e, const struct played *p, struct accepted *done,
		      struct buf *out)
{
	size_t rewritten = 0;

	for (size_t i = 0; i < p->findings.n; i++) {
		if (!seen_before(&p->findings, i) && accept_finding(e, p, &p->findings.v[i])) {
			rewritten++;
			continue;
		}
		done->left++;
		replay_print_finding(p->transcript, &p->findings.v[i], done->chinese, out);
	}
	return rewritten;
}

static int accept_file(const struct played *p, struct accepted *done, struct buf *out,
		       struct err *err)
{
	struct str file = p->transcript->mark.file;
	char *path = mem_strdup(file);
	struct buf was = {0}, now = {0};
	struct yaml_edit e = {0};
	size_t rewritten = 0;
	int rc = tool_read_file(path, &was, err);

	if (rc == 0) {
		rc = yaml_edit_open(&e, file, buf_view(&was), err);
		if (rc == 0)
			rewritten = rewrite(&e, p, done, out);
		if (rc == 0)
			rc = yaml_edit_finish(&e, &now, err);
		if (rc == 0 && rewritten)
			rc = yaml_edit_save(path, buf_view(&was), buf_view(&now), err);
		yaml_edit_done(&e);
	}
	if (rc == 0) {
		done->rewritten += rewritten;
		done->files += rewritten > 0;
	}
	buf_done(&was);
	buf_done(&now);
	free(path);
	return rc;
}

int accept_all(const struct replay *r, struct accepted *done, struct buf *out, struct err *err)
{
	int rc = 0;

	done->chinese = r->chinese;
	for (size_t i = 0; i < r->n && rc == 0; i++) {
		const struct played *p = &r->v[i];

		if (!p->findings.n)
			continue;
		if (!str_ends(p->transcript->mark.file, STR(".jsonl"))) {
			rc = accept_file(p, done, out, err);
			continue;
		}
		done->left += p->findings.n;
		for (size_t k = 0; k < p->findings.n; k++)
			replay_print_finding(p->transcript, &p->findings.v[k], r->chinese, out);
	}
	return rc;
}
