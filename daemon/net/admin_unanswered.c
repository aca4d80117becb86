/* What learners asked in vain: the groups, dealing with them, and drafts out of them. */
#include "draft.h"
#include "edit.h"
#include "net/admin.h"
#include "net/rules_path.h"
#include "unanswered.h"

enum { LIMIT = 50, LIMIT_MAX = 500, TEXT_BYTES = 2000, NAME_BYTES = 200, ANSWER_LANGS = 16 };

/* ---- the list ---- */

static bool read_query(struct call *c, struct unanswered_query *q)
{
	struct str kind = call_param(c, "kind");
	int64_t limit = LIMIT;

	*q = (struct unanswered_query){.min = 1, .kind = -1, .lang = call_param(c, "lang")};
	if (!call_number(c, "since", 0, INT64_MAX, &q->since_unix_ms) ||
	    !call_number(c, "min", 1, INT64_MAX, &q->min) ||
	    !call_number(c, "limit", 1, LIMIT_MAX, &limit))
		return false;
	q->limit = (size_t)limit;
	if (!kind.n || unanswered_kind_read(kind, &q->kind))
		return true;
	call_wrong(c, "kind", "must be one of: fallback, ask, down");
	return false;
}

void admin_unanswered_work(struct call *c, struct store *s)
{
	struct unanswered_query q;
	struct unanswered u;
	struct err err;
	int rc;

	if (!read_query(c, &q))
		return;
	rc = unanswered_read(s, c->snapshot, &c->arena, &q, &u, &err);
	if (rc != 0)
		call_failed(c, rc, &err);
	else
		unanswered_json(&u, &c->out);
}

/* ---- dealing with a group ---- */

static bool find_group(struct call *c, struct store *s, struct str id, struct unanswered_group *g)
{
	struct err err;
	int rc = unanswered_find(s, c->snapshot, &c->arena, id, g, &err);

	if (rc == ERR_INVALID)
		call_wrong(c, "group", "must be a group's name of 16 hex digits");
	else if (rc != 0)
		call_failed(c, rc, &err);
	return rc == 0;
}

void admin_mark_work(struct call *c, struct store *s)
{
	struct unanswered_group g;
	enum handled_state state;
	struct str id, word;
	struct err err;
	int rc;

	if (!call_text(c, "group", true, NAME_BYTES, &id) ||
	    !call_text(c, "state", true, NAME_BYTES, &word))
		return;
	if (!handled_read(word, &state)) {
		call_wrong(c, "state", "must be one of: ignored, done, open");
		return;
	}
	if (!find_group(c, s, id, &g))
		return;
	rc = unanswered_mark(s, &g, state,
			     &(struct unanswered_by){c->name, str_of(c->origin), c->now_unix_ms},
			     &err);
	if (rc != 0) {
		call_failed(c, rc, &err);
		return;
	}
	json_open(&c->out, '{');
	json_kstr(&c->out, "group", str_of(g.id));
	json_kstr(&c->out, "state", word);
	json_kint(&c->out, "messages", g.count);
	json_close(&c->out, '}');
}

/* ---- a draft ---- */

/* "…", or {"zh":"…","en":"…"}. */
static bool read_answer(struct call *c, struct str lang, struct text *out)
{
	const struct json *answer = json_member(c->json, "answer"), *one;
	struct text_lang *langs = ARENA_ARRAY(&c->arena, struct text_lang, ANSWER_LANGS);
	struct str text, name;
	void *at = NULL;
	size_t n = 0;

	if (!answer)
		return true;
	if (json_text(answer, &text)) {
		*out = draft_text(&c->arena, lang, text);
		return text.n > 0 || (call_wrong(c, "answer", "is empty"), false);
	}
	while (json_is_object(answer) && (one = json_next(answer, &at, &name)) != NULL) {
		if (!json_text(one, &text) || !text.n || !name.n || n == ANSWER_LANGS) {
			n = 0;
			break;
		}
		langs[n++] = draft_text(&c->arena, name, text).langs[0];
	}
	*out = (struct text){.langs = langs, .n = n};
	if (!n)
		call_wrong(c, "answer", "must be a text, or an object of texts by language");
	return n > 0;
}

/* What the body says; *said: the text is the group's. */
static bool read_draft(struct call *c, struct store *s, struct draft *d, bool *said)
{
	struct unanswered_group g;
	struct str group, kind, lang;

	*d = (struct draft){.kind = DRAFT_PHRASE};
	if (!call_text(c, "kind", true, NAME_BYTES, &kind) ||
	    !call_text(c, "group", false, NAME_BYTES, &group) ||
	    !call_text(c, "text", !group.n, TEXT_BYTES, &d->text) ||
	    !call_text(c, "intent", false, NAME_BYTES, &d->intent) ||
	    !call_text(c, "id", false, NAME_BYTES, &d->id) ||
	    !call_text(c, "lang", false, NAME_BYTES, &lang) || !read_answer(c, lang, &d->answer))
		return false;
	if (!draft_kind_read(kind, &d->kind)) {
		call_wrong(c, "kind", "must be one of: phrase, faq, test");
		return false;
	}
	*said = !d->text.n;
	if (!group.n)
		return true;
	if (!find_group(c, s, group, &g))
		return false;
	if (*said)
		d->text = g.text;
	return true;
}

/* The file with the draft in it; false: the problem is set. */
static bool make(struct call *c, const struct draft *d, struct buf *was, struct buf *now,
		 struct admin_drafted *out)
{
	const struct ruleset *rs = c->snapshot->rules;
	struct buf diff = {0};
	struct err err;
	int rc = draft_file(rs, d, &out->file, &err);

	if (rc == ERR_NOT_FOUND)
		call_failed(c, rc, &err);
	else if (rc != 0)
		call_problem(c, 400, "bad-request", "%s", err.text);
	else if (edit_read(out->file.p, was, &err) != 0)
		call_problem(c, 500, "not-saved", "%s", err.text);
	else if (draft_make(d, out->file, buf_view(was), now, &err) != 0)
		call_problem(c, 400, "bad-request", "%s", err.text);
	if (c->status)
		return false;
	out->path = rules_short(rs, out->file);
	out->text = buf_view(now);
	edit_version(buf_view(was), out->base);
	out->line = draft_diff(out->path, buf_view(was), buf_view(now), &diff);
	out->diff = arena_str(&c->arena, buf_view(&diff));
	buf_done(&diff);
	return true;
}

void admin_draft_work(struct call *c, struct store *s)
{
	struct admin_drafted out = {.preview = false};
	struct buf was = {0}, now = {0};
	struct draft d;
	struct err err;
	bool said;

	if (!read_draft(c, s, &d, &said))
		return;
	if (draft_check(&d, said, &err) != 0) {
		call_problem(c, 400, "bad-request", "%s", err.text);
		return;
	}
	json_get_bool(c->json, "preview", &out.preview);
	out.comment = draft_comment(&c->arena, &d);
	if (make(c, &d, &was, &now, &out))
		admin_save_drafted(c, s, &out);
	buf_done(&was);
	buf_done(&now);
}
