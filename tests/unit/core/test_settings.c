#include "unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "settings.h"

/* One reading: argv behind "kefud", ended by NULL. */
static int settings_of(struct settings *s, struct err *err, ...)
{
	char *argv[16] = {(char *)(uintptr_t) "kefud"};
	bool check, help, version;
	int argc = 1;
	va_list ap;

	va_start(ap, err);
	while ((argv[argc] = va_arg(ap, char *)))
		argc++;
	va_end(ap);
	settings_init(s);
	return settings_read(s, argc, argv, &check, &help, &version, err);
}

static char folder[64], file[96];

static void file_write(const char *text)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int folder_make(void **state)
{
	(void)state;
	unsetenv("KEFU_RATE");
	unsetenv("KEFU_CONFIG");
	snprintf(folder, sizeof folder, "/tmp/kefu-settings-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof file, "%s/kefud.conf", folder);
	return 0;
}

static int folder_remove(void **state)
{
	(void)state;
	unlink(file);
	return rmdir(folder);
}

static void without_options_the_defaults_stand(void **state)
{
	struct settings s;
	struct err err;

	(void)state;
	assert_int_equal(settings_of(&s, &err, NULL), 0);
	assert_string_equal(s.listen, "127.0.0.1:8080");
	assert_string_equal(s.intents, "intents.yaml");
	assert_string_equal(s.db, "kefu.db");
	assert_string_equal(s.loop, "auto");
	assert_int_equal(s.rate, 20);
	settings_done(&s);
}

static void both_spellings_of_an_option_are_read_and_the_last_one_wins(void **state)
{
	struct settings s;
	struct err err;

	(void)state;
	assert_int_equal(settings_of(&s, &err, "--rate", "7", "--rate-seconds=9", "--db=", "--rate",
				     "8", NULL),
			 0);
	assert_int_equal(s.rate, 8);
	assert_int_equal(s.rate_seconds, 9);
	assert_string_equal(s.db, "");
	settings_done(&s);
}

static void file_environment_and_command_line_win_in_that_order(void **state)
{
	struct settings s;
	struct err err;

	(void)state;
	file_write("\xEF\xBB\xBF# a comment\r\n\r\nrate: 1\r\nrate-seconds:  2   # why\r\n"
		   "sessions: 3\nintents: 'my #1 rules.yaml' # quoted\ndb: \"a b.db\"\n"
		   "record: /var/log#1");
	setenv("KEFU_RATE_SECONDS", "20", 1);
	setenv("KEFU_SESSIONS", "30", 1);
	setenv("KEFU_PORT", "tcp://10.0.0.1:80", 1); /* a container platform's, not ours */
	assert_int_equal(settings_of(&s, &err, "--config", file, "--sessions", "300", NULL), 0);
	assert_int_equal(s.rate, 1);
	assert_int_equal(s.rate_seconds, 20);
	assert_int_equal(s.sessions, 300);
	assert_string_equal(s.intents, "my #1 rules.yaml");
	assert_string_equal(s.db, "a b.db");
	assert_string_equal(s.record, "/var/log#1");
	settings_done(&s);
	setenv("KEFU_CONFIG", file, 1);
	assert_int_equal(settings_of(&s, &err, NULL), 0);
	assert_int_equal(s.rate, 1);
	assert_string_equal(s.config, file);
	settings_done(&s);
	unsetenv("KEFU_CONFIG");
	unsetenv("KEFU_RATE_SECONDS");
	unsetenv("KEFU_SESSIONS");
	unsetenv("KEFU_PORT");
}

static void mistakes_on_the_command_line_say_how_to_mend_them(void **state)
{
	static const struct {
		const char *arg, *value, *says;
	} cases[] = {
		{"--rat", "3", "unknown setting 'rat'; did you mean 'rate'?"},
		{"--zzzzzz", "3", "unknown setting 'zzzzzz'; see kefud --help"},
		{"--rate", "0", "rate must be a whole number from 1 to 100000, not '0'"},
		{"--rate", "-1", "from 1 to 100000, not '-1'"},
		{"--rate", "1e3", "from 1 to 100000, not '1e3'"},
		{"--rate", "", "from 1 to 100000, not ''"},
		{"--rate", "99999999999999999999", "from 1 to 100000"},
		{"--rate", NULL, "--rate needs a value"},
		{"--loop", "fast", "loop must be one of poll|ev|auto, not 'fast'"},
		{"--loop", "poll|ev", "must be one of"},
		{"--listen", "8080", "is not HOST:PORT"},
		{"--listen", "[::1:8080", "is not HOST:PORT"},
		{"--listen", ":8080", "is not HOST:PORT"},
		{"--listen", "a:65536", "is not HOST:PORT"},
		{"intents.yaml", NULL, "what is 'intents.yaml'?"},
		{"--", NULL, "what is '--'?"},
		{"-x", NULL, "what is '-x'?"},
		{"--config", "/nowhere/kefud.conf", "cannot open the config file"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct settings s;
		struct err err;

		assert_true(settings_of(&s, &err, cases[i].arg, cases[i].value, NULL) < 0);
		if (!strstr(err.text, cases[i].says))
			fail_msg("%s %s: %s", cases[i].arg, cases[i].value, err.text);
		settings_done(&s);
	}
}

static void mistakes_in_the_file_name_their_line(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"rate: 1\n\nconections: 5\n",
		 ":3: unknown setting 'conections'; did you mean 'connections'?"},
		{"rate: many\n", ":1: rate must be a whole number from 1 to 100000, not 'many'"},
		{"rate: 1\nloop: x\nrate: 2\n", ":2: loop must be one of"},
		{"rate: 1\n# \nrate: 2\n", ":3: rate was set at line 1 already"},
		{"rate 1\n", ":1: no ':' in this line"},
		{"rate：1\n", ":1: full-width colon"},
		{"db: \"a\n", ":1: the quotes of db do not match"},
		{"db: 'a'b\n", ":1: the quotes of db do not match"},
		{"config: x\n", ":1: config cannot be set in a config file"},
		{"listen: nowhere\n", "listen: 'nowhere' is not HOST:PORT"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct settings s;
		struct err err;

		file_write(cases[i].text);
		assert_int_equal(settings_of(&s, &err, "--config", file, NULL), ERR_INVALID);
		if (!strstr(err.text, cases[i].says))
			fail_msg("%s: %s", cases[i].text, err.text);
		settings_done(&s);
	}
}

static void a_mistake_in_the_environment_names_the_variable(void **state)
{
	struct settings s;
	struct err err;

	(void)state;
	setenv("KEFU_RATE", "lots", 1);
	assert_int_equal(settings_of(&s, &err, NULL), ERR_INVALID);
	assert_non_null(strstr(err.text, "KEFU_RATE in the environment: rate must be"));
	settings_done(&s);
	unsetenv("KEFU_RATE");
}

static void a_file_that_is_no_text_is_refused(void **state)
{
	struct settings s;
	struct err err;
	FILE *f = fopen(file, "w");

	(void)state;
	assert_non_null(f);
	fwrite("rate: 1\n\0\n", 1, 10, f);
	fclose(f);
	assert_int_equal(settings_of(&s, &err, "--config", file, NULL), ERR_INVALID);
	assert_non_null(strstr(err.text, "is not a text file"));
	settings_done(&s);
	assert_int_equal(settings_of(&s, &err, "--config", folder, NULL), ERR_IO);
	settings_done(&s);
}

static void flags_are_told_and_help_stops_all_reading(void **state)
{
	char *argv[] = {(char *)(uintptr_t) "kefud", (char *)(uintptr_t) "--help",
			(char *)(uintptr_t) "--config=/nowhere", NULL};
	bool check = true, help = false, version = true;
	struct settings s;
	struct err err;
	struct buf out = {0};

	(void)state;
	settings_init(&s);
	assert_int_equal(settings_read(&s, 3, argv, &check, &help, &version, &err), 0);
	assert_true(help && !check && !version);
	settings_help(&out);
	assert_non_null(strstr(out.p, "--rate-seconds"));
	assert_non_null(strstr(out.p, "[10; 1 to 3600]"));
	assert_non_null(strstr(out.p, "[auto; poll|ev|auto]"));
	buf_done(&out);
	settings_done(&s);
}

static void a_listen_address_splits_into_host_and_port(void **state)
{
	static const struct {
		const char *listen, *host;
		int port;
	} cases[] = {
		{"127.0.0.1:0", "127.0.0.1", 0},
		{"[::1]:8080", "::1", 8080},
		{"localhost:65535", "localhost", 65535},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct settings s;
		struct err err;
		char host[64];
		int port = -1;

		assert_int_equal(settings_of(&s, &err, "--listen", cases[i].listen, NULL), 0);
		assert_int_equal(settings_listen(&s, host, &port, &err), 0);
		assert_string_equal(host, cases[i].host);
		assert_int_equal(port, cases[i].port);
		settings_done(&s);
	}
}

static void origins_are_those_listed_and_self(void **state)
{
	static const struct {
		const char *origins, *origin, *host;
		bool allowed;
	} cases[] = {
		{"self", "http://localhost:8080", "localhost:8080", true},
		{"self", "http://LOCALHOST:8080", "localhost:8080", true},
		{"self", "https://shop.example", "shop.example", true},
		{"self", "https://shop.example", "shop.example:443", true},
		{"self", "https://shop.example:443", "shop.example", true},
		{"self", "https://shop.example", "shop.example:80", false},
		{"self", "https://evil.example", "shop.example", false},
		{"self", "https://shop.example.evil", "shop.example", false},
		{"self", "null", "shop.example", false},
		{"self", "https://", "", false},
		{"self", "", "shop.example", true},
		{"self, https://A.example/ ,http://b.example:81", "https://a.example", "c", true},
		{"self, https://A.example/ ,http://b.example:81", "http://b.example:81", "c", true},
		{"self, https://A.example/ ,http://b.example:81", "http://a.example", "c", false},
		{"self, https://A.example/ ,http://b.example:81", "http://b.example", "c", false},
		{"*", "null", "x", true},
		{"null", "null", "x", true},
		{"", "https://a.example", "a.example", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct settings s;
		struct err err;

		assert_int_equal(settings_of(&s, &err, "--origins", cases[i].origins, NULL), 0);
		if (settings_origin_allowed(&s, str_of(cases[i].origin), str_of(cases[i].host)) !=
		    cases[i].allowed)
			fail_msg("case %zu", i);
		settings_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_options_the_defaults_stand),
		cmocka_unit_test(both_spellings_of_an_option_are_read_and_the_last_one_wins),
		cmocka_unit_test(file_environment_and_command_line_win_in_that_order),
		cmocka_unit_test(mistakes_on_the_command_line_say_how_to_mend_them),
		cmocka_unit_test(mistakes_in_the_file_name_their_line),
		cmocka_unit_test(a_mistake_in_the_environment_names_the_variable),
		cmocka_unit_test(a_file_that_is_no_text_is_refused),
		cmocka_unit_test(flags_are_told_and_help_stops_all_reading),
		cmocka_unit_test(a_listen_address_splits_into_host_and_port),
		cmocka_unit_test(origins_are_those_listed_and_self),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
