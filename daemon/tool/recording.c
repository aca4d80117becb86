#include "intents/strmap.h"
#include "text/when.h"
#include "tool/transcript_part.h"

enum { NODES_A_LINE = 10000 };

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
		ARENA_PUSH(r->arena, talk->steps, talk->n, talk->cap, s);
	}
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
		part_bot(r, bot, &talk->steps[talk->n - 1]);
}

/* One line parsed alone: whatever the parser says is about this line. */
static bool parse(struct reading *r, struct arena *a, struct str line, struct node *out)
{
	size_t nodes = NODES_A_LINE, before = r->diags->n;
	bool good = node_read(a, r->file, line, NULL, &nodes, r->diags, out);

	for (size_t i = before; i < r->diags->n; i++)
		r->diags->items[i].mark.line = r->lines_before + 1;
	return good;
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
