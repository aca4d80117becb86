/* The kefu command: subcommands, and what they share. One subcommand = one file tool_<name>.c + one
 * row in kefu.c. Exit codes: 0 done, 1 the thing asked about is wrong, 2 the command line is. */
#ifndef TOOL_TOOL_H
#define TOOL_TOOL_H

#include "bot/turn.h"
#include "tool/args.h"

enum { EXIT_OK = 0, EXIT_WRONG = 1, EXIT_USAGE = 2 };

struct tool_command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv); /* argv[0] = the subcommand's name */
};

int tool_check(int argc, char **argv);
int tool_ask(int argc, char **argv);
int tool_chat(int argc, char **argv);
int tool_replay(int argc, char **argv);
int tool_import(int argc, char **argv);
int tool_recommend(int argc, char **argv);
int tool_vectors(int argc, char **argv);
int tool_eval(int argc, char **argv);
int tool_analyse(int argc, char **argv);
int tool_export(int argc, char **argv);
int tool_forget(int argc, char **argv);
int tool_backup(int argc, char **argv);
int tool_staff(int argc, char **argv);

/* Reads the options; true: go on. False: help was printed or the line was wrong, *exit_code is set.
 */
bool tool_args(struct args *out, const struct arg_option *options, int argc, char **argv,
	       const char *usage, const char *about, int *exit_code);

/* "kefu: words" on stderr; returns `code`. */
int tool_fail(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Rules and data for a subcommand that talks: --intents and --db, else ./intents.yaml and, when
 * there is one, ./kefu.db. Problems are printed (diagnostics GCC style) and give EXIT_WRONG. */
struct tool_bot {
	struct snapshot *snapshot;
	struct profiles *profiles;
	const char *db; /* NULL: none */
};
int tool_bot_open(struct tool_bot *b, const char *intents, const char *db);
void tool_bot_close(struct tool_bot *b);

/* The database that is meant: `db`, else ./kefu.db when it exists, else NULL. */
const char *tool_db(const char *db);

/* A file whole, or standard input for "-"; freed by buf_done. */
MUST_USE int tool_read_file(const char *path, struct buf *out, struct err *err);

/* A line a course: title, price, reason. */
void tool_print_cards(const struct reply *r);

int64_t tool_now_unix_ms(void);
double tool_monotonic_ms(void);

/* A progress bar on stderr when it is a terminal, at most ten times a second. total 0: unknown. */
void tool_progress(const char *what, uint64_t done, uint64_t total);
void tool_progress_end(void);

#endif
