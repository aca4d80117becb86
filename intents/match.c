#include "intents/match.h"

#include <stdlib.h>

#include "intents/match_rank.h"
#include "intents/matcher.h"

enum { ENTITY_REASONS_MAX = 8 };

/* One message on its way through a matcher. */
struct pass {
	const struct matcher *m;
	struct arena *arena;
	const struct utterance *u;
	const struct match_state *state;
	struct literal_hits hits;
	struct regex_run *run;
	struct founds founds;
	struct candidate *fired; /* one per intent, in file order at first */
	size_t n_fired, cap_fired;
	struct regex_limited *limited;
	size_t n_limited, cap_limited;
};

static struct str raw_span(const struct pass *p, size_t from, size_t to)
{
	return normal_raw(&p->u->normal, from, to);
}

/* ---- slots ---- */

static struct slot slot_of(const struct pass *p, const struct found *f)
{
	return (struct slot){
		.name = f->entity->name,
		.raw = raw_span(p, f->from, f->to),
		.value = f->value,
		.at = f->from,
		.len = f->to - f->from,
		.private = f->entity->private,
	};
}

/* The first of each entity. */
static struct slots entity_slots(const struct pass *p)
{
	struct slots s = {0};

	for (size_t i = 0; i < p->founds.n; i++) {
		if (!slot_find(&s, p->founds.v[i].entity->name))
			slot_put(p->arena, &s, slot_of(p, &p->founds.v[i]));
	}
	return s;
}

/* A named group; when an entity of that name was found inside it, the slot has the entity's value.
 */
static struct slot group_slot(const struct pass *p, struct str name, size_t from, size_t to)
{
	const struct entity *entity = rule_entity(p->m->rs, name);
	struct slot slot = {
		.name = name,
		.raw = raw_span(p, from, to),
		.value = str_sub(p->u->normal.text, from, to),
		.at = (uint32_t)from,
		.len = (uint32_t)(to - from),
		.private = entity && entity->private,
	};

	for (size_t i = 0; i < p->founds.n; i++) {
		const struct found *f = &p->founds.v[i];

		if (f->entity == entity && f->from >= from && f->to <= to) {
			slot.value = f->value;
			break;
		}
	}
	return slot;
}

static void put_groups(const struct pass *p, const struct rule *r, struct slots *slots)
{
	size_t from, to;

	for (size_t i = 0; i < regex_n_names(r->regex); i++) {
		if (regex_group(r->regex, p->run, i, &from, &to))
			slot_put(p->arena, slots, group_slot(p, regex_name(r->regex, i), from, to));
	}
}

/* ---- candidates and their reasons ---- */

/* The candidate of an intent that fires now; the last one when it fired before. */
static struct candidate *fire(struct pass *p, const struct intent *intent, double score,
			      enum match_source source)
{
	if (p->n_fired == 0 || p->fired[p->n_fired - 1].intent != intent)
		ARENA_PUSH(
			p->arena, p->fired, p->n_fired, p->cap_fired,
			((struct candidate){.intent = intent, .score = score, .source = source}));
	return &p->fired[p->n_fired - 1];
}

static void add_reason(struct pass *p, struct candidate *c, struct reason reason)
{
	struct reason *all = ARENA_ARRAY(p->arena, struct reason, c->n_reasons + 1);

	if (c->n_reasons > 0)
		memcpy(all, c->reasons, c->n_reasons * sizeof *all);
	all[c->n_reasons++] = reason;
	c->reasons = all;
}

/* Appends " · word" to detail and what was found of it to text. */
static void tell_keyword(const struct pass *p, const struct keyword *k, const char *list,
			 struct reason *reason)
{
	const struct literal_hit *hit = keyword_where(k, &p->hits);
	const char *between = reason->detail.n > 0 ? " · " : "";

	reason->detail = arena_printf(p->arena, "%.*s%s%s%.*s", STR_ARG(reason->detail), between,
				      list, STR_ARG(k->text));
	reason->text = arena_printf(p->arena, "%.*s%s%.*s", STR_ARG(reason->text), between,
				    STR_ARG(raw_span(p, hit->from, hit->to)));
}

static struct reason keywords_reason(const struct pass *p, const struct rule *r)
{
	struct reason reason = {.mark = r->mark, .what = STR("keywords"), .points = 1};

	for (size_t i = 0; i < r->all.n; i++)
		tell_keyword(p, &r->all.v[i], "all ", &reason);
	for (size_t i = 0; i < r->any.n; i++) {
		if (keyword_seen(&r->any.v[i], &p->hits))
			tell_keyword(p, &r->any.v[i], "any ", &reason);
	}
	return reason;
}

/* ---- rules ---- */

static bool any_seen(const uint32_t *ids, uint32_t n, const struct literal_hits *hits)
{
	for (uint32_t i = 0; i < n; i++) {
		if (literal_seen(hits, ids[i]))
			return true;
	}
	return false;
}

/* Does the rest of a check hold, the trigger being met? */
static bool check_holds(const uint32_t *check, const struct literal_hits *hits)
{
	uint32_t groups = check[1];

	for (check += 2; groups > 0; groups--) {
		uint32_t n = *check / 2;
		bool absent = *check % 2;

		if (any_seen(check + 1, n, hits) == absent)
			return false;
		check += 1 + n;
	}
	return true;
}

static void try_regex(struct pass *p, const struct rule *r)
{
	size_t begin, end;
	struct candidate *c;

	switch (regex_find(r->regex, p->run, p->u->normal.text, 0, &begin, &end)) {
	case REGEX_HIT:
		c = fire(p, r->intent, 1, MATCH_RULE);
		put_groups(p, r, &c->slots);
		add_reason(p, c,
			   (struct reason){r->mark, STR("regex"), regex_text(r->regex),
					   raw_span(p, begin, end), 1});
		break;
	case REGEX_LIMIT:
		ARENA_PUSH(p->arena, p->limited, p->n_limited, p->cap_limited,
			   regex_limited(r->regex, r->mark));
		break;
	case REGEX_MISS:
		break;
	}
}

/* Rules that may hit, by number. */
struct due {
	uint32_t *v;
	size_t n, cap;
};

static void consider(struct pass *p, struct due *due, uint32_t at)
{
	const uint32_t *check = p->m->checks + at;

	if (check_holds(check, &p->hits))
		ARENA_PUSH(p->arena, due->v, due->n, due->cap, *check);
}

static int by_number(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

/* Rules whose trigger was seen, and those that have none; of several literals of one trigger each
 * may have brought the same rule. */
static struct due find_due(struct pass *p)
{
	const struct literal_index *triggers = &p->m->triggers;
	struct due due = {0};

	for (size_t i = 0; i < p->hits.n; i++) {
		const struct literal_hit *hit = &p->hits.v[i];

		if (!hit->first)
			continue;
		for (uint32_t k = triggers->start[hit->id]; k < triggers->start[hit->id + 1]; k++)
			consider(p, &due, triggers->items[k]);
	}
	for (size_t i = 0; i < p->m->n_always; i++)
		consider(p, &due, p->m->always[i]);
	if (due.n > 1)
		qsort(due.v, due.n, sizeof *due.v, by_number);
	return due;
}

/* In file order. */
static void try_rules(struct pass *p)
{
	const struct due due = find_due(p);

	for (size_t i = 0; i < due.n; i++) {
		const struct rule *r = &p->m->rules[due.v[i]];

		if (i > 0 && due.v[i - 1] == due.v[i])
			continue;
		if (r->regex)
			try_regex(p, r);
		else
			add_reason(p, fire(p, r->intent, 1, MATCH_RULE), keywords_reason(p, r));
	}
}

/* ---- phrases ---- */

/* The slots a phrase captures are those of the entities, which every candidate has. */
static void try_phrases(struct pass *p)
{
	struct phrase_scores scores;
	size_t n_rules = p->n_fired;

	phrase_score(p->m->phrases, p->arena, p->u, &p->founds, &scores);
	if (p->m->meaning)
		meaning_raise(p->m->meaning, p->arena, p->u, &scores);
	for (size_t i = 0; i < scores.n; i++) {
		const struct phrase_score *s = &scores.v[i];
		const struct intent *intent = &p->m->rs->intents[s->intent];
		struct candidate *c = NULL;

		for (size_t k = 0; k < n_rules && !c; k++) {
			if (p->fired[k].intent == intent)
				c = &p->fired[k];
		}
		if (!c)
			c = fire(p, intent, s->score, MATCH_PHRASE);
		add_reason(p, c,
			   (struct reason){s->nearest->mark, STR("phrases"), s->nearest_text,
					   p->u->normal.raw, s->score});
	}
}

/* ---- only ---- */

static bool is_one_of(struct strs names, struct str name)
{
	for (size_t i = 0; i < names.n; i++) {
		if (str_eq(names.v[i], name))
			return true;
	}
	return false;
}

static bool is_in_context(const struct intent *intent, const struct match_state *state)
{
	return intent->only.contexts.n > 0 && is_one_of(intent->only.contexts, state->context);
}

/* ---- what need not be asked ---- */

/* > 0: a stands before b, both certain; 0: they are rivals. */
static int compare_certain(const struct candidate *a, const struct candidate *b)
{
	if (a->in_context != b->in_context)
		return a->in_context - b->in_context;
	return (a->intent->priority > b->intent->priority) -
	       (a->intent->priority < b->intent->priority);
}

/* The rule hit that stands before all others; NULL when there is none, or it has a rival. */
static const struct candidate *best_rule(struct pass *p)
{
	const struct candidate *best = NULL;
	bool rival = false;

	for (size_t i = 0; i < p->n_fired; i++) {
		struct candidate *c = &p->fired[i];
		int order;

		if (!match_only_holds(&c->intent->only, p->state))
			continue;
		c->in_context = is_in_context(c->intent, p->state);
		order = best ? compare_certain(c, best) : 1;
		if (order > 0)
			best = c;
		rival = order == 0 || (rival && order < 0);
	}
	return rival ? NULL : best;
}

/* Phrases score no more than a rule hit, so only what is put before a score can bring one before
 * it: a higher priority, or the active context. */
static bool phrases_matter(const struct pass *p, const struct candidate *best)
{
	const struct matcher *m = p->m;

	if (!best || m->phrase_priority > best->intent->priority)
		return true;
	for (size_t i = 0; i < m->n_in_contexts && !best->in_context; i++) {
		if (is_in_context(m->in_contexts[i], p->state))
			return true;
	}
	return false;
}

/* An FAQ entry has priority 0 and no context, and is no rival of a rule hit. */
static bool faq_matters(const struct candidate *best, const struct matches *out)
{
	return !best || out->n == 0 || out->v[0].intent != best->intent ||
	       (!best->in_context && best->intent->priority < 0);
}

/* ---- the outcome ---- */

/* Which entities were found, for the explanation. */
static void tell_entities(struct pass *p, struct candidate *c)
{
	for (size_t i = 0; i < p->founds.n && i < ENTITY_REASONS_MAX; i++) {
		const struct found *f = &p->founds.v[i];

		add_reason(
			p, c,
			(struct reason){f->entity->mark, STR("entity"),
					arena_printf(p->arena, "%.*s = %.*s",
						     STR_ARG(f->entity->name), STR_ARG(f->value)),
					raw_span(p, f->from, f->to), 0});
	}
}

/* Slots of the entities, under those of the rule's own groups. */
static void complete_slots(const struct pass *p, struct candidate *c, const struct slots *entities)
{
	for (size_t i = 0; i < entities->n; i++) {
		if (!slot_find(&c->slots, entities->v[i].name))
			slot_put(p->arena, &c->slots, entities->v[i]);
	}
}

static void settle(struct pass *p, bool explain, struct matches *out)
{
	struct ranking in = {.settings = &p->m->rs->settings}, kept_out = in;

	for (size_t i = 0; i < p->n_fired; i++) {
		struct candidate *c = &p->fired[i];
		struct str why = match_only_against(&c->intent->only, p->state);

		c->in_context = is_in_context(c->intent, p->state);
		if (why.n == 0) {
			ranking_add(&in, p->arena, c);
		} else if (explain) {
			add_reason(p, c,
				   (struct reason){c->intent->mark, STR("only"), why, STR(""), 0});
			ranking_add(&kept_out, p->arena, c);
		}
	}
	out->entities = entity_slots(p);
	for (size_t i = 0; i < in.n; i++) {
		complete_slots(p, &in.v[i], &out->entities);
		if (explain)
			tell_entities(p, &in.v[i]);
	}
	out->v = in.v;
	out->n = in.n;
	out->kept_out = kept_out.v;
	out->n_kept_out = kept_out.n;
	out->limited = p->limited;
	out->n_limited = p->n_limited;
}

static void look(struct pass *p, bool only_private)
{
	literals_scan(p->m->literals, p->arena, p->u, &p->hits);
	p->run = regex_run_new(p->arena);
	entities_find(p->m->entities, p->arena, p->u, &p->hits, p->run, only_private, &p->founds);
	p->limited = p->founds.limited;
	p->n_limited = p->founds.n_limited;
	p->cap_limited = p->founds.cap_limited;
}

void intent_match(const struct matcher *m, struct arena *a, const struct utterance *u,
		  const struct match_state *state, bool explain, struct matches *out)
{
	struct pass p = {.m = m, .arena = a, .u = u, .state = state};
	const struct candidate *best;
	struct candidate kept;
	bool matter;

	*out = (struct matches){0};
	look(&p, false);
	try_rules(&p);
	best = explain ? NULL : best_rule(&p);
	if (best) { /* phrases may move it */
		kept = *best;
		best = &kept;
	}
	matter = phrases_matter(&p, best);
	out->unscored = matter && state->rules_alone;
	if (matter && !state->rules_alone)
		try_phrases(&p);
	settle(&p, explain, out);
	out->settled = !faq_matters(best, out);
}

/* ---- slots on their own ---- */

static struct slot whole_message(const struct utterance *u, struct str name)
{
	struct str text = u->normal.text;

	return (struct slot){
		.name = name,
		.raw = normal_raw(&u->normal, 0, text.n),
		.value = text,
		.len = (uint32_t)text.n,
	};
}

bool slot_fill(const struct matcher *m, struct arena *a, struct str slot_name,
	       const struct utterance *u, struct slot *out)
{
	struct pass p = {.m = m, .arena = a, .u = u};
	const struct entity *entity = rule_entity(m->rs, slot_name);
	struct slot whole = whole_message(u, slot_name);

	if (u->normal.text.n == 0)
		return false;
	if (!entity) {
		*out = whole;
		return true;
	}
	look(&p, false);
	for (size_t i = 0; i < p.founds.n; i++) {
		if (p.founds.v[i].entity == entity) {
			*out = slot_of(&p, &p.founds.v[i]);
			return true;
		}
	}
	if (!entity_partial(m->entities, entity, u, &whole.value))
		return false;
	whole.private = entity->private;
	*out = whole;
	return true;
}

struct slots match_private(const struct matcher *m, struct arena *a, const struct utterance *u)
{
	struct pass p = {.m = m, .arena = a, .u = u};
	struct slots s = {0};

	look(&p, true);
	for (size_t i = 0; i < p.founds.n; i++)
		ARENA_PUSH(a, s.v, s.n, s.cap, slot_of(&p, &p.founds.v[i]));
	return s;
}
