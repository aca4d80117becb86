#include "intents/strmap.h"
#include "json.h"
#include "text/when.h"
#include "tool/transcript_part.h"

/* A conversation while its lines come by. */
struct talk {
	struct transcript t;
	struct step *steps;
	size_t n, cap;
};

struct talks {
	struct talk *v;
	size_t n, cap;
	struct strmap by_session;
};

static const struct str key_session = STR_INIT("session"), key_bot = STR_INIT("bot"),
			key_as = STR_INIT("as");

/* The conversation of that name, new ones at the end: transcripts keep the order of their
 * beginnings. */
static struct talk *talk_of(struct reading *r, struct talks *all, const struct node *session)
{
	const uint32_t *known = strmap_get(&all->by_session, session->text);
	struct talk fresh = {.t = {.mark = part_mark(r, session)}};

	if (known)
		return &all->v[*known];
	fresh.t.name = arena_str(r->arena, session->text);
	strmap_put(r->arena, &all->by_session, fresh.t.name, (uint32_t)all->n);
	ARENA_PUSH(r->arena, all->v, all->n, all->cap, fresh);
	return &all->v[all->n - 1];
}

static struct str text_of(const struct node *line, struct str key)
{
	const struct node *n = node_get(line, key);

	return n && n->kind == NODE_SCALAR ? n->text : STR_NONE;
}

static void read_head(struct reading *r, const struct node *line, struct transcript *t)
{
	part_as(r, node_get(line, key_as), t);
	t->lang = arena_str(r->arena, text_of(line, STR("lang")));
	if (!str_to_u64(text_of(line, STR("seed")), &t->seed))
		part_wrong(r, line, "seed needs a whole number", "seed 要写整数");
	if (!when_read(text_of(line, STR("at")), &t->clock_unix_ms))
		part_wrong(r, line, "at needs a time such as 2026-03-01T02:00:00.123Z",
			   "at 要写时间，例如 2026-03-01T02:00:00.123Z");
}

/* Stars hide the characters of a number or an address; digits in their place have the same form, so
 * that the same slot is filled. */
static struct str unstarred(struct arena *a, struct str masked)
{
	char *p = arena_array(a, masked.n + 1, 1);

	for (size_t i = 0; i < masked.n; i++)
		p[i] = masked.p[i] == '*' ? '0' : masked.p[i];
	return (struct str){p, masked.n};
}

static void read_event(struct reading *r, const struct node *line, struct talk *talk)
{
	for (size_t i = 0; i < line->n; i++) {
		struct step s = {.mark = part_mark(r, line)};
		enum step_kind kind;

		if (!part_step_kind(node_key(line, i)->text, &kind) ||
		    !part_action(r, kind, node_value(line, i), &s))
			continue;
		if (str_eq(text_of(line, STR("masked")), STR("true")))
			s.text = unstarred(r->arena, s.text);
		s.people = arena_str(r->arena, text_of(line, STR("people")));
		ARENA_PUSH(r->arena, talk->steps, talk->n, talk->cap, s);
	}
}

/* Silence is a bare word among texts of YAML; here a text alone is nothing else. */
static void read_bot(struct reading *r, const struct node *bot, struct step *s)
{
	struct node bare = *bot;

	bare.plain = true;
	part_bot(r, bot->kind == NODE_SCALAR ? &bare : bot, s);
}

static void read_line(struct reading *r, const struct node *line, struct talks *all)
{
	const struct node *session = node_get(line, key_session), *bot = node_get(line, key_bot);
	struct talk *talk;

	if (!session || session->kind != NODE_SCALAR || !session->text.n) {
		part_wrong(r, line, "a recorded line is an object with session",
			   "录制的每一行都是带 session 的对象");
		return;
	}
	talk = talk_of(r, all, session);
	if (node_get(line, key_as))
		read_head(r, line, &talk->t);
	else if (!bot)
		read_event(r, line, talk);
	else if (talk->n)
		read_bot(r, bot, &talk->steps[talk->n - 1]);
}

/* ---- a line ---- */

static struct node node_of(struct arena *a, const struct json *j);

static struct node map_of(struct arena *a, const struct json *j)
{
	struct node n = {.kind = NODE_MAP, .flow = true, .line = 1, .col = 1};
	struct node *items = NULL;
	size_t used = 0, cap = 0;
	void *at = NULL;
	const struct json *value;
	struct str name;

	while ((value = json_next(j, &at, &name))) {
		struct node key = {.kind = NODE_SCALAR, .line = 1, .col = 1};

		key.text = arena_str(a, name);
		ARENA_PUSH(a, items, used, cap, key);
		ARENA_PUSH(a, items, used, cap, node_of(a, value));
	}
	n.items = items;
	n.n = used / 2;
	return n;
}

static struct node list_of(struct arena *a, const struct json *j)
{
	struct node n = {.kind = NODE_LIST, .flow = true, .line = 1, .col = 1};
	struct node *items = ARENA_ARRAY(a, struct node, json_length(j));

	n.n = json_length(j);
	for (size_t i = 0; i < n.n; i++)
		items[i] = node_of(a, json_item(j, i));
	n.items = items;
	return n;
}

/* As the same line would be read as YAML. No deeper than json.h lets it be. */
static struct node node_of(struct arena *a, const struct json *j)
{
	struct node n = {.kind = NODE_SCALAR, .line = 1, .col = 1};

	switch (json_kind_of(j)) {
	case JSON_KIND_MAP:
		return map_of(a, j);
	case JSON_KIND_LIST:
		return list_of(a, j);
	case JSON_KIND_BARE:
		n.plain = true;
		break;
	case JSON_KIND_TEXT:
		break;
	}
	n.text = json_scalar(a, j);
	return n;
}

static bool parse(struct reading *r, struct arena *a, struct str line, struct node *out)
{
	struct json *j;
	struct err err;

	if (json_read(line, &j, &err) != 0) {
		diags_add(r->diags, DIAG_ERROR, (struct mark){r->file, r->lines_before + 1, 1},
			  "bad-recording", "%s", "这一行不是合法的 JSON（%s）", err.text);
		return false;
	}
	*out = node_of(a, j);
	json_free(j);
	return true;
}

void recording_read(struct reading *r, struct str bytes, struct transcripts *out)
{
	struct talks all = {0};
	struct arena scratch;

	arena_init(&scratch);
	while (bytes.n) {
		size_t end = str_find(bytes, STR("\n"), 0);
		struct str line = str_trim(str_sub(bytes, 0, end));
		struct node root;

		bytes = str_sub(bytes, end == SIZE_MAX ? bytes.n : end + 1, bytes.n);
		if (line.n && parse(r, &scratch, line, &root))
			read_line(r, &root, &all);
		r->lines_before++;
		arena_reset(&scratch);
	}
	arena_done(&scratch);
	for (size_t i = 0; i < all.n; i++) {
		all.v[i].t.steps = all.v[i].steps;
		all.v[i].t.n_steps = all.v[i].n;
		if (all.v[i].n)
			ARENA_PUSH(r->arena, out->v, out->n, out->cap, all.v[i].t);
	}
}
