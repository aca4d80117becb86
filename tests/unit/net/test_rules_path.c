#include "unit/unit.h"

#include "net/rules_path.h"

static const struct str files[] = {STR_INIT("/srv/kefu/intents.yaml"),
				   STR_INIT("/srv/kefu/faq/a.yaml"),
				   STR_INIT("/srv/kefu/../shared.yaml"), STR_INIT("words.kv")};
static const struct ruleset with_vectors = {.files = {files, 4},
					    .settings = {.vectors = STR_INIT("words.kv")}};
static const struct ruleset without = {.files = {files, 3}};

static void names_count_from_the_main_files_folder(void **state)
{
	(void)state;
	assert_true(str_eq(rules_short(&without, files[0]), STR("intents.yaml")));
	assert_true(str_eq(rules_short(&without, files[1]), STR("faq/a.yaml")));
	assert_true(str_eq(rules_short(&without, STR("/etc/x.yaml")), STR("/etc/x.yaml")));
}

static void only_texts_that_were_loaded_are_found(void **state)
{
	static const char *const others[] = {"words.kv",
					     "",
					     "a.yaml",
					     "../intents.yaml",
					     "/srv/kefu/intents.yaml",
					     "faq/../intents.yaml",
					     "faq/"};

	(void)state;
	assert_int_equal(rules_files(&with_vectors), 3);
	assert_int_equal(rules_files(&without), 3);
	assert_true(str_eq(rules_long(&with_vectors, STR("faq/a.yaml")), files[1]));
	assert_true(str_eq(rules_long(&with_vectors, STR("../shared.yaml")), files[2]));
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_int_equal(rules_long(&with_vectors, str_of(others[i])).n, 0);
}

static void a_main_file_without_a_folder_is_named_as_it_is(void **state)
{
	static const struct str bare[] = {STR_INIT("intents.yaml"), STR_INIT("faq/a.yaml")};
	static const struct ruleset rs = {.files = {bare, 2}};

	(void)state;
	assert_true(str_eq(rules_long(&rs, STR("faq/a.yaml")), bare[1]));
	assert_true(str_eq(rules_short(&rs, bare[0]), STR("intents.yaml")));
}

static void diagnostics_are_cut_but_all_are_counted(void **state)
{
	struct diags d;
	struct buf out = {0};

	(void)state;
	diags_init(&d, false);
	for (int i = 1; i <= 3; i++)
		diags_add(&d, i == 3 ? DIAG_WARNING : DIAG_ERROR, (struct mark){files[1], i, 2},
			  "some-code", "number %d", "第 %d 个", i);
	json_open(&out, '{');
	rules_put_diags(&out, &without, &d, 1);
	json_close(&out, '}');
	assert_string_equal(out.p, "{\"diagnostics\":[{\"level\":\"error\",\"file\":\"faq/a.yaml\","
				   "\"line\":1,\"col\":2,\"code\":\"some-code\",\"text\":\"number "
				   "1\"}],\"errors\":2,\"warnings\":1}");
	buf_done(&out);
	diags_done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_count_from_the_main_files_folder),
		cmocka_unit_test(only_texts_that_were_loaded_are_found),
		cmocka_unit_test(a_main_file_without_a_folder_is_named_as_it_is),
		cmocka_unit_test(diagnostics_are_cut_but_all_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
