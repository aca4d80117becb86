#include "unit/unit.h"

#include <stdlib.h>

#include "intents/loader.h"
#include "intents/schema.h"

#define SHIPPED KEFU_SOURCE_DIR "/docs/intents.schema.json"

static struct buf write_schema(void)
{
	struct buf b = {0};

	schema_write(&b);
	buf_char(&b, '\n');
	return b;
}

/* KEFU_WRITE_SCHEMA=1 in the environment writes the file instead: run it so after changing a key.
 */
static void the_shipped_schema_is_the_one_the_tables_write(void **state)
{
	struct buf written = write_schema(), shipped = {0};
	bool rewrite = getenv("KEFU_WRITE_SCHEMA") != NULL;
	FILE *f = fopen(SHIPPED, rewrite ? "w" : "r");
	int c;

	(void)state;
	assert_non_null(f);
	if (rewrite)
		fwrite(written.p, 1, written.n, f);
	else
		while ((c = fgetc(f)) != EOF)
			buf_char(&shipped, (char)c);
	fclose(f);
	if (!rewrite)
		assert_true(str_eq(buf_view(&shipped), buf_view(&written)));
	buf_done(&written);
	buf_done(&shipped);
}

static void every_reference_has_its_definition(void **state)
{
	struct buf b = write_schema();
	struct str s = buf_view(&b), open = STR("#/definitions/");
	size_t references = 0;
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t at = str_find(s, open, 0); at != SIZE_MAX; at = str_find(s, open, at + 1)) {
		size_t from = at + open.n, to = str_find(s, STR("\""), from);
		struct str key = arena_printf(&a, "\"%.*s\":{", STR_ARG(str_sub(s, from, to)));

		if (str_find(s, key, str_find(s, STR("\"definitions\""), 0)) == SIZE_MAX) {
			print_error("no definition: %.*s\n", STR_ARG(key));
			fail();
		}
		references++;
	}
	assert_true(references > 80);
	arena_done(&a);
	buf_done(&b);
}

static void every_key_of_the_loader_is_in_the_schema_with_a_line_of_help(void **state)
{
	static const struct load_table *const tables[] = {
		&load_top_table,  &load_settings_table,	  &load_fallback_table, &load_intent_table,
		&load_when_table, &load_keyword_table,	  &load_only_table,	&load_then_table,
		&load_ask_table,  &load_answer_table,	  &load_test_table,	&load_entity_table,
		&load_faq_table,  &load_experiment_table,
	};
	struct buf b = write_schema();
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct load_key *row = &tables[t]->keys[i];
			struct str property =
				arena_printf(&a,
					     "\"%s\":{\"description\":\"%s\",\"allOf\":[{\"$ref\":"
					     "\"#/definitions/%s\"",
					     row->name, row->doc, row->type);

			assert_true(strlen(row->doc) > 5);
			assert_true(str_find(buf_view(&b), property, 0) != SIZE_MAX);
		}
	arena_done(&a);
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_schema_is_the_one_the_tables_write),
		cmocka_unit_test(every_reference_has_its_definition),
		cmocka_unit_test(every_key_of_the_loader_is_in_the_schema_with_a_line_of_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
