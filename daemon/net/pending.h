/* Acknowledgements owed: who is to be told when which rows are on the disk.
 *
 * The writer answers with a ticket; this table knows what the ticket stood for. Found by ticket,
 * and by conversation and message id, so that a message sent twice is stored once. Loop thread
 * only. */
#ifndef NET_PENDING_H
#define NET_PENDING_H

#include <stdint.h>

#include "text/str.h"

enum pending_what {
	PENDING_ACK,
	PENDING_REQUEST,
	PENDING_HELLO, /* of a guest who signs in */
};

struct ticket {
	uint64_t number;
	enum pending_what what;
	uint64_t link;	/* PENDING_REQUEST, PENDING_HELLO: the connection */
	char token[33]; /* PENDING_ACK, PENDING_HELLO: the conversation */
	char id[65];	/* PENDING_ACK: the learner's message id */
	size_t events;	/* how many it is about */
	struct ticket *next_number, *next_id;
};

enum { PENDING_BUCKETS = 1024 };

struct pending {
	struct ticket *by_number[PENDING_BUCKETS];
	struct ticket *by_id[PENDING_BUCKETS];
	uint64_t last;
	size_t n;
};

void pending_done(struct pending *p);
/* A new ticket, number filled in; token and id "" for requests. */
struct ticket *pending_add(struct pending *p, enum pending_what what, uint64_t link,
			   struct str token, struct str id);
bool pending_has(const struct pending *p, struct str token, struct str id);
/* The ticket of that number, now the caller's to free(); NULL when there is none. */
struct ticket *pending_take(struct pending *p, uint64_t number);

#endif
