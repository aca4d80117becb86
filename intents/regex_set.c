#include "intents/regex_set.h"

#include <stdlib.h>

#include "intents/pattern.h"
#include "intents/strmap.h"
#include "text/mem.h"

struct regex_set {
	struct arena arena;
	struct arena scratch; /* of one pattern */
	const struct regex_set *previous;
	struct strmap by_text; /* normalised pattern -> index; the regex has the text */
	struct regex **v;      /* one reference each */
	size_t n, cap, reused;
};

struct regex_set *regex_set_new(const struct regex_set *previous)
{
	struct regex_set *s = mem_zalloc(sizeof *s);

	arena_init(&s->arena);
	arena_init(&s->scratch);
	s->previous = previous;
	return s;
}

void regex_set_free(struct regex_set *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		regex_unref(s->v[i]);
	free(s->v);
	arena_done(&s->scratch);
	arena_done(&s->arena);
	free(s);
}

static struct regex *find(const struct regex_set *s, struct str text)
{
	const uint32_t *at = s ? strmap_get(&s->by_text, text) : NULL;

	return at ? s->v[*at] : NULL;
}

static void put(struct regex_set *s, struct regex *r)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		s->v = mem_resize(s->v, s->cap, sizeof(struct regex *));
	}
	strmap_put(&s->arena, &s->by_text, regex_text(r), (uint32_t)s->n);
	s->v[s->n++] = r;
}

static struct regex *take_over(struct regex_set *s, struct regex *r)
{
	s->reused++;
	put(s, regex_ref(r));
	return r;
}

/* What is written as it was before need not be normalised again. */
static struct regex *find_plain(struct regex_set *s, struct str pattern)
{
	struct regex *r = find(s, pattern);

	if (r)
		return regex_is_plain(r) ? r : NULL;
	r = find(s->previous, pattern);
	return r && regex_is_plain(r) ? take_over(s, r) : NULL;
}

struct regex *regex_set_take(struct regex_set *s, struct str pattern, struct mark mark,
			     struct diags *diags)
{
	struct pattern_normal normal;
	struct regex *r = find_plain(s, pattern);

	if (r)
		return r;
	arena_reset(&s->scratch);
	pattern_normalise(&s->scratch, pattern, &normal);
	r = find(s, normal.text);
	if (r)
		return r;
	r = find(s->previous, normal.text);
	if (r)
		return take_over(s, r);
	r = regex_compile(&normal, pattern, mark, diags);
	if (r)
		put(s, r);
	return r;
}

void regex_set_ready(struct regex_set *s)
{
	s->previous = NULL;
	arena_done(&s->scratch);
}

size_t regex_set_count(const struct regex_set *s)
{
	return s->n;
}

size_t regex_set_reused(const struct regex_set *s)
{
	return s->reused;
}
