/* kefu chat: the bot in a terminal. A number clicks that button; /why explains, /quit leaves. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bot/reply.h"
#include "tool/tool.h"

enum { CHAT_BUTTONS_MAX = 20 };

struct talking {
	struct tool_bot bot;
	struct turn turn;
	struct session session;
	char *values[CHAT_BUTTONS_MAX]; /* of the last reply's buttons */
	size_t n_values;
	bool json;
};

static void forget_buttons(struct talking *k)
{
	while (k->n_values)
		free(k->values[--k->n_values]);
}

static void print(struct talking *k)
{
	const struct reply *r = &k->turn.reply;

	if (k->json) {
		struct buf out = {0};

		turn_json(&k->turn, &out);
		puts(out.p);
		buf_done(&out);
	} else {
		printf("%.*s\n", STR_ARG(r->text));
		tool_print_cards(r);
	}
	forget_buttons(k);
	for (size_t i = 0; i < r->n_buttons && i < CHAT_BUTTONS_MAX; i++) {
		if (!k->json)
			printf("  %zu) %.*s\n", i + 1, STR_ARG(r->buttons[i].title));
		k->values[k->n_values++] = strndup(r->buttons[i].value.p, r->buttons[i].value.n);
	}
	fflush(stdout);
}

static void turn(struct talking *k, enum turn_kind kind, struct str text)
{
	turn_reset(&k->turn);
	k->turn.snapshot = k->bot.snapshot;
	k->turn.profiles = k->bot.profiles;
	k->turn.session = &k->session;
	k->turn.explain = true;
	k->turn.kind = kind;
	k->turn.text = text;
	k->turn.now_unix_ms = tool_now_unix_ms();
	bot_turn(&k->turn);
	print(k);
}

static void explain(struct talking *k)
{
	struct buf out = {0};

	turn_explain(&k->turn, err_locale_chinese(), &out);
	fputs(out.n ? out.p : "", stdout);
	buf_done(&out);
}

/* False: leave. */
static bool line(struct talking *k, struct str text)
{
	uint64_t number;

	if (str_eq(text, STR("/quit")))
		return false;
	if (str_eq(text, STR("/why"))) {
		explain(k);
	} else if (str_to_u64(text, &number) && number >= 1 && number <= k->n_values) {
		char *value = strdup(k->values[number - 1]);

		turn(k, TURN_CLICK, str_of(value));
		free(value);
	} else if (text.n) {
		turn(k, TURN_MESSAGE, str_sub(text, 0, NORMAL_MAX));
	}
	return true;
}

static void talk(struct talking *k)
{
	char *buffer = NULL;
	size_t cap = 0;
	ssize_t n;
	bool prompt = isatty(STDIN_FILENO);

	turn(k, TURN_WELCOME, STR_NONE);
	for (;;) {
		if (prompt) {
			fputs("> ", stdout);
			fflush(stdout);
		}
		n = getline(&buffer, &cap, stdin);
		if (n < 0 || !line(k, str_trim((struct str){buffer, (size_t)n})))
			break;
	}
	free(buffer);
	forget_buttons(k);
}

int tool_chat(int argc, char **argv)
{
	struct talking k = {0};
	const char *intents = NULL, *db = NULL, *user = NULL, *lang = NULL;
	const struct arg_option options[] = {
		{"intents", 0, ARG_TEXT, &intents, "FILE", "rules (./intents.yaml)"},
		{"db", 0, ARG_TEXT, &db, "FILE", "database (./kefu.db when there is one)"},
		{"user", 0, ARG_TEXT, &user, "ID", "learner who talks, signed in"},
		{"lang", 0, ARG_TEXT, &lang, "LANG", "language of the page: zh or en"},
		{"json", 0, ARG_FLAG, &k.json, NULL, "one JSON object a reply"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(&args, options, argc, argv, "kefu chat [OPTION…]",
		       "Talks with the bot. A number clicks that button; /why explains the last "
		       "answer; "
		       "/quit leaves.",
		       &code))
		return code;
	args_done(&args);
	code = tool_bot_open(&k.bot, intents, db);
	if (code != EXIT_OK)
		return code;
	session_init(&k.session, 0);
	session_set(&k.session.user, str_of(user));
	k.session.logged_in = user != NULL;
	session_set(&k.session.lang, str_of(lang));
	turn_init(&k.turn);
	talk(&k);
	turn_done(&k.turn);
	session_done(&k.session);
	tool_bot_close(&k.bot);
	return EXIT_OK;
}
