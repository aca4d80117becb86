/* A bot on a rules file and a small catalogue, for the tests of this folder. */
#ifndef BOT_FIXTURE_H
#define BOT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "bot/reply.h"
#include "bot/turn.h"
#include "text/mem.h"

struct fixture {
	char folder[64];
	char path[128], db[128];
	struct snapshot *snapshot;
	struct profiles *profiles;
	struct session session;
	struct turn turn;
};

static inline void fixture_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static inline void fixture_courses(struct fixture *x)
{
	const struct course courses[] = {
		{.id = STR("py101"),
		 .title = STR("Python入门"),
		 .description = STR("零基础学编程与爬虫"),
		 .category = STR("编程"),
		 .tags = STR("python;爬虫"),
		 .level = STR("beginner"),
		 .language = STR("zh"),
		 .format = STR("video"),
		 .price = 99},
		{.id = STR("py201"),
		 .title = STR("Python数据分析"),
		 .description = STR("用 pandas 处理表格"),
		 .category = STR("编程"),
		 .tags = STR("python;数据"),
		 .level = STR("intermediate"),
		 .language = STR("zh"),
		 .format = STR("video"),
		 .price = 299},
		{.id = STR("js101"),
		 .title = STR("JavaScript 前端基础"),
		 .description = STR("网页交互"),
		 .category = STR("编程"),
		 .tags = STR("前端;javascript"),
		 .level = STR("beginner"),
		 .language = STR("zh"),
		 .format = STR("video"),
		 .price = 129},
		{.id = STR("ph101"),
		 .title = STR("手机摄影"),
		 .description = STR("构图与光线"),
		 .category = STR("摄影"),
		 .tags = STR("摄影"),
		 .level = STR("beginner"),
		 .language = STR("zh"),
		 .format = STR("video"),
		 .price = 59},
	};
	struct store *store;
	struct err err;

	assert_int_equal(store_open(x->db, STORE_WRITE, &store, &err), 0);
	for (size_t i = 0; i < sizeof courses / sizeof *courses; i++)
		assert_int_equal(course_put(store, &courses[i], &err), 0);
	store_close(store);
}

static inline void fixture_snapshot(struct fixture *x)
{
	const struct snapshot_source src = {.intents_path = x->path, .db_path = x->db, .serial = 1};
	struct diags diags;
	struct err err = {0};

	diags_init(&diags, false);
	if (snapshot_build(&src, &diags, &x->snapshot, &err) != 0) {
		struct buf all = {0};

		diags_print(&diags, &all);
		fail_msg("%s\n%s", err.text, all.n ? all.p : "");
	}
	diags_done(&diags);
}

/* rules: YAML text, or NULL for the file `path_or_null` as it stands. */
static inline void fixture_open(struct fixture *x, const char *rules, const char *file)
{
	*x = (struct fixture){0};
	snprintf(x->folder, sizeof x->folder, "/tmp/kefu-bot-XXXXXX");
	assert_non_null(mkdtemp(x->folder));
	snprintf(x->db, sizeof x->db, "%s/kefu.db", x->folder);
	if (file)
		snprintf(x->path, sizeof x->path, "%s", file);
	else
		snprintf(x->path, sizeof x->path, "%s/intents.yaml", x->folder);
	if (rules)
		fixture_write(x->path, rules);
	fixture_courses(x);
	fixture_snapshot(x);
	x->profiles = profiles_new();
	session_init(&x->session, 0);
	turn_init(&x->turn);
}

static inline void fixture_close(struct fixture *x)
{
	char command[160];

	turn_done(&x->turn);
	session_done(&x->session);
	profiles_free(x->profiles);
	snapshot_unref(x->snapshot);
	snprintf(command, sizeof command, "rm -rf '%s'", x->folder);
	assert_int_equal(system(command), 0);
}

static inline const struct reply *fixture_turn(struct fixture *x, enum turn_kind kind,
					       const char *text)
{
	turn_reset(&x->turn);
	x->turn.snapshot = x->snapshot;
	x->turn.session = &x->session;
	x->turn.profiles = x->profiles;
	x->turn.kind = kind;
	x->turn.text = str_of(text);
	x->turn.now_unix_ms = 1772330400000;
	bot_turn(&x->turn);
	return &x->turn.reply;
}

static inline const struct reply *fixture_say(struct fixture *x, const char *text)
{
	return fixture_turn(x, TURN_MESSAGE, text);
}

/* The same, as the first thing said in a conversation. */
static inline const struct reply *fixture_ask(struct fixture *x, const char *text)
{
	session_done(&x->session);
	session_init(&x->session, 0);
	return fixture_say(x, text);
}

#define assert_str(got, want)                                                                      \
	do {                                                                                       \
		struct str got_ = (got);                                                           \
		char *copy_ = mem_strdup(got_);                                                    \
		assert_string_equal(copy_, (want));                                                \
		free(copy_);                                                                       \
	} while (0)

#endif
