/* kefu replay: conversations played again, and what the bot does differently. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/accept.h"
#include "tool/crew.h"
#include "tool/replay.h"

struct hand;

struct replaying {
	const char *intents, *db, *url, *against, *junit, *json, *tags;
	bool accept;
	long jobs; /* 0: as many as there are processors */
	struct arena arena;
	struct diags diags;
	struct transcripts all;
	struct tool_bot bot, old;
	struct hand *hands;
	size_t n_hands;
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

/* What a thread has to itself. */
struct hand {
	struct arena arena; /* of findings */
	struct coverage coverage;
	struct profiles *view, *old_view;
};

static int play_one(void *arg, size_t worker, size_t i, struct err *err)
{
	struct replaying *r = arg;
	struct hand *hand = &r->hands[worker];
	const struct transcript *t = &r->all.v[i];
	const struct player player = {.bot = &r->bot,
				      .old = r->against ? &r->old : NULL,
				      .view = hand->view,
				      .old_view = hand->old_view,
				      .coverage = &hand->coverage,
				      .remember = r->accept};
	int rc = r->url ? player_wire(&hand->arena, r->url, t, &r->result.v[i], err)
			: player_inside(&hand->arena, &player, t, &r->result.v[i], err);
	struct err why = err ? *err : (struct err){0};

	if (rc != 0)
		return err_set(err, rc, "%.*s: %s", STR_ARG(t->mark.file), why.text);
	return 0;
}

static void open_hand(struct replaying *r, struct hand *hand)
{
	arena_init(&hand->arena);
	if (r->url)
		return;
	coverage_init(&hand->coverage, &r->arena, r->bot.snapshot->rules);
	hand->view = profiles_view(r->bot.profiles);
	if (r->against)
		hand->old_view = profiles_view(r->old.profiles);
}

static void close_hand(struct hand *hand)
{
	profiles_free(hand->view);
	profiles_free(hand->old_view);
	arena_done(&hand->arena);
}

static int play(struct replaying *r, struct err *err)
{
	size_t workers = r->url ? 1 : r->jobs ? (size_t)r->jobs : crew_size();
	double began = tool_monotonic_ms();
	int rc;

	if (workers > CREW_MAX)
		workers = CREW_MAX;
	r->result.v = ARENA_ARRAY(&r->arena, struct played, r->all.n);
	r->result.n = r->all.n;
	r->hands = ARENA_ARRAY(&r->arena, struct hand, workers);
	r->n_hands = workers;
	for (size_t i = 0; i < workers; i++)
		open_hand(r, &r->hands[i]);
	rc = crew_run(workers, r->all.n, play_one, r, "replaying", err);
	for (size_t i = 0; i < workers && !r->url; i++) {
		if (i == 0)
			r->result.coverage = r->hands[0].coverage;
		else
			coverage_merge(&r->result.coverage, &r->hands[i].coverage);
	}
	r->result.ms = tool_monotonic_ms() - began;
	replay_sum(&r->result);
	return rc;
}

static int open_bots(struct replaying *r)
{
	int code = tool_bot_open(&r->bot, r->intents, r->db);

	if (code == EXIT_OK && r->against)
		code = tool_bot_open(&r->old, r->against, r->db);
	r->result.comparing = r->against != NULL;
	r->result.chinese = r->diags.chinese;
	return code;
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
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "%.1f s\n", r->result.ms / 1e3);
	/* A report that goes to standard output has it to itself. */
	fwrite(out.p, 1, out.n,
	       (r->json && strcmp(r->json, "-") == 0) || (r->junit && strcmp(r->junit, "-") == 0)
		       ? stderr
		       : stdout);
	buf_done(&out);
	return code != EXIT_OK ? code : r->result.failed ? EXIT_WRONG : EXIT_OK;
}

/* Rewrites the files; what is left different is printed. */
static int accept(struct replaying *r)
{
	struct accepted done = {0};
	struct buf out = {0};
	struct err err;
	int rc = accept_all(&r->result, &done, &out, &err);

	printf(r->diags.chinese ? "改写了 %zu 处期望，涉及 %zu 个文件\n"
				: "%zu expectations rewritten in %zu files\n",
	       done.rewritten, done.files);
	fwrite(out.n ? out.p : "", 1, out.n, stdout);
	buf_done(&out);
	if (rc != 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	return done.left ? EXIT_WRONG : EXIT_OK;
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
		code = open_bots(r);
	if (code != EXIT_OK)
		return code;
	if (play(r, &err) != 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	if (r->accept)
		return accept(r);
	return report(r);
}

int tool_replay(int argc, char **argv)
{
	struct replaying r = {0};
	const struct arg_option options[] = {
		{"intents", 0, ARG_TEXT, &r.intents, "FILE", "rules (./intents.yaml)"},
		{"db", 0, ARG_TEXT, &r.db, "FILE", "database (./kefu.db when there is one)"},
		{"url", 0, ARG_TEXT, &r.url, "URL", "play to a live daemon: ws://HOST:PORT/ws"},
		{"against", 0, ARG_TEXT, &r.against, "OLD",
		 "compare with older rules instead of with what transcripts expect"},
		{"accept", 0, ARG_FLAG, &r.accept, NULL,
		 "rewrite what transcripts expect to what was got"},
		{"junit", 0, ARG_TEXT, &r.junit, "FILE",
		 "write a JUnit XML report (- = standard output)"},
		{"json", 0, ARG_TEXT, &r.json, "FILE", "write a JSON report (- = standard output)"},
		{"tags", 0, ARG_TEXT, &r.tags, "T,T", "only transcripts with one of these tags"},
		{"jobs", 'j', ARG_COUNT, &r.jobs, "N", "threads (one a processor)"},
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
	if ((r.against || r.accept) && (r.url || (r.against && r.accept))) {
		args_done(&args);
		return tool_fail(EXIT_USAGE,
				 "replay: --against, --accept and --url do not go together");
	}
	arena_init(&r.arena);
	diags_init(&r.diags, err_locale_chinese());
	code = run(&r, &args);
	for (size_t i = 0; i < r.n_hands; i++)
		close_hand(&r.hands[i]);
	tool_bot_close(&r.bot);
	tool_bot_close(&r.old);
	diags_done(&r.diags);
	arena_done(&r.arena);
	args_done(&args);
	return code;
}
