#include "recent.h"

#include <stdlib.h>

#include "text/mem.h"

static struct str *texts_of(struct desk_line *l, size_t i)
{
	struct str *const all[] = {&l->text, &l->raw, &l->intent, &l->source};

	return i < sizeof all / sizeof *all ? all[i] : NULL;
}

static size_t size_of(const struct desk_line *l)
{
	return l->text.n + l->raw.n + l->intent.n + l->source.n;
}

static void drop_first(struct recent *r)
{
	struct recent_line *first = r->first;

	r->first = first->next;
	if (!r->first)
		r->last = NULL;
	r->n--;
	r->bytes -= size_of(&first->line);
	free(first);
}

void recent_put(struct recent *r, const struct desk_line *line)
{
	struct recent_line *one;
	size_t size = size_of(line);
	struct str *text;
	char *to;

	if (!line->text.n || size > RECENT_BYTES)
		return;
	while (r->n && (r->n >= RECENT_LINES || r->bytes + size > RECENT_BYTES))
		drop_first(r);
	one = mem_alloc(sizeof *one + size);
	*one = (struct recent_line){.line = *line};
	one->line.session = one->line.who = one->line.id = STR_NONE;
	to = (char *)(one + 1);
	for (size_t i = 0; (text = texts_of(&one->line, i)); i++) {
		if (text->n)
			memcpy(to, text->p, text->n);
		text->p = to;
		to += text->n;
	}
	if (r->last)
		r->last->next = one;
	else
		r->first = one;
	r->last = one;
	r->n++;
	r->bytes += size;
}

void recent_done(struct recent *r)
{
	while (r->first)
		drop_first(r);
}
