#include "public_key.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/buf.h"
#include "text/mem.h"

enum { PEM_FILE_MAX = 1 << 20 };

struct public_keys {
	struct {
		enum public_key_kind kind;
		EVP_PKEY *key;
	} v[PUBLIC_KEYS_MAX];
	size_t n;
};

static int kind_of(const EVP_PKEY *key, enum public_key_kind *kind)
{
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		*kind = PUBLIC_KEY_RSA;
		return EVP_PKEY_get_bits(key) >= PUBLIC_KEY_RSA_BITS_MIN ? 0 : -1;
	case EVP_PKEY_ED25519:
		*kind = PUBLIC_KEY_ED25519;
		return 0;
	default:
		return -1;
	}
}

static int add(struct public_keys *k, EVP_PKEY *key, const char *path, struct err *err)
{
	enum public_key_kind kind;

	if (k->n == PUBLIC_KEYS_MAX) {
		EVP_PKEY_free(key);
		return err_set(err, ERR_LIMIT, "%s: more than %d public keys", path,
			       PUBLIC_KEYS_MAX);
	}
	if (kind_of(key, &kind) != 0) {
		EVP_PKEY_free(key);
		return err_set(err, ERR_INVALID,
			       "%s: public key %zu is neither RSA of %d bits or more nor Ed25519",
			       path, k->n + 1, PUBLIC_KEY_RSA_BITS_MIN);
	}
	k->v[k->n].kind = kind;
	k->v[k->n].key = key;
	k->n++;
	return 0;
}

static int read_pem(struct public_keys *k, struct str pem, const char *path, struct err *err)
{
	BIO *bio;
	EVP_PKEY *key;
	int rc = 0;

	if (str_find(pem, STR("PRIVATE KEY"), 0) != SIZE_MAX)
		return err_set(err, ERR_INVALID,
			       "%s holds a private key; give the public one, as made by "
			       "openssl pkey -in KEY -pubout",
			       path);
	bio = BIO_new_mem_buf(pem.n ? pem.p : "", (int)pem.n);
	if (!bio)
		return err_set(err, ERR_IO, "%s: not enough memory", path);
	while (rc == 0 && (key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL)))
		rc = add(k, key, path, err);
	BIO_free(bio);
	if (rc == 0 && !k->n)
		rc = err_set(err, ERR_INVALID,
			     "%s has no public key (PEM, -----BEGIN PUBLIC KEY-----)", path);
	return rc;
}

static int read_file(const char *path, struct buf *out, struct err *err)
{
	FILE *f = fopen(path, "re");
	char part[4096];
	size_t n;
	int rc = 0;

	if (!f)
		return err_set(err, ERR_IO, "%s cannot be opened: %s", path, strerror(errno));
	while (out->n <= PEM_FILE_MAX && (n = fread(part, 1, sizeof part, f)) > 0)
		buf_put(out, part, n);
	if (ferror(f))
		rc = err_set(err, ERR_IO, "%s cannot be read: %s", path, strerror(errno));
	else if (out->n > PEM_FILE_MAX)
		rc = err_set(err, ERR_LIMIT, "%s is no file of keys: over 1 MiB", path);
	fclose(f);
	return rc;
}

int public_keys_read(const char *path, struct public_keys **out, struct err *err)
{
	struct public_keys *k = mem_zalloc(sizeof *k);
	struct buf pem = {0};
	int rc = read_file(path, &pem, err);

	if (rc == 0)
		rc = read_pem(k, buf_view(&pem), path, err);
	buf_done(&pem);
	if (rc != 0) {
		public_keys_free(k);
		return rc;
	}
	*out = k;
	return 0;
}

void public_keys_free(struct public_keys *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < k->n; i++)
		EVP_PKEY_free(k->v[i].key);
	free(k);
}

static bool verify_one(EVP_PKEY *key, enum public_key_kind kind, struct str message,
		       struct str signature)
{
	/* Ed25519 hashes by itself. */
	const EVP_MD *md = kind == PUBLIC_KEY_RSA ? EVP_sha256() : NULL;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx && EVP_DigestVerifyInit(ctx, NULL, md, NULL, key) == 1 &&
		    EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n,
				     (const unsigned char *)message.p, message.n) == 1;

	EVP_MD_CTX_free(ctx);
	return good;
}

bool public_keys_verify(const struct public_keys *k, enum public_key_kind kind, struct str message,
			struct str signature)
{
	if (!signature.n)
		return false;
	for (size_t i = 0; k && i < k->n; i++) {
		if (k->v[i].kind == kind && verify_one(k->v[i].key, kind, message, signature))
			return true;
	}
	return false;
}
