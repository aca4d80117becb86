/* Reader of the case files under tests/data/intents: `=== name`, a YAML file, `=> en` and `=> zh`
 * with the diagnostics word for word. */
#ifndef TESTS_UNIT_INTENTS_CASES_H
#define TESTS_UNIT_INTENTS_CASES_H

#include "text/buf.h"
#include "text/err.h"
#include "text/str.h"

/* Loads `yaml`, checks what the case file is about, and puts the words in `diags`. */
typedef void case_run(struct str yaml, struct diags *diags);

static inline struct buf case_read(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b = {0};
	char chunk[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_put(&b, chunk, n);
	fclose(f);
	return b;
}

static inline bool case_agrees(struct str name, struct str yaml, struct str expected, bool chinese,
			       case_run *run)
{
	struct diags diags;
	struct buf got = {0};
	bool same;

	diags_init(&diags, chinese);
	run(yaml, &diags);
	diags_sort(&diags);
	diags_print(&diags, &got);
	same = str_eq(buf_view(&got), expected);
	if (!same)
		print_error("case: %.*s\n--- expected\n%.*s--- got\n%.*s\n", STR_ARG(name),
			    STR_ARG(expected), STR_ARG(buf_view(&got)));
	buf_done(&got);
	diags_done(&diags);
	return same;
}

/* Bytes up to `mark`, which is skipped; `at` moves behind it. */
static inline struct str case_take(struct str all, size_t *at, const char *mark)
{
	size_t end = str_find(all, str_of(mark), *at);
	struct str taken = str_sub(all, *at, end == SIZE_MAX ? all.n : end);

	*at = end == SIZE_MAX ? all.n : end + strlen(mark);
	return taken;
}

/* Runs every case of a file, shows those that differ, and fails if any did or if there are fewer
 * than `at_least` (a file that is not read proves nothing). */
static inline void case_run_file(const char *path, size_t at_least, case_run *run)
{
	struct buf file = case_read(path);
	struct str all = buf_view(&file);
	size_t at = 0, n = 0, wrong = 0;

	case_take(all, &at, "\n=== ");
	while (at < all.n) {
		struct str name = case_take(all, &at, "\n");
		struct str yaml = case_take(all, &at, "=> en\n");
		struct str en = case_take(all, &at, "=> zh\n");
		struct str zh = case_take(all, &at, "\n=== ");

		wrong += !case_agrees(name, yaml, en, false, run);
		wrong += !case_agrees(name, yaml, zh, true, run);
		n++;
	}
	buf_done(&file);
	assert_int_equal(wrong, 0);
	assert_true(n >= at_least);
}

#endif
