#include "unit/unit.h"

#include "handover.h"

#define REFUSED HANDOVER_STATES

/* What each event makes of each state, for whoever may: rows as the enum's. */
static const struct {
	enum handover_event event;
	enum handover_who who;
	enum handover_state to[HANDOVER_STATES]; /* from bot, queued, agent, left */
	const char *told;
} table[] = {
	{HANDOVER_ASK, WHO_LEARNER, {HANDOVER_QUEUED, REFUSED, REFUSED, HANDOVER_QUEUED}, "queued"},
	{HANDOVER_LEAVE,
	 WHO_LEARNER,
	 {HANDOVER_LEFT, HANDOVER_LEFT, REFUSED, HANDOVER_LEFT},
	 "offline"},
	{HANDOVER_CANCEL, WHO_LEARNER, {REFUSED, HANDOVER_BOT, REFUSED, REFUSED}, "left"},
	{HANDOVER_END, WHO_LEARNER, {REFUSED, HANDOVER_BOT, HANDOVER_BOT, REFUSED}, NULL},
	{HANDOVER_TAKE, WHO_OTHER, {REFUSED, HANDOVER_AGENT, REFUSED, HANDOVER_AGENT}, "joined"},
	{HANDOVER_TAKE,
	 WHO_RELIEVER,
	 {REFUSED, HANDOVER_AGENT, HANDOVER_AGENT, HANDOVER_AGENT},
	 "joined"},
	{HANDOVER_TAKE, WHO_HOLDER, {REFUSED, HANDOVER_AGENT, REFUSED, HANDOVER_AGENT}, "joined"},
	{HANDOVER_PASS, WHO_HOLDER, {REFUSED, REFUSED, HANDOVER_AGENT, REFUSED}, "joined"},
	{HANDOVER_REQUEUE, WHO_HOLDER, {REFUSED, REFUSED, HANDOVER_QUEUED, REFUSED}, "queued"},
	{HANDOVER_RELEASE, WHO_HOLDER, {REFUSED, REFUSED, HANDOVER_BOT, REFUSED}, "left"},
	{HANDOVER_CLOSE, WHO_HOLDER, {REFUSED, REFUSED, HANDOVER_BOT, REFUSED}, "closed"},
	{HANDOVER_SAY, WHO_HOLDER, {REFUSED, REFUSED, HANDOVER_AGENT, REFUSED}, NULL},
};

static void every_state_and_event_is_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		for (int from = 0; from < HANDOVER_STATES; from++) {
			struct handover_move m = handover_move((enum handover_state)from,
							       table[i].event, table[i].who);

			if (table[i].to[from] == REFUSED) {
				assert_non_null(m.code);
				assert_int_equal(m.to, from);
				assert_null(m.told);
				continue;
			}
			assert_null(m.code);
			assert_int_equal(m.to, table[i].to[from]);
			if (from == HANDOVER_LEFT && m.to == HANDOVER_LEFT)
				assert_null(m.told); /* it was told the first time */
			else if (table[i].told)
				assert_string_equal(m.told, table[i].told);
			else
				assert_null(m.told);
		}
	}
}

static void only_the_holder_speaks_and_gives_away(void **state)
{
	static const enum handover_event events[] = {
		HANDOVER_PASS, HANDOVER_REQUEUE, HANDOVER_RELEASE, HANDOVER_CLOSE, HANDOVER_SAY};
	static const enum handover_who others[] = {WHO_LEARNER, WHO_OTHER, WHO_RELIEVER};

	(void)state;
	for (size_t e = 0; e < 5; e++) {
		for (size_t w = 0; w < 3; w++)
			assert_string_equal(
				handover_move(HANDOVER_AGENT, events[e], others[w]).code,
				"not_yours");
	}
}

static void a_refusal_says_why(void **state)
{
	(void)state;
	assert_string_equal(handover_move(HANDOVER_AGENT, HANDOVER_TAKE, WHO_OTHER).code, "taken");
	assert_string_equal(handover_move(HANDOVER_BOT, HANDOVER_TAKE, WHO_OTHER).code, "gone");
	assert_string_equal(handover_move(HANDOVER_BOT, HANDOVER_SAY, WHO_OTHER).code, "gone");
	assert_string_equal(handover_move(HANDOVER_QUEUED, HANDOVER_SAY, WHO_OTHER).code,
			    "not_yours");
}

static void people_cannot_do_what_is_the_learners(void **state)
{
	static const enum handover_event events[] = {HANDOVER_ASK, HANDOVER_LEAVE, HANDOVER_CANCEL,
						     HANDOVER_END};

	(void)state;
	for (size_t e = 0; e < 4; e++) {
		for (int from = 0; from < HANDOVER_STATES; from++)
			assert_non_null(
				handover_move((enum handover_state)from, events[e], WHO_HOLDER)
					.code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_and_event_is_as_the_table_says),
		cmocka_unit_test(only_the_holder_speaks_and_gives_away),
		cmocka_unit_test(a_refusal_says_why),
		cmocka_unit_test(people_cannot_do_what_is_the_learners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
