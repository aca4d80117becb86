/* kefu: the command for people who keep, test and run the bot. */
#include <locale.h>
#include <stdio.h>

#include "tool/tool.h"

static const struct tool_command commands[] = {
	{"check", "check rules files: every mistake, with its place and its mend", tool_check},
	{"ask", "answer one message, and say why", tool_ask},
	{"chat", "talk to the bot in the terminal", tool_chat},
	{"replay", "replay transcripts and show what differs", tool_replay},
	{"import", "read courses or events into the database", tool_import},
	{"recommend", "recommend courses to a learner", tool_recommend},
	{"vectors", "list or weigh the vectors that courses carry", tool_vectors},
	{"eval", "measure intents, the FAQ or the recommender on files with known answers",
	 tool_eval},
	{"analyse", "say what learners asked in vain, and draft the answers", tool_analyse},
	{"export", "print all that is known of a learner", tool_export},
	{"forget", "delete all that is known of a learner", tool_forget},
	{"backup", "copy the database while it is in use", tool_backup},
	{"staff", "say who may sign in at /admin/", tool_staff},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void help(void)
{
	printf("usage: kefu COMMAND [OPTION…] …\n\n");
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].summary);
	printf("\nkefu COMMAND --help tells more.\n");
}

static const struct tool_command *find(struct str name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (str_eq(name, str_of(commands[i].name)))
			return &commands[i];
	return NULL;
}

static int unknown(const char *name)
{
	struct str names[COMMANDS];
	struct str near;

	for (size_t i = 0; i < COMMANDS; i++)
		names[i] = str_of(commands[i].name);
	near = str_nearest(str_of(name), names, COMMANDS);
	if (near.n)
		return tool_fail(EXIT_USAGE, "no command '%s'; did you mean '%.*s'?", name,
				 STR_ARG(near));
	return tool_fail(EXIT_USAGE, "no command '%s'; kefu --help lists them", name);
}

int main(int argc, char **argv)
{
	const struct tool_command *command;

	setlocale(LC_CTYPE, "");
	if (argc < 2) {
		help();
		return EXIT_USAGE;
	}
	if (str_eq(str_of(argv[1]), STR("--help")) || str_eq(str_of(argv[1]), STR("-h"))) {
		help();
		return EXIT_OK;
	}
	if (str_eq(str_of(argv[1]), STR("--version"))) {
		puts("kefu " KEFU_VERSION);
		return EXIT_OK;
	}
	command = find(str_of(argv[1]));
	return command ? command->run(argc - 1, argv + 1) : unknown(argv[1]);
}
