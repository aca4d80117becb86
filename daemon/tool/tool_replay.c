/* kefu replay: conversations played again, and what the bot does differently. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "text/mem.h"
#include "tool/replay.h"

struct replaying {
	const char *intents, *db, *url, *junit, *json, *tags;
	struct arena arena;
	struct diags diags;
	struct transcripts all;
	struct tool_bot bot;
	struct replay result;
};

/* ---- gathering ---- */

static bool is_transcript(const char *name)
{
	struct str s = str_of(name);

	return str_ends(s, STR(".yaml")) || str_ends(s, STR(".yml")) || str_ends(s, STR(".jsonl"));
}

static int gather_file(struct replaying *r, const char *path, struct err *err)
{
	struct buf bytes = {0};
	int rc = tool_read_file(path, &bytes, err);

	if (rc == 0)
		transcript_read(&r->arena, str_of(path), buf_view(&bytes), &r->all, &r->diags);
	buf_done(&bytes);
	return rc;
}

static int wanted(const struct dirent *e)
{
	return is_transcript(e->d_name) && e->d_name[0] != '.';
}

/* A file, or every transcript of a folder in order of name. */
static int gather(struct replaying *r, const char *path, struct err *err)
{
	struct dirent **names;
	struct stat st;
	int n, rc = 0;

	if (stat(path, &st) != 0)
		return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return gather_file(r, path, err);
	n = scandir(path, &names, wanted, alphasort);
	if (n < 0)
		return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (rc == 0) {
			struct str file = arena_printf(&r->arena, "%s/%s", path, names[i]->d_name);

			rc = gather_file(r, file.p, err);
		}
		free(names[i]);
	}
	free(names);
	if (rc == 0 && n == 0)
		rc = err_set(err, ERR_NOT_FOUND,
			     "%s: no transcripts (*.yaml, *.jsonl) in this folder", path);
	return rc;
}

/* Does it have one of the comma-separated tags? */
static bool tagged(const struct replaying *r, const struct transcript *t)
{
	struct str list = str_of(r->tags);

	if (!r->tags)
		return true;
	while (list.n) {
		size_t end = str_find(list, STR(","), 0);
		struct str tag = str_trim(str_sub(list, 0, end));

		for (size_t i = 0; i < t->tags.n; i++)
			if (str_eq(t->tags.v[i], tag))
				return true;
		list = end == SIZE_MAX ? STR_NONE : str_sub(list, end + 1, list.n);
	}
	return false;
}

static void keep_tagged(struct replaying *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->all.n; i++)
		if (tagged(r, &r->all.v[i]))
			r->all.v[n++] = r->all.v[i];
	r->all.n = n;
}

/* ---- playing ---- */

static void count(struct replay *result, const struct played *p)
{
	result->turns += p->turns;
	result->failed += p->findings.n > 0;
	result->skipped += p->skipped.n > 0;
	result->ms += p->ms;
	for (size_t i = 0; i < p->findings.n; i++)
		result->classes[p->findings.v[i].class]++;
}

static int play(struct replaying *r, struct err *err)
{
	struct replay *result = &r->result;
	int rc = 0;

	result->v = ARENA_ARRAY(&r->arena, struct played, r->all.n);
	for (size_t i = 0; i < r->all.n && rc == 0; i++) {
		struct played *p = &result->v[i];

		rc = r->url ? player_wire(&r->arena, r->url, &r->all.v[i], p, err)
			    : player_inside(&r->arena, &r->bot, &r->all.v[i], &result->coverage, p,
					    err);
		if (rc == 0) {
			result->n++;
			count(result, p);
		}
		tool_progress("replaying", i + 1, r->all.n);
	}
	tool_progress_end();
	return rc;
}

static int open_bot(struct replaying *r)
{
	int code = tool_bot_open(&r->bot, r->intents, r->db);
	const struct ruleset *rs;

	if (code != EXIT_OK)
		return code;
	rs = r->bot.snapshot->rules;
	r->result.rules = rs;
	r->result.coverage.intents = ARENA_ARRAY(&r->arena, size_t, rs->n_intents);
	r->result.coverage.faq = ARENA_ARRAY(&r->arena, size_t, rs->n_faq);
	return EXIT_OK;
}

/* ---- reporting ---- */

static int write_file(const char *path, const struct buf *bytes)
{
	FILE *f = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");

	if (!f)
		return tool_fail(EXIT_WRONG, "%s: cannot be written: %s", path, strerror(errno));
	fwrite(bytes->p, 1, bytes->n, f);
	if (f != stdout && fclose(f) != 0)
		return tool_fail(EXIT_WRONG, "%s: writing failed: %s", path, strerror(errno));
	return EXIT_OK;
}

static int report(struct replaying *r)
{
	struct buf out = {0};
	int code = EXIT_OK;

	if (r->junit) {
		replay_junit(&r->result, &out);
		code = write_file(r->junit, &out);
		buf_reset(&out);
	}
	if (r->json && code == EXIT_OK) {
		replay_json(&r->result, &out);
		code = write_file(r->json, &out);
		buf_reset(&out);
	}
	replay_print(&r->result, &out);
	/* A report that goes to standard output has it to itself. */
	fwrite(out.p, 1, out.n,
	       (r->json && strcmp(r->json, "-") == 0) || (r->junit && strcmp(r->junit, "-") == 0)
		       ? stderr
		       : stdout);
	buf_done(&out);
	return code != EXIT_OK ? code : r->result.failed ? EXIT_WRONG : EXIT_OK;
}

static int bad_files(struct replaying *r)
{
	struct buf out = {0};

	diags_sort(&r->diags);
	diags_print(&r->diags, &out);
	fputs(out.p, stderr);
	buf_done(&out);
	return EXIT_USAGE;
}

static int run(struct replaying *r, const struct args *args)
{
	struct err err = {0};
	int code = EXIT_OK;

	for (size_t i = 0; i < args->n; i++)
		if (gather(r, args->operands[i], &err) != 0)
			return tool_fail(EXIT_USAGE, "%s", err.text);
	if (r->diags.errors)
		return bad_files(r);
	keep_tagged(r);
	if (r->all.n == 0)
		return tool_fail(EXIT_USAGE, "replay: no transcript has one of the tags '%s'",
				 r->tags);
	if (!r->url)
		code = open_bot(r);
	if (code != EXIT_OK)
		return code;
	if (play(r, &err) != 0)
		return tool_fail(EXIT_WRONG, "%.*s: %s", STR_ARG(r->all.v[r->result.n].mark.file),
				 err.text);
	return report(r);
}

int tool_replay(int argc, char **argv)
{
	struct replaying r = {0};
	const struct arg_option options[] = {
		{"intents", 0, ARG_TEXT, &r.intents, "FILE", "rules (./intents.yaml)"},
		{"db", 0, ARG_TEXT, &r.db, "FILE", "database (./kefu.db when there is one)"},
		{"url", 0, ARG_TEXT, &r.url, "URL", "play to a live daemon: ws://HOST:PORT/ws"},
		{"junit", 0, ARG_TEXT, &r.junit, "FILE",
		 "write a JUnit XML report (- = standard output)"},
		{"json", 0, ARG_TEXT, &r.json, "FILE", "write a JSON report (- = standard output)"},
		{"tags", 0, ARG_TEXT, &r.tags, "T,T", "only transcripts with one of these tags"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(
		    &args, options, argc, argv, "kefu replay [OPTION…] PATH…",
		    "Plays transcripts (files or folders) and shows each difference from what they "
		    "expect. Exits 0 when all pass, 1 on differences, 2 on bad files.",
		    &code))
		return code;
	if (args.n == 0) {
		args_done(&args);
		return tool_fail(EXIT_USAGE, "replay: which transcripts? kefu replay tests/chat");
	}
	arena_init(&r.arena);
	diags_init(&r.diags, err_locale_chinese());
	code = run(&r, &args);
	tool_bot_close(&r.bot);
	diags_done(&r.diags);
	arena_done(&r.arena);
	args_done(&args);
	return code;
}
