/* kefu staff: who may sign in at /admin/, and as what. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "kb/store_staff.h"
#include "secret.h"
#include "text/when.h"
#include "tool/tool.h"

struct asked {
	const char *db, *role;
	bool json;
	struct str name;
	struct store *store;
};

/* ---- passwords ---- */

/* A line without its end, into `out`; false at the end of input. */
static bool read_line(struct buf *out)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n = getline(&line, &cap, stdin);

	if (n > 0)
		buf_put(out, line, (size_t)n);
	while (out->n && (out->p[out->n - 1] == '\n' || out->p[out->n - 1] == '\r'))
		out->n--;
	free(line);
	return n > 0;
}

static bool read_hidden(const char *question, struct buf *out)
{
	struct termios old, quiet;
	bool hidden = tcgetattr(STDIN_FILENO, &old) == 0, got;

	if (hidden) {
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	/* Now: what is typed before the question is shown would be lost. */
	fputs(question, stderr);
	got = read_line(out);
	if (hidden)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
	fputc('\n', stderr);
	return got;
}

static int read_password(struct buf *out)
{
	struct buf again = {0};
	int code = EXIT_OK;

	if (!isatty(STDIN_FILENO)) {
		if (!read_line(out))
			return tool_fail(EXIT_USAGE, "staff: the password is read from standard "
						     "input, which is empty");
	} else {
		if (!read_hidden("Password: ", out) || !read_hidden("Again: ", &again))
			code = tool_fail(EXIT_USAGE, "staff: no password was typed");
		else if (!str_eq(buf_view(out), buf_view(&again)))
			code = tool_fail(EXIT_WRONG, "staff: the two passwords differ");
		buf_done(&again);
	}
	if (code == EXIT_OK && (out->n < STAFF_PASSWORD_MIN || out->n > STAFF_PASSWORD_MAX))
		code = tool_fail(EXIT_WRONG, "staff: a password has %d to %d bytes",
				 STAFF_PASSWORD_MIN, STAFF_PASSWORD_MAX);
	return code;
}

static int ask_hash(char hash[128])
{
	struct buf password = {0};
	struct err err = {0};
	int code = read_password(&password);

	if (code == EXIT_OK && secret_password_hash(buf_view(&password), hash, &err) != 0)
		code = tool_fail(EXIT_WRONG, "%s", err.text);
	buf_done(&password);
	return code;
}

/* ---- the verbs: each returns an exit code ---- */

static int failed(int rc, const struct err *err)
{
	return rc == 0 ? EXIT_OK : tool_fail(EXIT_WRONG, "%s", err->text);
}

static void note(const struct asked *q, const char *what, const char *detail)
{
	const struct passwd *pw = getpwuid(getuid());
	struct buf words = {0};
	struct audit_row row = {.at_unix_ms = tool_now_unix_ms(),
				.who = str_of(pw ? pw->pw_name : "?"),
				.origin = STR("command"),
				.what = str_of(what)};
	struct err err = {0};

	buf_printf(&words, "%.*s%s%s", STR_ARG(q->name), detail[0] ? " " : "", detail);
	row.detail = buf_view(&words);
	if (store_audit_put(q->store, &row, &err) != 0)
		tool_fail(EXIT_WRONG, "%s", err.text);
	buf_done(&words);
}

static int run_add(struct asked *q)
{
	char hash[128];
	struct staff who = {.name = q->name, .made_unix_ms = tool_now_unix_ms()};
	struct err err = {0};
	int code;

	if (!q->role || !staff_role_read(str_of(q->role), &who.role))
		return tool_fail(EXIT_USAGE, "staff add: --role is viewer, agent, editor or admin");
	if ((code = ask_hash(hash)) != EXIT_OK)
		return code;
	who.password = str_of(hash);
	code = failed(store_staff_add(q->store, &who, &err), &err);
	if (code == EXIT_OK)
		note(q, "staff-add", q->role);
	return code;
}

static int run_passwd(struct asked *q)
{
	struct arena a;
	struct staff who;
	char hash[128];
	struct err err = {0};
	int code;

	arena_init(&a);
	code = failed(store_staff_get(q->store, &a, q->name, &who, &err), &err);
	arena_done(&a);
	if (code == EXIT_OK)
		code = ask_hash(hash);
	if (code == EXIT_OK)
		code = failed(store_staff_password(q->store, q->name, str_of(hash), &err), &err);
	if (code == EXIT_OK)
		note(q, "staff-passwd", "");
	return code;
}

static int run_role(struct asked *q)
{
	enum staff_role role;
	struct err err = {0};
	int code;

	if (!q->role || !staff_role_read(str_of(q->role), &role))
		return tool_fail(EXIT_USAGE,
				 "staff role: --role is viewer, agent, editor or admin");
	code = failed(store_staff_role(q->store, q->name, role, &err), &err);
	if (code == EXIT_OK)
		note(q, "staff-role", q->role);
	return code;
}

static int run_remove(struct asked *q)
{
	struct err err = {0};
	int code = failed(store_staff_remove(q->store, q->name, &err), &err);

	if (code == EXIT_OK)
		note(q, "staff-remove", "");
	return code;
}

static void print_text(const struct staff *rows, size_t n)
{
	char seen[WHEN_TEXT_MAX];

	for (size_t i = 0; i < n; i++) {
		when_print(rows[i].seen_unix_ms, seen);
		printf("%-8s %.*s%s%s\n", staff_role_name(rows[i].role), STR_ARG(rows[i].name),
		       rows[i].seen_unix_ms ? "  signed in, last seen " : "",
		       rows[i].seen_unix_ms ? seen : "");
	}
}

static void print_json(const struct staff *rows, size_t n)
{
	struct buf out = {0};

	json_open(&out, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(&out, '{');
		json_kstr(&out, "name", rows[i].name);
		json_kstr(&out, "role", str_of(staff_role_name(rows[i].role)));
		json_kint(&out, "made", rows[i].made_unix_ms);
		json_kint(&out, "seen", rows[i].seen_unix_ms);
		json_close(&out, '}');
	}
	json_close(&out, ']');
	puts(out.p);
	buf_done(&out);
}

static int run_list(struct asked *q)
{
	struct arena a;
	struct staff *rows;
	size_t n;
	struct err err = {0};
	int code;

	arena_init(&a);
	code = failed(store_staff_list(q->store, &a, &rows, &n, &err), &err);
	if (code == EXIT_OK && q->json)
		print_json(rows, n);
	else if (code == EXIT_OK)
		print_text(rows, n);
	arena_done(&a);
	return code;
}

static const struct verb {
	const char *name;
	bool named; /* takes NAME */
	int (*run)(struct asked *q);
} verbs[] = {
	{"add", true, run_add},	      {"passwd", true, run_passwd}, {"role", true, run_role},
	{"remove", true, run_remove}, {"list", false, run_list},
};

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	}
	return NULL;
}

static int run(struct asked *q, const struct args *args)
{
	const struct verb *verb = args->n ? find_verb(args->operands[0]) : NULL;
	struct err err = {0};
	int code;

	if (!verb)
		return tool_fail(EXIT_USAGE, "staff: add, passwd, role, remove or list?");
	if (args->n != (verb->named ? 2u : 1u))
		return tool_fail(EXIT_USAGE, "staff %s: %s", verb->name,
				 verb->named ? "which NAME?" : "takes no name");
	if (verb->named)
		q->name = str_of(args->operands[1]);
	if (verb->named && !staff_name_valid(q->name))
		return tool_fail(EXIT_USAGE, "staff: a name has 1 to %d bytes and no spaces",
				 STAFF_NAME_MAX);
	if (secret_init(&err) != 0 || store_open(q->db, STORE_WRITE, &q->store, &err) != 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	code = verb->run(q);
	store_close(q->store);
	return code;
}

int tool_staff(int argc, char **argv)
{
	struct asked q = {.db = "kefu.db"};
	const struct arg_option options[] = {
		{"db", 0, ARG_TEXT, &q.db, "FILE", "database (./kefu.db)"},
		{"role", 0, ARG_TEXT, &q.role, "ROLE", "viewer, agent, editor or admin"},
		{"json", 0, ARG_FLAG, &q.json, NULL, "list as JSON"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(&args, options, argc, argv,
		       "kefu staff add|passwd|role|remove NAME [--role ROLE] | list",
		       "Says who may sign in at /admin/. The password is asked for, or read from "
		       "standard input.",
		       &code))
		return code;
	code = run(&q, &args);
	args_done(&args);
	return code;
}
