#include "unit/kb/kb.h"

#include "kb/faq_row.h"
#include "kb/import.h"

struct world {
	struct arena arena;
	struct store *store;
	struct diags diags;
	struct import_report report;
	struct err err;
};

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	arena_init(&w->arena);
	diags_init(&w->diags, false);
	w->store = kb_memory();
	*state = w;
	return 0;
}

static int close_world(void **state)
{
	struct world *w = *state;

	store_close(w->store);
	diags_done(&w->diags);
	arena_done(&w->arena);
	free(w);
	return 0;
}

static int import(struct world *w, enum import_kind kind, const char *bytes,
		  enum rows_format format)
{
	return import_bytes(w->store, kind, STR("f.csv"), str_of(bytes), format, NULL, &w->report,
			    &w->diags, &w->err);
}

static const struct catalogue *courses(struct world *w)
{
	const struct catalogue *c;

	assert_ok(catalogue_read(w->store, &w->arena, &c, &w->err), w->err);
	return c;
}

static void courses_come_from_csv_in_any_order_of_columns(void **state)
{
	struct world *w = *state;
	const struct catalogue *c;

	assert_ok(
		import(w, IMPORT_COURSES,
		       "price,title,id,tags,level\n99.5,\"Python, 入门\",py1,python;编程,beginner\n"
		       ",Free,f1,,\n",
		       ROWS_CSV),
		w->err);
	assert_int_equal(w->report.rows, 2);
	assert_int_equal(w->report.saved, 2);
	assert_int_equal(w->report.bad, 0);
	assert_int_equal(w->diags.n, 0);
	c = courses(w);
	assert_int_equal(c->n, 2);
	assert_str(c->courses[1].title, "Python, 入门");
	assert_true(c->courses[1].price == 99.5);
	assert_str(c->courses[1].level, "beginner");
	assert_true(c->courses[0].price == -1);
}

static void jsonl_and_tsv_say_the_same(void **state)
{
	struct world *w = *state;

	assert_ok(import(w, IMPORT_COURSES,
			 "{\"id\":\"a\",\"title\":\"A\",\"price\":5,\"tags\":[\"x\",\"y\"]}\n",
			 ROWS_JSONL),
		  w->err);
	assert_ok(import(w, IMPORT_COURSES, "id\ttitle\nb\t\"B\"\n", ROWS_TSV), w->err);
	assert_str(courses(w)->courses[0].tags, "x;y");
	assert_str(courses(w)->courses[1].title, "\"B\"");
}

static bool has_diag(const struct world *w, int line, const char *code, const char *words)
{
	for (size_t i = 0; i < w->diags.n; i++) {
		const struct diag *d = &w->diags.items[i];

		if (d->mark.line == line && str_eq(d->code, str_of(code)) &&
		    str_find(d->text, str_of(words), 0) != SIZE_MAX &&
		    str_eq(d->mark.file, STR("f.csv")))
			return true;
	}
	return false;
}

static void what_is_wrong_is_said_with_its_line_and_the_rest_is_saved(void **state)
{
	struct world *w = *state;

	assert_ok(import(w, IMPORT_COURSES,
			 "id,title,prise,level,price\n"
			 "a,A,1,beginner,1\n"
			 ",no id,1,,\n"
			 "b,,1,,\n"
			 "c,C,1,hard,\n"
			 "d,D,1,,cheap\n"
			 "e,E\n"
			 "a,A again,1,,2\n",
			 ROWS_CSV),
		  w->err);
	assert_int_equal(w->report.rows, 7);
	assert_int_equal(w->report.bad, 5);
	assert_int_equal(w->report.saved, 2);
	assert_int_equal(w->diags.errors, 5);
	assert_true(
		has_diag(w, 1, "unknown-column", "'prise' is not imported; did you mean 'price'"));
	assert_true(has_diag(w, 3, "bad-row", "id is empty"));
	assert_true(has_diag(w, 4, "bad-row", "title is empty"));
	assert_true(has_diag(w, 5, "bad-row", "level 'hard'"));
	assert_true(has_diag(w, 6, "bad-row", "price 'cheap'"));
	assert_true(has_diag(w, 7, "bad-row", "2 fields"));
	assert_true(has_diag(w, 8, "repeated-id", "also in line 2"));
	assert_int_equal(courses(w)->n, 1);
	assert_str(courses(w)->courses[0].title, "A again");
}

static void
levels_and_formats_are_kept_under_one_word_and_unknown_formats_are_reported(void **state)
{
	struct world *w = *state;

	assert_int_equal(import(w, IMPORT_COURSES,
				"id,title,level,format\na,A,零基础,直播课\nb,B,Advanced,Podcast\n"
				"c,C,,hologram\nd,D,,\n",
				ROWS_CSV),
			 0);
	assert_int_equal(w->report.saved, 4);
	assert_int_equal(w->diags.warnings, 1);
	assert_true(has_diag(w, 4, "unknown-format", "'hologram' is unknown"));
	assert_str(courses(w)->courses[0].level, "beginner");
	assert_str(courses(w)->courses[0].format, "live");
	assert_str(courses(w)->courses[1].level, "advanced");
	assert_str(courses(w)->courses[1].format, "audio");
	assert_str(courses(w)->courses[2].format, "hologram");
}

static void a_file_without_a_needed_column_is_refused(void **state)
{
	struct world *w = *state;

	assert_int_equal(import(w, IMPORT_COURSES, "id,titel\na,A\n", ROWS_CSV), ERR_INVALID);
	assert_says(w->err, "f.csv:1: the first line names no column 'title'");
	assert_true(has_diag(w, 1, "unknown-column", "did you mean 'title'"));
	assert_int_equal(import(w, IMPORT_EVENTS, "user,user,course,type\n", ROWS_CSV),
			 ERR_INVALID);
	assert_says(w->err, "twice");
	assert_int_equal(courses(w)->n, 0);
}

static int keep_last(void *arg, const struct event *e)
{
	struct event *last = arg;

	last->type = e->type;
	last->value = e->value;
	last->minutes = e->minutes;
	last->progress = e->progress;
	last->score = e->score;
	last->at_unix_ms = e->at_unix_ms;
	return 0;
}

static void events_know_times_in_three_spellings(void **state)
{
	struct world *w = *state;
	struct event e;

	assert_ok(import(w, IMPORT_EVENTS,
			 "user,course,type,value,at,minutes,progress,score\n"
			 "iso,c,rate,4,2026-03-01T10:00:00+08:00,,,\n"
			 "sec,c,view,,1772330400,,,\n"
			 "ms,c,study,,1772330400123,12,.5,88\n"
			 "none,c,purchase,,,,,\n"
			 "bad,c,rate,,1772330400,,,\n"
			 "bad,c,study,,1772330400,,2,\n"
			 "bad,c,looked,,1772330400,,,\n"
			 "bad,c,view,,yesterday,,,\n",
			 ROWS_CSV),
		  w->err);
	assert_int_equal(w->report.saved, 4);
	assert_int_equal(w->report.bad, 4);
	assert_ok(event_each(w->store, STR("iso"), keep_last, &e, &w->err), w->err);
	assert_true(e.at_unix_ms == 1772330400000 && e.value == 4);
	assert_ok(event_each(w->store, STR("sec"), keep_last, &e, &w->err), w->err);
	assert_true(e.at_unix_ms == 1772330400000 && e.value == 1 && e.minutes < 0);
	assert_ok(event_each(w->store, STR("ms"), keep_last, &e, &w->err), w->err);
	assert_true(e.at_unix_ms == 1772330400123 && e.minutes == 12 && e.score == 88);
	assert_ok(event_each(w->store, STR("none"), keep_last, &e, &w->err), w->err);
	assert_int_equal(e.at_unix_ms, 5);
	assert_true(has_diag(w, 9, "bad-row", "at 'yesterday' is not a time"));
}

static int count_each(void *arg, const struct event *e)
{
	(void)e;
	++*(size_t *)arg;
	return 0;
}

/* 25,000 rows, a bad one in each batch. */
static struct str many_events(struct world *w)
{
	struct buf b = {0};
	struct str s;

	buf_cstr(&b, "user,course,type,at\n");
	for (int i = 0; i < 25000; i++)
		buf_printf(&b, "u%d,c%d,%s,%d\n", i / 10, i % 97,
			   i % 9000 == 8999 ? "nothing" : "view", 1700000000 + i);
	s = arena_str(&w->arena, buf_view(&b));
	buf_done(&b);
	return s;
}

struct stop {
	uint64_t at;
	int calls;
};

static bool stop_at(void *arg, const struct import_report *r)
{
	struct stop *stop = arg;

	stop->calls++;
	return r->rows < stop->at;
}

static void an_interrupted_import_goes_on_behind_its_last_batch(void **state)
{
	struct world *w = *state;
	struct str bytes = many_events(w);
	struct stop stop = {13000, 0};
	const struct import_watch watch = {stop_at, &stop};
	size_t events = 0;

	assert_ok(import_bytes(w->store, IMPORT_EVENTS, STR("f.csv"), bytes, ROWS_CSV, &watch,
			       &w->report, &w->diags, &w->err),
		  w->err);
	assert_true(w->report.stopped);
	assert_int_equal(w->report.rows, 13000);
	assert_int_equal(stop.calls, 13);
	assert_ok(import_bytes(w->store, IMPORT_EVENTS, STR("f.csv"), bytes, ROWS_CSV, NULL,
			       &w->report, &w->diags, &w->err),
		  w->err);
	assert_int_equal(w->report.resumed_line, 13002);
	assert_int_equal(w->report.rows, 12000);
	assert_int_equal(w->report.bytes, bytes.n);
	assert_int_equal(w->report.total_bytes, bytes.n);
	assert_int_equal(w->diags.errors, 2);
	assert_ok(event_each(w->store, STR_NONE, count_each, &events, &w->err), w->err);
	assert_int_equal(events, 25000 - 2);
	assert_ok(import_bytes(w->store, IMPORT_EVENTS, STR("f.csv"), bytes, ROWS_CSV, NULL,
			       &w->report, &w->diags, &w->err),
		  w->err);
	assert_true(w->report.already);
	assert_int_equal(w->report.rows, 0);
}

static void a_finished_file_of_courses_may_be_wanted_back(void **state)
{
	struct world *w = *state;
	const char *first = "id,title\na,First\n", *second = "id,title\na,Second\n";

	assert_ok(import(w, IMPORT_COURSES, first, ROWS_CSV), w->err);
	assert_ok(import(w, IMPORT_COURSES, second, ROWS_CSV), w->err);
	assert_ok(import(w, IMPORT_COURSES, first, ROWS_CSV), w->err);
	assert_false(w->report.already);
	assert_str(courses(w)->courses[0].title, "First");
}

static void events_of_two_files_that_overlap_are_kept_once(void **state)
{
	struct world *w = *state;
	size_t events = 0;

	assert_ok(import(w, IMPORT_EVENTS, "user,course,type,at\nu,c,view,100\nu,c,view,200\n",
			 ROWS_CSV),
		  w->err);
	assert_ok(import(w, IMPORT_EVENTS, "user,course,type,at\nu,c,view,200\nu,c,view,300\n",
			 ROWS_CSV),
		  w->err);
	assert_ok(event_each(w->store, STR_NONE, count_each, &events, &w->err), w->err);
	assert_int_equal(events, 3);
}

static void faq_entries_come_in_and_out(void **state)
{
	struct world *w = *state;
	struct faq_row *rows;
	size_t n;

	assert_ok(import(w, IMPORT_FAQ,
			 "id,question,also,answer,tags\ninvoice,怎么开发票,能开票吗;开票,"
			 "在订单页申请,订单\n"
			 "x,q,,,\n",
			 ROWS_CSV),
		  w->err);
	assert_int_equal(w->report.bad, 1);
	assert_ok(faq_rows_read(w->store, &w->arena, &rows, &n, &w->err), w->err);
	assert_int_equal(n, 1);
	assert_str(rows[0].question, "怎么开发票");
	assert_str(rows[0].also, "能开票吗;开票");
	assert_str(rows[0].answer, "在订单页申请");
}

static void a_file_is_imported_and_a_missing_one_is_said(void **state)
{
	struct world *w = *state;
	char folder[64], path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/c.csv", kb_folder(folder));
	assert_int_equal(import_file(w->store, IMPORT_COURSES, path, ROWS_CSV, NULL, &w->report,
				     &w->diags, &w->err),
			 ERR_NOT_FOUND);
	assert_says(w->err, path);
	f = fopen(path, "w");
	fputs("id,title\na,A\n", f);
	fclose(f);
	assert_ok(import_file(w->store, IMPORT_COURSES, path, ROWS_CSV, NULL, &w->report, &w->diags,
			      &w->err),
		  w->err);
	assert_int_equal(courses(w)->n, 1);
	assert_int_equal(import_file(w->store, IMPORT_COURSES, folder, ROWS_CSV, NULL, &w->report,
				     &w->diags, &w->err),
			 ERR_IO);
	kb_folder_done(folder);
}

static void a_database_that_fails_undoes_its_batch(void **state)
{
	struct world *w = *state;
	char folder[64], path[128];
	struct store *one, *two;

	snprintf(path, sizeof path, "%s/kefu.db", kb_folder(folder));
	assert_ok(store_open(path, STORE_WRITE, &one, &w->err), w->err);
	assert_ok(store_open(path, STORE_WRITE, &two, &w->err), w->err);
	store_wait(two, 10);
	assert_ok(store_begin(one, &w->err), w->err);
	assert_int_equal(import_bytes(two, IMPORT_COURSES, STR("f.csv"), STR("id,title\na,A\n"),
				      ROWS_CSV, NULL, &w->report, &w->diags, &w->err),
			 ERR_BUSY);
	assert_int_equal(w->report.saved, 0);
	store_rollback(one);
	assert_ok(import_bytes(two, IMPORT_COURSES, STR("f.csv"), STR("id,title\na,A\n"), ROWS_CSV,
			       NULL, &w->report, &w->diags, &w->err),
		  w->err);
	assert_int_equal(w->report.saved, 1);
	store_close(one);
	store_close(two);
	kb_folder_done(folder);
}

static void kinds_have_names(void **state)
{
	enum import_kind kind;

	(void)state;
	assert_true(import_kind_read(STR("courses"), &kind) && kind == IMPORT_COURSES);
	assert_true(import_kind_read(STR("events"), &kind) && kind == IMPORT_EVENTS);
	assert_true(import_kind_read(STR("faq"), &kind) && kind == IMPORT_FAQ);
	assert_false(import_kind_read(STR("course"), &kind));
}

int main(void)
{
#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
	const struct CMUnitTest tests[] = {
		IN_WORLD(courses_come_from_csv_in_any_order_of_columns),
		IN_WORLD(jsonl_and_tsv_say_the_same),
		IN_WORLD(what_is_wrong_is_said_with_its_line_and_the_rest_is_saved),
		IN_WORLD(a_file_without_a_needed_column_is_refused),
		IN_WORLD(
			levels_and_formats_are_kept_under_one_word_and_unknown_formats_are_reported),
		IN_WORLD(events_know_times_in_three_spellings),
		IN_WORLD(an_interrupted_import_goes_on_behind_its_last_batch),
		IN_WORLD(a_finished_file_of_courses_may_be_wanted_back),
		IN_WORLD(events_of_two_files_that_overlap_are_kept_once),
		IN_WORLD(faq_entries_come_in_and_out),
		IN_WORLD(a_file_is_imported_and_a_missing_one_is_said),
		IN_WORLD(a_database_that_fails_undoes_its_batch),
		cmocka_unit_test(kinds_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
