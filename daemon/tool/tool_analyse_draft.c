/* kefu analyse unanswered --draft, --ignore, --done, --open: dealing with one group. */
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "edit.h"
#include "intents/load.h"
#include "rules_files.h"
#include "saving.h"
#include "tool/tool_analyse.h"

/* ---- which group ---- */

static int find_nth(struct looking *l, uint64_t nth, struct unanswered_group *out)
{
	struct unanswered u;
	struct err err = {0};

	if (nth > l->query.limit)
		l->query.limit = nth < 100000 ? nth : 100000;
	if (unanswered_read(l->store, l->snapshot, &l->arena, &l->query, &u, &err) != 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	if (!nth || nth > u.n)
		return tool_fail(EXIT_WRONG,
				 "analyse unanswered: there is no group %llu; there are %zu",
				 (unsigned long long)nth, u.n);
	*out = u.groups[nth - 1];
	return EXIT_OK;
}

static int find_group(struct looking *l, struct unanswered_group *out)
{
	struct str name = str_of(l->group);
	struct err err = {0};
	uint64_t nth;

	if (name.n < UNANSWERED_ID - 1 && str_to_u64(name, &nth))
		return find_nth(l, nth, out);
	if (unanswered_find(l->store, l->snapshot, &l->arena, name, out, &err) != 0)
		return tool_fail(EXIT_WRONG, "analyse unanswered: %s", err.text);
	/* A draft may change the numbers of the list: the same group is meant afterwards. */
	return EXIT_OK;
}

/* ---- a draft ---- */

static int read_draft(struct looking *l, struct draft *d)
{
	struct unanswered_group g;
	struct err err = {0};
	int code;

	if (!draft_kind_read(str_of(l->draft), &d->kind))
		return tool_fail(EXIT_USAGE,
				 "analyse unanswered: --draft is phrase, faq or test, not '%s'",
				 l->draft);
	d->intent = str_of(l->intent ? l->intent : "");
	d->id = str_of(l->id ? l->id : "");
	d->text = str_of(l->text ? l->text : "");
	if (l->answer)
		d->answer =
			draft_text(&l->arena, str_of(l->lang ? l->lang : ""), str_of(l->answer));
	if (l->group) {
		if ((code = find_group(l, &g)) != EXIT_OK)
			return code;
		l->group = arena_str(&l->arena, str_of(g.id)).p;
		if (!l->text)
			d->text = g.text;
	}
	if (draft_check(d, !l->text, &err) != 0)
		return tool_fail(EXIT_USAGE, "analyse unanswered: %s", err.text);
	return EXIT_OK;
}

/* Would the rules be taken with it? What is wrong then is printed. */
static int check(struct looking *l, struct str file, struct str now)
{
	const struct load_overlay overlay = {file, now};
	const struct snapshot_source src = {.intents_path = l->rules,
					    .db_path = l->db,
					    .serial = 1,
					    .now_unix_ms = tool_now_unix_ms(),
					    .previous = l->snapshot,
					    .overlay = &overlay,
					    .rules_only = true};
	struct err err = {0};
	struct buf all = {0};
	struct diags diags;
	int code = EXIT_OK;

	diags_init(&diags, l->chinese);
	if (check_rules(&src, &diags, &err) != 0)
		code = tool_fail(EXIT_WRONG, "%s", err.text);
	if (diags.errors) {
		diags_print(&diags, &all);
		fputs(all.p, stderr);
		code = tool_fail(EXIT_WRONG,
				 "the rules would not be taken with it: nothing was changed");
	}
	buf_done(&all);
	diags_done(&diags);
	return code;
}

static void say_done(const struct looking *l, struct str file, size_t line, struct str diff)
{
	struct buf out = {0};

	if (!l->json) {
		printf("%.*s:%zu\n%.*s", STR_ARG(file), line, STR_ARG(diff));
		return;
	}
	json_open(&out, '{');
	json_kstr(&out, "path", file);
	json_kint(&out, "line", (int64_t)line);
	json_kstr(&out, "diff", diff);
	json_close(&out, '}');
	puts(out.p);
	buf_done(&out);
}

static struct str who(void)
{
	const struct passwd *pw = getpwuid(getuid());

	return str_of(pw ? pw->pw_name : "?");
}

/* The file must still have the text that the draft was made from. */
static int save(struct looking *l, const struct draft *d, struct str file, struct str was,
		struct str now)
{
	const struct ruleset *rs = l->snapshot->rules;
	const struct saving v = {.file = file,
				 .path = rules_short(rs, file),
				 .was = was,
				 .was_served = rules_loaded(rs, file, was),
				 .now = now,
				 .comment = draft_comment(&l->arena, d),
				 .who = who(),
				 .origin = STR("command"),
				 .what = "file-save",
				 .at_unix_ms = tool_now_unix_ms()};
	struct buf again = {0};
	struct err err = {0};
	struct saved saved;
	int rc = edit_read(file.p, &again, &err);

	if (rc == 0 && !str_eq(buf_view(&again), was))
		rc = err_set(&err, ERR_BUSY,
			     "%.*s: somebody else changed the file meanwhile; nothing was saved",
			     STR_ARG(file));
	if (rc == 0)
		rc = saving_put(l->store, &v, &saved, &err);
	buf_done(&again);
	return rc == 0 ? EXIT_OK : tool_fail(EXIT_WRONG, "%s", err.text);
}

static int put_draft(struct looking *l, const struct draft *d, struct str file)
{
	struct buf was = {0}, now = {0}, diff = {0};
	struct err err = {0};
	int code = EXIT_OK;
	size_t line;

	if (edit_read(file.p, &was, &err) != 0 ||
	    draft_make(d, file, buf_view(&was), &now, &err) != 0)
		code = tool_fail(EXIT_WRONG, "%s", err.text);
	if (code == EXIT_OK)
		code = check(l, file, buf_view(&now));
	if (code == EXIT_OK)
		code = save(l, d, file, buf_view(&was), buf_view(&now));
	if (code == EXIT_OK) {
		line = draft_diff(file, buf_view(&was), buf_view(&now), &diff);
		say_done(l, file, line, buf_view(&diff));
	}
	buf_done(&was);
	buf_done(&now);
	buf_done(&diff);
	return code;
}

int analyse_draft(struct looking *l)
{
	struct draft d = {0};
	struct str file;
	struct err err = {0};
	int code = read_draft(l, &d);

	if (code != EXIT_OK)
		return code;
	if (draft_file(l->snapshot->rules, &d, &file, &err) != 0)
		return tool_fail(EXIT_WRONG, "analyse unanswered: %s", err.text);
	return put_draft(l, &d, file);
}

/* ---- a mark ---- */

int analyse_mark(struct looking *l)
{
	const struct unanswered_by by = {who(), STR("command"), tool_now_unix_ms()};
	enum handled_state state = l->ignore ? HANDLED_IGNORED
				   : l->done ? HANDLED_DONE
					     : HANDLED_OPEN;
	struct unanswered_group g;
	struct err err = {0};
	int code = find_group(l, &g);

	if (code != EXIT_OK)
		return code;
	if (unanswered_mark(l->store, &g, state, &by, &err) != 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	if (!l->json)
		printf("%s %s  %.*s\n", handled_name(state), g.id, STR_ARG(g.text));
	return EXIT_OK;
}
