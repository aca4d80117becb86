#include "net/forwarded.h"

#include <arpa/inet.h>

/* "192.0.2.1", "2001:db8::1", and with a port: "192.0.2.1:4711", "[2001:db8::1]:4711". */
static bool address_read(struct str text, struct peer *out)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	char cstr[INET6_ADDRSTRLEN];
	size_t end;

	text = str_trim(text);
	if (str_starts(text, STR("["))) {
		end = str_find(text, STR("]"), 0);
		if (end == SIZE_MAX)
			return false;
		text = str_sub(text, 1, end);
	} else {
		end = str_find(text, STR(":"), 0);
		/* One colon parts a port; more are IPv6. */
		if (end != SIZE_MAX && str_find(text, STR(":"), end + 1) == SIZE_MAX)
			text = str_sub(text, 0, end);
	}
	if (!text.n || text.n >= sizeof cstr)
		return false;
	memcpy(cstr, text.p, text.n);
	cstr[text.n] = '\0';
	if (inet_pton(AF_INET, cstr, &in.sin_addr) == 1)
		*out = peer_of((const struct sockaddr *)&in);
	else if (inet_pton(AF_INET6, cstr, &in6.sin6_addr) == 1)
		*out = peer_of((const struct sockaddr *)&in6);
	else
		return false;
	return true;
}

/* Cuts the last element of the comma list off. */
static struct str pop_last(struct str *list)
{
	size_t comma = list->n;
	struct str last;

	while (comma && list->p[comma - 1] != ',')
		comma--;
	last = str_sub(*list, comma, list->n);
	*list = str_sub(*list, 0, comma ? comma - 1 : 0);
	return str_trim(last);
}

int forwarded_read(struct forwarded *f, struct str list, struct err *err)
{
	*f = (struct forwarded){0};
	while (list.n) {
		struct str one = pop_last(&list);

		if (!one.n)
			continue;
		if (f->n == FORWARDED_MAX)
			return err_set(err, ERR_LIMIT, "proxies: more than %d addresses",
				       FORWARDED_MAX);
		if (!address_read(one, &f->proxies[f->n]))
			return err_set(err, ERR_INVALID,
				       "proxies: '%.*s' is no address; write a comma list as "
				       "127.0.0.1,::1",
				       STR_ARG(one));
		f->n++;
	}
	return 0;
}

bool forwarded_trusts(const struct forwarded *f, const struct peer *who)
{
	for (size_t i = 0; i < f->n; i++) {
		if (memcmp(&f->proxies[i], who, sizeof *who) == 0)
			return true;
	}
	return false;
}

bool forwarded_client(const struct forwarded *f, struct str header, struct peer *out)
{
	while (header.n) {
		struct peer who;

		if (!address_read(pop_last(&header), &who))
			return false;
		if (!forwarded_trusts(f, &who)) {
			*out = who;
			return true;
		}
	}
	return false;
}
