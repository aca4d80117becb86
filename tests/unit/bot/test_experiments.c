/* Variants of experiments change what the bot does, and a turn tells which had a say in it. */
#include "fixture.h"

static const char rules[] =
	"version: 1\n"
	"settings:\n"
	"  experiments:\n"
	"    tone: {variants: {control: 50, friendly: 50}}\n"
	"    wide: {variants: {control: 50, words: 50},\n"
	"           set: {words: {recommend.popular: 0}}}\n"
	"    sure: {variants: {control: 50, strict: 50}, set: {strict: {ask_at: 1, answer_at: "
	"1}}}\n"
	"intents:\n"
	"  hello:\n"
	"    when: {keywords: [你好]}\n"
	"    answer:\n"
	"      - if: <tone> = friendly\n"
	"        zh: 嗨，很高兴见到你！\n"
	"      - zh: 您好。\n"
	"  refund:\n"
	"    when: {phrases: [我要退掉这门课程, 怎么申请退款, 把课程的钱退给我]}\n"
	"    answer: {zh: 好的。}\n"
	"  recommend:\n"
	"    when: {keywords: [推荐]}\n"
	"    do: {recommend: {query: <text>, count: 3}}\n"
	"    answer: {zh: 看看这些：}\n";

static int open_rules(void **state)
{
	struct fixture *x = mem_alloc(sizeof *x);

	fixture_open(x, rules, NULL);
	*state = x;
	return 0;
}

static int close_rules(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

/* Signs a learner in who is in that variant. */
static void become(struct fixture *x, const char *experiment, const char *variant)
{
	const struct experiment *e = experiment_named(x->snapshot->rules, str_of(experiment));
	char name[16];

	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "u%d", i);
		if (str_eq(experiment_assign(e, str_of(name))->name, str_of(variant))) {
			session_set(&x->session.user, str_of(name));
			return;
		}
	}
	fail();
}

/* The variant of that experiment which had a say in the last turn; "" when it had none. */
static struct str met(const struct fixture *x, const char *experiment)
{
	const struct exposures *all = &x->turn.effects.met;

	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i].experiment->name, str_of(experiment)))
			return all->v[i].variant->name;
	return STR_NONE;
}

static void an_answer_hangs_on_the_variant_and_the_turn_says_which(void **state)
{
	struct fixture *x = *state;

	become(x, "tone", "friendly");
	assert_str(fixture_say(x, "你好")->text, "嗨，很高兴见到你！");
	assert_str(met(x, "tone"), "friendly");
	become(x, "tone", "control");
	assert_str(fixture_say(x, "你好")->text, "您好。");
	assert_str(met(x, "tone"), "control");
}

static void an_experiment_that_has_no_say_in_a_turn_is_not_met(void **state)
{
	struct fixture *x = *state;

	become(x, "tone", "friendly");
	fixture_say(x, "推荐 Python");
	assert_str(met(x, "tone"), "");
	fixture_say(x, "你好");
	assert_str(met(x, "wide"), "");
}

static void a_learner_without_a_name_is_in_no_experiment(void **state)
{
	struct fixture *x = *state;

	assert_str(fixture_say(x, "你好")->text, "您好。");
	assert_int_equal(x->turn.effects.met.n, 0);
}

/* py201 is what everybody takes. */
static void make_popular(struct fixture *x)
{
	struct store *store;
	struct err err;
	char user[24];

	assert_int_equal(store_open(x->db, STORE_WRITE, &store, &err), 0);
	for (int i = 0; i < 9; i++) {
		struct event e = {.course = STR("py201"), .type = EVENT_PURCHASE, .value = 1};

		snprintf(user, sizeof user, "other%d", i);
		e.user = str_of(user);
		assert_int_equal(event_put(store, &e, &err), 0);
	}
	store_close(store);
	snapshot_unref(x->snapshot);
	fixture_snapshot(x);
}

static void weights_of_the_recommender_change_the_list(void **state)
{
	struct fixture *x = *state;

	make_popular(x);
	become(x, "wide", "control");
	fixture_say(x, "推荐 Python 编程");
	assert_str(x->turn.reply.cards[0].id, "py201");
	assert_str(met(x, "wide"), "control");
	become(x, "wide", "words");
	fixture_say(x, "推荐 Python 编程");
	assert_str(x->turn.reply.cards[0].id, "py101");
	assert_str(met(x, "wide"), "words");
}

static void thresholds_change_what_is_answered(void **state)
{
	struct fixture *x = *state;

	become(x, "sure", "control");
	assert_int_not_equal(fixture_say(x, "课程的钱能退给我吗")->source, SOURCE_FALLBACK);
	assert_str(met(x, "sure"), "control");
	become(x, "sure", "strict");
	assert_int_equal(fixture_say(x, "课程的钱能退给我吗")->source, SOURCE_FALLBACK);
	assert_str(met(x, "sure"), "strict");
}

static void the_explanation_names_the_variant(void **state)
{
	struct fixture *x = *state;
	struct buf out = {0};

	become(x, "tone", "friendly");
	fixture_say(x, "你好");
	turn_explain(&x->turn, false, &out);
	assert_non_null(strstr(out.p, "experiment tone: variant friendly"));
	buf_reset(&out);
	turn_explain(&x->turn, true, &out);
	assert_non_null(strstr(out.p, "试验 tone：方案 friendly"));
	buf_done(&out);
}

static void expect_mistake(const char *yaml, const char *words)
{
	char folder[] = "/tmp/kefu-bot-XXXXXX", path[128], command[160];
	struct snapshot_source src = {.intents_path = path, .serial = 1};
	struct snapshot *snapshot = NULL;
	struct diags diags;
	struct buf all = {0};
	struct err err;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/intents.yaml", folder);
	fixture_write(path, yaml);
	diags_init(&diags, false);
	assert_true(snapshot_build(&src, &diags, &snapshot, &err) < 0);
	diags_print(&diags, &all);
	if (!strstr(all.p, words))
		fail_msg("%s", all.p);
	buf_done(&all);
	diags_done(&diags);
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
}

#define HEAD "intents: {a: {when: {keywords: [a]}, answer: b}}\nsettings:\n  experiments:\n"

static void settings_no_experiment_can_set_are_said_where_they_stand(void **state)
{
	(void)state;
	expect_mistake(
		HEAD "    e: {variants: {c: 50, d: 50}, set: {d: {recommend.diversty: 1}}}\n",
		"intents.yaml:4:45: error: experiment 'e' sets 'recommend.diversty', which no "
		"experiment can set; did you mean 'recommend.diversity'?");
	expect_mistake(
		HEAD "    e: {variants: {c: 50, d: 50}, set: {d: {margin: 2}}}\n",
		"intents.yaml:4:45: error: experiment 'e' sets 'margin' to 2; it must be from "
		"0 to 1");
	expect_mistake(HEAD "    e: {variants: {c: 50, d: 50}, set: {d: {margin: 1}}}\n"
			    "    f: {variants: {c: 50, d: 50}, set: {d: {margin: 0}}}\n",
		       "intents.yaml:5:45: error: experiment 'e' already changes 'margin'");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_rules, close_rules)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_hangs_on_the_variant_and_the_turn_says_which),
		TEST(an_experiment_that_has_no_say_in_a_turn_is_not_met),
		TEST(a_learner_without_a_name_is_in_no_experiment),
		TEST(weights_of_the_recommender_change_the_list),
		TEST(thresholds_change_what_is_answered),
		TEST(the_explanation_names_the_variant),
		cmocka_unit_test(settings_no_experiment_can_set_are_said_where_they_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
