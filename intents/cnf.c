#include "intents/cnf.h"

#include <math.h>

#include "intents/pattern.h"
#include "text/buf.h"
#include "text/utf8.h"

struct set {
	struct str *v;
	size_t n;
};

/* What is known of a part of the pattern: `exact` says all it matches is in `set`; else each clause
 * must be met somewhere in the match. */
struct info {
	bool exact;
	struct set set;
	struct cnf_clause *first, *last;
};

struct reader {
	struct arena *arena;
	struct pattern_reader in;
	struct pattern_item item; /* the next one, not yet used */
	int depth;
	bool failed;
};

static struct info read_alternatives(struct reader *r);

static void advance(struct reader *r)
{
	pattern_next(&r->in, &r->item);
	if (r->item.kind == PATTERN_OPAQUE)
		r->failed = true;
}

/* ---- sets and clauses ---- */

static void set_add(struct set *s, struct str text)
{
	for (size_t i = 0; i < s->n; i++) {
		if (str_eq(s->v[i], text))
			return;
	}
	s->v[s->n++] = text;
}

static struct info info_exact(struct reader *r, struct str text)
{
	struct info f = {.exact = true, .set = {ARENA_NEW(r->arena, struct str), 1}};

	f.set.v[0] = text;
	return f;
}

static struct set set_union(struct reader *r, const struct set *a, const struct set *b)
{
	struct set s = {ARENA_ARRAY(r->arena, struct str, a->n + b->n), 0};

	for (size_t i = 0; i < a->n; i++)
		set_add(&s, a->v[i]);
	for (size_t i = 0; i < b->n; i++)
		set_add(&s, b->v[i]);
	return s;
}

/* Each of a followed by each of b. */
static struct set set_product(struct reader *r, const struct set *a, const struct set *b)
{
	struct set s = {ARENA_ARRAY(r->arena, struct str, a->n * b->n), 0};

	for (size_t i = 0; i < a->n; i++) {
		for (size_t j = 0; j < b->n; j++) {
			char *p = arena_alloc(r->arena, a->v[i].n + b->v[j].n);

			memcpy(p, a->v[i].n ? a->v[i].p : "", a->v[i].n);
			memcpy(p + a->v[i].n, b->v[j].n ? b->v[j].p : "", b->v[j].n);
			set_add(&s, (struct str){p, a->v[i].n + b->v[j].n});
		}
	}
	return s;
}

static size_t set_longest(const struct set *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n = s->v[i].n > n ? s->v[i].n : n;
	return n;
}

/* Without the texts that hold another one: finding the shorter is needed anyway. */
static struct set set_shortest(struct reader *r, const struct set *s)
{
	struct set kept = {ARENA_ARRAY(r->arena, struct str, s->n + 1), 0};

	for (size_t i = 0; i < s->n; i++) {
		bool holds = false;

		for (size_t j = 0; j < s->n && !holds; j++)
			holds = i != j && str_find(s->v[i], s->v[j], 0) != SIZE_MAX;
		if (!holds)
			kept.v[kept.n++] = s->v[i];
	}
	return kept;
}

/* Appends the set as a clause, if it is one worth looking for. */
static void add_clause(struct reader *r, struct info *f, const struct set *s)
{
	struct set kept;
	struct cnf_clause *c;

	if (s->n == 0 || s->n > CNF_CLAUSE_MAX)
		return;
	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i].n < CNF_TEXT_MIN)
			return;
	}
	kept = set_shortest(r, s);
	c = ARENA_NEW(r->arena, struct cnf_clause);
	c->v = kept.v;
	c->n = kept.n;
	if (f->last)
		f->last->next = c;
	else
		f->first = c;
	f->last = c;
}

static void append_clauses(struct info *f, const struct info *more)
{
	if (!more->first)
		return;
	if (f->last)
		f->last->next = more->first;
	else
		f->first = more->first;
	f->last = more->last;
}

/* How often a clause will be met by chance, up to a factor: longer texts are rarer. */
static double clause_cost(const struct cnf_clause *c)
{
	double cost = 0;

	for (size_t i = 0; i < c->n; i++)
		cost += exp2(-1.2 * (double)c->v[i].n);
	return cost;
}

/* As clauses only. */
static struct info info_clauses(struct reader *r, const struct info *f)
{
	struct info loose = {.exact = false, .first = f->first, .last = f->last};

	if (f->exact)
		add_clause(r, &loose, &f->set);
	return loose;
}

/* ---- the grammar ---- */

static struct info read_class(struct reader *r)
{
	struct pattern_reader in = pattern_members(r->in.text, &r->item);
	struct pattern_item member;
	struct info f = {.exact = !r->item.negated};

	f.set.v = ARENA_ARRAY(r->arena, struct str, CNF_EXACT_MAX);
	while (pattern_member(&in, &member)) {
		char bytes[4];
		size_t n;

		if (member.kind == PATTERN_QUOTE)
			continue;
		if (member.kind != PATTERN_CHAR || f.set.n == CNF_EXACT_MAX / 4)
			return (struct info){0};
		n = utf8_encode(member.cp, bytes);
		set_add(&f.set, arena_str(r->arena, (struct str){bytes, n}));
	}
	return f.exact ? f : (struct info){0};
}

static struct info read_group(struct reader *r, enum pattern_kind opening)
{
	struct info f;

	advance(r);
	if (++r->depth > CNF_DEPTH_MAX) {
		r->failed = true;
		return (struct info){0};
	}
	f = read_alternatives(r);
	r->depth--;
	if (r->item.kind != PATTERN_CLOSE) {
		r->failed = true;
		return (struct info){0};
	}
	if (opening == PATTERN_LOOK)
		return info_clauses(r, &f);
	return opening == PATTERN_LOOK_NOT ? info_exact(r, STR("")) : f;
}

/* One item without its repetition; moves past it. */
static struct info read_atom(struct reader *r)
{
	struct info f = {0};
	char bytes[4];

	switch (r->item.kind) {
	case PATTERN_CHAR:
		f = info_exact(r, arena_str(r->arena,
					    (struct str){bytes, utf8_encode(r->item.cp, bytes)}));
		break;
	case PATTERN_EMPTY:
	case PATTERN_QUOTE:
		f = info_exact(r, STR(""));
		break;
	case PATTERN_CLASS:
		f = read_class(r);
		break;
	case PATTERN_OPEN:
	case PATTERN_LOOK:
	case PATTERN_LOOK_NOT:
		f = read_group(r, r->item.kind);
		break;
	default:
		break;
	}
	if (!r->failed)
		advance(r);
	return f;
}

static struct info read_repeated(struct reader *r)
{
	struct info f = read_atom(r), empty = info_exact(r, STR(""));

	while (!r->failed && r->item.kind == PATTERN_REPEAT) {
		int min = r->item.min, max = r->item.max;

		if (min == 0 && max == 1 && f.exact && f.set.n < CNF_EXACT_MAX)
			f.set = set_union(r, &f.set, &empty.set);
		else if (min == 0)
			f = (struct info){0};
		else if (min != 1 || max != 1)
			f = info_clauses(r, &f);
		advance(r);
	}
	return f;
}

static bool ends_sequence(const struct reader *r)
{
	return r->failed || r->item.kind == PATTERN_END || r->item.kind == PATTERN_OR ||
	       r->item.kind == PATTERN_CLOSE;
}

/* Follows the texts of neighbouring parts as one run for as long as they are few and short. */
static struct info read_sequence(struct reader *r)
{
	struct info f = {.exact = true}, run = info_exact(r, STR(""));

	while (!ends_sequence(r)) {
		struct info part = read_repeated(r);

		if (part.exact && run.set.n * part.set.n <= CNF_EXACT_MAX &&
		    set_longest(&run.set) + set_longest(&part.set) <= CNF_TEXT_MAX) {
			run.set = set_product(r, &run.set, &part.set);
			continue;
		}
		f.exact = false;
		add_clause(r, &f, &run.set);
		append_clauses(&f, &part);
		run = part.exact ? part : info_exact(r, STR(""));
	}
	if (f.exact)
		f.set = run.set;
	else
		add_clause(r, &f, &run.set);
	return f;
}

/* The clause of f least likely to be met by chance; false when it has none. */
static bool best_clause(struct reader *r, const struct info *f, struct set *out)
{
	struct info loose = info_clauses(r, f);
	const struct cnf_clause *best = loose.first;

	for (const struct cnf_clause *c = loose.first; c; c = c->next) {
		if (clause_cost(c) < clause_cost(best))
			best = c;
	}
	if (best)
		*out = (struct set){(struct str *)best->v, best->n};
	return best != NULL;
}

/* One of two branches: both exact stays exact; else a clause of each, joined. */
static struct info either(struct reader *r, const struct info *a, const struct info *b)
{
	struct info f = {0};
	struct set x, y;

	if (a->exact && b->exact && a->set.n + b->set.n <= CNF_EXACT_MAX) {
		f.exact = true;
		f.set = set_union(r, &a->set, &b->set);
	} else if (best_clause(r, a, &x) && best_clause(r, b, &y)) {
		x = set_union(r, &x, &y);
		add_clause(r, &f, &x);
	}
	return f;
}

static struct info read_alternatives(struct reader *r)
{
	struct info f = read_sequence(r);

	while (!r->failed && r->item.kind == PATTERN_OR) {
		struct info branch;

		advance(r);
		branch = read_sequence(r);
		f = either(r, &f, &branch);
	}
	return f;
}

void cnf_read(struct arena *a, struct str pattern, struct cnf *out)
{
	struct reader r = {.arena = a, .in = {.text = pattern}};
	struct info f;

	*out = (struct cnf){0};
	advance(&r);
	f = read_alternatives(&r);
	if (r.failed || r.item.kind != PATTERN_END)
		return;
	f = info_clauses(&r, &f);
	out->first = f.first;
	for (const struct cnf_clause *c = f.first; c; c = c->next)
		out->n++;
}

/* ---- packed: of each clause how many texts, of each text how many bytes, then these ---- */

_Static_assert(CNF_TEXT_MAX <= UINT8_MAX && CNF_CLAUSE_MAX <= UINT8_MAX, "each is one byte");

struct str cnf_pack(struct arena *a, const struct cnf *cnf)
{
	struct buf b = {0};
	struct str packed;

	for (const struct cnf_clause *c = cnf->first; c; c = c->next) {
		buf_char(&b, (char)c->n);
		for (size_t i = 0; i < c->n; i++) {
			buf_char(&b, (char)c->v[i].n);
			buf_str(&b, c->v[i]);
		}
	}
	packed = arena_str(a, buf_view(&b));
	buf_done(&b);
	return packed;
}

size_t cnf_next(struct str *packed, struct str texts[CNF_CLAUSE_MAX])
{
	size_t at = 1, n = packed->n ? (unsigned char)packed->p[0] : 0;

	for (size_t i = 0; i < n; i++) {
		size_t size = (unsigned char)packed->p[at++];

		texts[i] = str_sub(*packed, at, at + size);
		at += size;
	}
	*packed = str_sub(*packed, n ? at : 0, packed->n);
	return n;
}
