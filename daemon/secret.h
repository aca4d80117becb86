/* What needs cryptography: tokens, hashes, signatures, passwords. The only home of sodium.h.
 *
 * Any thread, once secret_init has returned 0. */
#ifndef DAEMON_SECRET_H
#define DAEMON_SECRET_H

#include "text/err.h"

/* Once, before all else here; again does nothing. */
MUST_USE int secret_init(struct err *err);

/* Fresh random bytes of the system. */
void secret_random(void *out, size_t n);
/* 128 random bits as 32 hex digits, NUL-terminated. */
void secret_token(char out[33]);
/* n bytes as 2n hex digits, NUL-terminated. */
void secret_hex(const unsigned char *bytes, size_t n, char *out);

/* BLAKE2b, 256 bits. */
void secret_hash(struct str s, unsigned char out[32]);
/* Takes as long whatever the contents are (lengths are no secret). */
bool secret_equal(struct str a, struct str b);

/* HMAC-SHA256, as in JWT's HS256 and in webhook signatures. */
void secret_hmac(struct str key, struct str message, unsigned char out[32]);
/* base64url without padding (RFC 4648 §5), as in JWT. False when it is not that or longer than *n bytes;
 * *n is then untouched. */
bool secret_base64url(struct str text, unsigned char *out, size_t *n);
/* base64 with padding (RFC 4648 §4), as JSON carries bytes. As above. */
bool secret_base64(struct str text, unsigned char *out, size_t *n);

/* Argon2id with libsodium's interactive cost (64 MiB, some 100 ms): never on the loop thread without a
 * limit on attempts. `out` is printable and holds its own salt and cost. */
MUST_USE int secret_password_hash(struct str password, char out[128], struct err *err);
bool secret_password_verify(struct str password, const char *hash);

#endif
