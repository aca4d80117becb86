/* Changing the rules: a look at a text that is not saved yet, saving it, going back. */
#include <time.h>

#include "check.h"
#include "edit.h"
#include "intents/load.h"
#include "kb/store_versions.h"
#include "net/admin.h"
#include "net/rules_path.h"
#include "saving.h"
#include "text/utf8.h"

enum { COMMENT_CHARS = 500, PATH_BYTES = 1024 };

/* A text on its way into a file. */
struct change {
	struct str path, base, comment;
	struct str file; /* NUL-terminated */
	struct str text;
	int64_t from;			     /* rollback: the version it comes from */
	const struct admin_drafted *drafted; /* NULL: it is none */
	struct buf now;
	char version[EDIT_VERSION]; /* of `now` */
	struct diags diags;
};

/* ---- looking at it ---- */

static bool find_file(struct call *c, struct change *ch)
{
	ch->file = rules_long(c->snapshot->rules, ch->path);
	if (!ch->file.n)
		call_problem(c, 404, "not-found",
			     "the rules were not loaded from a file of this name");
	return ch->file.n > 0;
}

/* All the rules as they are on the disk, but for `overlay` (if any). */
static struct snapshot_source source_of(const struct call *c, const struct load_overlay *overlay)
{
	return (struct snapshot_source){
		.intents_path = c->settings->intents,
		.db_path = c->settings->db,
		.serial = c->snapshot->serial,
		.now_unix_ms = c->now_unix_ms,
		.previous = c->snapshot,
		.overlay = overlay,
		.rules_only = true,
	};
}

/* All the rules with the new text in its file's place. */
static int check(struct call *c, struct change *ch, struct err *err)
{
	const struct load_overlay overlay = {ch->file, ch->text};
	const struct snapshot_source src = source_of(c, &overlay);

	diags_init(&ch->diags, call_chinese(c));
	return check_rules(&src, &ch->diags, err);
}

static double monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void admin_check_work(struct call *c, struct store *s)
{
	struct change ch = {0};
	double began = monotonic_ms();
	struct err err;
	int rc;

	(void)s;
	if (!call_text(c, "path", true, PATH_BYTES, &ch.path) ||
	    !call_text(c, "text", false, EDIT_FILE_MAX, &ch.text) || !find_file(c, &ch))
		return;
	rc = check(c, &ch, &err);
	if (rc != 0) {
		call_failed(c, rc, &err);
	} else {
		json_open(&c->out, '{');
		rules_put_diags(&c->out, c->snapshot->rules, &ch.diags, DIAGS_MAX);
		json_knum(&c->out, "ms", monotonic_ms() - began);
		json_close(&c->out, '}');
	}
	diags_done(&ch.diags);
}

/* What the last try found, in the language of who asks: the files are read once more. */
void admin_problems_work(struct call *c, struct store *s)
{
	const struct snapshot_source src = source_of(c, NULL);
	struct snapshot *snapshot = NULL;
	struct diags diags;
	struct err err;
	int rc;

	(void)s;
	diags_init(&diags, call_chinese(c));
	rc = snapshot_build(&src, &diags, &snapshot, &err);
	snapshot_unref(snapshot);
	if (rc != 0 && !diags.errors) {
		call_failed(c, rc, &err);
	} else {
		json_open(&c->out, '{');
		rules_put_diags(&c->out, c->snapshot->rules, &diags, DIAGS_MAX);
		json_close(&c->out, '}');
	}
	diags_done(&diags);
}

/* ---- saving ---- */

/* The file as it is now; false when it is not what the change was made from. */
static bool still_base(struct call *c, struct change *ch)
{
	char was[EDIT_VERSION];
	struct err err;
	int rc;

	memcpy(was, ch->version, sizeof was);
	rc = edit_read(ch->file.p, &ch->now, &err);
	if (rc != 0) {
		call_problem(c, rc == ERR_NOT_FOUND ? 404 : 500,
			     rc == ERR_NOT_FOUND ? "not-found" : "not-saved", "%s", err.text);
		return false;
	}
	edit_version(buf_view(&ch->now), ch->version);
	if ((!ch->base.n || str_eq(ch->base, str_of(ch->version))) &&
	    (!was[0] || strcmp(was, ch->version) == 0))
		return true;
	call_problem(c, 409, "conflict", "somebody has changed the file since");
	json_kstr(&c->members, "text", buf_view(&ch->now));
	json_kstr(&c->members, "version", str_of(ch->version));
	return false;
}

static size_t errors_in(const struct diags *d, struct str file)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += d->items[i].level == DIAG_ERROR && str_eq(d->items[i].mark.file, file);
	return n;
}

/* Files that were broken on the disk are mended one after the other: a text that is good itself may take the place
 * of one that was not, whatever is wrong elsewhere. */
static bool mends(struct call *c, struct change *ch)
{
	const struct snapshot_source src = source_of(c, NULL);
	struct diags before;
	struct err err;
	bool yes;

	if (ch->diags.dropped || errors_in(&ch->diags, ch->file))
		return false;
	diags_init(&before, false);
	yes = check_rules(&src, &before, &err) == 0 && errors_in(&before, ch->file);
	diags_done(&before);
	return yes;
}

static bool is_good(struct call *c, struct change *ch)
{
	struct err err;
	int rc = check(c, ch, &err);

	if (rc != 0) {
		call_failed(c, rc, &err);
		return false;
	}
	if (!ch->diags.errors || mends(c, ch))
		return true;
	call_problem(c, 422, "has-errors", "the rules would not be taken: %zu errors",
		     ch->diags.errors);
	buf_char(&c->members, ',');
	rules_put_diags(&c->members, c->snapshot->rules, &ch->diags, DIAGS_MAX);
	return false;
}

/* Into the history, the log and the file. */
static int write_change(struct call *c, struct store *s, struct change *ch, struct saved *out,
			struct err *err)
{
	const struct saving v = {
		.file = ch->file,
		.path = ch->path,
		.was = buf_view(&ch->now),
		.was_served = rules_loaded(c->snapshot->rules, ch->file, buf_view(&ch->now)),
		.now = ch->text,
		.comment = ch->comment,
		.who = c->name,
		.origin = str_of(c->origin),
		.what = ch->from ? "rollback" : "file-save",
		.at_unix_ms = c->now_unix_ms};
	int rc = saving_put(s, &v, out, err);

	if (rc != 0 && out->file_refused)
		call_problem(c, 500, "not-saved", "%s", err->text);
	else if (rc != 0)
		call_failed(c, rc, err);
	return rc;
}

static void put_saved(struct call *c, const struct change *ch, const char *version, int64_t id)
{
	json_open(&c->out, '{');
	json_kstr(&c->out, "path", ch->path);
	json_kstr(&c->out, "version", str_of(version));
	if (ch->drafted) {
		json_kint(&c->out, "line", (int64_t)ch->drafted->line);
		json_kstr(&c->out, "diff", ch->drafted->diff);
	}
	if (id)
		json_kint(&c->out, "id", id);
	if (ch->from)
		json_kint(&c->out, "from", ch->from);
	rules_put_diags(&c->out, c->snapshot->rules, &ch->diags, DIAGS_MAX);
	json_close(&c->out, '}');
}

static void apply(struct call *c, struct store *s, struct change *ch)
{
	struct saved saved;
	struct err err;

	/* A check takes a moment: the file is looked at again after it. */
	if (!find_file(c, ch) || !still_base(c, ch) || !is_good(c, ch) || !still_base(c, ch))
		return;
	if (ch->drafted && ch->drafted->preview)
		put_saved(c, ch, ch->version, 0);
	else if (write_change(c, s, ch, &saved, &err) == 0)
		put_saved(c, ch, saved.version, saved.id);
}

static void change_done(struct change *ch)
{
	buf_done(&ch->now);
	diags_done(&ch->diags);
}

static bool read_comment(struct call *c, struct change *ch)
{
	if (!call_text(c, "comment", false, COMMENT_CHARS * 4, &ch->comment))
		return false;
	if (utf8_count(ch->comment) <= COMMENT_CHARS)
		return true;
	call_wrong(c, "comment", "has more than 500 characters");
	return false;
}

void admin_save_work(struct call *c, struct store *s)
{
	struct change ch = {0};

	if (call_text(c, "path", true, PATH_BYTES, &ch.path) &&
	    call_text(c, "text", false, EDIT_FILE_MAX, &ch.text) &&
	    call_text(c, "base", true, EDIT_VERSION - 1, &ch.base) && read_comment(c, &ch))
		apply(c, s, &ch);
	change_done(&ch);
}

void admin_save_drafted(struct call *c, struct store *s, const struct admin_drafted *d)
{
	struct change ch = {
		.path = d->path, .base = str_of(d->base), .text = d->text, .drafted = d};

	if (read_comment(c, &ch)) {
		if (!ch.comment.n && utf8_count(d->comment) <= COMMENT_CHARS)
			ch.comment = d->comment;
		apply(c, s, &ch);
	}
	change_done(&ch);
}

/* ---- going back ---- */

/* The version by its number, else the newest of the file that is not what it has now. */
static int find_version(struct call *c, struct store *s, struct change *ch, struct version_row *row,
			struct err *err)
{
	int64_t id;

	if (json_get_int(c->json, "id", &id))
		return store_version_get(s, &c->arena, id, row, err);
	if (!still_base(c, ch))
		return ERR_INVALID;
	return store_version_newest(s, &c->arena, ch->path, str_of(ch->version), row, err);
}

static void roll_back(struct call *c, struct store *s, struct change *ch)
{
	struct version_row row;
	struct err err;
	int rc = find_version(c, s, ch, &row, &err);

	if (c->status)
		return;
	if (rc != 0) {
		call_failed(c, rc, &err);
		return;
	}
	ch->path = row.path;
	ch->text = row.text;
	ch->from = row.id;
	if (!ch->comment.n)
		ch->comment = arena_printf(&c->arena, "#%lld", (long long)row.id);
	apply(c, s, ch);
}

void admin_rollback_work(struct call *c, struct store *s)
{
	struct change ch = {0};
	bool numbered = json_member(c->json, "id") != NULL;
	int64_t id;

	if (numbered && !json_get_int(c->json, "id", &id))
		call_wrong(c, "id", "must be a whole number");
	else if (call_text(c, "path", !numbered, PATH_BYTES, &ch.path) &&
		 call_text(c, "base", false, EDIT_VERSION - 1, &ch.base) && read_comment(c, &ch) &&
		 (numbered || find_file(c, &ch)))
		roll_back(c, s, &ch);
	change_done(&ch);
}

/* ---- what was found on the disk and is good ---- */

void admin_note_files(struct call *c, struct store *s)
{
	const struct ruleset *rs = c->snapshot->rules;
	struct buf text = {0};
	struct err err;
	int rc = store_begin(s, &err);

	for (size_t i = 0; i < rules_files(rs) && rc == 0; i++) {
		/* Changed again meanwhile: the next build tells whether that is good. */
		if (edit_read(rs->files.v[i].p, &text, &err) != 0 ||
		    !rules_loaded(rs, rs->files.v[i], buf_view(&text)))
			continue;
		rc = saving_keep(s, rules_short(rs, rs->files.v[i]), buf_view(&text),
				 c->now_unix_ms, &err);
	}
	if (rc == 0)
		rc = store_commit(s, &err);
	else
		store_rollback(s);
	if (rc != 0)
		call_failed(c, rc, &err);
	buf_done(&text);
}
