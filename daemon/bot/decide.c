/* Which of the candidates answers, or whether to ask, or neither.
 *
 * Options are the matcher's candidates and the FAQ's hits in one list, ordered by
 *	sure enough to answer · active context · priority · score · rule, phrase, FAQ · file order
 * where an FAQ entry has priority 0. Those under ask_at are out. Then
 *	nothing left				-> fallback
 *	best under answer_at			-> did you mean
 *	a rival within margin of the best	-> did you mean
 *	the best a phrase, and an FAQ entry is nearer
 *	to the message than that phrase		-> did you mean
 *	else					-> the best answers
 * A rival is an option of the same context and priority; a phrase or FAQ entry is no rival of a
 * rule hit, which is certain. A phrase's score says how well its intent is told from the others, and one
 * word may be enough for that (发票开错了抬头 -> invoice, 0.94); so an FAQ entry in the upper half between
 * ask_at and answer_at is set beside the nearest phrase on the FAQ's own scale, and leads by margin or is
 * left. */
#include "bot/snapshot_faq.h"
#include "bot/steps.h"

#include <stdlib.h>
#include <string.h>

static bool is_rule(const struct option *o)
{
	return o->intent && o->intent->source == MATCH_RULE;
}

static int source_rank(const struct option *o)
{
	return !o->intent ? 2 : o->intent->source == MATCH_PHRASE ? 1 : 0;
}

static int priority(const struct option *o)
{
	return o->intent ? o->intent->intent->priority : 0;
}

static bool in_context(const struct option *o)
{
	return o->intent && o->intent->in_context;
}

static uint32_t file_order(const struct option *o)
{
	return o->intent ? o->intent->intent->index : o->faq;
}

static int sign(double d)
{
	return (d > 0) - (d < 0);
}

/* < 0: a before b. */
static int compare(const struct option *a, const struct option *b, double answer_at)
{
	const int keys[] = {
		(b->score >= answer_at) - (a->score >= answer_at),
		in_context(b) - in_context(a),
		priority(b) > priority(a)   ? 1
		: priority(b) < priority(a) ? -1
					    : 0,
		sign(b->score - a->score),
		source_rank(a) - source_rank(b),
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i])
			return keys[i];
	return file_order(a) < file_order(b) ? -1 : file_order(a) > file_order(b);
}

/* Stable insertion sort: there are a dozen options at most. */
static void rank(struct option *v, size_t n, double answer_at)
{
	for (size_t i = 1; i < n; i++) {
		struct option o = v[i];
		size_t j = i;

		for (; j > 0 && compare(&o, &v[j - 1], answer_at) < 0; j--)
			v[j] = v[j - 1];
		v[j] = o;
	}
}

static bool rivals(const struct option *best, const struct option *o, double margin)
{
	if (in_context(best) != in_context(o) || priority(best) != priority(o))
		return false;
	if (is_rule(best) && !is_rule(o))
		return false;
	return best->score - o->score < margin;
}

/* The nearest phrase beside the message, as the FAQ would have it. */
static double phrase_likeness(struct turn *t, const struct candidate *c)
{
	struct utterance phrase;
	size_t i = 0;

	while (i < c->n_reasons && !str_eq(c->reasons[i].what, STR("phrases")))
		i++;
	if (i == c->n_reasons)
		return 1;
	utterance_read(&t->arena, t->snapshot->lexicon, c->reasons[i].detail, &phrase);
	return faq_likeness(t->snapshot->faq, &t->arena, &t->utterance, &phrase);
}

/* An FAQ entry that has more of the message than the best's nearest phrase; 0 when there is none. */
static size_t find_liker(struct turn *t, const struct decision *d)
{
	const struct tuning *set = &t->tuning;
	const struct option *best = &d->options[0];
	double least = (set->ask_at + set->answer_at) / 2;
	size_t i = 1;

	if (!d->n || !best->intent || is_rule(best) || in_context(best) || priority(best))
		return 0;
	while (i < d->n && d->options[i].intent)
		i++;
	if (i == d->n || d->options[i].score < least)
		return 0;
	return d->options[i].score - phrase_likeness(t, best->intent) >= set->margin ? i : 0;
}

/* Behind the best, where it is offered. */
static void put_second(struct decision *d, size_t at)
{
	struct option o = d->options[at];

	memmove(&d->options[2], &d->options[1], (at - 1) * sizeof o);
	d->options[1] = o;
}

static enum verdict judge(const struct decision *d, const struct tuning *set)
{
	if (d->n == 0)
		return VERDICT_FALLBACK;
	if (d->options[0].score < set->answer_at)
		return VERDICT_ASK;
	for (size_t i = 1; i < d->n; i++)
		if (rivals(&d->options[0], &d->options[i], set->margin))
			return VERDICT_ASK;
	return d->options[0].intent ? VERDICT_INTENT : VERDICT_FAQ;
}

/* What is under ask_at is no option: only who wants to know why hears of it. */
static size_t search_faq(struct turn *t, struct faq_hit *hits)
{
	bool all = t->explain || t->suggest;

	if (!t->snapshot->faq || t->matches.settled)
		return 0;
	arena_reset(&t->search);
	return faq_search_from(t->snapshot->faq, &t->search, &t->utterance,
			       all ? 0 : t->tuning.ask_at, hits, OPTIONS_MAX);
}

static size_t gather(struct turn *t, struct option *all)
{
	struct faq_hit hits[OPTIONS_MAX];
	size_t n = 0, n_hits = search_faq(t, hits);

	for (size_t i = 0; i < n_hits; i++)
		__builtin_prefetch(&t->snapshot->rules->faq[hits[i].doc]);
	for (size_t i = 0; i < t->matches.n; i++)
		all[n++] =
			(struct option){.intent = &t->matches.v[i], .score = t->matches.v[i].score};
	for (size_t i = 0; i < n_hits; i++)
		all[n++] = (struct option){
			.faq = hits[i].doc, .wording = hits[i].wording, .score = hits[i].score};
	return n;
}

static struct str option_verdict(const struct decision *d, const struct option *o,
				 const struct tuning *set)
{
	if (o->score < set->ask_at)
		return STR("under ask_at");
	if (compare(o, &d->options[0], set->answer_at) == 0)
		return d->verdict == VERDICT_ASK ? STR("asked: did you mean") : STR("chosen");
	if (d->liker && compare(o, &d->options[1], set->answer_at) == 0)
		return STR("has more of the message");
	if (rivals(&d->options[0], o, set->margin))
		return STR("within margin of the best");
	if (in_context(o) != in_context(&d->options[0]))
		return STR("not in the active context");
	if (priority(o) != priority(&d->options[0]))
		return STR("lower priority");
	return o->score < d->options[0].score ? STR("lower score") : STR("later in the order");
}

/* "faq:" and its id; without printf, for there are several to each message. */
static struct str faq_name(struct arena *a, struct str id)
{
	static const struct str prefix = STR_INIT("faq:");
	char *p = arena_alloc(a, prefix.n + id.n + 1);

	memcpy(p, prefix.p, prefix.n);
	memcpy(p + prefix.n, id.p, id.n);
	return (struct str){p, prefix.n + id.n};
}

/* The FAQ's reason: the wording that was nearest. */
static void consider_faq(struct turn *t, const struct option *o, struct considered *c)
{
	const struct faq_entry *entry = &t->snapshot->rules->faq[o->faq];
	struct reason *r = ARENA_NEW(&t->arena, struct reason);

	*r = (struct reason){entry->mark, STR("faq"), snapshot_faq_wording(entry, o->wording),
			     STR_NONE, o->score};
	c->intent = faq_name(&t->arena, entry->id);
	c->source = SOURCE_FAQ;
	c->reasons = r;
	c->n_reasons = 1;
}

static void consider_intent(const struct candidate *cand, struct considered *c)
{
	c->intent = cand->intent->name;
	c->source = cand->in_context		 ? SOURCE_CONTEXT
		    : cand->source == MATCH_RULE ? SOURCE_RULE
						 : SOURCE_PHRASE;
	c->reasons = cand->reasons;
	c->n_reasons = cand->n_reasons;
}

static void remember_considered(struct turn *t, const struct decision *d, const struct option *all,
				size_t n)
{
	size_t kept = t->explain ? t->matches.n_kept_out : 0;
	struct considered *c = ARENA_ARRAY(&t->arena, struct considered, n + kept);

	for (size_t i = 0; i < n; i++) {
		c[i].score = all[i].score;
		c[i].verdict = option_verdict(d, &all[i], &t->tuning);
		if (all[i].intent)
			consider_intent(all[i].intent, &c[i]);
		else
			consider_faq(t, &all[i], &c[i]);
	}
	for (size_t i = 0; i < kept; i++) {
		c[n + i].score = t->matches.kept_out[i].score;
		c[n + i].verdict = STR("kept out by only");
		consider_intent(&t->matches.kept_out[i], &c[n + i]);
	}
	t->reply.considered = c;
	t->reply.n_considered = n + kept;
}

void decide_reading(struct turn *t, struct decision *out)
{
	const struct tuning *set = &t->tuning;
	struct option all[MATCH_CANDIDATES_MAX + OPTIONS_MAX];
	size_t n = gather(t, all), liker;

	rank(all, n, set->answer_at);
	*out = (struct decision){0};
	for (size_t i = 0; i < n && out->n < OPTIONS_MAX; i++)
		if (all[i].score >= set->ask_at)
			out->options[out->n++] = all[i];
	out->verdict = judge(out, set);
	if (out->verdict == VERDICT_INTENT && (liker = find_liker(t, out)) > 0) {
		put_second(out, liker);
		out->verdict = VERDICT_ASK;
		out->liker = true;
	}
	remember_considered(t, out, all, n);
}

bool decision_is_sure(const struct decision *d)
{
	return d->verdict == VERDICT_INTENT || d->verdict == VERDICT_FAQ;
}

/* A rule that slots cannot make better: its intent neither asks for them nor acts with them. What phrases
 * and the FAQ are sure of may still be about the misspelt word only (申请推款 is near 申请被拒). */
static bool is_final(const struct decision *d)
{
	const struct candidate *c = d->n ? d->options[0].intent : NULL;

	return decision_is_sure(d) && is_rule(&d->options[0]) && !c->intent->n_asks &&
	       !c->intent->acts.n;
}

/* Does this reading say more than that one? */
static bool says_more(const struct decision *this, const struct decision *that, double answer_at)
{
	if (decision_is_sure(that)) {
		const struct candidate *a = this->n ? this->options[0].intent : NULL;
		const struct candidate *b = that->options[0].intent;

		if (!decision_is_sure(this))
			return false;
		if (a && b && a->intent == b->intent)
			return a->slots.n > b->slots.n;
		return !is_rule(&that->options[0]) &&
		       compare(&this->options[0], &that->options[0], answer_at) < 0;
	}
	if (decision_is_sure(this) || this->n == 0 || that->n == 0)
		return this->n > 0;
	return compare(&this->options[0], &that->options[0], answer_at) < 0;
}

/* As typed, then as probably meant. */
static void decide_whole(struct turn *t, struct decision *out)
{
	struct decision again;
	struct reading typed;

	decide_reading(t, out);
	if (is_final(out) || !reading_correct(t, &typed))
		return;
	decide_reading(t, &again);
	if (says_more(&again, out, t->tuning.answer_at))
		*out = again;
	else
		reading_restore(t, &typed);
}

void decide(struct turn *t, struct decision *out)
{
	experiment_tune(t->snapshot->rules, str_of(t->session->user), AREA_DECISION, &t->tuning,
			&t->effects.met);
	decide_whole(t, out);
	if (t->rules_alone)
		return;
	if (decision_is_sure(out))
		parts_also(t, out);
	else
		parts_decide(t, out);
}
