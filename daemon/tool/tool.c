#include "tool/tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "kb/learning.h"

bool tool_args(struct args *out, const struct arg_option *options, int argc, char **argv,
	       const char *usage, const char *about, int *exit_code)
{
	struct err err;

	if (args_read(out, options, argc, argv, &err) != 0) {
		*exit_code = tool_fail(EXIT_USAGE, "%s: %s", argv[0], err.text);
		return false;
	}
	if (!out->help)
		return true;
	args_help(usage, about, options);
	args_done(out);
	*exit_code = EXIT_OK;
	return false;
}

int tool_fail(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("kefu: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	return code;
}

const char *tool_db(const char *db)
{
	return db ? db : access("kefu.db", F_OK) == 0 ? "kefu.db" : NULL;
}

int64_t tool_now_unix_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

double tool_monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

int tool_bot_open(struct tool_bot *b, const char *intents, const char *db)
{
	struct learning learning = {0};
	const struct snapshot_source src = {.intents_path = intents ? intents : "intents.yaml",
					    .db_path = tool_db(db),
					    .serial = 1,
					    .now_unix_ms = tool_now_unix_ms(),
					    .learning = &learning};
	struct diags diags;
	struct err err = {0};
	int rc;

	*b = (struct tool_bot){.db = src.db_path};
	diags_init(&diags, err_locale_chinese());
	rc = snapshot_build(&src, &diags, &b->snapshot, &err);
	if (rc != 0 && diags.errors) {
		struct buf all = {0};

		diags_print(&diags, &all);
		fputs(all.p, stderr);
		buf_done(&all);
	}
	b->profiles = learning.profiles ? learning.profiles : profiles_new();
	learning.profiles = NULL;
	learning_done(&learning);
	if (rc != 0 && !diags.errors)
		tool_fail(EXIT_WRONG, "%s", err.text);
	diags_done(&diags);
	if (rc == 0)
		return EXIT_OK;
	tool_bot_close(b);
	return EXIT_WRONG;
}

void tool_bot_close(struct tool_bot *b)
{
	profiles_free(b->profiles);
	snapshot_unref(b->snapshot);
	*b = (struct tool_bot){0};
}

void tool_print_cards(const struct reply *r)
{
	for (size_t i = 0; i < r->n_cards; i++) {
		const struct card *c = &r->cards[i];

		printf("  • %.*s", STR_ARG(c->title));
		if (c->price >= 0)
			printf("  ¥%g", c->price);
		printf("  %.*s\n", STR_ARG(c->reason));
	}
}

int tool_read_file(const char *path, struct buf *out, struct err *err)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	char chunk[65536];
	size_t n;
	int rc = 0;

	if (!f)
		return err_set(err, ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_put(out, chunk, n);
	if (ferror(f))
		rc = err_set(err, ERR_IO, "%s: reading stopped: %s", path, strerror(errno));
	if (f != stdin)
		fclose(f);
	return rc;
}

void tool_progress(const char *what, uint64_t done, uint64_t total)
{
	static int64_t last;
	int64_t now = tool_now_unix_ms();

	if (!isatty(STDERR_FILENO) || (now - last < 100 && done != total))
		return;
	last = now;
	if (total) {
		int cells = (int)(done * 30 / total);

		fprintf(stderr, "\r%s [%.*s%*s] %3d%%", what, cells,
			"##############################", 30 - cells, "",
			(int)(done * 100 / total));
	} else {
		fprintf(stderr, "\r%s %llu", what, (unsigned long long)done);
	}
}

void tool_progress_end(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}
