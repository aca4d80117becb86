#include "unit/kb/kb.h"

#include "kb/rows.h"

static struct arena arena;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

/* "a=1|b=x y" for a row, "bad: why" for a bad one, "end" for the end. */
static struct str next(struct rows *r)
{
	struct row row;
	struct err err;
	struct str out = STR_NONE;
	int rc = rows_next(r, &arena, &row, &err);

	if (rc == 0)
		return STR("end");
	if (rc < 0)
		return arena_printf(&arena, "%lld bad: %s", (long long)row.line, err.text);
	out = arena_printf(&arena, "%lld ", (long long)row.line);
	for (size_t i = 0; i < row.n; i++)
		out = arena_printf(&arena, "%.*s%s%.*s=%.*s", STR_ARG(out), i ? "|" : "",
				   STR_ARG(row.names[i]), STR_ARG(row.values[i]));
	return out;
}

static struct rows *open_bytes(const char *bytes, enum rows_format format)
{
	struct rows *r = rows_of(str_of(bytes), format);
	const struct str *names;
	struct err err;
	size_t n;

	assert_ok(rows_header(r, &names, &n, &err), err);
	return r;
}

static void csv_has_quotes_line_breaks_and_a_byte_order_mark(void **state)
{
	struct rows *r = open_bytes("\xef\xbb\xbfID, Title ,x\r\n"
				    "1,plain , 3\r\n"
				    "\r\n"
				    "2,\"a, \"\"quoted\"\" one\",\"two\r\nlines\"\n"
				    "3,mid\"dle,\"\"\n"
				    "4,,",
				    ROWS_CSV);

	(void)state;
	assert_str(next(r), "2 id=1|title=plain|x=3");
	assert_str(next(r), "4 id=2|title=a, \"quoted\" one|x=two\r\nlines");
	assert_str(next(r), "6 id=3|title=mid\"dle|x=");
	assert_str(next(r), "7 id=4|title=|x=");
	assert_str(next(r), "end");
	assert_str(next(r), "end");
	rows_close(r);
	rows_close(NULL);
}

static void a_bad_row_costs_that_row_only(void **state)
{
	struct rows *r = open_bytes("a,b\n"
				    "1\n"
				    "1,2,3\n"
				    "\"x\"y,2\n"
				    "\xff,2\n"
				    "fine,2\n"
				    "\"open,2\n"
				    "also fine,3\n",
				    ROWS_CSV);

	(void)state;
	assert_str(next(r), "2 bad: 1 fields where the first line names 2 columns");
	assert_str(next(r), "3 bad: 3 fields where the first line names 2 columns");
	assert_str(next(r), "4 bad: text behind a closing quote; double quotes inside a field");
	assert_str(next(r), "5 bad: the text is not UTF-8; save the file as UTF-8 (in Excel: CSV "
			    "UTF-8)");
	assert_str(next(r), "6 a=fine|b=2");
	assert_str(next(r), "7 bad: a quote is never closed; double quotes inside a field");
	assert_str(next(r), "8 a=also fine|b=3");
	assert_str(next(r), "end");
	rows_close(r);
}

static void tsv_takes_quotes_as_they_are(void **state)
{
	struct rows *r = open_bytes("a\tb\n\"x\t y, z \r\n", ROWS_TSV);

	(void)state;
	assert_str(next(r), "2 a=\"x|b=y, z");
	assert_str(next(r), "end");
	rows_close(r);
}

static void jsonl_takes_texts_numbers_lists_and_refuses_doubled_keys(void **state)
{
	struct rows *r = open_bytes(
		"\xef\xbb\xbf{\"id\": \" x \", \"price\": 99, \"rate\": 4.5, \"tags\": [\"a\", 1, "
		"null], \"none\": null, \"yes\": true}\n"
		"{\"a\": 1, \"a\": 2}\n"
		"[1]\n"
		"{\"a\": {\"b\": 1, \"c\": [2, 3]}}\n"
		"{\"a\": {\"b\": {}}}\n"
		"{\"a\": [[1]]}\n"
		"{\"a\": \n"
		"{\"a\": \"\\u0000\"}\n"
		"{}",
		ROWS_JSONL);

	(void)state;
	assert_str(next(r), "1 id=x|price=99|rate=4.5|tags=a;1;|none=|yes=true");
	assert_true(str_starts(next(r), STR("2 bad: not a JSON object: duplicate")));
	assert_true(str_starts(next(r), STR("3 bad: not a JSON object")));
	assert_str(next(r), "4 a.b=1|a.c=2;3");
	assert_str(next(r), "5 bad: 'a.b' is an object; give a text, a number or a list");
	assert_str(next(r), "6 bad: 'a' holds a list in a list");
	assert_true(str_starts(next(r), STR("7 bad: ")));
	assert_true(str_starts(next(r), STR("8 bad: ")));
	assert_str(next(r), "9 ");
	assert_str(next(r), "end");
	rows_close(r);
}

static void a_file_without_a_header_is_refused(void **state)
{
	const struct str *names;
	struct err err;
	size_t n;
	struct rows *r = rows_of(STR(""), ROWS_CSV);

	(void)state;
	assert_int_equal(rows_header(r, &names, &n, &err), ERR_INVALID);
	assert_says(err, "first line must name the columns");
	rows_close(r);
	r = rows_of(STR("\n\n"), ROWS_TSV);
	assert_int_equal(rows_header(r, &names, &n, &err), ERR_INVALID);
	rows_close(r);
	assert_int_equal(rows_open("/nonexistent/file.csv", ROWS_CSV, &r, &err), ERR_NOT_FOUND);
	assert_says(err, "/nonexistent/file.csv");
}

/* Rows of every length around the chunks a file is read in, and one that is too long. */
static void a_file_gives_the_same_rows_as_its_bytes(void **state)
{
	char folder[64], path[128];
	struct buf b = {0};
	struct rows *file, *bytes;
	struct rows_place place = {0, 0};
	const struct str *names;
	struct str after = STR_NONE;
	struct err err;
	size_t n;
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/rows.csv", kb_folder(folder));
	buf_cstr(&b, "n,text\n");
	for (int i = 0; i < 3000; i++) {
		buf_printf(&b, "%d,\"", i);
		for (int k = 0; k < i * 7 % 300; k++)
			buf_cstr(&b, k % 40 ? "字" : "\"\"\n");
		buf_cstr(&b, "\"\n");
	}
	buf_cstr(&b, "long,");
	for (int i = 0; i < 1100000; i++)
		buf_char(&b, 'x');
	buf_cstr(&b, "\nlast,1");
	f = fopen(path, "wb");
	assert_int_equal(fwrite(b.p, 1, b.n, f), b.n);
	fclose(f);
	assert_ok(rows_open(path, ROWS_CSV, &file, &err), err);
	assert_ok(rows_header(file, &names, &n, &err), err);
	assert_int_equal(n, 2);
	bytes = open_bytes(b.p, ROWS_CSV);
	for (int i = 0; i < 3003; i++) {
		struct str x, y;

		if (i == 1500)
			place = rows_tell(file);
		x = next(file);
		y = next(bytes);
		if (i == 1500)
			after = x;
		assert_true(str_eq(x, y));
	}
	assert_str(next(file), "end");
	assert_ok(rows_seek(file, place, &err), err);
	assert_true(str_eq(next(file), after));
	assert_ok(rows_seek(bytes, place, &err), err);
	assert_true(str_eq(next(bytes), after));
	rows_close(file);
	rows_close(bytes);
	buf_done(&b);
	kb_folder_done(folder);
}

static void the_end_of_a_name_tells_the_format(void **state)
{
	enum rows_format f;

	(void)state;
	assert_true(rows_format_of(STR("x/a.csv"), &f) && f == ROWS_CSV);
	assert_true(rows_format_of(STR("a.tsv"), &f) && f == ROWS_TSV);
	assert_true(rows_format_of(STR("a.jsonl"), &f) && f == ROWS_JSONL);
	assert_false(rows_format_of(STR("a.xlsx"), &f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_has_quotes_line_breaks_and_a_byte_order_mark),
		cmocka_unit_test(a_bad_row_costs_that_row_only),
		cmocka_unit_test(tsv_takes_quotes_as_they_are),
		cmocka_unit_test(jsonl_takes_texts_numbers_lists_and_refuses_doubled_keys),
		cmocka_unit_test(a_file_without_a_header_is_refused),
		cmocka_unit_test(a_file_gives_the_same_rows_as_its_bytes),
		cmocka_unit_test(the_end_of_a_name_tells_the_format),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
