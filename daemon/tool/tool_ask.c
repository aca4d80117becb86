/* kefu ask: one message, one answer; with --why the whole decision. */
#include <stdio.h>
#include <stdlib.h>

#include "bot/reply.h"
#include "tool/tool.h"

struct asking {
	const char *intents, *db, *user, *lang;
	bool why, json, keep;
	struct tool_bot bot;
	struct turn turn;
	struct session session;
	bool open; /* session is in use */
};

static void open_session(struct asking *a)
{
	if (a->open && a->keep)
		return;
	if (a->open)
		session_done(&a->session);
	session_init(&a->session, 0);
	a->open = true;
	if (a->user) {
		session_set(&a->session.user, str_of(a->user));
		a->session.logged_in = true;
	}
	if (a->lang)
		session_set(&a->session.lang, str_of(a->lang));
}

static void print_reply(const struct reply *r)
{
	printf("%.*s\n", STR_ARG(r->text));
	tool_print_cards(r);
	for (size_t i = 0; i < r->n_buttons; i++)
		printf("  [%.*s]\n", STR_ARG(r->buttons[i].title));
}

static void print(struct asking *a)
{
	struct buf out = {0};

	if (a->json) {
		turn_json(&a->turn, &out);
		buf_char(&out, '\n');
	} else {
		print_reply(&a->turn.reply);
		if (a->why)
			turn_explain(&a->turn, err_locale_chinese(), &out);
	}
	fwrite(out.n ? out.p : "", 1, out.n, stdout);
	buf_done(&out);
}

static void ask(struct asking *a, struct str text)
{
	open_session(a);
	turn_reset(&a->turn);
	a->turn.snapshot = a->bot.snapshot;
	a->turn.profiles = a->bot.profiles;
	a->turn.session = &a->session;
	a->turn.explain = a->why || a->json;
	a->turn.kind = TURN_MESSAGE;
	a->turn.text = text;
	a->turn.now_unix_ms = tool_now_unix_ms();
	bot_turn(&a->turn);
	print(a);
}

static void ask_lines(struct asking *a)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) >= 0) {
		struct str text = {line, (size_t)n};

		while (text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
			text.n--;
		if (text.n > NORMAL_MAX)
			text.n = NORMAL_MAX;
		ask(a, text);
		fflush(stdout);
	}
	free(line);
}

static int run(struct asking *a, const struct args *args)
{
	struct buf text = {0};
	int code = tool_bot_open(&a->bot, a->intents, a->db);

	if (code != EXIT_OK)
		return code;
	turn_init(&a->turn);
	if (args->n == 1 && strcmp(args->operands[0], "-") == 0) {
		ask_lines(a);
	} else {
		for (size_t i = 0; i < args->n; i++) {
			buf_cstr(&text, i ? " " : "");
			buf_cstr(&text, args->operands[i]);
		}
		ask(a, buf_view(&text));
	}
	buf_done(&text);
	turn_done(&a->turn);
	if (a->open)
		session_done(&a->session);
	tool_bot_close(&a->bot);
	return EXIT_OK;
}

int tool_ask(int argc, char **argv)
{
	struct asking a = {0};
	const struct arg_option options[] = {
		{"intents", 0, ARG_TEXT, &a.intents, "FILE", "rules (./intents.yaml)"},
		{"db", 0, ARG_TEXT, &a.db, "FILE", "database (./kefu.db when there is one)"},
		{"user", 0, ARG_TEXT, &a.user, "ID", "learner who asks, signed in"},
		{"lang", 0, ARG_TEXT, &a.lang, "LANG", "language of the page: zh or en"},
		{"why", 0, ARG_FLAG, &a.why, NULL, "explain the decision"},
		{"json", 0, ARG_FLAG, &a.json, NULL, "one JSON object a line"},
		{"session", 0, ARG_FLAG, &a.keep, NULL, "with -: all lines are one conversation"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(&args, options, argc, argv, "kefu ask [OPTION…] TEXT…|-",
		       "Answers a message as the bot would; - reads one message a line.", &code))
		return code;
	code = args.n ? run(&a, &args)
		      : tool_fail(EXIT_USAGE, "ask: which message? kefu ask 怎么退款");
	args_done(&args);
	return code;
}
