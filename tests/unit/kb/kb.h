/* What the tests of kb share: stores in memory or in a folder of their own, and short ways to fill
 * them. Everything fails the test when it cannot be done. */
#ifndef TESTS_KB_H
#define TESTS_KB_H

#include "unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "kb/event.h"
#include "kb/store.h"

/* assert_ok(store_open(…, &err), err) */
#define assert_ok(rc, err)                                                                         \
	do {                                                                                       \
		if ((rc) != 0)                                                                     \
			fail_msg("%s", (err).text);                                                \
	} while (0)
#define assert_says(err, words) assert_non_null(strstr((err).text, (words)))

static inline struct store *kb_memory(void)
{
	struct store *s;
	struct err err;

	assert_ok(store_open(":memory:", STORE_WRITE, &s, &err), err);
	return s;
}

/* A folder under the build's temp; remove with kb_folder_done. */
static inline const char *kb_folder(char path[64])
{
	snprintf(path, 64, "/tmp/kefu-kb-XXXXXX");
	assert_non_null(mkdtemp(path));
	return path;
}

static inline void kb_folder_done(const char *folder)
{
	char command[192];

	assert_true(strncmp(folder, "/tmp/kefu-kb-", 13) == 0);
	snprintf(command, sizeof command, "chmod -R u+w %s && rm -rf %s", folder, folder);
	assert_int_equal(system(command), 0);
}

static inline struct event kb_event(const char *user, const char *course, enum event_type type,
				    int64_t at)
{
	return (struct event){.user = str_of(user),
			      .course = str_of(course),
			      .type = type,
			      .value = 1,
			      .minutes = -1,
			      .progress = -1,
			      .score = -1,
			      .at_unix_ms = at};
}

static inline void kb_put(struct store *s, const char *user, const char *course,
			  enum event_type type, int64_t at)
{
	struct event e = kb_event(user, course, type, at);
	struct err err;

	assert_ok(event_put(s, &e, &err), err);
}

static inline struct course kb_course(const char *id, const char *title)
{
	return (struct course){.id = str_of(id), .title = str_of(title), .price = -1};
}

#endif
