#include "tool/player.h"

#include <time.h>

#include "text/when.h"

struct playing {
	struct arena *arena; /* of what is heard */
	const struct tool_bot *bot;
	struct snapshot *snapshot; /* in service now: the bot's, or one of a reload step */
	struct profiles *view;
	struct session session;
	struct turn turn;
	struct heard last;
	struct coverage *coverage;
	int64_t now_unix_ms;
	bool agent;	   /* a person of the staff has the conversation */
	struct str people; /* is anybody at the desk, in this turn? */
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

/* The answer counts for the bot's own rules, not for those of a reload step. */
static void cover(struct playing *p)
{
	if (p->coverage && p->snapshot == p->bot->snapshot)
		coverage_count(p->coverage, &p->turn.reply);
}

/* ---- steps ---- */

/* Processor time: that of a thread beside others. */
static double cpu_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void say(struct playing *p, enum turn_kind kind, struct str text)
{
	double began;

	turn_reset(&p->turn);
	p->turn.snapshot = p->snapshot;
	p->turn.session = &p->session;
	p->turn.profiles = p->view;
	p->turn.kind = kind;
	turn_people_read(p->people, &p->turn.people);
	p->turn.text = text;
	p->turn.now_unix_ms = p->now_unix_ms;
	began = cpu_ms();
	bot_turn(&p->turn);
	p->last = hear(p, cpu_ms() - began);
	if (kind != TURN_WELCOME)
		cover(p);
}

/* A person has the conversation: nothing of it reaches the bot. */
static void keep_silent(struct playing *p)
{
	p->last.replied = false;
	p->last.text = STR_NONE;
	p->last.intent = STR_NONE;
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
		return err_set(err, ERR_INVALID, "%.*s:%d:%d: no event '%.*s'; it is %s",
			       STR_ARG(s->mark.file), s->mark.line, s->mark.col, STR_ARG(s->event),
			       event_type_names);
	if (!*p->session.user)
		return 0;
	profiles_add(p->view, &e);
	return 0;
}

static int play_reload(struct playing *p, const struct step *s, struct err *err)
{
	char *path = (char *)(uintptr_t)arena_str(p->arena, s->text).p;
	const struct snapshot_source src = {.intents_path = path,
					    .db_path = p->bot->db,
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

static void play_agent(struct playing *p, const struct step *s)
{
	p->agent = !str_eq(s->event, STR("left"));
	if (!p->agent)
		p->session.handed_off = false;
}

/* True: the step wanted an answer, and p->last is what was heard. */
static bool speaks(const struct step *s)
{
	return s->kind == STEP_USER || s->kind == STEP_CLICK;
}

static int play_step(struct playing *p, const struct step *s, struct err *err)
{
	int64_t ms;

	if (s->people.n)
		p->people = s->people;
	switch (s->kind) {
	case STEP_USER:
	case STEP_CLICK:
		if (p->agent)
			keep_silent(p);
		else if (s->kind == STEP_USER)
			say(p, TURN_MESSAGE, s->text);
		else
			say(p, TURN_CLICK, player_button(&p->last, s->text));
		break;
	case STEP_WAIT:
		if (when_duration(s->text, &ms))
			p->now_unix_ms += ms;
		break;
	case STEP_EVENT:
		return play_event(p, s, err);
	case STEP_RELOAD:
		return play_reload(p, s, err);
	case STEP_AGENT:
		play_agent(p, s);
		break;
	}
	return 0;
}

/* ---- a conversation ---- */

static void begin(struct playing *p, const struct tool_bot *bot, struct profiles *view,
		  const struct transcript *t)
{
	p->bot = bot;
	p->view = view;
	profiles_view_of(view, t->user);
	p->snapshot = snapshot_ref(bot->snapshot);
	session_init(&p->session, t->seed);
	session_set(&p->session.user, t->user);
	session_set(&p->session.page, t->page);
	session_set(&p->session.lang, t->lang);
	p->session.logged_in = t->logged_in;
	p->now_unix_ms = t->clock_unix_ms ? t->clock_unix_ms : tool_now_unix_ms();
	p->people = t->people;
	turn_init(&p->turn);
	say(p, TURN_WELCOME, STR_NONE);
}

static void end(struct playing *p)
{
	turn_done(&p->turn);
	session_done(&p->session);
	snapshot_unref(p->snapshot);
}

/* Marks the findings a step added as one difference, or none. */
static void count_turn(struct played *out, size_t before)
{
	out->turns++;
	out->same += out->findings.n == before;
}

static int judge_all(struct arena *a, struct playing *p, const struct transcript *t,
		     struct heard *heard, struct played *out, struct err *err)
{
	for (size_t i = 0; i < t->n_steps; i++) {
		size_t before = out->findings.n;
		int rc = play_step(p, &t->steps[i], err);

		if (rc != 0)
			return rc;
		if (!speaks(&t->steps[i]))
			continue;
		heard_judge(a, p->snapshot->rules, t, i, &p->last, &out->findings);
		count_turn(out, before);
		if (heard)
			heard[i] = p->last;
	}
	return 0;
}

static int compare_all(struct arena *a, struct playing *now, struct playing *was,
		       const struct transcript *t, struct played *out, struct err *err)
{
	for (size_t i = 0; i < t->n_steps; i++) {
		size_t before = out->findings.n;
		int rc = play_step(was, &t->steps[i], err);

		if (rc == 0)
			rc = play_step(now, &t->steps[i], err);
		if (rc != 0)
			return rc;
		if (!speaks(&t->steps[i]))
			continue;
		heard_compare(a, now->snapshot->rules, t, i, &was->last, &now->last,
			      &out->findings);
		count_turn(out, before);
	}
	return 0;
}

int player_inside(struct arena *a, const struct player *player, const struct transcript *t,
		  struct played *out, struct err *err)
{
	struct arena scratch;
	struct playing now = {.arena = player->remember ? a : &scratch,
			      .coverage = player->coverage},
		       was = {.arena = &scratch};
	struct heard *heard = player->remember ? ARENA_ARRAY(a, struct heard, t->n_steps) : NULL;
	double began = tool_monotonic_ms();
	int rc;

	*out = (struct played){.transcript = t, .heard = heard};
	arena_init(&scratch);
	begin(&now, player->bot, player->view, t);
	if (player->old) {
		begin(&was, player->old, player->old_view, t);
		was.now_unix_ms = now.now_unix_ms;
		rc = compare_all(a, &now, &was, t, out, err);
		end(&was);
	} else {
		rc = judge_all(a, &now, t, heard, out, err);
	}
	end(&now);
	arena_done(&scratch);
	out->ms = tool_monotonic_ms() - began;
	return rc;
}
