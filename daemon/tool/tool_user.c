/* kefu export and kefu forget: one learner's data, handed out or deleted. */
#include <stdio.h>

#include "kb/store_user.h"
#include "tool/tool.h"

struct asked {
	const char *db, *user;
	bool json;
};

static int open_store(const struct asked *q, enum store_mode mode, struct store **out)
{
	const char *db = tool_db(q->db);
	struct err err = {0};

	if (!db)
		return tool_fail(EXIT_USAGE, "no database here; --db FILE");
	if (store_open(db, mode, out, &err) < 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	return EXIT_OK;
}

static int export(const struct asked *q)
{
	struct buf out = {0};
	struct err err = {0};
	struct store *s = NULL;
	int code = open_store(q, STORE_READ, &s);

	if (code != EXIT_OK)
		return code;
	if (store_user_export(s, str_of(q->user), &out, &err) == 0)
		puts(out.p);
	else
		code = tool_fail(EXIT_WRONG, "%s", err.text);
	buf_done(&out);
	store_close(s);
	return code;
}

static void print_forgotten(const struct asked *q, const struct forgotten *n)
{
	struct buf out = {0};

	if (!q->json) {
		printf("forgotten: %lld events, %lld sessions, %lld messages, %lld ratings of "
		       "answers, "
		       "%lld handovers, %lld recommended courses, %lld variants of experiments\n",
		       (long long)n->events, (long long)n->sessions, (long long)n->messages,
		       (long long)n->feedback, (long long)n->handoffs,
		       (long long)n->recommendations, (long long)n->experiments);
		return;
	}
	json_open(&out, '{');
	json_kstr(&out, "user", str_of(q->user));
	json_kint(&out, "events", n->events);
	json_kint(&out, "sessions", n->sessions);
	json_kint(&out, "messages", n->messages);
	json_kint(&out, "feedback", n->feedback);
	json_kint(&out, "handoffs", n->handoffs);
	json_kint(&out, "recommendations", n->recommendations);
	json_kint(&out, "experiments", n->experiments);
	json_close(&out, '}');
	puts(out.p);
	buf_done(&out);
}

static int forget(const struct asked *q)
{
	struct forgotten n;
	struct err err = {0};
	struct store *s = NULL;
	int code = open_store(q, STORE_WRITE, &s);

	if (code != EXIT_OK)
		return code;
	if (store_user_forget(s, str_of(q->user), &n, &err) == 0)
		print_forgotten(q, &n);
	else
		code = tool_fail(EXIT_WRONG, "%s", err.text);
	store_close(s);
	return code;
}

static int ask(int argc, char **argv, const char *usage, const char *about,
	       int (*run)(const struct asked *q))
{
	struct asked q = {0};
	const struct arg_option options[] = {
		{"db", 0, ARG_TEXT, &q.db, "FILE", "database (./kefu.db)"},
		{"user", 0, ARG_TEXT, &q.user, "ID", "learner"},
		{"json", 0, ARG_FLAG, &q.json, NULL, "as JSON"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(&args, options, argc, argv, usage, about, &code))
		return code;
	code = args.n || !q.user || !q.user[0]
		       ? tool_fail(EXIT_USAGE, "%s: whose data? --user ID", argv[0])
		       : run(&q);
	args_done(&args);
	return code;
}

int tool_export(int argc, char **argv)
{
	return ask(argc, argv, "kefu export --user ID [--db FILE]",
		   "Prints all that the database knows of a learner, as one JSON object.", export);
}

int tool_forget(int argc, char **argv)
{
	return ask(argc, argv, "kefu forget --user ID [--db FILE] [--json]",
		   "Deletes all that the database knows of a learner, also from its free pages. "
		   "Backups and recordings are files of their own: delete them, too.",
		   forget);
}
