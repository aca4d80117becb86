#include "unit/unit.h"

#include "secret.h"

static int start(void **state)
{
	struct err err;

	(void)state;
	return secret_init(&err);
}

static void tokens_are_32_hex_digits_and_differ(void **state)
{
	char a[33], b[33];

	(void)state;
	secret_token(a);
	secret_token(b);
	assert_int_equal(strlen(a), 32);
	assert_int_equal(strspn(a, "0123456789abcdef"), 32);
	assert_string_not_equal(a, b);
}

/* RFC 7693 gives BLAKE2b-512 only; this is `printf abc | b2sum -l 256`. */
static void the_hash_is_blake2b_256(void **state)
{
	unsigned char hash[32];
	char hex[65];

	(void)state;
	secret_hash(STR("abc"), hash);
	secret_hex(hash, sizeof hash, hex);
	assert_string_equal(hex,
			    "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

/* RFC 4231, test cases 1 (in letters: 2). */
static void the_signature_is_hmac_sha256(void **state)
{
	unsigned char mac[32];
	char hex[65];

	(void)state;
	secret_hmac(STR("Jefe"), STR("what do ya want for nothing?"), mac);
	secret_hex(mac, sizeof mac, hex);
	assert_string_equal(hex,
			    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void comparing_sees_contents_and_lengths(void **state)
{
	(void)state;
	assert_true(secret_equal(STR("abc"), STR("abc")));
	assert_false(secret_equal(STR("abc"), STR("abd")));
	assert_false(secret_equal(STR("abc"), STR("ab")));
	assert_true(secret_equal(STR_NONE, STR("")));
}

static void base64url_is_strict_and_bounded(void **state)
{
	unsigned char out[8];
	size_t n = sizeof out;

	(void)state;
	assert_true(secret_base64url(STR("-_8"), out, &n));
	assert_int_equal(n, 2);
	assert_memory_equal(out, "\xfb\xff", 2);
	n = sizeof out;
	assert_false(secret_base64url(STR("+/8"), out, &n));
	assert_false(secret_base64url(STR("-_8="), out, &n));
	assert_false(secret_base64url(STR("-_8 "), out, &n));
	assert_false(secret_base64url(STR("AAAAAAAAAAAAAAAA"), out, &n));
	assert_int_equal(n, sizeof out);
	assert_true(secret_base64url(STR_NONE, out, &n));
	assert_int_equal(n, 0);
}

static void base64_wants_its_padding(void **state)
{
	unsigned char out[8];
	size_t n = sizeof out;

	(void)state;
	assert_true(secret_base64(STR("+/8="), out, &n));
	assert_int_equal(n, 2);
	assert_memory_equal(out, "\xfb\xff", 2);
	n = sizeof out;
	assert_false(secret_base64(STR("-_8="), out, &n));
	assert_false(secret_base64(STR("+/8"), out, &n));
	assert_false(secret_base64(STR("+/8=\n"), out, &n));
	assert_false(secret_base64(STR("AAAAAAAAAAAAAAAA"), out, &n));
	assert_int_equal(n, sizeof out);
}

static void a_password_is_known_by_its_hash_only(void **state)
{
	char hash[128];
	struct err err;

	(void)state;
	assert_int_equal(secret_password_hash(STR("密码 correct"), hash, &err), 0);
	assert_true(secret_password_verify(STR("密码 correct"), hash));
	assert_false(secret_password_verify(STR("密码 corect"), hash));
	assert_false(secret_password_verify(STR("密码 correct"), "not a hash"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_32_hex_digits_and_differ),
		cmocka_unit_test(the_hash_is_blake2b_256),
		cmocka_unit_test(the_signature_is_hmac_sha256),
		cmocka_unit_test(comparing_sees_contents_and_lengths),
		cmocka_unit_test(base64url_is_strict_and_bounded),
		cmocka_unit_test(base64_wants_its_padding),
		cmocka_unit_test(a_password_is_known_by_its_hash_only),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
