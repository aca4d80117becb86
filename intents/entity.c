#include "intents/entity.h"

#include "intents/builtin.h"
#include "intents/keyword.h"
#include "intents/strmap.h"
#include "text/utf8.h"

enum {
	PART_MIN = 4, /* bytes of a part of a title that stands for it: two Chinese characters or
		       * four letters */
	TYPO_EDITS_MAX = 2,
};

static const uint32_t AMBIGUOUS = UINT32_MAX;

struct name {
	struct str text; /* normalised */
	uint32_t value;
};

struct compiled {
	const struct entity *entity;
	struct regex *regex; /* of ENTITY_REGEX and ENTITY_BUILTIN */
	struct name *names;
	size_t n_names, cap_names;
	int edits; /* typos allowed */
};

/* What a literal stands for. */
struct owner {
	uint32_t entity, value;
};

struct entities {
	struct arena *arena;
	struct arena scratch; /* of one name, while compiling */
	const struct lexicon *lexicon;
	struct literals *literals;
	struct compiled *v;
	size_t n;
	struct owner *owners;
	size_t n_owners, cap_owners;
	struct literal_pair *pairs; /* literal -> owner */
	size_t n_pairs, cap_pairs;
	struct literal_index index;
	struct typos *typos;
};

/* ---- compiling ---- */

static void own(struct entities *e, uint32_t entity, uint32_t value, struct str name)
{
	struct keyword k;

	keyword_read(e->arena, &e->scratch, e->literals, e->lexicon, name, &k);
	for (size_t i = 0; i < k.n; i++) {
		ARENA_PUSH(e->arena, e->pairs, e->n_pairs, e->cap_pairs,
			   ((struct literal_pair){k.ids[i], (uint32_t)e->n_owners}));
	}
	ARENA_PUSH(e->arena, e->owners, e->n_owners, e->cap_owners,
		   ((struct owner){entity, value}));
}

static void add_typo_words(struct entities *e, struct str name, int edits)
{
	struct utterance u;

	utterance_read(&e->scratch, e->lexicon, name, &u);
	for (size_t i = 0; i < u.n; i++) {
		if (u.tokens[i].kind == TOKEN_WORD)
			typos_add(e->typos, u.tokens[i].text, edits);
	}
	arena_reset(&e->scratch);
}

static void add_names(struct entities *e, uint32_t index)
{
	struct compiled *c = &e->v[index];

	for (uint32_t v = 0; v < c->entity->n_values; v++) {
		const struct entity_value *value = &c->entity->values[v];

		for (size_t i = 0; i < value->names.n; i++) {
			struct str text = normal_text(e->arena, value->names.v[i]);

			own(e, index, v, text);
			add_typo_words(e, text, c->edits);
			ARENA_PUSH(e->arena, c->names, c->n_names, c->cap_names,
				   ((struct name){text, v}));
		}
	}
}

/* A character that parts a title. */
static bool is_separator(uint32_t cp)
{
	static const uint32_t separators[] = {':',    '|',    '(',    ')',    ',',    '[',
					      ']',    0x2013, 0x2014, 0x3008, 0x3009, 0x300a,
					      0x300b, 0x300c, 0x300d, 0x3010, 0x3011, 0xb7,
					      0x2022, '!',    '?'};

	for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
		if (separators[i] == cp)
			return true;
	}
	return false;
}

/* The part of a title that begins at *at; moves *at behind it. " - " parts too. */
static struct str next_part(struct str title, size_t *at)
{
	size_t from = *at, i = from, step;
	uint32_t cp;

	for (; i < title.n; i += step) {
		step = utf8_decode(title.p + i, title.n - i, &cp);
		if (is_separator(cp) || str_starts(str_sub(title, i, title.n), STR(" - "))) {
			*at = i + step;
			return str_trim(str_sub(title, from, i));
		}
	}
	*at = title.n;
	return str_trim(str_sub(title, from, title.n));
}

/* Notes which value has a part; AMBIGUOUS when several do. */
static void note_part(struct entities *e, struct strmap *parts, struct str part, uint32_t value)
{
	const uint32_t *before;

	if (part.n < PART_MIN)
		return;
	before = strmap_put(e->arena, parts, part, value);
	if (before && *before != value)
		*(uint32_t *)before = AMBIGUOUS; /* the map is this function's own */
}

/* Parts of titles that name one value only stand for it. */
static void add_parts(struct entities *e, uint32_t index)
{
	struct compiled *c = &e->v[index];
	struct strmap parts = {0};
	struct str part;

	for (size_t i = 0; i < c->n_names; i++) {
		for (size_t at = 0; at < c->names[i].text.n;)
			note_part(e, &parts, next_part(c->names[i].text, &at), c->names[i].value);
	}
	for (size_t i = 0; i < c->n_names; i++) {
		for (size_t at = 0; at < c->names[i].text.n;) {
			part = next_part(c->names[i].text, &at);
			if (part.n >= PART_MIN && part.n < c->names[i].text.n &&
			    *strmap_get(&parts, part) == c->names[i].value)
				own(e, index, c->names[i].value, part);
		}
	}
}

static int edits_of(const struct entity *entity, const struct ruleset *rs)
{
	int edits = entity->typos < 0 ? rs->settings.typos : entity->typos;

	return edits == TYPOS_AUTO ? TYPO_EDITS_MAX : edits;
}

static void compile(struct entities *e, uint32_t index, const struct ruleset *rs,
		    struct regex_set *regexes, struct diags *diags)
{
	struct compiled *c = &e->v[index];

	c->entity = &rs->entities[index];
	c->edits = edits_of(c->entity, rs);
	switch (c->entity->kind) {
	case ENTITY_REGEX:
		c->regex =
			regex_set_take(regexes, c->entity->pattern, c->entity->pattern_mark, diags);
		break;
	case ENTITY_BUILTIN:
		c->regex = regex_set_take(regexes, builtin_pattern(c->entity->builtin),
					  c->entity->mark, diags);
		break;
	case ENTITY_SOURCE:
		add_names(e, index);
		add_parts(e, index);
		break;
	case ENTITY_VALUES:
		add_names(e, index);
		break;
	}
}

struct entities *entities_new(struct arena *a, const struct ruleset *rs,
			      const struct lexicon *lexicon, struct literals *literals,
			      struct regex_set *regexes, struct diags *diags)
{
	struct entities *e = ARENA_NEW(a, struct entities);

	e->arena = a;
	arena_init(&e->scratch);
	e->lexicon = lexicon;
	e->literals = literals;
	e->typos = typos_new(a);
	e->n = rs->n_entities;
	e->v = ARENA_ARRAY(a, struct compiled, e->n);
	for (uint32_t i = 0; i < e->n; i++)
		compile(e, i, rs, regexes, diags);
	arena_done(&e->scratch);
	return e;
}

void entities_lint(const struct entities *e, struct diags *diags)
{
	for (size_t i = 0; i < e->n; i++) {
		if (e->v[i].regex && e->v[i].entity->kind == ENTITY_REGEX)
			regex_lint(e->v[i].regex, e->v[i].entity->pattern_mark, diags);
	}
}

void entities_ready(struct entities *e)
{
	literal_index_make(e->arena, e->pairs, e->n_pairs, literals_count(e->literals), &e->index);
}

struct typos *entities_typos(struct entities *e)
{
	return e->typos;
}

/* ---- finding ---- */

struct span {
	uint32_t entity, value, from, to;
};

struct spans {
	struct span v[ENTITY_FOUND_MAX];
	size_t n;
};

/* Longest first, then leftmost, then file order. */
static int compare_spans(const struct span *a, const struct span *b)
{
	uint32_t an = a->to - a->from, bn = b->to - b->from;

	if (a->entity != b->entity)
		return a->entity < b->entity ? -1 : 1;
	if (an != bn)
		return an > bn ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->value < b->value ? -1 : a->value > b->value;
}

/* Keeps the list sorted; a full list takes no more. */
static void add_span(struct spans *s, struct span span)
{
	size_t i = s->n;

	if (s->n == ENTITY_FOUND_MAX)
		return;
	for (; i > 0 && compare_spans(&s->v[i - 1], &span) > 0; i--)
		s->v[i] = s->v[i - 1];
	s->v[i] = span;
	s->n++;
}

static void add_exact(const struct entities *e, const struct literal_hits *hits, struct spans *s)
{
	for (size_t i = 0; i < hits->n; i++) {
		const struct literal_hit *hit = &hits->v[i];

		for (uint32_t k = e->index.start[hit->id]; k < e->index.start[hit->id + 1]; k++) {
			const struct owner *o = &e->owners[e->index.items[k]];

			add_span(s, (struct span){o->entity, o->value, hit->from, hit->to});
		}
	}
}

/* Values seen only once misspelt words are put right. */
static void add_misspelt(const struct entities *e, struct arena *a, const struct utterance *u,
			 struct spans *s)
{
	struct typo_text right;
	struct utterance again;
	struct literal_hits hits;

	if (!typos_correct(e->typos, a, u, &right))
		return;
	utterance_read(a, e->lexicon, right.text, &again);
	if (!str_eq(again.normal.text, right.text))
		return; /* places would not agree */
	literals_scan(e->literals, a, &again, &hits);
	for (size_t i = 0; i < hits.n; i++) {
		const struct literal_hit *hit = &hits.v[i];
		int edits = typo_edits(&right, hit->from, hit->to);

		for (uint32_t k = e->index.start[hit->id];
		     edits > 0 && k < e->index.start[hit->id + 1]; k++) {
			const struct owner *o = &e->owners[e->index.items[k]];
			struct span span = {o->entity, o->value, hit->from, hit->to};

			typo_place(&right, &span.from, &span.to);
			if (edits <= e->v[o->entity].edits)
				add_span(s, span);
		}
	}
}

/* Does it share characters with one of the founds from v[first] on? */
static bool overlaps(const struct founds *out, size_t first, const struct span *s)
{
	for (size_t i = first; i < out->n; i++) {
		if (out->v[i].from < s->to && s->from < out->v[i].to)
			return true;
	}
	return false;
}

/* Inserts by place among the founds of one entity, which begin at v[first]. */
static void insert_found(struct arena *a, struct founds *out, size_t first, struct found f)
{
	size_t i = out->n;

	ARENA_PUSH(a, out->v, out->n, out->cap, f);
	for (; i > first && out->v[i - 1].from > f.from; i--)
		out->v[i] = out->v[i - 1];
	out->v[i] = f;
}

static void take_values(const struct compiled *c, uint32_t index, struct arena *a,
			const struct spans *s, struct founds *out)
{
	size_t first = out->n;

	for (size_t i = 0; i < s->n; i++) {
		const struct span *span = &s->v[i];

		if (span->entity != index || out->n == ENTITY_FOUND_MAX ||
		    overlaps(out, first, span))
			continue;
		insert_found(a, out, first,
			     (struct found){c->entity, c->entity->values[span->value].value,
					    span->from, span->to});
	}
}

/* The group `value`, else all of the match. */
static struct str regex_value(const struct regex *r, const struct regex_run *run, struct str text,
			      size_t begin, size_t end)
{
	size_t from, to;

	for (size_t i = 0; i < regex_n_names(r); i++) {
		if (str_eq(regex_name(r, i), STR("value")) && regex_group(r, run, i, &from, &to))
			return str_sub(text, from, to);
	}
	return str_sub(text, begin, end);
}

static void find_regex(const struct compiled *c, struct arena *a, struct str text,
		       struct regex_run *run, struct founds *out)
{
	size_t begin, end;

	for (size_t at = 0; out->n < ENTITY_FOUND_MAX; at = end) {
		enum regex_result result = regex_find(c->regex, run, text, at, &begin, &end);
		struct found f = {.entity = c->entity};
		bool ok = true;

		if (result == REGEX_LIMIT)
			ARENA_PUSH(a, out->limited, out->n_limited, out->cap_limited,
				   regex_limited(c->regex, c->entity->mark));
		if (result != REGEX_HIT || begin == end)
			return;
		if (c->entity->kind == ENTITY_REGEX)
			f.value = regex_value(c->regex, run, text, begin, end);
		else
			ok = builtin_value(c->entity->builtin, c->regex, run, a, text, begin, end,
					   &f.value);
		f.from = (uint32_t)begin;
		f.to = (uint32_t)end;
		if (ok)
			ARENA_PUSH(a, out->v, out->n, out->cap, f);
	}
}

void entities_find(const struct entities *e, struct arena *a, const struct utterance *u,
		   const struct literal_hits *hits, struct regex_run *run, bool only_private,
		   struct founds *out)
{
	struct spans *s;

	*out = (struct founds){0};
	if (e->n == 0)
		return;
	s = ARENA_NEW(a, struct spans);
	add_exact(e, hits, s);
	add_misspelt(e, a, u, s);
	for (uint32_t i = 0; i < e->n; i++) {
		if (only_private && !e->v[i].entity->private)
			continue;
		if (e->v[i].regex)
			find_regex(&e->v[i], a, u->normal.text, run, out);
		else if (e->v[i].n_names > 0)
			take_values(&e->v[i], i, a, s, out);
	}
}

bool entity_partial(const struct entities *e, const struct entity *entity,
		    const struct utterance *u, struct str *value)
{
	struct str said = u->normal.text;
	uint32_t only = AMBIGUOUS;

	for (size_t i = 0; i < e->n; i++) {
		const struct compiled *c = &e->v[i];

		for (size_t k = 0; c->entity == entity && k < c->n_names && said.n > 1; k++) {
			if (str_find(c->names[k].text, said, 0) == SIZE_MAX ||
			    c->names[k].value == only)
				continue;
			if (only != AMBIGUOUS)
				return false;
			only = c->names[k].value;
		}
	}
	if (only == AMBIGUOUS)
		return false;
	*value = entity->values[only].value;
	return true;
}
