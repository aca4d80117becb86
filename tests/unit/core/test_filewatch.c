#include "unit/unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filewatch.h"

static char folder[64];

static const char *in_folder(const char *name)
{
	static char paths[4][128];
	static int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, 128, "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(in_folder(name), "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int folder_make(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/kefu-watch-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

static struct filewatch *watching(const char *name)
{
	struct filewatch *w = filewatch_new();
	struct str path = str_of(in_folder(name));

	assert_true(filewatch_fd(w) >= 0);
	filewatch_set(w, &path, 1, false);
	assert_false(filewatch_read(w));
	return w;
}

static void writing_replacing_and_deleting_are_seen(void **state)
{
	struct filewatch *w;

	(void)state;
	put("intents.yaml", "1");
	w = watching("intents.yaml");
	put("intents.yaml", "2");
	assert_true(filewatch_read(w));
	assert_false(filewatch_read(w));
	put("sedA1b2C3", "3");
	assert_false(filewatch_read(w));
	rename(in_folder("sedA1b2C3"), in_folder("intents.yaml"));
	assert_true(filewatch_read(w));
	put("intents.yaml", "4"); /* the new file is watched as well */
	assert_true(filewatch_read(w));
	unlink(in_folder("intents.yaml"));
	assert_true(filewatch_read(w));
	filewatch_free(w);
}

static void what_editors_leave_beside_a_file_does_not_count(void **state)
{
	static const char *const names[] = {".intents.yaml.swp", "4913",	   "intents.yaml~",
					    "#intents.yaml#",	 ".#intents.yaml", "kefu.db-wal",
					    ".faq.yaml"};
	struct filewatch *w;

	(void)state;
	put("intents.yaml", "1");
	w = watching("intents.yaml");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		put(names[i], "x");
		unlink(in_folder(names[i]));
	}
	assert_false(filewatch_read(w));
	filewatch_free(w);
}

static void new_yaml_files_beside_it_count_whatever_the_rules_are_called(void **state)
{
	struct filewatch *w;

	(void)state;
	put("rules", "1");
	w = watching("rules");
	put("more.yaml", "x");
	assert_true(filewatch_read(w));
	put("rules", "2");
	assert_true(filewatch_read(w));
	mkdir(in_folder("faq"), 0700);
	assert_true(filewatch_read(w));
	filewatch_free(w);
}

static void a_new_set_replaces_the_old_one_or_adds_to_it(void **state)
{
	struct str paths[2];
	struct filewatch *w;

	(void)state;
	mkdir(in_folder("a"), 0700);
	mkdir(in_folder("b"), 0700);
	put("a/x.yaml", "1");
	put("b/y.yaml", "1");
	w = watching("a/x.yaml");
	paths[0] = str_of(in_folder("b/"));
	filewatch_set(w, paths, 1, true);
	put("a/x.yaml", "2");
	assert_true(filewatch_read(w));
	put("b/new.yaml", "2");
	assert_true(filewatch_read(w));
	paths[0] = str_of(in_folder("b/y.yaml"));
	filewatch_set(w, paths, 1, false);
	put("a/x.yaml", "3");
	assert_false(filewatch_read(w));
	put("b/y.yaml", "3");
	assert_true(filewatch_read(w));
	filewatch_free(w);
}

static void where_a_link_leads_is_watched_too(void **state)
{
	struct filewatch *w;

	(void)state;
	mkdir(in_folder("real"), 0700);
	put("real/rules.txt", "1");
	assert_int_equal(symlink("real/rules.txt", in_folder("intents.yaml")), 0);
	w = watching("intents.yaml");
	put("real/rules.txt", "2");
	assert_true(filewatch_read(w));
	filewatch_free(w);
}

static void a_look_finds_what_inotify_cannot_see(void **state)
{
	struct filewatch *w;

	(void)state;
	mkdir(in_folder("v1"), 0700);
	mkdir(in_folder("v2"), 0700);
	put("v1/intents.yaml", "1");
	put("v2/intents.yaml", "22");
	assert_int_equal(symlink("v1", in_folder("now")), 0);
	w = watching("now/intents.yaml");
	assert_false(filewatch_look(w));
	assert_int_equal(symlink("v2", in_folder("next")), 0);
	rename(in_folder("next"), in_folder("now"));
	assert_false(filewatch_read(w));
	assert_true(filewatch_look(w));
	assert_false(filewatch_look(w));
	filewatch_free(w);
}

static void a_folder_that_comes_back_is_watched_again(void **state)
{
	struct filewatch *w;

	(void)state;
	mkdir(in_folder("rules"), 0700);
	put("rules/intents.yaml", "1");
	w = watching("rules/intents.yaml");
	rename(in_folder("rules"), in_folder("old"));
	filewatch_read(w);
	assert_true(filewatch_look(w));
	put("old/intents.yaml", "2"); /* no longer its folder */
	assert_false(filewatch_read(w));
	mkdir(in_folder("rules"), 0700);
	assert_true(filewatch_look(w));
	put("rules/intents.yaml", "3");
	assert_true(filewatch_read(w));
	unlink(in_folder("rules/intents.yaml"));
	rmdir(in_folder("rules"));
	assert_true(filewatch_read(w));
	mkdir(in_folder("rules"), 0700);
	assert_true(filewatch_look(w));
	filewatch_free(w);
}

static void a_change_while_the_files_are_read_is_still_told(void **state)
{
	struct str path;
	struct filewatch *w;

	(void)state;
	put("intents.yaml", "1");
	w = watching("intents.yaml");
	filewatch_look(w);
	put("intents.yaml", "longer"); /* during the build */
	path = str_of(in_folder("intents.yaml"));
	filewatch_set(w, &path, 1, false);
	assert_true(filewatch_look(w));
	filewatch_free(w);
}

int main(void)
{
#define WATCH_TEST(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_remove)
	const struct CMUnitTest tests[] = {
		WATCH_TEST(writing_replacing_and_deleting_are_seen),
		WATCH_TEST(what_editors_leave_beside_a_file_does_not_count),
		WATCH_TEST(new_yaml_files_beside_it_count_whatever_the_rules_are_called),
		WATCH_TEST(a_new_set_replaces_the_old_one_or_adds_to_it),
		WATCH_TEST(where_a_link_leads_is_watched_too),
		WATCH_TEST(a_look_finds_what_inotify_cannot_see),
		WATCH_TEST(a_folder_that_comes_back_is_watched_again),
		WATCH_TEST(a_change_while_the_files_are_read_is_still_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
