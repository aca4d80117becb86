#include "unit/unit.h"

#include "net/identity.h"
#include "secret.h"
#include "text/buf.h"

#define KEY    STR("a key of the platform")
#define NOW_MS (INT64_C(1772330400) * 1000)

static void put_base64url(struct buf *out, struct str bytes)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned bits = 0;
	int have = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		bits = bits << 8 | (unsigned char)bytes.p[i];
		for (have += 8; have >= 6; have -= 6)
			buf_char(out, digits[bits >> (have - 6) & 63]);
	}
	if (have)
		buf_char(out, digits[bits << (6 - have) & 63]);
}

/* A JWT made here, signed with `key`. */
static struct buf jwt(const char *header, const char *claims, struct str key)
{
	struct buf b = {0};
	unsigned char mac[32];

	put_base64url(&b, str_of(header));
	buf_char(&b, '.');
	put_base64url(&b, str_of(claims));
	secret_hmac(key, buf_view(&b), mac);
	buf_char(&b, '.');
	put_base64url(&b, (struct str){(const char *)mac, sizeof mac});
	return b;
}

static int read_jwt(const char *header, const char *claims, struct str key, char *user)
{
	struct buf b = jwt(header, claims, key);
	struct err err;
	int rc = identity_read(buf_view(&b), KEY, NOW_MS, user, &err);

	buf_done(&b);
	return rc;
}

static const char hs256[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

static void a_signed_identity_names_its_user(void **state)
{
	char user[IDENTITY_USER_MAX + 1];

	(void)state;
	assert_int_equal(read_jwt(hs256, "{\"sub\":\"u42\",\"exp\":1772334000}", KEY, user), 0);
	assert_string_equal(user, "u42");
}

/* RFC 7515 A.1: the same bytes everybody computes. */
static void the_example_of_the_rfc_has_a_good_signature(void **state)
{
	static const char example[] =
		"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
		"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
		"cGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
		"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	static const char key64[] = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-"
				    "1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
	unsigned char key[64];
	size_t n = sizeof key;
	char user[IDENTITY_USER_MAX + 1];
	struct err err;

	(void)state;
	assert_true(secret_base64url(str_of(key64), key, &n));
	/* Signed well, but it names nobody: refused for that, not for the signature. */
	assert_int_equal(identity_read(str_of(example), (struct str){(const char *)key, n}, NOW_MS,
				       user, &err),
			 ERR_DENIED);
	assert_non_null(strstr(err.text, "sub"));
}

static void what_is_not_signed_by_us_is_refused(void **state)
{
	static const char claims[] = "{\"sub\":\"u42\",\"exp\":1772334000}";
	char user[IDENTITY_USER_MAX + 1];
	struct buf b = jwt(hs256, claims, KEY);
	struct err err;

	(void)state;
	assert_int_equal(read_jwt(hs256, claims, STR("another key"), user), ERR_DENIED);
	assert_int_equal(read_jwt("{\"alg\":\"none\"}", claims, KEY, user), ERR_DENIED);
	assert_int_equal(read_jwt("{\"alg\":\"RS256\"}", claims, KEY, user), ERR_DENIED);
	assert_int_equal(read_jwt("[]", claims, KEY, user), ERR_DENIED);
	b.p[b.n / 2] ^= 1;
	assert_int_equal(identity_read(buf_view(&b), KEY, NOW_MS, user, &err), ERR_DENIED);
	assert_int_equal(identity_read(STR("a.b"), KEY, NOW_MS, user, &err), ERR_DENIED);
	assert_int_equal(identity_read(STR(""), KEY, NOW_MS, user, &err), ERR_DENIED);
	assert_int_equal(identity_read(STR(".."), KEY, NOW_MS, user, &err), ERR_DENIED);
	buf_done(&b);
}

static void times_are_kept(void **state)
{
	char user[IDENTITY_USER_MAX + 1];

	(void)state;
	assert_int_equal(read_jwt(hs256, "{\"sub\":\"u\",\"exp\":1772330300}", KEY, user),
			 ERR_DENIED);
	assert_int_equal(read_jwt(hs256, "{\"sub\":\"u\"}", KEY, user), ERR_DENIED);
	assert_int_equal(
		read_jwt(hs256, "{\"sub\":\"u\",\"exp\":1772334000,\"nbf\":1772331000}", KEY, user),
		ERR_DENIED);
	assert_int_equal(
		read_jwt(hs256, "{\"sub\":\"u\",\"exp\":1772330380,\"nbf\":1772330430}", KEY, user),
		0);
}

static void without_a_key_nobody_is_believed(void **state)
{
	struct buf b = jwt(hs256, "{\"sub\":\"u42\",\"exp\":1772334000}", STR_NONE);
	char user[IDENTITY_USER_MAX + 1];
	struct err err;

	(void)state;
	assert_int_equal(identity_read(buf_view(&b), STR_NONE, NOW_MS, user, &err), ERR_DENIED);
	buf_done(&b);
}

static int set_up(void **state)
{
	struct err err;

	(void)state;
	return secret_init(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signed_identity_names_its_user),
		cmocka_unit_test(the_example_of_the_rfc_has_a_good_signature),
		cmocka_unit_test(what_is_not_signed_by_us_is_refused),
		cmocka_unit_test(times_are_kept),
		cmocka_unit_test(without_a_key_nobody_is_believed),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
