/* kefud: reads its settings, opens the server, serves until it is told to stop. */
#include <stdio.h>

#include "log.h"
#include "net/server.h"
#include "net/signals.h"
#include "text/mem.h"

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static void print_diags(const struct diags *d)
{
	struct buf out = {0};

	diags_print(d, &out);
	if (out.n)
		fwrite(out.p, 1, out.n, stderr);
	buf_done(&out);
}

static int fail(const struct err *err, int status)
{
	fprintf(stderr, "kefud: %s\n", err->text);
	return status;
}

static int print_help(void)
{
	struct buf out = {0};

	settings_help(&out);
	fwrite(out.p, 1, out.n, stdout);
	buf_done(&out);
	return EXIT_OK;
}

/* Everything that starting would find out, without starting. */
static int check(const struct settings *s)
{
	struct diags diags;
	struct err err;
	int rc;

	diags_init(&diags, err_locale_chinese());
	rc = server_check(s, &diags, &err);
	print_diags(&diags);
	diags_done(&diags);
	if (rc != 0)
		return fail(&err, EXIT_FAILED);
	printf("kefud: the settings are fine\n");
	return EXIT_OK;
}

static int serve(const struct settings *s)
{
	struct server *server = NULL;
	struct diags diags;
	struct err err;
	int rc;

	signals_block();
	diags_init(&diags, err_locale_chinese());
	rc = server_open(s, &diags, &server, &err);
	print_diags(&diags);
	diags_done(&diags);
	if (rc != 0)
		return fail(&err, EXIT_FAILED);
	printf("kefud: listening on %s\n", server->listener.url);
	fflush(stdout);
	server_run(server);
	server_close(server);
	return EXIT_OK;
}

int main(int argc, char **argv)
{
	struct settings s;
	bool only_check = false, help = false, version = false;
	enum log_level level;
	struct err err;
	int status;

	mem_set_up();
	settings_init(&s);
	if (settings_read(&s, argc, argv, &only_check, &help, &version, &err) != 0) {
		status = fail(&err, EXIT_USAGE);
	} else if (help) {
		status = print_help();
	} else if (version) {
		printf("kefud %s\n", KEFU_VERSION);
		status = EXIT_OK;
	} else {
		if (log_level_read(s.log_level, &level) == 0)
			log_set_level(level);
		status = only_check ? check(&s) : serve(&s);
	}
	settings_done(&s);
	return status;
}
