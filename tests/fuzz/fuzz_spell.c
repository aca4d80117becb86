#include "fuzz/fuzz.h"

#include "text/spell.h"
#include "text/utf8.h"

/* The first line is a text whose words may be meant, the rest the message. */
static struct str take_line(struct str *rest)
{
	size_t end = str_find(*rest, STR("\n"), 0);
	struct str line = str_sub(*rest, 0, end);

	*rest = str_sub(*rest, end == SIZE_MAX ? rest->n : end + 1, rest->n);
	return line;
}

static void check_fixes(const struct spelling *s, const struct utterance *u)
{
	uint32_t end = 0;

	HOLDS(s->n > 0 && s->n <= SPELL_FIXES_MAX);
	for (size_t i = 0; i < s->n; i++) {
		const struct spell_fix *f = &s->fixes[i];

		HOLDS(f->from >= end && f->from < f->to && f->to <= u->normal.text.n);
		HOLDS(f->meant.n > 0);
		HOLDS(!str_eq(f->meant, str_sub(u->normal.text, f->from, f->to)));
		end = f->to;
	}
}

/* The corrected message leads back into the one that was typed. */
static void check_way_back(const struct utterance *now, const struct utterance *typed)
{
	const struct normal *n = &now->normal;

	HOLDS(utf8_valid(n->text) == n->text.n);
	HOLDS(n->raw.p == typed->normal.raw.p && n->raw.n == typed->normal.raw.n);
	HOLDS(n->at[0] == typed->normal.at[0]);
	HOLDS(n->at[n->text.n] == typed->normal.at[typed->normal.text.n]);
	for (size_t i = 1; i <= n->text.n; i++)
		HOLDS(n->at[i] >= n->at[i - 1]);
	for (size_t i = 0; i < now->n; i++)
		HOLDS(now->tokens[i].text.p == n->text.p + now->tokens[i].at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct synonym group = {STR_INIT("退款"), NULL, 0};
	struct str rest = {(const char *)data, size};
	struct spell_text texts[] = {
		{take_line(&rest), 3, SPELL_ALL},
		{STR("退款 怎么开发票 receipt certificate"), 1, SPELL_ALL},
	};
	int edits = size % 3 == 0 ? SPELL_AUTO : (int)(size % 3);
	const struct lexicon *l;
	const struct speller *s;
	struct utterance u;
	struct spelling out, again;
	struct arena a;

	arena_init(&a);
	l = lexicon_new(&a, &group, 1, NULL, 0);
	s = speller_new(&a, l, NULL, texts, 2, edits);
	utterance_read(&a, l, rest, &u);
	if (spell_correct(s, &a, &u, &out)) {
		check_fixes(&out, &u);
		check_way_back(&out.utterance, &u);
		/* The same message is read the same. */
		HOLDS(spell_correct(s, &a, &u, &again));
		HOLDS(str_eq(again.utterance.normal.text, out.utterance.normal.text));
	}
	arena_done(&a);
	return 0;
}
