#include "intents/match.h"

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
	unsigned limit_hits;
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

static bool clause_met(const struct clause *c, const struct literal_hits *hits)
{
	for (size_t i = 0; i < c->n; i++) {
		if (literal_seen(hits, c->ids[i]))
			return true;
	}
	return false;
}

static bool literals_agree(const struct rule *r, const struct literal_hits *hits)
{
	for (size_t i = 0; i < r->n_clauses; i++) {
		if (!clause_met(&r->clauses[i], hits))
			return false;
	}
	for (size_t i = 0; i < r->none.n; i++) {
		if (keyword_seen(&r->none.v[i], hits))
			return false;
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
			   (struct reason){r->mark, STR("regex"), r->pattern,
					   raw_span(p, begin, end), 1});
		break;
	case REGEX_LIMIT:
		p->limit_hits++;
		break;
	case REGEX_MISS:
		break;
	}
}

static void try_rule(struct pass *p, const struct rule *r)
{
	if (!literals_agree(r, &p->hits))
		return;
	if (r->regex)
		try_regex(p, r);
	else
		add_reason(p, fire(p, r->intent, 1, MATCH_RULE), keywords_reason(p, r));
}

/* Rules whose trigger was seen, and those that have none, in file order. */
static void try_rules(struct pass *p)
{
	const struct matcher *m = p->m;
	size_t n_words = m->n_rules / 64 + 1;
	uint64_t *due = ARENA_ARRAY(p->arena, uint64_t, n_words);

	for (size_t i = 0; i < p->hits.n; i++) {
		uint32_t id = p->hits.v[i].id;

		if (!p->hits.v[i].first)
			continue;
		for (uint32_t k = m->triggers.start[id]; k < m->triggers.start[id + 1]; k++)
			due[m->triggers.items[k] / 64] |= 1ULL << (m->triggers.items[k] % 64);
	}
	for (size_t i = 0; i < m->n_always; i++)
		due[m->always[i] / 64] |= 1ULL << (m->always[i] % 64);
	for (size_t i = 0; i < n_words; i++) {
		for (uint64_t bits = due[i]; bits; bits &= bits - 1)
			try_rule(p, &m->rules[i * 64 + (size_t)__builtin_ctzll(bits)]);
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

static bool fits_page(struct strs globs, struct str page)
{
	for (size_t i = 0; i < globs.n; i++) {
		if (str_glob(globs.v[i], page))
			return true;
	}
	return false;
}

/* What keeps the intent out, in words for the explanation; empty when nothing does. */
static struct str kept_out_by(const struct only *only, const struct match_state *state)
{
	if (only->logged_in >= 0 && only->logged_in != state->logged_in)
		return only->logged_in ? STR("logged_in: true") : STR("logged_in: false");
	if (only->contexts.n > 0 && !is_one_of(only->contexts, state->context))
		return STR("context");
	if (only->langs.n > 0 && !is_one_of(only->langs, state->lang))
		return STR("lang");
	if (only->pages.n > 0 && !fits_page(only->pages, state->page))
		return STR("page");
	return STR("");
}

/* ---- order ---- */

struct ranking {
	struct candidate *v; /* best first */
	size_t n;
};

static int compare_numbers(double a, double b)
{
	return a > b ? -1 : a < b;
}

enum standing { STANDING_WEAK, STANDING_ASK, STANDING_ANSWER };

static enum standing standing_of(const struct candidate *c, const struct rule_settings *s)
{
	return c->score >= s->answer_at ? STANDING_ANSWER
	       : c->score >= s->ask_at	? STANDING_ASK
					: STANDING_WEAK;
}

static int compare_candidates(const struct candidate *a, const struct candidate *b,
			      const struct rule_settings *settings)
{
	enum standing standing = standing_of(a, settings);
	int order = (int)standing_of(b, settings) - (int)standing;

	if (order == 0 && standing > STANDING_WEAK)
		order = b->in_context - a->in_context;
	if (order == 0 && standing > STANDING_WEAK)
		order = compare_numbers(a->intent->priority, b->intent->priority);
	if (order == 0)
		order = compare_numbers(a->score, b->score);
	if (order == 0)
		order = (int)a->source - (int)b->source;
	return order ? order : compare_numbers(b->intent->index, a->intent->index);
}

static void rank(const struct pass *p, struct ranking *r, struct candidate c)
{
	const struct rule_settings *settings = &p->m->rs->settings;
	size_t i = r->n;

	if (!r->v)
		r->v = ARENA_ARRAY(p->arena, struct candidate, MATCH_CANDIDATES_MAX);
	if (i == MATCH_CANDIDATES_MAX) {
		if (compare_candidates(&c, &r->v[i - 1], settings) >= 0)
			return;
		i--;
	} else {
		r->n++;
	}
	for (; i > 0 && compare_candidates(&c, &r->v[i - 1], settings) < 0; i--)
		r->v[i] = r->v[i - 1];
	r->v[i] = c;
}

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
	struct ranking in = {0}, kept_out = {0};

	for (size_t i = 0; i < p->n_fired; i++) {
		struct candidate *c = &p->fired[i];
		const struct only *only = &c->intent->only;
		struct str why = kept_out_by(only, p->state);

		c->in_context =
			only->contexts.n > 0 && is_one_of(only->contexts, p->state->context);
		if (why.n == 0) {
			rank(p, &in, *c);
		} else if (explain) {
			add_reason(p, c,
				   (struct reason){c->intent->mark, STR("only"), why, STR(""), 0});
			rank(p, &kept_out, *c);
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
	out->limit_hits = p->limit_hits + p->founds.limit_hits;
}

static void look(struct pass *p, bool only_private)
{
	literals_scan(p->m->literals, p->arena, p->u, &p->hits);
	p->run = regex_run_new(p->arena);
	entities_find(p->m->entities, p->arena, p->u, &p->hits, p->run, only_private, &p->founds);
}

void intent_match(const struct matcher *m, struct arena *a, const struct utterance *u,
		  const struct match_state *state, bool explain, struct matches *out)
{
	struct pass p = {.m = m, .arena = a, .u = u, .state = state};

	*out = (struct matches){0};
	look(&p, false);
	try_rules(&p);
	try_phrases(&p);
	settle(&p, explain, out);
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
