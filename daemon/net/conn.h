/* One WebSocket: messages put together and checked, frames queued and flushed, silence noticed.
 *
 * In: fragments are joined up to `message-bytes` (more: 1009), binary is refused (1003), the whole
 * message must be UTF-8 (1007); then dispatch_message has it. Out: frames gather in a queue and
 * leave in one write per WRITEABLE. Above the high mark reading stops, so that a client which does
 * not read cannot make us remember for it; one that reads nothing for `ping-seconds`, or makes the
 * queue outgrow `queue-bytes`, is cut (1008).
 *
 * Closing is a state: the queue is flushed first, the close frame follows, nothing more is read. */
#ifndef NET_CONN_H
#define NET_CONN_H

#include "hub.h"
#include "net/links.h"
#include "net/outq.h"
#include "net/reader.h"

enum ws_close {
	WS_NONE = 0,
	WS_NORMAL = 1000,
	WS_GOING_AWAY = 1001,
	WS_PROTOCOL = 1002,
	WS_NOT_TEXT = 1003,
	WS_NOT_UTF8 = 1007,
	WS_POLICY = 1008,
	WS_TOO_BIG = 1009,
	WS_TRY_LATER = 1013,
	WS_REPLACED = 4001, /* the session goes on at another connection */
};

/* A hello that waits for the database: for the session, or for a guest to be signed in. */
struct hello {
	char token[33];
	char *lang, *page;	   /* NULL = not given */
	struct identity *identity; /* NULL = a guest, or not proven */
	int64_t since;		   /* < 0: not given */
	bool here; /* the conversation of this connection goes on, after what was sent */
};

enum rx_stop { RX_FULL = 1, RX_WAIT = 2 };

struct conn {
	struct link *link;
	struct agent *agent; /* at the desk; NULL = a learner's, and then what follows is in use */
	struct server *server;
	struct buf in; /* fragments so far */
	struct outq out;
	unsigned rx_stopped; /* enum rx_stop */
	unsigned strikes;    /* refused frames in a row */
	unsigned opened;     /* new sessions it was given */

	struct chat *chat;	    /* NULL before hello or the first message */
	int64_t cursor;		    /* seq of the last frame queued from the chat */
	struct reader_result *page; /* frames from the database, being fed */
	size_t page_at;
	bool reading;		 /* the reader was asked */
	struct hearing *hearing; /* an utterance that is coming in; NULL */
	struct hello *hello;	 /* being resumed */
	struct buf held; /* messages that came meanwhile: length, bytes, length, bytes … */

	int64_t message_ms, heard_ms, flushed_ms; /* monotonic */
	int64_t ping_ms;			  /* of the unanswered ping, 0 = none */
	int64_t closing_ms;			  /* 0 = open */
	enum ws_close close_code;
	char close_reason[64];
};

/* ---- called by the callback table ---- */
struct conn *conn_new(struct link *l);
void conn_free(struct conn *c);
/* A piece of a message. */
void conn_receive(struct conn *c, struct str piece, bool first, bool final, bool binary);
void conn_pong(struct conn *c);
/* Writes one batch; -1: close now. */
int conn_writable(struct conn *c);
/* The peer's close frame: -1 to answer it with a code of our own. */
int conn_peer_closes(struct conn *c, struct str payload);

/* ---- called by everybody else ---- */
/* Queues a text frame. */
void conn_send(struct conn *c, struct str json);
/* Is the queue above the high mark? */
bool conn_full(const struct conn *c);
void conn_error(struct conn *c, const char *code, const char *message, struct str to);
void conn_close(struct conn *c, enum ws_close code, const char *reason);
/* Stops and resumes reading for one reason. */
void conn_rx(struct conn *c, enum rx_stop why, bool on);
void conn_sweep(struct conn *c, int64_t now_ms);
void hello_free(struct hello *h);

#endif
