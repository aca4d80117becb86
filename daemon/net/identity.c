#include "net/identity.h"

#include <stdlib.h>

#include "json.h"
#include "public_key.h"
#include "secret.h"
#include "text/mem.h"

enum { LEEWAY_S = 60 };
static const double EXP_MAX = 9e12; /* seconds; milliseconds still fit */

struct identity_trust {
	struct str secret, audience;
	struct public_keys *keys;
	bool required;
};

int identity_trust_new(const struct settings *s, struct identity_trust **out, struct err *err)
{
	struct identity_trust *t = mem_zalloc(sizeof *t);
	int rc = 0;

	t->secret = str_of(s->identity_key);
	t->audience = str_of(s->identity_audience);
	t->required = strcmp(s->identity, "required") == 0;
	if (*s->identity_public_keys)
		rc = public_keys_read(s->identity_public_keys, &t->keys, err);
	if (rc == 0 && t->required && !t->secret.n && !t->keys)
		rc = err_set(err, ERR_INVALID,
			     "identity is required, but neither identity-key nor "
			     "identity-public-keys says whose; nobody could chat");
	if (rc != 0) {
		identity_trust_free(t);
		return rc;
	}
	*out = t;
	return 0;
}

void identity_trust_free(struct identity_trust *t)
{
	if (!t)
		return;
	public_keys_free(t->keys);
	free(t);
}

bool identity_required(const struct identity_trust *t)
{
	return t->required;
}

/* ---- signatures ---- */

static bool by_secret(const struct identity_trust *t, struct str message, struct str signature)
{
	unsigned char mac[32];

	if (!t->secret.n)
		return false;
	secret_hmac(t->secret, message, mac);
	return secret_equal(signature, (struct str){(const char *)mac, sizeof mac});
}

static bool by_rsa(const struct identity_trust *t, struct str message, struct str signature)
{
	return public_keys_verify(t->keys, PUBLIC_KEY_RSA, message, signature);
}

static bool by_ed25519(const struct identity_trust *t, struct str message, struct str signature)
{
	return public_keys_verify(t->keys, PUBLIC_KEY_ED25519, message, signature);
}

static const struct algorithm {
	struct str name;
	bool (*verify)(const struct identity_trust *t, struct str message, struct str signature);
} algorithms[] = {
	{STR_INIT("HS256"), by_secret},
	{STR_INIT("RS256"), by_rsa},
	{STR_INIT("EdDSA"), by_ed25519},
};

/* The JSON object of one part; NULL when it is none. */
static struct json *open_part(struct str part)
{
	unsigned char bytes[IDENTITY_JWT_MAX];
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

/* What the header names, when we know it; NULL else. */
static const struct algorithm *algorithm_of(struct str header)
{
	struct json *j = open_part(header);
	const struct algorithm *found = NULL;
	struct str name;

	if (j && !json_member(j, "crit") && json_get_str(j, "alg", &name)) {
		for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
			if (str_eq(algorithms[i].name, name))
				found = &algorithms[i];
		}
	}
	json_free(j);
	return found;
}

/* header.payload.signature */
static bool split(struct str jwt, struct str part[3])
{
	size_t a = str_find(jwt, STR("."), 0);
	size_t b = a == SIZE_MAX ? a : str_find(jwt, STR("."), a + 1);

	if (jwt.n > IDENTITY_JWT_MAX || b == SIZE_MAX)
		return false;
	part[0] = str_sub(jwt, 0, a);
	part[1] = str_sub(jwt, a + 1, b);
	part[2] = str_sub(jwt, b + 1, jwt.n);
	return true;
}

static bool signed_by_us(const struct identity_trust *t, struct str jwt, const struct str part[3])
{
	const struct algorithm *a = algorithm_of(part[0]);
	unsigned char signature[IDENTITY_JWT_MAX];
	size_t n = sizeof signature;

	return a && secret_base64url(part[2], signature, &n) &&
	       a->verify(t, str_sub(jwt, 0, jwt.n - part[2].n - 1),
			 (struct str){(const char *)signature, n});
}

/* ---- claims ---- */

/* aud is a name or a list of names (RFC 7519 §4.1.3). */
static bool is_for(const struct json *j, struct str audience)
{
	const struct json *list = json_member(j, "aud");
	struct str one;

	if (json_get_str(j, "aud", &one))
		return str_eq(one, audience);
	for (size_t i = 0; list && i < json_length(list); i++) {
		if (json_text(json_item(list, i), &one) && str_eq(one, audience))
			return true;
	}
	return false;
}

static int times_read(const struct json *j, int64_t now_s, struct identity *out, struct err *err)
{
	double exp, nbf;

	if (!json_get_num(j, "exp", &exp) || !(exp >= 0 && exp <= EXP_MAX))
		return err_set(err, ERR_DENIED,
			       "the identity has no 'exp' (Unix seconds): it would be good for "
			       "ever");
	if (exp + LEEWAY_S < (double)now_s)
		return err_set(err, ERR_DENIED, "the identity has expired");
	if (json_get_num(j, "nbf", &nbf) && nbf - LEEWAY_S > (double)now_s)
		return err_set(err, ERR_DENIED, "the identity is not valid yet");
	out->until_unix_ms = ((int64_t)exp + LEEWAY_S) * 1000;
	return 0;
}

static int claims_read(const struct identity_trust *t, const struct json *j, int64_t now_s,
		       struct identity *out, struct err *err)
{
	struct str sub;

	if (!json_get_str(j, "sub", &sub) || !sub.n || sub.n > IDENTITY_USER_MAX)
		return err_set(err, ERR_DENIED, "the identity has no 'sub' of 1 to %d bytes",
			       IDENTITY_USER_MAX);
	if (str_starts(sub, STR("guest:")))
		return err_set(err, ERR_DENIED, "'sub' must not begin with guest:");
	if (t->audience.n && !is_for(j, t->audience))
		return err_set(err, ERR_DENIED, "the identity's 'aud' is not '%.*s'",
			       STR_ARG(t->audience));
	memcpy(out->user, sub.p, sub.n);
	out->user[sub.n] = '\0';
	return times_read(j, now_s, out, err);
}

int identity_read(const struct identity_trust *t, struct str jwt, int64_t now_unix_ms,
		  struct identity *out, struct err *err)
{
	struct str part[3];
	struct json *claims;
	int rc;

	if (!t->secret.n && !t->keys)
		return err_set(err, ERR_DENIED,
			       "no identity is believed here; the settings 'identity-key' and "
			       "'identity-public-keys' are empty");
	if (!split(jwt, part) || !signed_by_us(t, jwt, part))
		return err_set(err, ERR_DENIED,
			       "the identity is not signed with one of our keys (HS256, RS256 "
			       "or EdDSA, as the settings allow)");
	claims = open_part(part[1]);
	if (!claims)
		return err_set(err, ERR_DENIED, "the identity's claims are not a JSON object");
	rc = claims_read(t, claims, now_unix_ms / 1000, out, err);
	json_free(claims);
	return rc;
}
