#include "tool/transcript.h"

#include "text/when.h"
#include "tool/transcript_part.h"

struct mark part_mark(const struct reading *r, const struct node *n)
{
	return (struct mark){r->file, r->lines_before + n->line, n->col};
}

void part_wrong(struct reading *r, const struct node *n, const char *en, const char *zh)
{
	if (n->kind != NODE_BROKEN)
		diags_add(r->diags, DIAG_ERROR, part_mark(r, n), "bad-transcript", "%s", "%s",
			  r->diags->chinese ? zh : en);
}

static void unknown_key(struct reading *r, const struct node *key, const struct str *names,
			size_t n)
{
	struct str near = str_nearest(key->text, names, n);

	if (near.n)
		diags_add(r->diags, DIAG_ERROR, part_mark(r, key), "unknown-key",
			  "unknown key '%.*s'; did you mean '%.*s'?",
			  "没有「%.*s」这个键；是不是想写「%.*s」？", STR_ARG(key->text),
			  STR_ARG(near));
	else
		diags_add(r->diags, DIAG_ERROR, part_mark(r, key), "unknown-key",
			  "unknown key '%.*s'", "没有「%.*s」这个键", STR_ARG(key->text));
}

static struct str keep(struct reading *r, const struct node *n)
{
	return arena_str(r->arena, n->text);
}

/* `null`, `~`, `none` and nothing at all: no intent, no context. */
static bool is_null(const struct node *n)
{
	return n->kind == NODE_SCALAR && n->plain &&
	       (!n->text.n || str_eq(n->text, STR("null")) || str_eq(n->text, STR("~")));
}

/* A scalar or a list of scalars. */
static bool read_strs(struct reading *r, const struct node *n, struct strs *out)
{
	size_t count = n->kind == NODE_LIST ? n->n : 1;
	struct str *v = ARENA_ARRAY(r->arena, struct str, count);

	for (size_t i = 0; i < count; i++) {
		const struct node *item = n->kind == NODE_LIST ? &n->items[i] : n;

		if (item->kind != NODE_SCALAR) {
			part_wrong(r, item, "here goes a text or a list of texts",
				   "这里要写文字或文字列表");
			return false;
		}
		v[i] = is_null(item) ? STR_NONE : keep(r, item);
	}
	*out = (struct strs){v, count};
	return true;
}

/* ---- bot: what is expected ---- */

/* {a: x, b: y}; for `does` also a plain verb. */
static bool read_pairs(struct reading *r, const struct node *n, struct expect *e)
{
	struct expect_pair *pairs;

	if (n->kind == NODE_SCALAR) {
		pairs = ARENA_NEW(r->arena, struct expect_pair);
		pairs[0].name = keep(r, n);
		e->pairs = pairs;
		e->n_pairs = 1;
		return true;
	}
	if (n->kind != NODE_MAP) {
		part_wrong(r, n, "here goes a map: {name: value}", "这里要写「名字: 值」的映射");
		return false;
	}
	pairs = ARENA_ARRAY(r->arena, struct expect_pair, n->n);
	for (size_t i = 0; i < n->n; i++) {
		const struct node *value = node_value(n, i);

		pairs[i].name = keep(r, node_key(n, i));
		if (value->kind == NODE_SCALAR)
			pairs[i].value = keep(r, value);
		else if (value->kind == NODE_MAP && node_get(value, STR("team")))
			pairs[i].value = keep(r, node_get(value, STR("team")));
	}
	e->pairs = pairs;
	e->n_pairs = n->n;
	return true;
}

static bool read_courses(struct reading *r, const struct node *n, struct expect *e)
{
	const struct node *any = n->kind == NODE_MAP ? node_get(n, STR("any")) : NULL;

	e->any = any != NULL;
	return read_strs(r, any ? any : n, &e->values);
}

static const struct {
	const char *name;
	enum expect_kind kind;
} expect_keys[] = {
	{"says", EXPECT_SAYS},	     {"not_says", EXPECT_NOT_SAYS},
	{"intent", EXPECT_INTENT},   {"not_intent", EXPECT_NOT_INTENT},
	{"faq", EXPECT_FAQ},	     {"buttons", EXPECT_BUTTONS},
	{"courses", EXPECT_COURSES}, {"cards", EXPECT_CARDS},
	{"score", EXPECT_SCORE},     {"context", EXPECT_CONTEXT},
	{"slots", EXPECT_SLOTS},     {"does", EXPECT_DOES},
	{"lang", EXPECT_LANG},	     {"source", EXPECT_SOURCE},
	{"within", EXPECT_WITHIN},
};

enum { EXPECT_KEYS = sizeof expect_keys / sizeof *expect_keys };

static void bad_key(struct reading *r, const struct node *key)
{
	struct str names[EXPECT_KEYS];

	for (size_t i = 0; i < EXPECT_KEYS; i++)
		names[i] = str_of(expect_keys[i].name);
	unknown_key(r, key, names, EXPECT_KEYS);
}

static bool read_expect(struct reading *r, const struct node *key, const struct node *value,
			struct expect *out)
{
	size_t i = 0;
	struct expect e = {.mark = part_mark(r, key)};
	bool good;

	while (i < EXPECT_KEYS && !str_eq(key->text, str_of(expect_keys[i].name)))
		i++;
	if (i == EXPECT_KEYS) {
		bad_key(r, key);
		return false;
	}
	e.kind = expect_keys[i].kind;
	if (e.kind == EXPECT_SLOTS || e.kind == EXPECT_DOES)
		good = read_pairs(r, value, &e);
	else if (e.kind == EXPECT_COURSES)
		good = read_courses(r, value, &e);
	else
		good = read_strs(r, value, &e.values);
	if (good)
		*out = e;
	return good;
}

void part_bot(struct reading *r, const struct node *n, struct step *s)
{
	size_t n_pairs = n->kind == NODE_MAP ? n->n : 1;
	struct expect *e = ARENA_ARRAY(r->arena, struct expect, n_pairs);

	s->silent = false; /* a recording may answer one line twice: the last word holds */
	s->n_expects = 0;
	if (n->kind == NODE_SCALAR && str_eq(n->text, STR("silent")) && n->plain) {
		s->silent = true;
		return;
	}
	s->expects = e;
	if (n->kind != NODE_MAP) {
		e[0] = (struct expect){.kind = EXPECT_SAYS, .mark = part_mark(r, n)};
		s->n_expects = read_strs(r, n, &e[0].values);
		return;
	}
	for (size_t i = 0; i < n->n; i++)
		s->n_expects += read_expect(r, node_key(n, i), node_value(n, i), &e[s->n_expects]);
}

/* ---- steps ---- */

static const struct {
	const char *name;
	enum step_kind kind;
} step_keys[] = {
	{"user", STEP_USER}, {"click", STEP_CLICK}, {"agent", STEP_AGENT},
	{"wait", STEP_WAIT}, {"event", STEP_EVENT}, {"reload", STEP_RELOAD},
};

enum { STEP_KEYS = sizeof step_keys / sizeof *step_keys };

bool part_step_kind(struct str key, enum step_kind *out)
{
	for (size_t k = 0; k < STEP_KEYS; k++) {
		if (str_eq(key, str_of(step_keys[k].name))) {
			*out = step_keys[k].kind;
			return true;
		}
	}
	return false;
}

static bool read_event(struct reading *r, const struct node *value, struct step *s)
{
	if (value->kind != NODE_MAP || value->n != 1 || node_value(value, 0)->kind != NODE_SCALAR) {
		part_wrong(r, value, "an event is {view: COURSE}, {purchase: COURSE} …",
			   "事件要写成 {view: 课程}、{purchase: 课程} 等");
		return false;
	}
	s->event = keep(r, node_key(value, 0));
	s->text = keep(r, node_value(value, 0));
	return true;
}

/* Words, or {state: joined} and {state: left}. */
static bool read_agent(struct reading *r, const struct node *value, struct step *s)
{
	const struct node *state = value->kind == NODE_MAP ? node_get(value, STR("state")) : NULL;

	if (value->kind == NODE_SCALAR) {
		s->text = keep(r, value);
		return true;
	}
	if (!state || state->kind != NODE_SCALAR || value->n != 1 ||
	    !(str_eq(state->text, STR("joined")) || str_eq(state->text, STR("left")))) {
		part_wrong(r, value, "agent is what they write, {state: joined} or {state: left}",
			   "agent 要写客服说的话，或 {state: joined}、{state: left}");
		return false;
	}
	s->event = keep(r, state);
	return true;
}

bool part_action(struct reading *r, enum step_kind kind, const struct node *value, struct step *s)
{
	int64_t ms;

	s->kind = kind;
	if (kind == STEP_EVENT)
		return read_event(r, value, s);
	if (kind == STEP_AGENT)
		return read_agent(r, value, s);
	if (value->kind != NODE_SCALAR) {
		part_wrong(r, value, "here goes a text", "这里要写文字");
		return false;
	}
	s->text = keep(r, value);
	if (kind == STEP_WAIT && !when_duration(s->text, &ms)) {
		part_wrong(r, value, "wait needs a duration such as 30s or 5m",
			   "wait 要写时长，例如 30s、5m");
		return false;
	}
	return true;
}

static bool read_step(struct reading *r, const struct node *n, struct step *out)
{
	struct step s = {.mark = part_mark(r, n)};
	size_t acts = 0;

	if (n->kind != NODE_MAP) {
		part_wrong(r, n, "a turn is a map: - user: … and bot: …",
			   "每一轮要写成映射：- user: … bot: …");
		return false;
	}
	for (size_t i = 0; i < n->n; i++) {
		const struct node *key = node_key(n, i);
		enum step_kind kind;

		if (str_eq(key->text, STR("bot"))) {
			part_bot(r, node_value(n, i), &s);
			continue;
		}
		if (part_step_kind(key->text, &kind)) {
			acts += part_action(r, kind, node_value(n, i), &s);
		} else {
			struct str names[STEP_KEYS + 1] = {STR("bot")};

			for (size_t k = 0; k < STEP_KEYS; k++)
				names[k + 1] = str_of(step_keys[k].name);
			unknown_key(r, key, names, STEP_KEYS + 1);
		}
	}
	if (acts != 1)
		part_wrong(r, n,
			   "a turn has exactly one of user, click, agent, wait, event, reload",
			   "每一轮要有且只有一个 user、click、agent、wait、event 或 reload");
	*out = s;
	return acts == 1;
}

static void read_steps(struct reading *r, const struct node *n, struct transcript *t)
{
	struct step *steps;

	if (n->kind != NODE_LIST) {
		part_wrong(r, n, "turns is a list", "turns 要写成列表");
		return;
	}
	steps = ARENA_ARRAY(r->arena, struct step, n->n);
	t->steps = steps;
	for (size_t i = 0; i < n->n; i++)
		t->n_steps += read_step(r, &n->items[i], &steps[t->n_steps]);
}

/* ---- the head ---- */

static void read_people(struct reading *r, const struct node *value, struct transcript *t)
{
	if (str_eq(value->text, STR("there")) || str_eq(value->text, STR("away")))
		t->people = keep(r, value);
	else
		part_wrong(r, value, "people is there or away", "people 要写 there 或 away");
}

void part_as(struct reading *r, const struct node *n, struct transcript *t)
{
	static const struct str names[] = {
		{"user", 4}, {"logged_in", 9}, {"page", 4}, {"people", 6}};

	if (n->kind != NODE_MAP) {
		part_wrong(r, n, "as is a map: {user: u1, logged_in: true, page: /}",
			   "as 要写成映射：{user: u1, logged_in: true, page: /}");
		return;
	}
	t->logged_in = node_get(n, names[0]) != NULL;
	for (size_t i = 0; i < n->n; i++) {
		const struct node *key = node_key(n, i), *value = node_value(n, i);

		if (value->kind != NODE_SCALAR)
			part_wrong(r, value, "here goes a text", "这里要写文字");
		else if (str_eq(key->text, names[0]))
			t->user = keep(r, value);
		else if (str_eq(key->text, names[1]))
			t->logged_in = str_eq(value->text, STR("true"));
		else if (str_eq(key->text, names[2]))
			t->page = keep(r, value);
		else if (str_eq(key->text, names[3]))
			read_people(r, value, t);
		else
			unknown_key(r, key, names, 4);
	}
}

static void read_head(struct reading *r, const struct node *key, const struct node *value,
		      struct transcript *t)
{
	static const struct str names[] = {{"transcript", 10}, {"tags", 4}, {"lang", 4}, {"as", 2},
					   {"clock", 5},       {"seed", 4}, {"turns", 5}};
	size_t i = 0;

	while (i < 7 && !str_eq(key->text, names[i]))
		i++;
	switch (i) {
	case 1:
		read_strs(r, value, &t->tags);
		break;
	case 3:
		part_as(r, value, t);
		break;
	case 6:
		read_steps(r, value, t);
		break;
	case 7:
		unknown_key(r, key, names, 7);
		break;
	default:
		if (value->kind != NODE_SCALAR)
			part_wrong(r, value, "here goes a text", "这里要写文字");
		else if (i == 0)
			t->name = keep(r, value);
		else if (i == 2)
			t->lang = keep(r, value);
		else if (i == 4 && !when_read(value->text, &t->clock_unix_ms))
			part_wrong(r, value, "clock needs a time such as 2026-03-01T10:00:00+08:00",
				   "clock 要写时间，例如 2026-03-01T10:00:00+08:00");
		else if (i == 5 && !str_to_u64(value->text, &t->seed))
			part_wrong(r, value, "seed needs a whole number", "seed 要写整数");
	}
}

static void read_document(struct reading *r, const struct node *root, struct transcripts *out)
{
	struct transcript t = {.mark = {r->file, 1, 1}, .name = r->file};

	if (root->kind != NODE_MAP) {
		part_wrong(r, root, "a transcript is a map with turns",
			   "对话文件要是带 turns 的映射");
		return;
	}
	for (size_t i = 0; i < root->n; i++)
		read_head(r, node_key(root, i), node_value(root, i), &t);
	if (!node_get(root, STR("turns")))
		diags_add(r->diags, DIAG_ERROR, t.mark, "bad-transcript",
			  "no turns; a transcript needs turns: [{user: …, bot: …}]",
			  "缺少 turns；对话要写 turns: [{user: …, bot: …}]");
	ARENA_PUSH(r->arena, out->v, out->n, out->cap, t);
}

void transcript_read(struct arena *a, struct str file, struct str bytes, struct transcripts *out,
		     struct diags *diags)
{
	struct reading r = {a, arena_str(a, file), diags, 0};
	size_t nodes = 10000000, before = diags->errors;
	struct node root;
	struct arena scratch;

	if (str_ends(file, STR(".jsonl"))) {
		recording_read(&r, bytes, out);
		return;
	}
	arena_init(&scratch);
	if (node_read(&scratch, r.file, bytes, NULL, &nodes, diags, &root) &&
	    diags->errors == before)
		read_document(&r, &root, out);
	arena_done(&scratch);
}
