/* Example phrases that never reach their intent, because a keyword or regex of another one is in them: "npm
 * install fails" and keywords: [instalments], of which English endings leave the same. Rules alone are
 * asked, so nothing is trained. */
#include "check_part.h"

enum { TAKEN_MAX = 3 }; /* of one intent: the others are likely the same matter */

/* It reads as it stands: no capture or wildcard. */
static bool is_plain(struct str phrase)
{
	return !memchr(phrase.p, '<', phrase.n) && !memchr(phrase.p, '*', phrase.n);
}

/* May it be there whenever the intent's own phrases are said? */
static bool always_awake(const struct only *only)
{
	return !only->contexts.n && !only->langs.n && !only->pages.n && only->logged_in < 0;
}

/* The rule of another intent that answers the phrase; NULL when none does, or its own rules do, too. */
static const struct candidate *taker(struct turn *t, const struct intent *intent, struct str phrase)
{
	const struct candidate *best;

	t->rules_alone = true;
	check_say(t, intent, phrase);
	t->rules_alone = false;
	best = t->matches.n ? &t->matches.v[0] : NULL;
	if (!best || best->source != MATCH_RULE || best->intent->priority < intent->priority ||
	    !always_awake(&best->intent->only))
		return NULL;
	for (size_t i = 0; i < t->matches.n; i++) {
		if (t->matches.v[i].intent == intent)
			return NULL;
	}
	return best;
}

static void report(const struct intent *intent, const struct example *phrase,
		   const struct candidate *by, struct diags *d)
{
	const struct reason *r = &by->reasons[0];

	diags_add(d, DIAG_WARNING, phrase->mark, "taken",
		  "'%.*s' of '%.*s' is answered by '%.*s', whose %.*s (line %d) find '%.*s' in it; "
		  "narrow "
		  "those with all or none, or give '%.*s' a higher priority than %d",
		  "“%.*s”（意图“%.*s”的例句）会由“%.*s”回答：它的 %.*s（第 %d "
		  "行）命中了其中的“%.*s”；"
		  "请用 all 或 none 收窄，或把“%.*s”的 priority 设得比 %d 高",
		  STR_ARG(phrase->text), STR_ARG(intent->name), STR_ARG(by->intent->name),
		  STR_ARG(r->what), r->mark.line, STR_ARG(r->text), STR_ARG(intent->name),
		  by->intent->priority);
}

void check_taken(struct turn *t, const struct intent *intent, struct diags *d)
{
	size_t told = 0;

	if (!always_awake(&intent->only))
		return;
	for (size_t b = 0; b < intent->n_blocks; b++) {
		const struct block *block = &intent->blocks[b];

		for (size_t i = 0; block->kind == BLOCK_PHRASES && i < block->n; i++) {
			const struct candidate *by = NULL;

			if (told < TAKEN_MAX && is_plain(block->phrases[i].text))
				by = taker(t, intent, block->phrases[i].text);
			if (by) {
				report(intent, &block->phrases[i], by, d);
				told++;
			}
		}
	}
}
