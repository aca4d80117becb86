#include "unit/unit.h"

#include <stdlib.h>

#include "net/pending.h"

#define TOKEN STR("0123456789abcdef0123456789abcdef")

static void a_ticket_is_found_once_by_its_number(void **state)
{
	struct pending p = {0};
	struct ticket *t = pending_add(&p, PENDING_REQUEST, 42, STR_NONE, STR_NONE);
	uint64_t number = t->number;

	(void)state;
	assert_true(number != 0);
	assert_null(pending_take(&p, number + 1));
	t = pending_take(&p, number);
	assert_int_equal(t->link, 42);
	free(t);
	assert_null(pending_take(&p, number));
	pending_done(&p);
}

static void a_message_id_waits_until_its_ticket_is_taken(void **state)
{
	struct pending p = {0};
	uint64_t number = pending_add(&p, PENDING_ACK, 0, TOKEN, STR("e1"))->number;

	(void)state;
	assert_true(pending_has(&p, TOKEN, STR("e1")));
	assert_false(pending_has(&p, TOKEN, STR("e2")));
	assert_false(pending_has(&p, STR("another"), STR("e1")));
	assert_false(pending_has(&p, TOKEN, STR_NONE));
	free(pending_take(&p, number));
	assert_false(pending_has(&p, TOKEN, STR("e1")));
	pending_done(&p);
}

static void thousands_of_tickets_are_kept_apart(void **state)
{
	enum { MANY = 5000 };
	struct pending p = {0};
	char id[16];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(id, sizeof id, "e%d", i);
		pending_add(&p, PENDING_ACK, 0, TOKEN, str_of(id));
	}
	for (uint64_t number = MANY; number > MANY / 2; number--) {
		struct ticket *t = pending_take(&p, number);

		snprintf(id, sizeof id, "e%d", (int)number - 1);
		assert_string_equal(t->id, id);
		free(t);
	}
	assert_int_equal(p.n, MANY / 2);
	assert_true(pending_has(&p, TOKEN, STR("e0")));
	assert_false(pending_has(&p, TOKEN, STR("e4999")));
	pending_done(&p);
	assert_int_equal(p.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ticket_is_found_once_by_its_number),
		cmocka_unit_test(a_message_id_waits_until_its_ticket_is_taken),
		cmocka_unit_test(thousands_of_tickets_are_kept_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
