#include "net/peers.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "text/mem.h"
#include "text/str.h"

struct slot {
	struct peer who;
	unsigned count; /* 0 = empty */
};

struct peers {
	struct slot *slots;
	size_t mask;
	uint64_t salt; /* so that nobody can choose addresses that collide */
};

struct peers *peers_new(size_t connections)
{
	struct peers *p = mem_zalloc(sizeof *p);
	size_t n = 16;

	while (n < connections * 2)
		n *= 2;
	p->slots = mem_zalloc(n * sizeof *p->slots);
	p->mask = n - 1;
	if (getrandom(&p->salt, sizeof p->salt, GRND_NONBLOCK) != sizeof p->salt)
		p->salt = (uint64_t)(uintptr_t)p;
	return p;
}

void peers_free(struct peers *p)
{
	if (!p)
		return;
	free(p->slots);
	free(p);
}

struct peer peer_of(const struct sockaddr *sa)
{
	struct peer who = {{0}};

	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)sa;

		who.key[10] = who.key[11] = 0xff;
		memcpy(who.key + 12, &in->sin_addr, 4);
	} else if (sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)sa;

		memcpy(who.key, &in6->sin6_addr, 16);
		if (!IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
			memset(who.key + 8, 0, 8);
	}
	return who;
}

/* ::1 counts by its /64 as all addresses do: all zero. */
static bool is_zero(const struct peer *who)
{
	static const struct peer none;

	return memcmp(who, &none, sizeof none) == 0;
}

static bool is_v4(const struct peer *who)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(who->key, mapped, sizeof mapped) == 0;
}

void peer_print(const struct peer *who, char out[64])
{
	if (is_zero(who))
		snprintf(out, 64, "::1");
	else if (is_v4(who))
		inet_ntop(AF_INET, who->key + 12, out, 64);
	else if (inet_ntop(AF_INET6, who->key, out, 48))
		strcat(out, "/64");
}

bool peer_is_loopback(const struct peer *who)
{
	return is_zero(who) || (is_v4(who) && who->key[12] == 127);
}

static size_t home_of(const struct peers *p, const struct peer *who)
{
	char bytes[sizeof who->key + sizeof p->salt];

	memcpy(bytes, who->key, sizeof who->key);
	memcpy(bytes + sizeof who->key, &p->salt, sizeof p->salt);
	return (size_t)str_hash((struct str){bytes, sizeof bytes}) & p->mask;
}

/* The slot of that peer, or the empty one where it would go. */
static size_t slot_of(const struct peers *p, const struct peer *who)
{
	size_t i = home_of(p, who);

	while (p->slots[i].count && memcmp(&p->slots[i].who, who, sizeof *who) != 0)
		i = (i + 1) & p->mask;
	return i;
}

bool peers_take(struct peers *p, const struct peer *who, size_t max)
{
	struct slot *s = &p->slots[slot_of(p, who)];

	if (s->count >= max)
		return false;
	s->who = *who;
	s->count++;
	return true;
}

static void close_gap(struct peers *p, size_t gap)
{
	for (size_t i = (gap + 1) & p->mask; p->slots[i].count; i = (i + 1) & p->mask) {
		size_t home = home_of(p, &p->slots[i].who);

		/* An entry whose home lies cyclically in (gap, i] would be lost before its home. */
		if (((i - home) & p->mask) < ((i - gap) & p->mask))
			continue;
		p->slots[gap] = p->slots[i];
		gap = i;
	}
	memset(&p->slots[gap], 0, sizeof p->slots[gap]);
}

void peers_drop(struct peers *p, const struct peer *who)
{
	size_t i = slot_of(p, who);

	assert(p->slots[i].count > 0);
	if (--p->slots[i].count == 0)
		close_gap(p, i);
}

size_t peers_count(const struct peers *p, const struct peer *who)
{
	return p->slots[slot_of(p, who)].count;
}
