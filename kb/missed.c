#include "kb/missed.h"

#include <math.h>
#include <stdlib.h>

#include "kb/missed_merge.h"
#include "text/mem.h"

#define NONE UINT32_MAX

enum {
	LONG = 300,    /* a term that so many leaders have is left for the last look */
	FINALISTS = 8, /* leaders that get one */
};

/* Which leaders have a term, and with what weight. */
struct holder {
	uint32_t form;
	float weight;
};
struct holders {
	struct holder *v;
	size_t n, cap;
};

struct grouping {
	struct arena scratch;
	const struct missed_forms *forms;
	struct holders *by_term;
	uint32_t *leader;  /* by form: the form it goes with */
	float *sum;	   /* by form; 0 between looks */
	uint32_t *touched; /* forms whose sum is not 0 */
	size_t n_touched;
};

static float likeness(const struct missed_form *a, const struct missed_form *b)
{
	float sum = 0;

	for (size_t i = 0, k = 0; i < a->n_terms && k < b->n_terms;) {
		if (a->v[i].term < b->v[k].term) {
			i++;
		} else if (a->v[i].term > b->v[k].term) {
			k++;
		} else {
			sum += a->v[i++].weight * b->v[k++].weight;
		}
	}
	return sum;
}

static void lead(struct grouping *g, uint32_t form)
{
	const struct missed_form *f = &g->forms->v[form];

	g->leader[form] = form;
	for (size_t i = 0; i < f->n_terms; i++) {
		struct holders *h = &g->by_term[f->v[i].term];

		ARENA_PUSH(&g->scratch, h->v, h->n, h->cap,
			   ((struct holder){form, f->v[i].weight}));
	}
}

/* Sums of what the leaders share with the form; returns how much the terms that were left out can add. */
static float sum_up(struct grouping *g, const struct missed_form *f)
{
	float left = 0;

	g->n_touched = 0;
	for (size_t i = 0; i < f->n_terms; i++) {
		const struct holders *h = &g->by_term[f->v[i].term];
		float weight = f->v[i].weight;

		if (h->n > LONG) {
			left += weight * weight;
			continue;
		}
		for (size_t k = 0; k < h->n; k++) {
			float *sum = &g->sum[h->v[k].form];

			if (*sum == 0)
				g->touched[g->n_touched++] = h->v[k].form;
			*sum += weight * h->v[k].weight;
		}
	}
	return sqrtf(left);
}

struct finalist {
	float sum;
	uint32_t form;
};

/* Into a list in order: the highest sum first, of equals the form met more often. */
static void enter(struct finalist *v, size_t *n, struct finalist one)
{
	size_t i = *n;

	while (i &&
	       (v[i - 1].sum < one.sum || (v[i - 1].sum == one.sum && v[i - 1].form > one.form)))
		i--;
	if (i == FINALISTS)
		return;
	*n += *n < FINALISTS;
	memmove(&v[i + 1], &v[i], (*n - i - 1) * sizeof *v);
	v[i] = one;
}

/* The leader that is nearest; NONE when none is near. Of equals the one met more often. */
static uint32_t nearest(struct grouping *g, uint32_t form)
{
	const struct missed_form *f = &g->forms->v[form];
	struct finalist v[FINALISTS];
	float left = sum_up(g, f), best = MISSED_LIKE;
	uint32_t found = NONE;
	size_t n = 0;

	for (size_t i = 0; i < g->n_touched; i++) {
		struct finalist one = {g->sum[g->touched[i]], g->touched[i]};

		g->sum[one.form] = 0;
		if (one.sum + left >= MISSED_LIKE)
			enter(v, &n, one);
	}
	for (size_t i = 0; i < n; i++) {
		float like = likeness(f, &g->forms->v[v[i].form]);

		if (like > best || (like == best && v[i].form < found)) {
			best = like;
			found = v[i].form;
		}
	}
	return found;
}

/* Few are compared each with each; of more, those near the same leader go together first. */
static void group(struct grouping *g)
{
	uint32_t n = (uint32_t)g->forms->n;

	if (n <= MISSED_MERGE_MOST) {
		for (uint32_t i = 0; i < n; i++)
			g->leader[i] = i;
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		g->leader[i] = nearest(g, i);
		if (g->leader[i] == NONE)
			lead(g, i);
	}
	/* Leaders that came later may be nearer. */
	for (uint32_t i = 0; i < n; i++) {
		uint32_t better = g->leader[i] == i ? NONE : nearest(g, i);

		if (better != NONE)
			g->leader[i] = better;
	}
}

/* ---- groups ---- */

struct making {
	struct arena *a;
	const struct missed *messages;
	const struct missed_forms *forms;
	const uint32_t *leader;
};

struct newest {
	int64_t at;
	uint32_t place, message; /* place: a later one of the same time */
};

static int newest_first(const void *pa, const void *pb)
{
	const struct newest *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at > b->at ? -1 : 1;
	return (a->place < b->place) - (a->place > b->place);
}

static void sort_members(const struct missed *messages, uint32_t *v, size_t n)
{
	struct newest *all = mem_alloc(n * sizeof *all);

	for (size_t i = 0; i < n; i++)
		all[i] = (struct newest){messages[v[i]].at_unix_ms, (uint32_t)i, v[i]};
	qsort(all, n, sizeof *all, newest_first);
	for (size_t i = 0; i < n; i++)
		v[i] = all[i].message;
	free(all);
}

static bool is_masked(struct str text)
{
	return str_find(text, STR("*"), 0) != SIZE_MAX;
}

/* Sizes first: n and n_forms of each leader's group. */
static size_t count_groups(const struct making *mk, struct missed_group *by_leader)
{
	size_t n = 0;

	for (size_t i = 0; i < mk->forms->n; i++) {
		struct missed_group *one = &by_leader[mk->leader[i]];

		n += one->n_forms++ == 0;
		one->n += mk->forms->v[i].n;
	}
	return n;
}

static void add_form(const struct missed_form *f, struct missed_group *one, uint32_t *members,
		     uint64_t *forms)
{
	memcpy(members + one->n, f->members, f->n * sizeof *members);
	one->n += f->n;
	forms[one->n_forms++] = f->id;
	if (is_masked(one->text) && !is_masked(f->text))
		one->text = f->text;
}

static void fill_groups(const struct making *mk, struct missed_group *by_leader)
{
	for (size_t i = 0; i < mk->forms->n; i++) {
		const struct missed_form *f = &mk->forms->v[i];
		struct missed_group *one = &by_leader[mk->leader[i]];

		if (!one->members) {
			one->members = ARENA_ARRAY(mk->a, uint32_t, one->n);
			one->forms = ARENA_ARRAY(mk->a, uint64_t, one->n_forms);
			one->n = one->n_forms = 0;
			one->id = mk->forms->v[mk->leader[i]].id;
			one->text = mk->forms->v[mk->leader[i]].text;
			one->lang = mk->forms->v[mk->leader[i]].lang;
		}
		add_form(f, one, (uint32_t *)one->members, (uint64_t *)one->forms);
	}
}

static int largest_first(const void *pa, const void *pb)
{
	const struct missed_group *a = pa, *b = pb;

	return a->n != b->n ? (a->n < b->n) - (a->n > b->n) : (a->id > b->id) - (a->id < b->id);
}

static size_t make_groups(const struct making *mk, struct missed_group **out)
{
	struct missed_group *by_leader =
		mem_zalloc((mk->forms->n ? mk->forms->n : 1) * sizeof *by_leader);
	size_t n = count_groups(mk, by_leader), used = 0;
	struct missed_group *groups = ARENA_ARRAY(mk->a, struct missed_group, n);

	fill_groups(mk, by_leader);
	for (size_t i = 0; i < mk->forms->n; i++) {
		if (by_leader[i].n) {
			groups[used] = by_leader[i];
			sort_members(mk->messages, (uint32_t *)groups[used].members,
				     groups[used].n);
			used++;
		}
	}
	qsort(groups, used, sizeof *groups, largest_first);
	free(by_leader);
	*out = groups;
	return used;
}

static void note_forms(const struct missed_forms *forms, uint64_t *form)
{
	for (size_t i = 0; form && i < forms->n; i++)
		for (size_t k = 0; k < forms->v[i].n; k++)
			form[forms->v[i].members[k]] = forms->v[i].id;
}

size_t missed_groups(struct arena *a, const struct lexicon *l, const struct missed *v, size_t n,
		     uint64_t *form, struct missed_group **out)
{
	struct missed_forms forms = {0};
	struct grouping g = {.forms = &forms};
	size_t n_groups;

	arena_init(&g.scratch);
	missed_forms_read(&g.scratch, l, v, n, &forms);
	g.by_term = ARENA_ARRAY(&g.scratch, struct holders, forms.n_terms);
	g.leader = ARENA_ARRAY(&g.scratch, uint32_t, forms.n);
	g.sum = ARENA_ARRAY(&g.scratch, float, forms.n);
	g.touched = ARENA_ARRAY(&g.scratch, uint32_t, forms.n);
	group(&g);
	missed_merge(l, &forms, g.leader);
	n_groups = make_groups(&(struct making){a, v, &forms, g.leader}, out);
	note_forms(&forms, form);
	arena_done(&g.scratch);
	return n_groups;
}
