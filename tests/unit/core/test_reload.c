#include "unit/unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reload.h"

static char folder[64], rules[96];
static int wake_pipe[2];

static void wake(void *ctx)
{
	ssize_t n = write(*(const int *)ctx, "w", 1);

	(void)n;
}

static void put(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* Rules of one intent, as an editor would save them: a new file put in the old one's place. */
static void save(const char *intent)
{
	char from[128], text[300];

	snprintf(text, sizeof text,
		 "intents:\n  %s:\n    when: {keywords: [退款]}\n    answer: 好的\n"
		 "include: [faq/*.yaml]\n",
		 intent);
	put("tmp0815", text);
	snprintf(from, sizeof from, "%s/tmp0815", folder);
	assert_int_equal(rename(from, rules), 0);
}

static int folder_make(void **state)
{
	char faq[96];

	(void)state;
	snprintf(folder, sizeof folder, "/tmp/kefu-reload-XXXXXX");
	if (!mkdtemp(folder) || pipe(wake_pipe))
		return -1;
	snprintf(rules, sizeof rules, "%s/intents.yaml", folder);
	snprintf(faq, sizeof faq, "%s/faq", folder);
	mkdir(faq, 0700);
	put("faq/a.yaml", "faq:\n  - {id: a, q: 怎么开发票, a: 订单页}\n");
	save("first");
	return 0;
}

static int folder_remove(void **state)
{
	char command[128];

	(void)state;
	close(wake_pipe[0]);
	close(wake_pipe[1]);
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

/* What the daemon has: the snapshot in service and the thread that makes the next. */
struct service {
	struct snapshot *now;
	struct reload *reload;
};

static struct service started(void)
{
	struct snapshot_source src = {.intents_path = rules, .serial = 1};
	struct service s = {0};
	struct diags d;
	struct err err;

	diags_init(&d, false);
	if (snapshot_build(&src, &d, &s.now, &err) ||
	    reload_start(&src, s.now, wake, &wake_pipe[1], &s.reload, &err))
		fail_msg("%s", err.text);
	diags_done(&d);
	return s;
}

static void stopped(struct service *s)
{
	reload_stop(s->reload);
	snapshot_unref(s->now);
}

/* The end of the next build; the loop publishes what it gave. */
static struct reload_result built(struct service *s)
{
	struct reload_result r;
	char c;

	while (!reload_take(s->reload, &r))
		assert_int_equal(read(wake_pipe[0], &c, 1), 1);
	if (r.snapshot) {
		snapshot_unref(s->now);
		s->now = r.snapshot;
	}
	return r;
}

static bool has(const struct service *s, const char *intent)
{
	return rule_intent(s->now->rules, str_of(intent)) != NULL;
}

static void saving_the_rules_brings_a_new_snapshot(void **state)
{
	struct service s = started();
	struct reload_result r;

	(void)state;
	assert_true(has(&s, "first"));
	save("second");
	r = built(&s);
	assert_non_null(r.snapshot);
	assert_int_equal(r.snapshot->serial, 2);
	assert_true(has(&s, "second") && !has(&s, "first"));
	diags_done(&r.diags);
	put("intents.yaml", "intents: {third: {when: {keywords: [退款]}, answer: 好}}\n");
	r = built(&s);
	assert_int_equal(r.snapshot->serial, 3);
	assert_true(has(&s, "third"));
	diags_done(&r.diags);
	stopped(&s);
}

static void broken_rules_leave_the_old_ones_in_service(void **state)
{
	struct service s = started();
	struct reload_result r;

	(void)state;
	put("intents.yaml", "intents: {broken: {wen: {}}}\n");
	r = built(&s);
	assert_null(r.snapshot);
	assert_true(r.diags.errors > 0);
	assert_true(r.err.text[0] != '\0');
	assert_true(has(&s, "first"));
	diags_done(&r.diags);
	save("mended");
	r = built(&s);
	assert_non_null(r.snapshot);
	assert_int_equal(r.snapshot->serial, 2);
	assert_true(has(&s, "mended"));
	diags_done(&r.diags);
	stopped(&s);
}

static void a_new_included_file_is_noticed(void **state)
{
	struct service s = started();
	struct reload_result r;

	(void)state;
	assert_int_equal(s.now->rules->n_faq, 1);
	put("faq/b.yaml", "faq:\n  - {id: b, q: 怎么退款, a: 订单页}\n");
	r = built(&s);
	assert_int_equal(s.now->rules->n_faq, 2);
	diags_done(&r.diags);
	stopped(&s);
}

static void a_folder_no_file_was_in_yet_is_watched(void **state)
{
	struct service s;
	struct reload_result r;
	char a[96];

	(void)state;
	snprintf(a, sizeof a, "%s/faq/a.yaml", folder);
	unlink(a);
	s = started();
	assert_int_equal(s.now->rules->n_faq, 0);
	put("faq/b.yaml", "faq:\n  - {id: b, q: 怎么退款, a: 订单页}\n");
	r = built(&s);
	assert_int_equal(s.now->rules->n_faq, 1);
	diags_done(&r.diags);
	stopped(&s);
}

static void a_mistake_in_a_file_that_is_new_is_watched_until_it_is_mended(void **state)
{
	struct service s = started();
	struct reload_result r;
	char folder_of_new[96];

	(void)state;
	snprintf(folder_of_new, sizeof folder_of_new, "%s/more", folder);
	mkdir(folder_of_new, 0700);
	put("more/c.yaml", "faq: [{id: c}]\n");
	do { /* the new folder may be noticed by itself first */
		put("intents.yaml", "include: [more/c.yaml]\n");
		r = built(&s);
		diags_done(&r.diags);
	} while (r.snapshot);
	put("more/c.yaml", "faq: [{id: c, q: 怎么退款, a: 订单页}]\n");
	do {
		r = built(&s);
		diags_done(&r.diags);
	} while (!r.snapshot);
	assert_int_equal(s.now->rules->n_faq, 1);
	stopped(&s);
}

static void a_request_builds_without_a_change(void **state)
{
	struct service s = started();
	struct reload_result r;

	(void)state;
	reload_request(s.reload);
	r = built(&s);
	assert_int_equal(r.snapshot->serial, 2);
	assert_true(r.ms >= 0);
	diags_done(&r.diags);
	assert_false(reload_take(s.reload, &r));
	stopped(&s);
}

static void whatever_was_saved_last_is_served_in_the_end(void **state)
{
	struct service s = started();
	char name[16];

	(void)state;
	for (int i = 0; i <= 30; i++) {
		snprintf(name, sizeof name, "v%d", i);
		save(name);
		if (i % 3 == 0)
			reload_request(s.reload);
		usleep(5000);
	}
	while (!has(&s, "v30")) {
		struct reload_result r = built(&s);

		diags_done(&r.diags);
	}
	stopped(&s);
}

static void a_result_nobody_took_is_freed(void **state)
{
	struct service s = started();
	char c;

	(void)state;
	reload_request(s.reload);
	assert_int_equal(read(wake_pipe[0], &c, 1), 1);
	stopped(&s);
}

int main(void)
{
#define RELOAD_TEST(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_remove)
	const struct CMUnitTest tests[] = {
		RELOAD_TEST(saving_the_rules_brings_a_new_snapshot),
		RELOAD_TEST(broken_rules_leave_the_old_ones_in_service),
		RELOAD_TEST(a_new_included_file_is_noticed),
		RELOAD_TEST(a_folder_no_file_was_in_yet_is_watched),
		RELOAD_TEST(a_mistake_in_a_file_that_is_new_is_watched_until_it_is_mended),
		RELOAD_TEST(a_request_builds_without_a_change),
		RELOAD_TEST(whatever_was_saved_last_is_served_in_the_end),
		RELOAD_TEST(a_result_nobody_took_is_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
