#include "unit/unit.h"

#include <arpa/inet.h>

#include "net/peers.h"

static struct peer of(const char *text)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return peer_of((const struct sockaddr *)&in);
	assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return peer_of((const struct sockaddr *)&in6);
}

static struct peer numbered(unsigned i)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x0a000000u + i)};

	return peer_of((const struct sockaddr *)&in);
}

static void an_address_gets_no_more_than_its_share(void **state)
{
	struct peers *p = peers_new(10);
	struct peer a = of("192.0.2.1"), b = of("192.0.2.2");

	(void)state;
	assert_true(peers_take(p, &a, 2));
	assert_true(peers_take(p, &a, 2));
	assert_false(peers_take(p, &a, 2));
	assert_true(peers_take(p, &b, 2));
	peers_drop(p, &a);
	assert_true(peers_take(p, &a, 2));
	assert_int_equal(peers_count(p, &a), 2);
	peers_free(p);
}

static void ipv6_counts_by_its_first_half(void **state)
{
	struct peers *p = peers_new(10);
	struct peer a = of("2001:db8:1:2::1"), same = of("2001:db8:1:2:ffff::9");
	struct peer other = of("2001:db8:1:3::1");

	(void)state;
	assert_true(peers_take(p, &a, 5));
	assert_int_equal(peers_count(p, &same), 1);
	assert_int_equal(peers_count(p, &other), 0);
	peers_free(p);
}

static void ipv4_inside_ipv6_is_the_same_address(void **state)
{
	struct peers *p = peers_new(10);
	struct peer plain = of("192.0.2.7"), mapped = of("::ffff:192.0.2.7");

	(void)state;
	assert_true(peers_take(p, &plain, 5));
	assert_int_equal(peers_count(p, &mapped), 1);
	peers_free(p);
}

/* Against a plain array, through collisions, deletions and a full table. */
static void it_counts_like_an_array_does(void **state)
{
	enum { PEERS = 300, STEPS = 200000, MOST = 1000 };
	struct peers *p = peers_new(MOST);
	unsigned count[PEERS] = {0}, total = 0, seed = 7;

	(void)state;
	for (int step = 0; step < STEPS; step++) {
		seed = seed * 1664525u + 1013904223u;
		unsigned i = (seed >> 8) % PEERS;
		struct peer who = numbered(i * 7919u);

		if ((seed >> 28) % 2 && total < MOST) {
			assert_int_equal(peers_take(p, &who, 6), count[i] < 6);
			if (count[i] < 6)
				count[i]++, total++;
		} else if (count[i]) {
			peers_drop(p, &who);
			count[i]--, total--;
		}
	}
	for (unsigned i = 0; i < PEERS; i++) {
		struct peer who = numbered(i * 7919u);

		assert_int_equal(peers_count(p, &who), count[i]);
	}
	peers_free(p);
}

static void addresses_are_printed_as_they_are_counted(void **state)
{
	static const struct {
		const char *text, *printed;
		bool loopback;
	} rows[] = {
		{"192.0.2.1", "192.0.2.1", false},	{"127.0.0.1", "127.0.0.1", true},
		{"127.8.9.10", "127.8.9.10", true},	{"::1", "::1", true},
		{"::ffff:10.0.0.1", "10.0.0.1", false}, {"2001:db8::7", "2001:db8::/64", false},
	};
	char printed[64];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct peer who = of(rows[i].text);

		peer_print(&who, printed);
		assert_string_equal(printed, rows[i].printed);
		assert_int_equal(peer_is_loopback(&who), rows[i].loopback);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_gets_no_more_than_its_share),
		cmocka_unit_test(ipv6_counts_by_its_first_half),
		cmocka_unit_test(ipv4_inside_ipv6_is_the_same_address),
		cmocka_unit_test(addresses_are_printed_as_they_are_counted),
		cmocka_unit_test(it_counts_like_an_array_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
