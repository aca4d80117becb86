#include "net/header.h"

size_t header_length(struct lws *wsi, enum lws_token_indexes which)
{
	int n = lws_hdr_total_length(wsi, which);

	return n > 0 ? (size_t)n : 0;
}

struct str header_read(struct lws *wsi, enum lws_token_indexes which, char *buf, size_t size)
{
	buf[0] = '\0';
	/* Its result leaves out the commas it puts between repeated headers; the text itself is
	 * right. */
	if (lws_hdr_copy(wsi, buf, (int)size, which) <= 0)
		return STR_NONE;
	return str_of(buf);
}

struct str header_custom(struct lws *wsi, const char *name, char *buf, size_t size)
{
	int n = lws_hdr_custom_copy(wsi, buf, (int)size, name, (int)strlen(name));

	return n > 0 ? (struct str){buf, (size_t)n} : STR_NONE;
}

/* "name" or "name=value": the value, in `*arg`. */
static bool is_named(struct str *arg, struct str name)
{
	if (!str_starts(*arg, name) || (arg->n > name.n && arg->p[name.n] != '='))
		return false;
	*arg = str_sub(*arg, name.n + 1, arg->n);
	return true;
}

bool query_read(struct lws *wsi, const char *name, char *buf, size_t size, struct str *value,
		bool *fits)
{
	return query_read_nth(wsi, name, 0, buf, size, value, fits);
}

bool query_read_nth(struct lws *wsi, const char *name, size_t nth, char *buf, size_t size,
		    struct str *value, bool *fits)
{
	char whole[4096]; /* no longer than all headers may be */
	int n;

	*fits = true;
	/* The library has decoded %XX and '+' while it parsed. */
	for (int i = 0; (n = lws_hdr_copy_fragment(wsi, whole, (int)sizeof whole,
						   WSI_TOKEN_HTTP_URI_ARGS, i)) >= 0;
	     i++) {
		struct str arg = {whole, (size_t)n};

		if (!is_named(&arg, str_of(name)) || nth-- > 0)
			continue;
		*fits = arg.n < size;
		if (!*fits)
			return true;
		if (arg.n)
			memcpy(buf, arg.p, arg.n);
		buf[arg.n] = '\0';
		*value = (struct str){buf, arg.n};
		return true;
	}
	return false;
}
