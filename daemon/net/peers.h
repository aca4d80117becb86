/* How many connections each address has: the count behind `connections-per-ip`.
 *
 * An open-addressing table, linear probing, deletion by shifting back, so it never fills with
 * tombstones:
 *
 *	slot   3      4      5      6
 *	      [A 2]  [B 1]  [C 7]  [ ]     A, B and C all hash to 3; dropping A moves B to 3 and C
 * to 4.
 *
 * IPv4 counts by address, IPv6 by /64 (one household or one rented machine owns a whole /64). Sized
 * for the global cap at start, so it never grows. Loop thread only. */
#ifndef NET_PEERS_H
#define NET_PEERS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

struct peers;

/* An address as it is counted; all zero = none (unix socket, unknown). */
struct peer {
	unsigned char key[16];
};

/* For at most `connections` connections at once. */
struct peers *peers_new(size_t connections);
void peers_free(struct peers *p);

struct peer peer_of(const struct sockaddr *sa);
/* "203.0.113.7", "2001:db8::/64", "::1". */
void peer_print(const struct peer *who, char out[64]);
/* Is it this very machine (127.0.0.0/8, ::1)? */
bool peer_is_loopback(const struct peer *who);

/* Counts one more connection of that peer unless it has `max`: false then. */
bool peers_take(struct peers *p, const struct peer *who, size_t max);
void peers_drop(struct peers *p, const struct peer *who);
size_t peers_count(const struct peers *p, const struct peer *who);

#endif
