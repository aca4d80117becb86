#include "unit/unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intents/load.h"

/* A folder of files that lives as long as a test. */
struct fixture {
	char folder[64];
	struct arena arena;
	struct diags diags;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	strcpy(f->folder,
	       "/tmp/kefu-load-[x]-XXXXXX"); /* a name that glob(3) must not take as a pattern */
	assert_non_null(mkdtemp(f->folder));
	arena_init(&f->arena);
	diags_init(&f->diags, false);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[128];

	snprintf(command, sizeof command, "rm -r '%s'", f->folder);
	assert_int_equal(system(command), 0);
	arena_done(&f->arena);
	diags_done(&f->diags);
	free(f);
	return 0;
}

static const char *path_in(struct fixture *f, const char *name)
{
	return arena_printf(&f->arena, "%s/%s", f->folder, name).p;
}

static void write_file(struct fixture *f, const char *name, const char *text)
{
	FILE *file = fopen(path_in(f, name), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static const struct ruleset *load_main(struct fixture *f)
{
	return load_file(&f->arena, path_in(f, "intents.yaml"), NULL, 0, &f->diags);
}

static void assert_one_error(struct fixture *f, const char *code, int line)
{
	assert_int_equal(f->diags.errors, 1);
	assert_str(f->diags.items[0].code, code);
	assert_int_equal(f->diags.items[0].mark.line, line);
}

static void includes_are_read_in_name_order_after_the_file_itself(void **state)
{
	struct fixture *f = *state;
	const struct ruleset *rs;

	mkdir(path_in(f, "faq"), 0700);
	write_file(f, "intents.yaml", "include: faq/*.yaml\nfaq: [{id: main, q: 零, a: x}]\n");
	write_file(f, "faq/b.yaml", "faq: [{id: b, q: 二, a: x}]\n");
	write_file(f, "faq/a.yaml", "faq: [{id: a, q: 一, a: x}]\ninclude: [more.yml]\n");
	write_file(f, "faq/more.yml", "faq: [{id: more, q: 三, a: x}]\n");
	rs = load_main(f);
	assert_int_equal(f->diags.n, 0);
	assert_int_equal(rs->files.n, 4);
	assert_str(rs->files.v[0], path_in(f, "intents.yaml"));
	assert_str(rs->files.v[3], path_in(f, "faq/b.yaml"));
	assert_int_equal(rs->n_faq, 4);
	assert_str(rs->faq[0].id, "main");
	assert_str(rs->faq[1].id, "a");
	assert_str(rs->faq[2].id, "more");
	assert_str(rs->faq[3].id, "b");
}

static void the_folders_where_patterns_look_are_told(void **state)
{
	struct fixture *f = *state;
	const struct ruleset *rs;

	write_file(f, "intents.yaml",
		   "include: [faq/*.yaml, 'new-[ab].yaml', nowhere/x/*/y.yaml, a/b.yaml]\n");
	mkdir(path_in(f, "a"), 0700);
	write_file(f, "a/b.yaml", "include: '?.yml'\n");
	rs = load_main(f);
	assert_int_equal(rs->folders.n, 4);
	assert_str(rs->folders.v[0], path_in(f, "faq/"));
	assert_str(rs->folders.v[1], path_in(f, ""));
	assert_str(rs->folders.v[2], path_in(f, "nowhere/x/"));
	assert_str(rs->folders.v[3], path_in(f, "a/"));
}

static void texts_and_intents_of_an_include_are_known_everywhere(void **state)
{
	struct fixture *f = *state;
	const struct ruleset *rs;

	write_file(f, "intents.yaml",
		   "include: b.yaml\n"
		   "intents:\n"
		   "  a:\n"
		   "    when: {regex: a}\n"
		   "    ask: {x: {zh: 几？, else: b}}\n"
		   "    answer: hello\n");
	write_file(f, "b.yaml",
		   "texts: {hello: 您好}\n"
		   "intents: {b: {when: {regex: b}, answer: b}}\n");
	rs = load_main(f);
	assert_int_equal(f->diags.n, 0);
	assert_str(rs->intents[0].answers[0].text.langs[0].variants.v[0], "您好");
	assert_str(rs->intents[0].asks[0].otherwise.v[0].verb, "intent");
}

static void the_same_file_twice_is_an_error_however_it_is_called(void **state)
{
	struct fixture *f = *state;

	write_file(f, "intents.yaml", "include:\n  - a.yaml\n  - ./a.yaml\n");
	write_file(f, "a.yaml", "faq: []\n");
	load_main(f);
	assert_one_error(f, "included-twice", 3);
}

static void a_file_that_includes_itself_is_an_error_and_no_loop(void **state)
{
	struct fixture *f = *state;

	write_file(f, "intents.yaml", "include: [a.yaml]\n");
	write_file(f, "a.yaml", "include: [intents.yaml]\n");
	load_main(f);
	assert_one_error(f, "included-twice", 1);
	assert_str(f->diags.items[0].mark.file, path_in(f, "a.yaml"));
}

static void a_missing_main_file_is_an_error(void **state)
{
	struct fixture *f = *state;
	const struct ruleset *rs = load_main(f);

	assert_one_error(f, "unreadable", 0);
	assert_int_equal(rs->n_intents, 0);
	assert_true(rs->languages.n > 0);
	assert_true(rs->cut_short);
}

static void pipes_and_folders_are_not_read(void **state)
{
	struct fixture *f = *state;

	mkfifo(path_in(f, "pipe.yaml"), 0600);
	mkdir(path_in(f, "folder.yaml"), 0700);
	write_file(f, "intents.yaml", "include: ['*r.yaml', pipe.yaml]\n");
	load_main(f);
	assert_int_equal(f->diags.errors, 2);
	assert_str(f->diags.items[0].code, "unreadable");
	assert_str(f->diags.items[1].code, "unreadable");
}

static void the_same_intent_in_two_files_names_the_other_place(void **state)
{
	struct fixture *f = *state;

	write_file(f, "intents.yaml",
		   "include: b.yaml\nintents: {a: {when: {regex: a}, answer: a}}\n");
	write_file(f, "b.yaml", "intents:\n  a: {when: {regex: b}, answer: b}\n");
	load_main(f);
	assert_one_error(f, "duplicate-name", 2);
	assert_true(str_find(f->diags.items[0].text, STR("intents.yaml:2"), 0) != SIZE_MAX);
}

static void settings_belong_in_the_main_file(void **state)
{
	struct fixture *f = *state;

	write_file(f, "intents.yaml", "include: b.yaml\n");
	write_file(f, "b.yaml", "version: 1\nsettings: {margin: 0.1}\n");
	load_main(f);
	assert_one_error(f, "main-only", 2);
}

static void more_than_a_thousand_files_meet_the_limit(void **state)
{
	struct fixture *f = *state;
	char name[32];

	write_file(f, "intents.yaml", "include: f*.yml\n");
	for (int i = 0; i < LOAD_FILES_MAX; i++) {
		snprintf(name, sizeof name, "f%04d.yml", i);
		write_file(f, name, "");
	}
	load_main(f);
	assert_one_error(f, "too-many-files", 1);
}

static void bytes_include_from_the_folder_of_their_name(void **state)
{
	struct fixture *f = *state;
	const struct ruleset *rs;

	write_file(f, "a.yaml", "words: {退款: [退钱]}\n");
	rs = load_bytes(&f->arena, str_of(path_in(f, "unsaved.yaml")), STR("include: a.yaml\n"),
			NULL, 0, &f->diags);
	assert_int_equal(f->diags.n, 0);
	assert_int_equal(rs->n_words, 1);
}

static void a_text_over_a_file_is_read_in_its_place(void **state)
{
	struct fixture *f = *state;
	const char *included = path_in(f, "more.yaml");
	const struct load_overlay over = {
		str_of(included), STR("intents: {b: {when: {keywords: [二]}, answer: 二}}")};
	const struct load_overlay nowhere = {STR("other.yaml"), STR("broken: [")};
	const struct ruleset *rs;

	write_file(f, "intents.yaml",
		   "intents: {a: {when: {keywords: [一]}, answer: 一}}\ninclude: more.yaml\n");
	write_file(f, "more.yaml", "intents: {c: {when: {keywords: [三]}, answer: 三}}");
	rs = load_file_over(&f->arena, path_in(f, "intents.yaml"), &over, NULL, 0, &f->diags);
	assert_int_equal(f->diags.errors, 0);
	assert_non_null(rule_intent(rs, STR("a")));
	assert_non_null(rule_intent(rs, STR("b")));
	assert_null(rule_intent(rs, STR("c")));
	assert_true(rs->hashes[1] == str_hash_quick(over.bytes));
	rs = load_file_over(&f->arena, path_in(f, "intents.yaml"), &nowhere, NULL, 0, &f->diags);
	assert_int_equal(f->diags.errors, 0);
	assert_non_null(rule_intent(rs, STR("c")));
	assert_true(rs->hashes[1] ==
		    str_hash_quick(STR("intents: {c: {when: {keywords: [三]}, answer: 三}}")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(includes_are_read_in_name_order_after_the_file_itself),
		TEST(the_folders_where_patterns_look_are_told),
		TEST(texts_and_intents_of_an_include_are_known_everywhere),
		TEST(the_same_file_twice_is_an_error_however_it_is_called),
		TEST(a_file_that_includes_itself_is_an_error_and_no_loop),
		TEST(a_missing_main_file_is_an_error),
		TEST(pipes_and_folders_are_not_read),
		TEST(the_same_intent_in_two_files_names_the_other_place),
		TEST(settings_belong_in_the_main_file),
		TEST(more_than_a_thousand_files_meet_the_limit),
		TEST(a_text_over_a_file_is_read_in_its_place),
		TEST(bytes_include_from_the_folder_of_their_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
