#include "net/mask.h"

static const struct str stars = STR_INIT("***");

static struct str replace_all(struct arena *a, struct str text, struct str secret)
{
	struct str out = STR_NONE;
	size_t at = 0, hit = secret.n ? str_find(text, secret, 0) : SIZE_MAX;

	if (hit == SIZE_MAX)
		return text;
	while (hit != SIZE_MAX) {
		struct str kept = str_sub(text, at, hit);

		out = arena_printf(a, "%.*s%.*s%.*s", STR_ARG(out), STR_ARG(kept), STR_ARG(stars));
		at = hit + secret.n;
		hit = str_find(text, secret, at);
	}
	text = str_sub(text, at, text.n);
	return arena_printf(a, "%.*s%.*s", STR_ARG(out), STR_ARG(text));
}

struct str mask_slots(struct arena *a, const struct slots *slots, struct str text)
{
	for (size_t i = 0; i < slots->n; i++) {
		if (!slots->v[i].private)
			continue;
		text = replace_all(a, text, slots->v[i].raw);
		text = replace_all(a, text, slots->v[i].value);
	}
	return text;
}

void mask_log(struct chat *chat, const char *who, struct str masked)
{
	struct buf *said = &chat->said;

	if (!masked.n)
		return;
	buf_printf(said, "%s: %.*s\n", who, STR_ARG(masked));
	if (said->n <= MASK_LOG_BYTES)
		return;
	/* The oldest lines go, whole ones. */
	size_t cut = str_find(buf_view(said), STR("\n"), said->n - MASK_LOG_BYTES);

	cut = cut == SIZE_MAX ? said->n : cut + 1;
	memmove(said->p, said->p + cut, said->n - cut);
	said->n -= cut;
	said->p[said->n] = '\0';
}

struct str mask_said(const struct chat *chat)
{
	return buf_view(&chat->said);
}
