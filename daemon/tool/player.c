#include "tool/player.h"

#include "text/when.h"

struct playing {
	struct arena *arena;
	struct tool_bot *bot;
	struct snapshot *snapshot; /* in service now: the bot's, or one of a reload step */
	struct session session;
	struct turn turn;
	struct heard last;
	struct coverage *coverage;
	struct played *out;
	int64_t now_unix_ms;
};

struct str player_button(const struct heard *last, struct str text)
{
	for (size_t i = 0; i < last->button_titles.n; i++)
		if (str_eq(last->button_titles.v[i], text))
			return last->button_values.v[i];
	return text;
}

/* ---- a reply, copied out of the turn ---- */

static void hear_lists(struct arena *a, const struct reply *r, struct heard *h)
{
	struct str *titles = ARENA_ARRAY(a, struct str, r->n_buttons);
	struct str *values = ARENA_ARRAY(a, struct str, r->n_buttons);
	struct str *courses = ARENA_ARRAY(a, struct str, r->n_cards);

	for (size_t i = 0; i < r->n_buttons; i++) {
		titles[i] = arena_str(a, r->buttons[i].title);
		values[i] = arena_str(a, r->buttons[i].value);
	}
	for (size_t i = 0; i < r->n_cards; i++)
		courses[i] = arena_str(a, r->cards[i].id);
	h->button_titles = (struct strs){titles, r->n_buttons};
	h->button_values = (struct strs){values, r->n_buttons};
	h->courses = (struct strs){courses, r->n_cards};
}

/* A slot may be told by its raw or its canonical form: both are listed. */
static void hear_pairs(struct arena *a, const struct reply *r, struct heard *h)
{
	struct expect_pair *slots = ARENA_ARRAY(a, struct expect_pair, 2 * r->slots.n);
	struct expect_pair *does = ARENA_ARRAY(a, struct expect_pair, r->n_done);

	for (size_t i = 0; i < r->slots.n; i++) {
		const struct slot *s = &r->slots.v[i];
		struct str name = arena_str(a, s->name);

		slots[h->n_slots++] = (struct expect_pair){name, arena_str(a, s->raw)};
		if (!str_eq(s->raw, s->value))
			slots[h->n_slots++] = (struct expect_pair){name, arena_str(a, s->value)};
	}
	for (size_t i = 0; i < r->n_done; i++)
		does[h->n_does++] = (struct expect_pair){arena_str(a, r->done[i].verb),
							 arena_str(a, r->done[i].arg)};
	h->slots = slots;
	h->does = does;
}

static struct heard hear(struct playing *p, double ms)
{
	const struct reply *r = &p->turn.reply;
	struct heard h = {.replied = true,
			  .text = arena_str(p->arena, r->text),
			  .intent = arena_str(p->arena, r->intent),
			  .source = str_of(reply_source_name(r->source)),
			  .lang = arena_str(p->arena, r->lang),
			  .score = r->score,
			  .ms = ms,
			  .inside = true,
			  .context = arena_str(p->arena, str_of(p->session.context))};

	hear_lists(p->arena, r, &h);
	hear_pairs(p->arena, r, &h);
	return h;
}

static void cover(struct playing *p)
{
	const struct reply *r = &p->turn.reply;
	const struct ruleset *rs = p->bot->snapshot->rules;
	const struct intent *intent = rule_intent(rs, r->intent);

	if (!p->coverage || p->snapshot != p->bot->snapshot)
		return;
	if (intent)
		p->coverage->intents[intent->index]++;
	else if (str_starts(r->intent, STR("faq:")))
		p->coverage->faq[rule_faq(rs, str_sub(r->intent, 4, r->intent.n)) - rs->faq]++;
	else if (r->source == SOURCE_ASK)
		p->coverage->asked++;
	else
		p->coverage->fallbacks++;
}

/* ---- steps ---- */

static void say(struct playing *p, enum turn_kind kind, struct str text)
{
	double began;

	turn_reset(&p->turn);
	p->turn.snapshot = p->snapshot;
	p->turn.session = &p->session;
	p->turn.profiles = p->bot->profiles;
	p->turn.kind = kind;
	p->turn.text = text;
	p->turn.now_unix_ms = p->now_unix_ms;
	began = tool_monotonic_ms();
	bot_turn(&p->turn);
	p->last = hear(p, tool_monotonic_ms() - began);
	if (kind == TURN_WELCOME)
		return;
	p->out->turns++;
	cover(p);
}

static int play_event(struct playing *p, const struct step *s, struct err *err)
{
	struct event e = {.user = str_of(p->session.user),
			  .course = s->text,
			  .value = 1,
			  .minutes = -1,
			  .progress = -1,
			  .score = -1,
			  .at_unix_ms = p->now_unix_ms};

	if (!event_type_read(s->event, &e.type))
		return err_set(err, ERR_INVALID, "%.*s:%d:%d: no event '%.*s'; %s",
			       STR_ARG(s->mark.file), s->mark.line, s->mark.col, STR_ARG(s->event),
			       event_type_names);
	if (*p->session.user)
		profiles_add(p->bot->profiles, &e);
	return 0;
}

static int play_reload(struct playing *p, const struct step *s, struct err *err)
{
	char *path = (char *)(uintptr_t)arena_str(p->arena, s->text).p;
	const struct snapshot_source src = {.intents_path = path,
					    .db_path = tool_db(NULL),
					    .serial = p->snapshot->serial + 1,
					    .now_unix_ms = p->now_unix_ms};
	struct snapshot *fresh;
	struct diags diags;
	int rc;

	diags_init(&diags, err_locale_chinese());
	rc = snapshot_build(&src, &diags, &fresh, err);
	diags_done(&diags);
	if (rc != 0)
		return rc;
	snapshot_unref(p->snapshot);
	p->snapshot = fresh;
	return 0;
}

static int play_step(struct playing *p, const struct step *s, struct err *err)
{
	int64_t ms;

	switch (s->kind) {
	case STEP_USER:
		say(p, TURN_MESSAGE, s->text);
		break;
	case STEP_CLICK:
		say(p, TURN_CLICK, player_button(&p->last, s->text));
		break;
	case STEP_WAIT:
		if (when_duration(s->text, &ms))
			p->now_unix_ms += ms;
		return 0;
	case STEP_EVENT:
		return play_event(p, s, err);
	case STEP_RELOAD:
		return play_reload(p, s, err);
	case STEP_AGENT:
		return 0;
	}
	heard_judge(p->arena, s, &p->last, &p->out->findings);
	return 0;
}

static bool has_agent(const struct transcript *t)
{
	for (size_t i = 0; i < t->n_steps; i++)
		if (t->steps[i].kind == STEP_AGENT)
			return true;
	return false;
}

static void begin(struct playing *p, const struct transcript *t)
{
	session_init(&p->session, t->seed);
	session_set(&p->session.user, t->user);
	session_set(&p->session.page, t->page);
	session_set(&p->session.lang, t->lang);
	p->session.logged_in = t->logged_in;
	p->now_unix_ms = t->clock_unix_ms ? t->clock_unix_ms : tool_now_unix_ms();
	turn_init(&p->turn);
	say(p, TURN_WELCOME, STR_NONE);
}

int player_inside(struct arena *a, struct tool_bot *bot, const struct transcript *t,
		  struct coverage *coverage, struct played *out, struct err *err)
{
	struct playing p = {.arena = a, .bot = bot, .coverage = coverage, .out = out};
	double began = tool_monotonic_ms();
	int rc = 0;

	*out = (struct played){.transcript = t};
	if (has_agent(t)) {
		out->skipped = STR("it has agent turns, and this version has no agents");
		return 0;
	}
	p.snapshot = snapshot_ref(bot->snapshot);
	begin(&p, t);
	for (size_t i = 0; i < t->n_steps && rc == 0; i++)
		rc = play_step(&p, &t->steps[i], err);
	turn_done(&p.turn);
	session_done(&p.session);
	snapshot_unref(p.snapshot);
	out->ms = tool_monotonic_ms() - began;
	return rc;
}
