/* Conversations by token: the bot's session, what was sent, and whether anybody is connected.
 *
 *	order of last activity:  [a]-[b*]-[c]-[d*]   * = has a connection
 *	    makes room first --^               ^-- touched last
 *	a's outbox:  seq 7 8 9 10, each with the client id it answers and its JSON
 *
 * Loop thread only. A token is 128 random bits in hex, known to the learner alone; its hash names the
 * conversation in the database. Bounded: at most `sessions` (the longest unseen one without a
 * connection makes room, else ERR_LIMIT) and `outbox_frames` frames each (older ones are in the
 * database). */
#ifndef DAEMON_HUB_H
#define DAEMON_HUB_H

#include "bot/session.h"
#include "recent.h"

struct hub;

struct chat {
	char token[33];
	char hash[33]; /* first 128 bits of BLAKE2b(token), hex: the key in the database */
	struct session session;
	int64_t seq;	      /* of the last frame sent */
	int64_t seen_unix_ms; /* last activity: hub_touch */
	void *conn;	      /* the connection it is on, NULL = none */
	double rate_tokens;   /* token bucket */
	int64_t rate_unix_ms;
	int64_t proven_until_unix_ms; /* session.logged_in holds until then; 0 = to be proven again */
	/* Experiments of the snapshot `met_serial` that this chat's learner is known to have met: a bit
	 * each, by place in the rules. */
	unsigned long met_serial;
	uint32_t met;
	bool shows; /* the turn in hand is of a client that shows what it is given and says no more of it */
	bool ended; /* by its learner: kept a while so that it is not found in the database */
	struct buf
		said; /* the conversation so far, masked, for a handoff: net/mask.h; freed with the chat */
	struct recent recent; /* the same as lines, as written; freed with it, too */
};

struct hub_limits {
	size_t sessions, outbox_frames;
	int64_t session_ms;
	int rate, rate_seconds;
};

/* secret_init must have been called. */
struct hub *hub_new(const struct hub_limits *limits);
void hub_free(struct hub *h);

MUST_USE int hub_open(struct hub *h, int64_t now_unix_ms, struct chat **out, struct err *err);
/* One that the database knows (after a restart): same token, state restored by the caller. ERR_INVALID
 * when the token is malformed or known already. The session's seed follows from the token. */
MUST_USE int hub_adopt(struct hub *h, struct str token, int64_t now_unix_ms, struct chat **out,
		       struct err *err);
struct chat *hub_find(struct hub *h,
		      struct str token); /* NULL when unknown; compares in constant time */
struct chat *hub_named(struct hub *h, struct str hash); /* by chat.hash; NULL when unknown */
/* The learner or an agent did something: the chat is the last to make room. */
void hub_touch(struct hub *h, struct chat *c, int64_t now_unix_ms);
void hub_end(struct hub *h, struct chat *c);
size_t hub_size(const struct hub *h);
/* Ends chats without a connection whose last activity is session_ms or longer ago. */
void hub_sweep(struct hub *h, int64_t now_unix_ms);
/* Well-formed token text? */
bool hub_token_valid(struct str token);
void hub_token_hash(struct str token, char out[33]);

/* Token bucket: may this chat send one more message now? At most `rate` at once, refilled over
 * rate_seconds. */
bool hub_rate(struct hub *h, struct chat *c, int64_t now_unix_ms);

/* What was sent: a frame (JSON) with its seq (growing) and the client's message id it answers ("" =
 * none). Sets c->seq. */
void hub_sent(struct hub *h, struct chat *c, int64_t seq, struct str to, struct str json);
/* The same, but it does not leave before hub_release, nor does what comes after it: it is on its way to the
 * disk. */
void hub_hold(struct hub *h, struct chat *c, int64_t seq, struct str to, struct str json);
/* It may leave; false: it is not in memory (any more). */
bool hub_release(struct chat *c, int64_t seq);
/* It is not to leave at all: its number is left out. */
void hub_drop(struct chat *c, int64_t seq);
/* A frame that is on the disk and was numbered when nobody had the chat in memory; left alone when newer ones are
 * here already (it is then found where older ones are). */
void hub_late(struct hub *h, struct chat *c, int64_t seq, struct str to, struct str json);
/* Is the answer to a client id held? */
bool hub_holds(const struct chat *c, struct str client_id);
/* The stored reply to a client id, or STR_NONE. Borrowed until the next hub_sent. */
struct str hub_answer(const struct chat *c, struct str client_id);
/* Frames with seq > since, ascending, up to the first that is held; calls `each` for every one. False, with nothing called, when some
 * of them are no longer in memory: the caller takes those below hub_oldest from the database and then
 * asks again from there. */
bool hub_since(const struct chat *c, int64_t since,
	       void (*each)(void *ctx, int64_t seq, struct str json), void *ctx);
/* Seq of the oldest frame in memory; c->seq + 1 when there is none. */
int64_t hub_oldest(const struct chat *c);

#endif
