#include "unit/unit.h"

#include <stdlib.h>

#include "net/outq.h"

static struct str text_of(size_t n)
{
	static char bytes[200000];

	memset(bytes, 'x', sizeof bytes);
	return (struct str){bytes, n};
}

static void an_empty_queue_has_no_batch(void **state)
{
	struct outq q = {0};

	(void)state;
	assert_int_equal(outq_bytes(&q), 0);
	assert_int_equal(outq_batch(&q).n, 0);
	outq_done(&q);
}

static void headers_are_those_of_the_rfc(void **state)
{
	static const struct {
		size_t payload, header;
		unsigned char bytes[10];
	} cases[] = {
		{0, 2, {0x81, 0}},
		{125, 2, {0x81, 125}},
		{126, 4, {0x81, 126, 0, 126}},
		{65535, 4, {0x81, 126, 0xff, 0xff}},
		{65536, 10, {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct outq q = {0};
		struct str batch;

		outq_put(&q, WS_TEXT, text_of(cases[i].payload));
		batch = outq_batch(&q);
		assert_int_equal(batch.n, cases[i].header + cases[i].payload);
		assert_memory_equal(batch.p, cases[i].bytes, cases[i].header);
		outq_done(&q);
	}
}

static void a_ping_carries_its_opcode(void **state)
{
	struct outq q = {0};

	(void)state;
	outq_put(&q, WS_PING, STR("kefu"));
	assert_str(outq_batch(&q), "\x89\x04kefu");
	outq_done(&q);
}

static void frames_leave_together_and_in_order(void **state)
{
	struct outq q = {0};

	(void)state;
	outq_put(&q, WS_TEXT, STR("one"));
	outq_put(&q, WS_TEXT, STR("two"));
	assert_str(outq_batch(&q), "\x81\x03one\x81\x03two");
	outq_sent(&q, 10);
	assert_int_equal(outq_bytes(&q), 0);
	outq_put(&q, WS_TEXT, STR("three"));
	assert_str(outq_batch(&q), "\x81\x05three");
	outq_done(&q);
}

static void a_batch_ends_between_frames(void **state)
{
	struct outq q = {0};

	(void)state;
	for (int i = 0; i < 10; i++)
		outq_put(&q, WS_TEXT, text_of(20000));
	assert_int_equal(outq_batch(&q).n, 3 * 20004);
	outq_sent(&q, 3 * 20004);
	assert_int_equal(outq_bytes(&q), 7 * 20004);
	assert_int_equal((unsigned char)outq_batch(&q).p[0], 0x81);
	outq_done(&q);
}

static void a_frame_longer_than_a_batch_leaves_alone(void **state)
{
	struct outq q = {0};

	(void)state;
	outq_put(&q, WS_TEXT, text_of(150000));
	outq_put(&q, WS_TEXT, STR("next"));
	assert_int_equal(outq_batch(&q).n, 150010);
	outq_sent(&q, 150010);
	assert_str(outq_batch(&q), "\x81\x04next");
	outq_done(&q);
}

static void every_batch_has_room_in_front(void **state)
{
	struct outq q = {0};

	(void)state;
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 7; i++)
			outq_put(&q, WS_TEXT, text_of(9000));
		struct str batch = outq_batch(&q);

		assert_true(batch.p - q.b.p >= OUTQ_ROOM);
		/* The library may write there: what follows must stay. */
		memset((char *)(uintptr_t)batch.p - OUTQ_ROOM, 'R', OUTQ_ROOM);
		assert_int_equal((unsigned char)batch.p[0], 0x81);
		outq_sent(&q, batch.n);
	}
	outq_done(&q);
}

static void a_queue_that_never_empties_does_not_grow_for_ever(void **state)
{
	struct outq q = {0};

	(void)state;
	for (int i = 0; i < 12; i++)
		outq_put(&q, WS_TEXT, text_of(20000));
	for (int round = 0; round < 200; round++) {
		struct str batch = outq_batch(&q);

		outq_sent(&q, batch.n);
		for (size_t put = 0; put < batch.n; put += 20004)
			outq_put(&q, WS_TEXT, text_of(20000));
	}
	assert_int_equal(outq_bytes(&q), 12 * 20004);
	assert_true(q.b.cap < 1000000);
	outq_done(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_queue_has_no_batch),
		cmocka_unit_test(headers_are_those_of_the_rfc),
		cmocka_unit_test(a_ping_carries_its_opcode),
		cmocka_unit_test(frames_leave_together_and_in_order),
		cmocka_unit_test(a_batch_ends_between_frames),
		cmocka_unit_test(a_frame_longer_than_a_batch_leaves_alone),
		cmocka_unit_test(every_batch_has_room_in_front),
		cmocka_unit_test(a_queue_that_never_empties_does_not_grow_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
