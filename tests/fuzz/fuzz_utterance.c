#include "fuzz/fuzz.h"

#include "text/lexicon.h"
#include "text/utf8.h"
#include "text/utterance.h"

/* The first line is a term, the second a member of a synonym group, the rest the message. */
static struct str take_line(struct str *rest)
{
	size_t end = str_find(*rest, STR("\n"), 0);
	struct str line = str_sub(*rest, 0, end);

	*rest = str_sub(*rest, end == SIZE_MAX ? rest->n : end + 1, rest->n);
	return line;
}

static void check_tokens(const struct utterance *u)
{
	struct str text = u->normal.text;
	size_t end = 0;

	HOLDS(u->n <= UTTERANCE_TOKENS_MAX);
	for (size_t i = 0; i < u->n; i++) {
		const struct token *t = &u->tokens[i];

		HOLDS(t->text.n > 0 && t->at >= end);
		HOLDS(t->text.p == text.p + t->at);
		end = t->at + t->text.n;
		HOLDS(end <= text.n);
		HOLDS(utf8_valid(t->text) == t->text.n);
		HOLDS(t->stem.n > 0);
		HOLDS(t->kind <= TOKEN_OTHER);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size};
	struct str term = take_line(&rest), member = take_line(&rest);
	struct synonym group = {STR("退款"), &member, 1};
	const struct lexicon *l;
	struct utterance u, again;
	struct arena a;

	arena_init(&a);
	l = lexicon_new(&a, &group, 1, &term, 1);
	utterance_read(&a, l, rest, &u);
	check_tokens(&u);
	HOLDS(u.lang.n == 0 || str_eq(u.lang, STR("zh")) || str_eq(u.lang, STR("en")));
	/* What was read is read the same from its normalised form. */
	utterance_read(&a, l, u.normal.text, &again);
	HOLDS(again.n == u.n);
	for (size_t i = 0; i < u.n; i++) {
		HOLDS(str_eq(u.tokens[i].text, again.tokens[i].text));
		HOLDS(str_eq(u.tokens[i].head, again.tokens[i].head));
	}
	arena_done(&a);
	return 0;
}
