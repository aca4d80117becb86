#include "bot/turn.h"
#include "bot/steps.h"

#include "text/mask.h"

/* A reply in the session's language although a message in another is only this many words long. */
enum { STICKY_WORDS = 1, STICKY_WORDS_TALKING = 2, STICKY_WORDS_ASKED = 3 };

void turn_init(struct turn *t)
{
	*t = (struct turn){0};
	arena_init(&t->arena);
	arena_init(&t->search);
}

void turn_reset(struct turn *t)
{
	struct turn fresh = {.snapshot = t->snapshot,
			     .session = t->session,
			     .profiles = t->profiles,
			     .explain = t->explain,
			     .suggest = t->suggest,
			     .rules_alone = t->rules_alone};

	arena_reset(&t->arena);
	arena_reset(&t->search);
	fresh.arena = t->arena;
	fresh.search = t->search;
	*t = fresh;
}

void turn_done(struct turn *t)
{
	arena_done(&t->arena);
	arena_done(&t->search);
	*t = (struct turn){0};
}

/* ---- language ---- */

/* The rules' own spelling of a language (it outlives the session's), or "". */
static struct str spoken(const struct ruleset *rs, struct str lang)
{
	for (size_t i = 0; i < rs->languages.n; i++)
		if (str_eq(rs->languages.v[i], lang))
			return rs->languages.v[i];
	return STR_NONE;
}

/* "zh-CN" -> "zh". */
static struct str primary(struct str tag)
{
	size_t dash = str_find(tag, STR("-"), 0);

	return dash == SIZE_MAX ? tag : str_sub(tag, 0, dash);
}

/* The message's language when it says enough, else the conversation's, else the page's, else the
 * default: "ok" and "Python" in a Chinese talk are no change of language. */
static struct str choose_lang(const struct turn *t)
{
	const struct session *s = t->session;
	const struct ruleset *rs = t->snapshot->rules;
	struct str before =
		spoken(rs, *s->reply_lang ? str_of(s->reply_lang) : primary(str_of(s->lang)));
	struct str now = spoken(rs, t->utterance.lang);
	size_t sticky = *s->asking_intent ? STICKY_WORDS_ASKED
			: *s->reply_lang  ? STICKY_WORDS_TALKING
					  : STICKY_WORDS;
	bool short_latin = str_eq(t->utterance.lang, STR("en")) && t->utterance.n <= sticky;

	if (before.n && (short_latin || !now.n))
		return before;
	return now.n ? now : rs->languages.v[0];
}

/* ---- the memory of the conversation ---- */

static void spend_context(struct session *s)
{
	if (s->context_turns > 0)
		s->context_turns--;
}

/* What an action set for good stays. */
static void forget(struct session *s, struct str name)
{
	const struct session_slot *slot = session_slot_find(s, name);

	if (slot && !slot->kept)
		session_slot_drop(s, name);
}

static bool is_forgotten(const struct turn *t, struct str name)
{
	for (size_t i = 0; i < t->forgotten.n; i++)
		if (str_eq(t->forgotten.v[i], name))
			return true;
	return false;
}

static void remember(struct turn *t)
{
	struct session *s = t->session;

	if (s->context_turns == 0 && *s->context)
		session_set(&s->context, STR_NONE);
	for (size_t i = 0; i < t->forgotten.n; i++)
		forget(s, t->forgotten.v[i]);
	for (size_t i = 0; i < t->reply.slots.n; i++) {
		const struct slot *slot = &t->reply.slots.v[i];
		const struct entity *e = rule_entity(t->snapshot->rules, slot->name);
		char *name = (char *)(uintptr_t)arena_str(&t->arena, slot->name).p;
		char *raw = (char *)(uintptr_t)arena_str(&t->arena, slot->raw).p;
		char *value = (char *)(uintptr_t)arena_str(&t->arena, slot->value).p;

		const struct session_slot *old = session_slot_find(s, slot->name);
		bool kept = old && old->kept; /* `set` by an action of this very turn, perhaps */

		if (!kept && is_forgotten(t, slot->name))
			continue;
		session_slot_put(s, &(struct session_slot){name, raw, value, slot->private, kept});
		if (e && e->kind == ENTITY_SOURCE)
			session_set(&s->last_course, slot->value);
	}
	if (t->reply.source != SOURCE_FALLBACK)
		s->misses = t->reply.source == SOURCE_ASK ? s->misses : 0;
	session_set(&s->reply_lang, t->reply.lang);
	s->turns++;
}

/* The reply shows what the intent knows by now: this turn's slots and the remembered ones. */
static void show_slots(struct turn *t)
{
	const struct session *s = t->session;

	for (size_t i = 0; t->reply.intent.n && i < s->n_slots; i++) {
		const struct session_slot *k = &s->slots[i];

		if (!slot_find(&t->reply.slots, str_of(k->name)))
			slot_put(&t->arena, &t->reply.slots,
				 (struct slot){.name = arena_str(&t->arena, str_of(k->name)),
					       .raw = arena_str(&t->arena, str_of(k->raw)),
					       .value = arena_str(&t->arena, str_of(k->value)),
					       .private = k->private});
	}
}

/* ---- the turn ---- */

static void answer_best(struct turn *t, const struct option *best)
{
	const struct candidate *c = best->intent;

	t->reply.score = best->score;
	if (!c) {
		t->reply.source = SOURCE_FAQ;
		answer_faq(t, &t->snapshot->rules->faq[best->faq]);
		return;
	}
	t->reply.source = c->in_context		    ? SOURCE_CONTEXT
			  : c->source == MATCH_RULE ? SOURCE_RULE
						    : SOURCE_PHRASE;
	answer_start(t, c->intent, &c->slots);
}

static void answer_message(struct turn *t)
{
	struct decision d;

	reading_match(t);
	if (form_continue(t))
		return;
	decide(t, &d);
	switch (d.verdict) {
	case VERDICT_INTENT:
	case VERDICT_FAQ:
		answer_best(t, &d.options[0]);
		answer_also(t, &d);
		break;
	case VERDICT_ASK:
		answer_ask(t, &d);
		break;
	case VERDICT_FALLBACK:
		answer_fallback(t);
		break;
	}
}

/* "intent:NAME" or "intent:NAME?SLOT=VALUE" */
static const struct intent *read_target(struct turn *t, struct slots *slots)
{
	struct str rest = str_sub(t->text, 7, t->text.n);
	size_t mark = str_find(rest, STR("?"), 0), equals = str_find(rest, STR("="), 0);
	struct str value = equals == SIZE_MAX ? STR_NONE : str_sub(rest, equals + 1, rest.n);

	if (mark < equals && value.n)
		slot_put(&t->arena, slots,
			 (struct slot){.name = str_sub(rest, mark + 1, equals),
				       .raw = value,
				       .value = value});
	return rule_intent(t->snapshot->rules, str_sub(rest, 0, mark));
}

/* A button's value that names its target; false: it is text as if typed. */
static bool answer_click(struct turn *t)
{
	const struct ruleset *rs = t->snapshot->rules;
	const struct match_state state = reading_state(t);
	const struct intent *intent = NULL;
	const struct faq_entry *entry = NULL;
	struct slots slots = {0};

	if (str_starts(t->text, STR("intent:")))
		intent = read_target(t, &slots);
	else if (str_starts(t->text, STR("faq:")))
		entry = rule_faq(rs, str_sub(t->text, 4, t->text.n));
	if (intent && !match_only_holds(&intent->only, &state))
		intent = NULL;
	if (!intent && !entry)
		return false;
	session_set(&t->session->asking_intent, STR_NONE);
	t->reply.score = 1.0;
	t->reply.source = intent ? SOURCE_RULE : SOURCE_FAQ;
	if (intent)
		answer_start(t, intent, &slots);
	else
		answer_faq(t, entry);
	return true;
}

/* A button's value that is a name, not words. */
static bool names_target(const struct turn *t)
{
	return t->kind == TURN_CLICK &&
	       (str_starts(t->text, STR("intent:")) || str_starts(t->text, STR("faq:")));
}

void bot_turn(struct turn *t)
{
	utterance_read(&t->arena, t->snapshot->lexicon, names_target(t) ? STR_NONE : t->text,
		       &t->typed);
	t->utterance = t->typed;
	t->reply = (struct reply){.lang = choose_lang(t)};
	if (t->kind == TURN_SILENT)
		return;
	if (t->kind == TURN_WELCOME) {
		answer_welcome(t);
		return;
	}
	spend_context(t->session);
	if (t->kind != TURN_CLICK || !answer_click(t))
		answer_message(t);
	remember(t);
	show_slots(t);
}

const char *turn_people_name(enum turn_people p)
{
	static const char *const names[] = {"", "there", "away"};

	return names[p];
}

bool turn_people_read(struct str word, enum turn_people *out)
{
	*out = str_eq(word, STR("there"))  ? PEOPLE_THERE
	       : str_eq(word, STR("away")) ? PEOPLE_AWAY
					   : PEOPLE_UNKNOWN;
	return *out != PEOPLE_UNKNOWN;
}

const char *reply_source_name(enum reply_source s)
{
	static const char *const names[] = {"rule",    "phrase", "faq",	    "slot",
					    "context", "ask",	 "fallback"};

	return names[s];
}

struct mask_spans {
	struct mask_span *v;
	size_t n, cap;
};

/* A message read in two ways is private wherever one of them says so. */
static void find_private(struct turn *t, const struct utterance *u, struct mask_spans *out)
{
	const struct slots private = match_private(t->snapshot->matcher, &t->arena, u);

	for (size_t i = 0; i < private.n; i++) {
		const struct slot *s = &private.v[i];

		ARENA_PUSH(&t->arena, out->v, out->n, out->cap,
			   ((struct mask_span){u->normal.at[s->at], u->normal.at[s->at + s->len]}));
	}
}

struct str turn_masked_text(struct turn *t)
{
	struct mask_spans spans = {0};

	if (names_target(t)) /* it was not read as words: the utterance is empty */
		return mask_text(&t->arena, t->text, NULL, 0);
	find_private(t, &t->typed, &spans);
	if (t->spelling)
		find_private(t, &t->utterance, &spans);
	return mask_normal(&t->arena, &t->typed.normal, spans.v, spans.n);
}
