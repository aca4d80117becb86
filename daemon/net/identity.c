#include "net/identity.h"

#include "json.h"
#include "secret.h"

enum { PART_MAX = 4096, LEEWAY_S = 60 };

/* header.payload.signature */
static bool split(struct str jwt, struct str part[3])
{
	size_t a = str_find(jwt, STR("."), 0);
	size_t b = a == SIZE_MAX ? a : str_find(jwt, STR("."), a + 1);

	if (b == SIZE_MAX)
		return false;
	part[0] = str_sub(jwt, 0, a);
	part[1] = str_sub(jwt, a + 1, b);
	part[2] = str_sub(jwt, b + 1, jwt.n);
	return true;
}

static bool signed_by(struct str jwt, struct str signature, struct str key)
{
	unsigned char given[32], wanted[32];
	size_t n = sizeof given;

	if (!secret_base64url(signature, given, &n) || n != sizeof given)
		return false;
	secret_hmac(key, str_sub(jwt, 0, jwt.n - signature.n - 1), wanted);
	return secret_equal((struct str){(const char *)given, sizeof given},
			    (struct str){(const char *)wanted, sizeof wanted});
}

/* The JSON object of one part; NULL when it is none. */
static struct json *open_part(struct str part)
{
	unsigned char bytes[PART_MAX];
	size_t n = sizeof bytes;
	struct json *j = NULL;
	struct err err;

	if (!secret_base64url(part, bytes, &n) ||
	    json_read((struct str){(const char *)bytes, n}, &j, &err) != 0)
		return NULL;
	if (json_is_object(j))
		return j;
	json_free(j);
	return NULL;
}

static bool is_hs256(struct str header)
{
	struct json *j = open_part(header);
	struct str alg;
	bool yes = j && json_get_str(j, "alg", &alg) && str_eq(alg, STR("HS256"));

	json_free(j);
	return yes;
}

static int claims_read(const struct json *j, int64_t now_s, char *user, struct err *err)
{
	struct str sub;
	double exp, nbf;

	if (!json_get_str(j, "sub", &sub) || !sub.n || sub.n > IDENTITY_USER_MAX)
		return err_set(err, ERR_DENIED, "the identity has no 'sub' of 1 to %d bytes",
			       IDENTITY_USER_MAX);
	if (!json_get_num(j, "exp", &exp))
		return err_set(err, ERR_DENIED,
			       "the identity has no 'exp': it would be good for ever");
	if (exp + LEEWAY_S < (double)now_s)
		return err_set(err, ERR_DENIED, "the identity has expired");
	if (json_get_num(j, "nbf", &nbf) && nbf - LEEWAY_S > (double)now_s)
		return err_set(err, ERR_DENIED, "the identity is not valid yet");
	memcpy(user, sub.p, sub.n);
	user[sub.n] = '\0';
	return 0;
}

int identity_read(struct str jwt, struct str key, int64_t now_unix_ms,
		  char user[IDENTITY_USER_MAX + 1], struct err *err)
{
	struct str part[3];
	struct json *claims;
	int rc;

	if (!key.n)
		return err_set(err, ERR_DENIED,
			       "no identity is believed here; the setting 'identity-key' "
			       "is empty");
	if (!split(jwt, part) || !signed_by(jwt, part[2], key) || !is_hs256(part[0]))
		return err_set(err, ERR_DENIED,
			       "the identity is not signed with HS256 and our key");
	claims = open_part(part[1]);
	if (!claims)
		return err_set(err, ERR_DENIED, "the identity's claims are not a JSON object");
	rc = claims_read(claims, now_unix_ms / 1000, user, err);
	json_free(claims);
	return rc;
}
