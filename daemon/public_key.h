/* Public keys of whoever signs learners' identities, and signatures checked with them. The only home
 * of OpenSSL's headers: libsodium has no RSA, and libwebsockets brings this library anyway.
 *
 * Immutable once read; any thread. */
#ifndef DAEMON_PUBLIC_KEY_H
#define DAEMON_PUBLIC_KEY_H

#include "text/err.h"

enum public_key_kind {
	PUBLIC_KEY_RSA,	    /* RSASSA-PKCS1-v1_5 with SHA-256: JWT's RS256 (RFC 7518 §3.3) */
	PUBLIC_KEY_ED25519, /* JWT's EdDSA (RFC 8037 §3.1) */
};

enum { PUBLIC_KEYS_MAX = 16, PUBLIC_KEY_RSA_BITS_MIN = 2048 };

struct public_keys;

/* Every "PUBLIC KEY" of a PEM file (`openssl pkey -pubout` writes one): several, so that a new key is
 * believed before the old one goes. ERR_INVALID says which key is not RSA of 2048 bits or more or
 * Ed25519, that there is none, or that the file holds a private key, which has no business here. */
MUST_USE int public_keys_read(const char *path, struct public_keys **out, struct err *err);
void public_keys_free(struct public_keys *k); /* NULL is fine */

/* Did one of the keys of that kind sign the message? */
bool public_keys_verify(const struct public_keys *k, enum public_key_kind kind, struct str message,
			struct str signature);

#endif
