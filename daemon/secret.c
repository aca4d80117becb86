#include "secret.h"

#include <sodium.h>

_Static_assert(crypto_pwhash_STRBYTES == 128, "secret.h promises 128 bytes");

int secret_init(struct err *err)
{
	if (sodium_init() < 0)
		return err_set(err, ERR_IO, "libsodium does not start: no source of randomness");
	return 0;
}

void secret_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

void secret_hex(const unsigned char *bytes, size_t n, char *out)
{
	sodium_bin2hex(out, 2 * n + 1, bytes, n);
}

void secret_token(char out[33])
{
	unsigned char bits[16];

	randombytes_buf(bits, sizeof bits);
	secret_hex(bits, sizeof bits, out);
}

void secret_hash(struct str s, unsigned char out[32])
{
	crypto_generichash(out, 32, (const unsigned char *)s.p, s.n, NULL, 0);
}

bool secret_equal(struct str a, struct str b)
{
	return a.n == b.n && (!a.n || sodium_memcmp(a.p, b.p, a.n) == 0);
}

void secret_hmac(struct str key, struct str message, unsigned char out[32])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)(key.n ? key.p : ""), key.n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)(message.n ? message.p : ""),
				      message.n);
	crypto_auth_hmacsha256_final(&state, out);
}

static bool base64_read(struct str text, int variant, unsigned char *out, size_t *n)
{
	const char *end;
	size_t got;

	if (!text.n) {
		*n = 0;
		return true;
	}
	if (sodium_base642bin(out, *n, text.p, text.n, NULL, &got, &end, variant) ||
	    end != text.p + text.n)
		return false;
	*n = got;
	return true;
}

bool secret_base64url(struct str text, unsigned char *out, size_t *n)
{
	return base64_read(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out, n);
}

bool secret_base64(struct str text, unsigned char *out, size_t *n)
{
	return base64_read(text, sodium_base64_VARIANT_ORIGINAL, out, n);
}

int secret_password_hash(struct str password, char out[128], struct err *err)
{
	if (crypto_pwhash_str(out, password.n ? password.p : "", password.n,
			      crypto_pwhash_OPSLIMIT_INTERACTIVE,
			      crypto_pwhash_MEMLIMIT_INTERACTIVE))
		return err_set(err, ERR_IO, "not enough memory to hash the password (64 MiB)");
	return 0;
}

bool secret_password_verify(struct str password, const char *hash)
{
	return crypto_pwhash_str_verify(hash, password.n ? password.p : "", password.n) == 0;
}
