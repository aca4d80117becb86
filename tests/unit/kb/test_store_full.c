/* The disk fills up under SQLite's own feet: its write calls are replaced by ones that fail. */
#include "unit/kb/kb.h"

#include <errno.h>
#include <sqlite3.h>

static bool full;
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);

static ssize_t full_pwrite(int fd, const void *p, size_t n, off_t at)
{
	if (!full)
		return real_pwrite(fd, p, n, at);
	errno = ENOSPC;
	return -1;
}

static int replace_write(void **state)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	const char *name = vfs->xGetSystemCall(vfs, "pwrite64") ? "pwrite64" : "pwrite";

	(void)state;
	real_pwrite = (ssize_t(*)(int, const void *, size_t, off_t))vfs->xGetSystemCall(vfs, name);
	return vfs->xSetSystemCall(vfs, name, (sqlite3_syscall_ptr)full_pwrite);
}

static void a_full_disk_is_said_loses_nothing_saved_and_passes(void **state)
{
	char folder[64], path[128];
	struct store *s;
	struct err err;
	struct event lost = kb_event("u", "lost", EVENT_VIEW, 2);
	struct profiles *p = profiles_new();

	(void)state;
	snprintf(path, sizeof path, "%s/kefu.db", kb_folder(folder));
	assert_ok(store_open(path, STORE_WRITE, &s, &err), err);
	kb_put(s, "u", "kept", EVENT_VIEW, 1);
	full = true;
	assert_int_equal(event_put(s, &lost, &err), ERR_IO);
	assert_says(err, "the disk is full; free some space");
	assert_says(err, path);
	full = false;
	kb_put(s, "u", "later", EVENT_VIEW, 3);
	assert_ok(profiles_read(p, s, NULL, &err), err);
	assert_int_equal(profiles_of(p, STR("u")).n, 2);
	profiles_free(p);
	store_close(s);
	kb_folder_done(folder);
}

static void a_batch_that_met_a_full_disk_cannot_be_committed(void **state)
{
	char folder[64], path[128];
	struct store *s;
	struct err err;
	struct profiles *p = profiles_new();

	(void)state;
	snprintf(path, sizeof path, "%s/kefu.db", kb_folder(folder));
	assert_ok(store_open(path, STORE_WRITE, &s, &err), err);
	assert_ok(store_begin(s, &err), err);
	kb_put(s, "u", "lost", EVENT_VIEW, 1);
	full = true;
	assert_int_equal(store_commit(s, &err), ERR_IO);
	assert_says(err, "the disk is full");
	full = false;
	assert_true(store_commit(s, &err) < 0);
	kb_put(s, "u", "later", EVENT_VIEW, 3);
	assert_ok(profiles_read(p, s, NULL, &err), err);
	assert_int_equal(profiles_of(p, STR("u")).n, 1);
	assert_str(profiles_course(p, profile_seen(profiles_of(p, STR("u")), 0).course), "later");
	profiles_free(p);
	store_close(s);
	kb_folder_done(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_disk_is_said_loses_nothing_saved_and_passes),
		cmocka_unit_test(a_batch_that_met_a_full_disk_cannot_be_committed),
	};

	return cmocka_run_group_tests(tests, replace_write, NULL);
}
