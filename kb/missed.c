#include "kb/missed.h"

#include <stdlib.h>

#include "kb/missed_form.h"
#include "text/mem.h"

#define NONE UINT32_MAX

/* Which leaders have a term among those that tell most. */
struct holders {
	uint32_t *v;
	size_t n, cap;
};

struct grouping {
	struct arena scratch;
	const struct missed_forms *forms;
	struct holders *by_term;
	uint32_t *leader; /* by form: the form it goes with */
	uint32_t *seen;	  /* by form: the last that looked at it, + 1 */
};

/* Two forms alike share a term of the first that many of each: what lies behind is too short a vector to
 * make up the cosine alone. */
static size_t telling(const struct missed_form *f)
{
	float left = 0;
	size_t n = f->n_terms;

	while (n && left + f->v[n - 1].weight * f->v[n - 1].weight < MISSED_LIKE * MISSED_LIKE) {
		left += f->v[n - 1].weight * f->v[n - 1].weight;
		n--;
	}
	return n;
}

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
	size_t n = telling(f);

	g->leader[form] = form;
	for (size_t i = 0; i < n; i++) {
		struct holders *h = &g->by_term[f->v[i].term];

		ARENA_PUSH(&g->scratch, h->v, h->n, h->cap, form);
	}
}

/* The leader that is nearest; NONE when none is near. Of equals the one met more often. */
static uint32_t nearest(struct grouping *g, uint32_t form)
{
	const struct missed_form *f = &g->forms->v[form];
	size_t n = telling(f), looked = 0;
	float best = MISSED_LIKE;
	uint32_t found = NONE;

	for (size_t i = 0; i < n; i++) {
		const struct holders *h = &g->by_term[f->v[i].term];

		for (size_t k = 0; k < h->n && looked < MISSED_LOOK; k++) {
			uint32_t other = h->v[k];
			float like;

			if (g->seen[other] == form + 1)
				continue;
			g->seen[other] = form + 1;
			looked++;
			like = likeness(f, &g->forms->v[other]);
			if (like > best || (like == best && other < found)) {
				best = like;
				found = other;
			}
		}
	}
	return found;
}

static void group(struct grouping *g)
{
	uint32_t n = (uint32_t)g->forms->n;

	for (uint32_t i = 0; i < n; i++) {
		g->leader[i] = nearest(g, i);
		if (g->leader[i] == NONE)
			lead(g, i);
	}
	memset(g->seen, 0, n * sizeof *g->seen);
	/* Leaders that came later may be nearer. */
	for (uint32_t i = 0; i < n; i++) {
		if (g->leader[i] != i)
			g->leader[i] = nearest(g, i);
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
	g.seen = ARENA_ARRAY(&g.scratch, uint32_t, forms.n);
	group(&g);
	n_groups = make_groups(&(struct making){a, v, &forms, g.leader}, out);
	note_forms(&forms, form);
	arena_done(&g.scratch);
	return n_groups;
}
