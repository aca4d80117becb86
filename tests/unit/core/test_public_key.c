#include "unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "public_key.h"
#include "secret.h"

/* The keys and signatures of RFC 7515 A.2 (RS256) and RFC 8037 A.4 (EdDSA): bytes everybody computes. */
static const char rsa_pem[] = "-----BEGIN PUBLIC KEY-----\n"
			      "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj\n"
			      "NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz\n"
			      "P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo\n"
			      "9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB\n"
			      "EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX\n"
			      "FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp\n"
			      "oQIDAQAB\n"
			      "-----END PUBLIC KEY-----\n";
static const char rsa_message[] = "eyJhbGciOiJSUzI1NiJ9."
				  "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
				  "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
static const char rsa_signature[] =
	"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
	"O8W2Fp5"
	"jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
	"nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb"
	"1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
	"eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QO"
	"YEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
static const char ed_pem[] = "-----BEGIN PUBLIC KEY-----\n"
			     "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
			     "-----END PUBLIC KEY-----\n";
static const char ed_message[] = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
static const char ed_signature[] =
	"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
static const char p256_pem[] = "-----BEGIN PUBLIC KEY-----\n"
			       "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErHwODTusuO29/1pAGHy7A3V2O6yu\n"
			       "rZLFajdic7xyEca102flMCS0nzkIMqFYtEg8Xi3fwYTzHQl4M+uwvq6MvA==\n"
			       "-----END PUBLIC KEY-----\n";

/* The keys of a file with those contents. */
static int read_keys(const char *a, const char *b, struct public_keys **out, struct err *err)
{
	char path[] = "/tmp/kefu-keys-XXXXXX";
	int fd = mkstemp(path), rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, a, strlen(a)), (ssize_t)strlen(a));
	assert_int_equal(write(fd, b, strlen(b)), (ssize_t)strlen(b));
	close(fd);
	rc = public_keys_read(path, out, err);
	unlink(path);
	return rc;
}

static bool verify(const struct public_keys *k, enum public_key_kind kind, const char *message,
		   const char *signature64)
{
	unsigned char signature[512];
	size_t n = sizeof signature;

	assert_true(secret_base64url(str_of(signature64), signature, &n));
	return public_keys_verify(k, kind, str_of(message),
				  (struct str){(const char *)signature, n});
}

static void the_examples_of_the_rfcs_are_signed_well(void **state)
{
	struct public_keys *k;
	struct err err;

	(void)state;
	assert_int_equal(read_keys(rsa_pem, ed_pem, &k, &err), 0);
	assert_true(verify(k, PUBLIC_KEY_RSA, rsa_message, rsa_signature));
	assert_true(verify(k, PUBLIC_KEY_ED25519, ed_message, ed_signature));
	public_keys_free(k);
}

static void another_message_kind_or_key_is_not(void **state)
{
	struct public_keys *k, *only_ed;
	struct err err;

	(void)state;
	assert_int_equal(read_keys(rsa_pem, ed_pem, &k, &err), 0);
	assert_int_equal(read_keys(ed_pem, "", &only_ed, &err), 0);
	assert_false(verify(k, PUBLIC_KEY_RSA, ed_message, rsa_signature));
	assert_false(verify(k, PUBLIC_KEY_RSA, rsa_message, ed_signature));
	assert_false(verify(k, PUBLIC_KEY_ED25519, rsa_message, rsa_signature));
	assert_false(verify(k, PUBLIC_KEY_ED25519, ed_message, ""));
	assert_false(verify(only_ed, PUBLIC_KEY_RSA, rsa_message, rsa_signature));
	assert_false(verify(NULL, PUBLIC_KEY_RSA, rsa_message, rsa_signature));
	public_keys_free(k);
	public_keys_free(only_ed);
}

static void a_file_without_keys_of_ours_says_why(void **state)
{
	struct public_keys *k;
	struct err err;

	(void)state;
	assert_int_equal(read_keys("", "", &k, &err), ERR_INVALID);
	assert_non_null(strstr(err.text, "no public key"));
	assert_int_equal(read_keys(ed_pem, p256_pem, &k, &err), ERR_INVALID);
	assert_non_null(strstr(err.text, "public key 2 is neither"));
	assert_int_equal(read_keys("-----BEGIN PRIVATE KEY-----\n", ed_pem, &k, &err), ERR_INVALID);
	assert_non_null(strstr(err.text, "private key"));
	assert_int_equal(public_keys_read("/nowhere/keys.pem", &k, &err), ERR_IO);
	assert_non_null(strstr(err.text, "/nowhere/keys.pem"));
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
		cmocka_unit_test(the_examples_of_the_rfcs_are_signed_well),
		cmocka_unit_test(another_message_kind_or_key_is_not),
		cmocka_unit_test(a_file_without_keys_of_ours_says_why),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
