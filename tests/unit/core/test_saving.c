#include "unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "kb/store_staff.h"
#include "kb/store_versions.h"
#include "saving.h"

struct place {
	char folder[64], file[96], db[96];
	struct store *store;
	struct arena arena;
};

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fputs(text, f) < 0, 0);
	assert_int_equal(fclose(f), 0);
}

static void assert_file(const char *path, const char *text)
{
	struct buf b = {0};
	struct err err;

	assert_int_equal(edit_read(path, &b, &err), 0);
	assert_str(buf_view(&b), text);
	buf_done(&b);
}

static int made(void **state)
{
	static struct place p;
	struct err err;

	p = (struct place){.folder = "/tmp/kefu-saving-XXXXXX"};
	if (!mkdtemp(p.folder))
		return -1;
	snprintf(p.file, sizeof p.file, "%s/intents.yaml", p.folder);
	snprintf(p.db, sizeof p.db, "%s/kefu.db", p.folder);
	write_file(p.file, "old\n");
	arena_init(&p.arena);
	*state = &p;
	return store_open(p.db, STORE_WRITE, &p.store, &err);
}

static int removed(void **state)
{
	struct place *p = *state;
	char command[128];

	store_close(p->store);
	arena_done(&p->arena);
	snprintf(command, sizeof command, "rm -rf %s", p->folder);
	return system(command);
}

static struct saving change(const struct place *p)
{
	return (struct saving){.file = str_of(p->file),
			       .path = STR("intents.yaml"),
			       .was = STR("old\n"),
			       .was_served = true,
			       .now = STR("new\n"),
			       .comment = STR("phrase: 怎么退款"),
			       .who = STR("lin"),
			       .origin = STR("command"),
			       .what = "file-save",
			       .at_unix_ms = 1772330400000};
}

static size_t audited(struct place *p, struct audit_row **rows)
{
	struct err err;
	size_t n;

	assert_int_equal(store_audit_list(p->store, &p->arena, 0, STR(""), 10, rows, &n, &err), 0);
	return n;
}

static void a_change_is_in_the_file_the_history_and_the_log(void **state)
{
	struct place *p = *state;
	struct saving v = change(p);
	struct version_row row;
	struct audit_row *rows;
	struct saved saved;
	struct err err;

	assert_int_equal(saving_put(p->store, &v, &saved, &err), 0);
	assert_file(p->file, "new\n");
	assert_int_equal(saved.id, 2); /* what was served came first */
	assert_int_equal(store_version_get(p->store, &p->arena, 1, &row, &err), 0);
	assert_str(row.text, "old\n");
	assert_int_equal(row.who.n, 0);
	assert_int_equal(store_version_get(p->store, &p->arena, 2, &row, &err), 0);
	assert_str(row.text, "new\n");
	assert_str(row.who, "lin");
	assert_str(row.comment, "phrase: 怎么退款");
	assert_str(row.version, saved.version);
	assert_int_equal(audited(p, &rows), 1);
	assert_str(rows[0].who, "lin");
	assert_str(rows[0].origin, "command");
	assert_str(rows[0].what, "file-save");
	assert_str(rows[0].detail, "intents.yaml 2");
	/* What is kept already is not kept twice. */
	v.was = STR("new\n");
	v.now = STR("newer\n");
	assert_int_equal(saving_put(p->store, &v, &saved, &err), 0);
	assert_int_equal(saved.id, 3);
}

static void a_file_that_cannot_be_replaced_leaves_no_trace(void **state)
{
	struct place *p = *state;
	struct saving v = change(p);
	struct version_row row;
	struct audit_row *rows;
	struct saved saved;
	struct err err;

	v.file = STR("/nowhere/intents.yaml");
	assert_int_equal(saving_put(p->store, &v, &saved, &err), ERR_IO);
	assert_true(saved.file_refused);
	assert_non_null(strstr(err.text, "/nowhere/intents.yaml"));
	assert_int_equal(audited(p, &rows), 0);
	assert_int_equal(store_version_get(p->store, &p->arena, 1, &row, &err), ERR_NOT_FOUND);
}

static void a_database_that_refuses_leaves_the_file(void **state)
{
	struct place *p = *state;
	struct saving v = change(p);
	struct store *lock;
	struct saved saved;
	struct err err;

	assert_int_equal(store_open(p->db, STORE_WRITE, &lock, &err), 0);
	assert_int_equal(store_begin(lock, &err), 0);
	store_wait(p->store, 1);
	assert_int_equal(saving_put(p->store, &v, &saved, &err), ERR_BUSY);
	assert_false(saved.file_refused);
	assert_file(p->file, "old\n");
	store_rollback(lock);
	store_close(lock);
}

int main(void)
{
#define SAVING_TEST(f) cmocka_unit_test_setup_teardown(f, made, removed)
	const struct CMUnitTest tests[] = {
		SAVING_TEST(a_change_is_in_the_file_the_history_and_the_log),
		SAVING_TEST(a_file_that_cannot_be_replaced_leaves_no_trace),
		SAVING_TEST(a_database_that_refuses_leaves_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
