#include "unit/unit.h"

#include "bot/session.h"
#include "net/identity.h"
#include "secret.h"
#include "text/buf.h"

#define KEY    STR("a key of the platform")
#define NOW_MS (INT64_C(1772330400) * 1000)

static const char hs256[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

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

/* What a daemon with that secret and audience makes of it. */
static int read_as(const char *secret, const char *audience, struct str text, struct identity *id,
		   struct err *err)
{
	struct settings settings;
	struct identity_trust *trust;
	int rc;

	settings_init(&settings);
	session_set(&settings.identity_key, str_of(secret));
	session_set(&settings.identity_audience, str_of(audience));
	assert_int_equal(identity_trust_new(&settings, &trust, err), 0);
	rc = identity_read(trust, text, NOW_MS, id, err);
	identity_trust_free(trust);
	settings_done(&settings);
	return rc;
}

static int read_text(struct str text)
{
	struct identity id;
	struct err err;

	return read_as("a key of the platform", "", text, &id, &err);
}

static int read_for(const char *audience, const char *claims)
{
	struct buf b = jwt(hs256, claims, KEY);
	struct identity id;
	struct err err;
	int rc = read_as("a key of the platform", audience, buf_view(&b), &id, &err);

	buf_done(&b);
	return rc;
}

static int read_jwt(const char *header, const char *claims, struct str key)
{
	struct buf b = jwt(header, claims, key);
	int rc = read_text(buf_view(&b));

	buf_done(&b);
	return rc;
}

static void a_signed_identity_names_its_user(void **state)
{
	struct buf b = jwt(hs256, "{\"sub\":\"u42\",\"exp\":1772334000}", KEY);
	struct identity id;
	struct err err;

	(void)state;
	assert_int_equal(read_as("a key of the platform", "", buf_view(&b), &id, &err), 0);
	assert_string_equal(id.user, "u42");
	assert_true(id.until_unix_ms == INT64_C(1772334060) * 1000);
	buf_done(&b);
}

static void what_is_not_signed_by_us_is_refused(void **state)
{
	static const char claims[] = "{\"sub\":\"u42\",\"exp\":1772334000}";
	struct buf b = jwt(hs256, claims, KEY);

	(void)state;
	assert_int_equal(read_jwt(hs256, claims, STR("another key")), ERR_DENIED);
	assert_int_equal(read_jwt("{\"alg\":\"none\"}", claims, KEY), ERR_DENIED);
	assert_int_equal(read_jwt("{\"alg\":\"RS256\"}", claims, KEY), ERR_DENIED);
	assert_int_equal(read_jwt("[]", claims, KEY), ERR_DENIED);
	b.p[b.n / 2] ^= 1;
	assert_int_equal(read_text(buf_view(&b)), ERR_DENIED);
	assert_int_equal(read_text(STR("a.b")), ERR_DENIED);
	assert_int_equal(read_text(STR("")), ERR_DENIED);
	assert_int_equal(read_text(STR("..")), ERR_DENIED);
	buf_done(&b);
}

static void times_are_kept(void **state)
{
	(void)state;
	assert_int_equal(read_jwt(hs256, "{\"sub\":\"u\",\"exp\":1772330300}", KEY), ERR_DENIED);
	assert_int_equal(read_jwt(hs256, "{\"sub\":\"u\"}", KEY), ERR_DENIED);
	assert_int_equal(
		read_jwt(hs256, "{\"sub\":\"u\",\"exp\":1772334000,\"nbf\":1772331000}", KEY),
		ERR_DENIED);
	assert_int_equal(
		read_jwt(hs256, "{\"sub\":\"u\",\"exp\":1772330380,\"nbf\":1772330430}", KEY), 0);
}

static void the_audience_is_kept_where_one_is_set(void **state)
{
	(void)state;
	assert_int_equal(read_for("kefu", "{\"sub\":\"u\",\"exp\":1772334000,\"aud\":\"kefu\"}"),
			 0);
	assert_int_equal(
		read_for("kefu", "{\"sub\":\"u\",\"exp\":1772334000,\"aud\":[\"shop\",\"kefu\"]}"),
		0);
	assert_int_equal(
		read_for("kefu", "{\"sub\":\"u\",\"exp\":1772334000,\"aud\":[\"shop\",7]}"),
		ERR_DENIED);
	assert_int_equal(read_for("kefu", "{\"sub\":\"u\",\"exp\":1772334000}"), ERR_DENIED);
	assert_int_equal(read_for("", "{\"sub\":\"u\",\"exp\":1772334000,\"aud\":\"shop\"}"), 0);
}

static void headers_that_ask_for_more_and_names_of_guests_are_refused(void **state)
{
	(void)state;
	assert_int_equal(read_jwt("{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}",
				  "{\"sub\":\"u\",\"exp\":1772334000}", KEY),
			 ERR_DENIED);
	assert_int_equal(read_for("", "{\"sub\":\"guest:1\",\"exp\":1772334000}"), ERR_DENIED);
	assert_int_equal(read_for("", "{\"sub\":\"u\",\"exp\":1e300}"), ERR_DENIED);
}

static void requiring_what_nobody_can_have_is_a_mistake_of_the_settings(void **state)
{
	struct settings settings;
	struct identity_trust *trust;
	struct err err;

	(void)state;
	settings_init(&settings);
	session_set(&settings.identity, STR("required"));
	assert_int_equal(identity_trust_new(&settings, &trust, &err), ERR_INVALID);
	assert_non_null(strstr(err.text, "identity-public-keys"));
	session_set(&settings.identity_public_keys, STR("/nowhere/keys.pem"));
	assert_int_equal(identity_trust_new(&settings, &trust, &err), ERR_IO);
	settings_done(&settings);
}

static void without_a_key_nobody_is_believed(void **state)
{
	struct buf b = jwt(hs256, "{\"sub\":\"u42\",\"exp\":1772334000}", STR_NONE);
	struct identity id;
	struct err err;

	(void)state;
	assert_int_equal(read_as("", "", buf_view(&b), &id, &err), ERR_DENIED);
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
		cmocka_unit_test(what_is_not_signed_by_us_is_refused),
		cmocka_unit_test(times_are_kept),
		cmocka_unit_test(the_audience_is_kept_where_one_is_set),
		cmocka_unit_test(headers_that_ask_for_more_and_names_of_guests_are_refused),
		cmocka_unit_test(requiring_what_nobody_can_have_is_a_mistake_of_the_settings),
		cmocka_unit_test(without_a_key_nobody_is_believed),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
