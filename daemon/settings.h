/* The daemon's settings: one table (settings.tbl), three spellings: `--name value`, `name: value` in
 * the config file (simple lines, `#` comments), KEFU_NAME in the environment. Later ones win in the
 * order: default, file, environment, command line. In the file a value may stand in quotes (then `#` is
 * part of it), a name comes once, and relative paths are relative to where the daemon was started.
 * KEFU_ variables that are no setting are left alone: container platforms put their own there. */
#ifndef DAEMON_SETTINGS_H
#define DAEMON_SETTINGS_H

#include "text/err.h"

/* Generated from settings.tbl. A choice is kept as its word. */
struct settings {
#define SETTING_TEXT(field, name, def, help)	      char *field;
#define SETTING_CHOICE(field, name, def, words, help) char *field;
#define SETTING_INT(field, name, def, min, max, help) int64_t field;
#include "settings.tbl"
#undef SETTING_TEXT
#undef SETTING_CHOICE
#undef SETTING_INT
};

void settings_init(struct settings *s); /* defaults */
void settings_done(struct settings *s);
/* Reads argv and, by --config / KEFU_CONFIG, a file, and the environment. *check is set by --check, *help
 * by --help, *version by --version (the last two: nothing else is read). ERR_INVALID names the setting,
 * where it came from, and the fix; ERR_IO: the config file cannot be read. */
MUST_USE int settings_read(struct settings *s, int argc, char **argv, bool *check, bool *help,
			   bool *version, struct err *err);
/* The config file's part alone: lines of `name: value`; `file` is its name in messages. */
MUST_USE int settings_read_bytes(struct settings *s, const char *file, struct str bytes,
				 struct err *err);
void settings_help(struct buf *out);
/* "127.0.0.1:8080" or "[::1]:8080" -> host and port of s->listen. */
MUST_USE int settings_listen(const struct settings *s, char host[64], int *port, struct err *err);
/* Is `origin` in the comma list `origins` ("*" = any; "self" = same host as the Host header)? Letter case
 * and the scheme's own port do not matter. An empty origin (not a browser) is always allowed: the check
 * protects learners from other pages, not the server from programs. */
bool settings_origin_allowed(const struct settings *s, struct str origin, struct str host);
/* Is `origin` a page of `host` (as the Host header has it) itself? */
bool settings_origin_same(struct str origin, struct str host);

#endif
