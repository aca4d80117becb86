/* The daemon as one object: what the loop thread owns.
 *
 * Everything in it belongs to the loop thread. Other threads (writer, reader, reload) get no
 * pointer into it but `wake`, on which they knock; the loop then collects their results. */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include "bot/turn.h"
#include "hub.h"
#include "learn.h"
#include "net/forwarded.h"
#include "net/links.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/pending.h"
#include "net/reader.h"
#include "net/wake.h"
#include "record.h"
#include "reload.h"
#include "settings.h"
#include "tally.h"
#include "writer.h"

struct admin;
struct speech;
struct assist;
struct identity_trust;
struct lws_context;
struct lws_vhost;

/* The newest attempt to build a snapshot. */
struct last_try {
	int64_t at_unix_ms;
	bool ok;
	double ms;
	struct buf diags; /* as rules_put_diags writes them */
};

struct server {
	const struct settings *settings;
	struct snapshot *snapshot; /* in service */
	struct learn learn;
	struct profiles *profiles; /* those of `learn` */
	struct turn turn;	   /* reused */
	double turn_us;		   /* what the last one took */
	struct buf frame;	   /* scratch: an error, a stored frame, an acknowledgement */
	struct buf reply;	   /* the reply frame of the last turn */

	struct hub *hub;
	struct writer *writer;
	struct reader *reader;
	struct admin *admin;   /* what serves the staff */
	struct assist *assist; /* people beside the bot */
	struct reload *reload;
	struct tally *tally;
	struct record *record;	/* NULL: nothing is recorded */
	struct speech *speech;	/* NULL: neither heard nor said */
	size_t audio_bytes;	/* of all utterances coming in */
	struct pending pending; /* what waits for a commit */
	char reload_error[512]; /* of the last build, "" = it went well */
	struct last_try last_try;

	struct links links;
	struct identity_trust *trust;
	struct peers *peers;
	struct forwarded forwarded;
	size_t body_bytes; /* of all requests being received */
	struct lws_context *context;
	struct lws_vhost *vhost;
	struct loop loop;
	struct listener listener;
	struct wake wake;
	struct watch signals, timer;
	int64_t started_unix_ms;
	bool draining;
	bool stopped;		/* threads are gone; only the last callbacks run */
	int64_t drain_until_ms; /* monotonic */
};

/* Opens everything. With errors in the rules, *diags has all of them. Signals must be blocked
 * already (signals_block). */
MUST_USE int server_open(const struct settings *settings, struct diags *diags, struct server **out,
			 struct err *err);
/* Would server_open find the rules and the database good? Writes nothing. */
MUST_USE int server_check(const struct settings *settings, struct diags *diags, struct err *err);
/* Serves until told to stop. */
void server_run(struct server *s);
/* Commits what is queued, closes everything. NULL is fine. */
void server_close(struct server *s);

/* Stops accepting, lets queues empty, says 1001 to every client, then stops. */
void server_drain(struct server *s);
/* Leaves the loop now. */
void server_stop(struct server *s);
/* While draining: stops when nobody is left. */
void server_drain_check(struct server *s);

#endif
