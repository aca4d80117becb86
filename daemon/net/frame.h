/* Frames of the wire protocol (docs/protocol.md): what clients send, read and checked; what the
 * server sends, written.
 *
 * Reading is a table: one row a type, one row a field. A field with the wrong type, too long, or
 * missing where it must not be is refused by name; members nobody knows are ignored, so that newer
 * clients can talk to older servers. Pure: no sockets, no clock. */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include "bot/turn.h"
#include "net/fault.h"

enum frame_type {
	FRAME_HELLO,
	FRAME_MESSAGE,
	FRAME_CLICK,
	FRAME_FEEDBACK,
	FRAME_EVENT,
	FRAME_TYPING,
	FRAME_END,
	FRAME_AUDIO,
	FRAME_TYPES
};

enum {
	FRAME_ID_MAX = 64,	 /* bytes of a client's message id */
	FRAME_SEQ_MAX_BITS = 53, /* numbers stay exact in JavaScript */
};
#define FRAME_SEQ_MAX ((INT64_C(1) << FRAME_SEQ_MAX_BITS) - 1)

/* One frame of a client. Texts are borrowed from `json` and valid until frame_done; those not given
 * are empty, numbers not given as noted. */
struct frame {
	enum frame_type type;
	struct json *json;
	struct str id;				  /* any type */
	struct str lang, session, identity, page; /* hello; lang: audio */
	int64_t since;				  /* hello; -1 = not given */
	struct str text;			  /* message: text; click: value */
	int64_t seq;				  /* feedback */
	bool helpful;				  /* feedback */
	struct str name, course;		  /* event; course may be "" (shown) */
	struct str list;			  /* event: id of the list it came from */
	double value;				  /* event; 1 = not given */
	double minutes, progress, score;	  /* event; -1 = not given */
	struct str format, data;		  /* audio; data is base64 */
	int64_t rate;				  /* audio; -1 = not given */
	bool more;				  /* audio: another part follows */
};

/* 0, or ERR_INVALID with *fault filled; f->id is then still set when the frame had a usable one.
 * Call frame_done either way. */
MUST_USE int frame_read(struct str bytes, struct frame *f, struct fault *fault);
void frame_done(struct frame *f);
const char *frame_type_name(enum frame_type t);

/* ---- the server's frames, one JSON object appended to `out` ---- */

/* `greeting` may be NULL (resumed). With session "" the member is left out: the form that is
 * stored, because tokens never reach the disk. */
void frame_put_welcome(struct buf *out, int64_t seq, struct str session, bool resumed,
		       const struct reply *greeting);
/* The welcome just put, with a member `speech` (JSON; "" = none). */
void frame_add_speech(struct buf *out, struct str speech);
/* A stored welcome with the token put back; any other frame as it is. */
void frame_put_stored(struct buf *out, struct str stored, struct str session);
void frame_put_reply(struct buf *out, int64_t seq, struct str to, const struct reply *r);
/* What was said in the `audio` frames of that id; no seq, because it is not kept. */
void frame_put_heard(struct buf *out, struct str to, struct str text, struct str lang);
void frame_put_ack(struct buf *out, int64_t seq, struct str to);
/* How it stands with a person. */
struct frame_agent {
	const char *state; /* "queued", "joined", "left", "closed", "offline" */
	struct str name, team;
	int64_t position;      /* 0 = none */
	int64_t opens_unix_ms; /* 0 = not known */
};
/* seq -1: it is not to be kept. */
void frame_put_agent(struct buf *out, int64_t seq, const struct frame_agent *what);
void frame_put_agent_message(struct buf *out, int64_t seq, struct str name, struct str text);
void frame_put_typing(struct buf *out, const char *who);
/* `to` "" = none. Errors carry no seq. */
void frame_put_error(struct buf *out, const char *code, const char *message, struct str to);

#endif
