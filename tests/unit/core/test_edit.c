#include "unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edit.h"
#include "secret.h"

struct fixture {
	char folder[64], path[128];
	struct buf text;
};

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static int setup(void **state)
{
	struct fixture *x = calloc(1, sizeof *x);
	struct err err;

	strcpy(x->folder, "/tmp/kefu-edit-XXXXXX");
	assert_non_null(mkdtemp(x->folder));
	snprintf(x->path, sizeof x->path, "%s/rules.yaml", x->folder);
	write_file(x->path, "old");
	*state = x;
	return secret_init(&err);
}

static int teardown(void **state)
{
	struct fixture *x = *state;
	char command[128];

	snprintf(command, sizeof command, "rm -r '%s'", x->folder);
	assert_int_equal(system(command), 0);
	buf_done(&x->text);
	free(x);
	return 0;
}

static int files_in(const char *folder)
{
	DIR *d = opendir(folder);
	int n = -2; /* . and .. */

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void a_replaced_file_has_the_new_text_and_the_old_mode(void **state)
{
	struct fixture *x = *state;
	struct stat st;
	struct err err;

	assert_int_equal(chmod(x->path, 0604), 0);
	assert_int_equal(edit_replace(x->path, STR("new text"), &err), 0);
	assert_int_equal(edit_read(x->path, &x->text, &err), 0);
	assert_true(str_eq(buf_view(&x->text), STR("new text")));
	assert_int_equal(stat(x->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0604);
	assert_int_equal(files_in(x->folder), 1);
	assert_int_equal(edit_replace(x->path, STR_NONE, &err), 0);
	assert_int_equal(edit_read(x->path, &x->text, &err), 0);
	assert_int_equal(x->text.n, 0);
}

static void whoever_reads_meanwhile_finds_the_old_file_whole(void **state)
{
	struct fixture *x = *state;
	char seen[8] = {0};
	FILE *reader = fopen(x->path, "r");
	struct err err;

	assert_non_null(reader);
	assert_int_equal(edit_replace(x->path, STR("something much longer"), &err), 0);
	assert_int_equal(fread(seen, 1, sizeof seen - 1, reader), 3);
	assert_string_equal(seen, "old");
	fclose(reader);
}

static void a_link_stays_and_its_file_is_replaced(void **state)
{
	struct fixture *x = *state;
	char link[160];
	struct stat st;
	struct err err;

	snprintf(link, sizeof link, "%s/link.yaml", x->folder);
	assert_int_equal(symlink("rules.yaml", link), 0);
	assert_int_equal(edit_replace(link, STR("through"), &err), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(edit_read(x->path, &x->text, &err), 0);
	assert_true(str_eq(buf_view(&x->text), STR("through")));
}

static void what_cannot_be_saved_is_said_and_leaves_nothing(void **state)
{
	struct fixture *x = *state;
	char missing[160];
	struct err err;

	snprintf(missing, sizeof missing, "%s/none.yaml", x->folder);
	assert_int_equal(edit_replace(missing, STR("x"), &err), ERR_IO);
	assert_non_null(strstr(err.text, "none.yaml"));
	assert_int_equal(edit_read(missing, &x->text, &err), ERR_NOT_FOUND);
	assert_int_equal(edit_read(x->folder, &x->text, &err), ERR_IO);
	assert_int_equal(files_in(x->folder), 1);
	assert_true(edit_writable(x->path));
	assert_false(edit_writable(missing));
}

static void a_file_that_is_too_large_is_not_read(void **state)
{
	struct fixture *x = *state;
	struct err err;

	assert_int_equal(truncate(x->path, EDIT_FILE_MAX), 0);
	assert_int_equal(edit_read(x->path, &x->text, &err), 0);
	assert_int_equal(x->text.n, EDIT_FILE_MAX);
	assert_int_equal(truncate(x->path, EDIT_FILE_MAX + 1), 0);
	assert_int_equal(edit_read(x->path, &x->text, &err), ERR_LIMIT);
}

static void a_version_names_a_text(void **state)
{
	char a[EDIT_VERSION], b[EDIT_VERSION], c[EDIT_VERSION];

	(void)state;
	edit_version(STR("one"), a);
	edit_version(STR("one"), b);
	edit_version(STR("two"), c);
	assert_int_equal(strlen(a), 32);
	assert_string_equal(a, b);
	assert_string_not_equal(a, c);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(a_replaced_file_has_the_new_text_and_the_old_mode),
		FRESH(whoever_reads_meanwhile_finds_the_old_file_whole),
		FRESH(a_link_stays_and_its_file_is_replaced),
		FRESH(what_cannot_be_saved_is_said_and_leaves_nothing),
		FRESH(a_file_that_is_too_large_is_not_read),
		FRESH(a_version_names_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
