#include "unit/unit.h"

#include <arpa/inet.h>

#include "net/forwarded.h"

static struct forwarded proxies(const char *list)
{
	struct forwarded f;
	struct err err;

	if (forwarded_read(&f, str_of(list), &err) != 0)
		fail_msg("%s: %s", list, err.text);
	return f;
}

/* The client of a header as text; "" = none. */
static const char *client(const struct forwarded *f, const char *header)
{
	static char text[INET6_ADDRSTRLEN];
	struct peer who;

	if (!forwarded_client(f, str_of(header), &who))
		return "";
	inet_ntop(AF_INET6, who.key, text, sizeof text);
	return strncmp(text, "::ffff:", 7) == 0 ? text + 7 : text;
}

static void the_client_is_the_last_one_that_is_no_proxy_of_ours(void **state)
{
	struct forwarded f = proxies("10.0.0.1, 10.0.0.2,::1");

	(void)state;
	assert_string_equal(client(&f, "203.0.113.7"), "203.0.113.7");
	assert_string_equal(client(&f, "1.2.3.4, 203.0.113.7, 10.0.0.2"), "203.0.113.7");
	assert_string_equal(client(&f, "203.0.113.7,10.0.0.2 , 10.0.0.1"), "203.0.113.7");
	assert_string_equal(client(&f, "nonsense, 203.0.113.7"), "203.0.113.7");
}

static void ports_and_ipv6_are_read(void **state)
{
	struct forwarded f = proxies("127.0.0.1");

	(void)state;
	assert_string_equal(client(&f, "203.0.113.7:4711"), "203.0.113.7");
	assert_string_equal(client(&f, "[2001:db8:1:2::9]:4711"), "2001:db8:1:2::");
	assert_string_equal(client(&f, "2001:db8:1:2::9"), "2001:db8:1:2::");
}

static void a_header_that_names_nobody_names_nobody(void **state)
{
	struct forwarded f = proxies("10.0.0.1");

	(void)state;
	assert_string_equal(client(&f, ""), "");
	assert_string_equal(client(&f, "10.0.0.1"), "");
	assert_string_equal(client(&f, "unknown"), "");
	assert_string_equal(client(&f, "1.2.3.4, unknown"), "");
	assert_string_equal(client(&f, "1.2.3.4,"), "");
	assert_string_equal(client(&f, "[::1"), "");
}

static void a_wrong_setting_is_said(void **state)
{
	struct forwarded f;
	struct err err;

	(void)state;
	assert_int_equal(forwarded_read(&f, STR("10.0.0.1,proxy.example"), &err), ERR_INVALID);
	assert_non_null(strstr(err.text, "proxy.example"));
	assert_int_equal(
		forwarded_read(
			&f,
			STR("1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,"
			    "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,"
			    "1.1.1.1"),
			&err),
		ERR_LIMIT);
	assert_int_equal(forwarded_read(&f, STR(""), &err), 0);
	assert_int_equal(f.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_client_is_the_last_one_that_is_no_proxy_of_ours),
		cmocka_unit_test(ports_and_ipv6_are_read),
		cmocka_unit_test(a_header_that_names_nobody_names_nobody),
		cmocka_unit_test(a_wrong_setting_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
