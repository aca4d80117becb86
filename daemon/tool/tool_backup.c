/* kefu backup: a copy of the database while the daemon goes on writing. */
#include <stdio.h>

#include "kb/store.h"
#include "tool/tool.h"

static int backup(const char *db, const char *path)
{
	struct err err = {0};
	struct store *s;
	int code = EXIT_OK;

	db = tool_db(db);
	if (!db)
		return tool_fail(EXIT_USAGE, "no database here; --db FILE");
	if (store_open(db, STORE_READ, &s, &err) < 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	if (store_backup(s, path, &err) < 0)
		code = tool_fail(EXIT_WRONG, "%s", err.text);
	else
		printf("%s: a sound copy of %s\n", path, db);
	store_close(s);
	return code;
}

int tool_backup(int argc, char **argv)
{
	const char *db = NULL;
	const struct arg_option options[] = {
		{"db", 0, ARG_TEXT, &db, "FILE", "database (./kefu.db)"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(&args, options, argc, argv, "kefu backup [--db FILE] FILE",
		       "Copies the database as of one moment to a file that does not exist yet.",
		       &code))
		return code;
	code = args.n == 1 ? backup(db, args.operands[0])
			   : tool_fail(EXIT_USAGE, "backup: to which file? kefu backup FILE");
	args_done(&args);
	return code;
}
