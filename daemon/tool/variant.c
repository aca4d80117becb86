/* One answer said in another of its variants, told from another answer. */
#include "text/mem.h"
#include "tool/heard.h"

enum { LITERAL_MIN = 4 }; /* bytes: "<course>" alone says nothing */

/* A variant's words with anything in the place of its captures, and around them: what it can become in a
 * reply. False when it is all captures. */
static bool make_glob(struct str variant, struct buf *out)
{
	size_t literal = 0;

	buf_reset(out);
	buf_char(out, '*');
	for (size_t i = 0; i < variant.n; i++) {
		size_t end = variant.p[i] == '<' ? str_find(variant, STR(">"), i) : SIZE_MAX;

		if (end != SIZE_MAX) {
			buf_char(out, '*');
			i = end;
		} else {
			buf_char(out, variant.p[i]);
			literal++;
		}
	}
	buf_char(out, '*');
	return literal >= LITERAL_MIN;
}

/* May the text be that variant? An expected text with `*` is held against the variant's own words. */
static bool fits(struct str variant, struct str text, struct buf *glob)
{
	return make_glob(variant, glob) &&
	       (str_glob(buf_view(glob), text) || str_glob(text, variant));
}

static bool two_of(const struct strs *variants, struct str a, struct str b, struct buf *glob)
{
	size_t fit_a = SIZE_MAX, fit_b = SIZE_MAX;

	for (size_t i = 0; i < variants->n; i++) {
		if (fit_a == SIZE_MAX && fits(variants->v[i], a, glob))
			fit_a = i;
		if (fit_b == SIZE_MAX && fits(variants->v[i], b, glob))
			fit_b = i;
	}
	return fit_a != SIZE_MAX && fit_b != SIZE_MAX && fit_a != fit_b;
}

static bool two_of_text(const struct text *t, struct str a, struct str b, struct buf *glob)
{
	for (size_t i = 0; i < t->n; i++)
		if (two_of(&t->langs[i].variants, a, b, glob))
			return true;
	return false;
}

static bool two_of_intent(const struct intent *it, struct str a, struct str b, struct buf *glob)
{
	for (size_t i = 0; i < it->n_answers; i++)
		if (two_of_text(&it->answers[i].text, a, b, glob) ||
		    two_of_text(&it->answers[i].none, a, b, glob))
			return true;
	for (size_t i = 0; i < it->n_asks; i++)
		if (two_of_text(&it->asks[i].question, a, b, glob))
			return true;
	return false;
}

static bool two_of_fallback(const struct fallback *f, struct str a, struct str b, struct buf *glob)
{
	for (size_t i = 0; i < f->n; i++)
		if (two_of_text(&f->after[i].text, a, b, glob))
			return true;
	return two_of_text(&f->text, a, b, glob);
}

bool heard_same_answer(const struct ruleset *rules, struct str intent, struct str a, struct str b)
{
	const struct intent *it = rule_intent(rules, intent);
	const struct faq_entry *entry = str_starts(intent, STR("faq:"))
						? rule_faq(rules, str_sub(intent, 4, intent.n))
						: NULL;
	struct buf glob = {0};
	bool same = it	    ? two_of_intent(it, a, b, &glob)
		    : entry ? two_of_text(&entry->answer, a, b, &glob)
			    : !intent.n && two_of_fallback(&rules->fallback, a, b, &glob);

	buf_done(&glob);
	return same;
}
