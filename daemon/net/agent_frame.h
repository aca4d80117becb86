/* Frames of the desk's protocol kefu.desk.v1 (docs/admin-api.md): what agents' pages send, read and checked. As
 * net/frame.h: one row a type, members nobody knows are ignored. Pure. */
#ifndef NET_AGENT_FRAME_H
#define NET_AGENT_FRAME_H

#include "net/frame.h"

enum agent_frame_type {
	AGENT_HELLO,
	AGENT_PRESENCE,
	AGENT_TAKE,
	AGENT_SAY,
	AGENT_NOTE,
	AGENT_TYPING,
	AGENT_READ,
	AGENT_TRANSFER,
	AGENT_RELEASE,
	AGENT_CLOSE,
	AGENT_OPEN,
	AGENT_FRAMES
};

enum { AGENT_TEXT_BYTES = 8000, AGENT_NAME_BYTES = 200 };

/* Texts are borrowed from `json`; not given: "" or 0. */
struct agent_frame {
	enum agent_frame_type type;
	struct json *json;
	struct str session, id, text, state, to, team, note;
	int64_t since, line;
};

/* 0, or ERR_INVALID with *fault filled; session and id are then still set when they were usable. Call
 * agent_frame_done either way. */
MUST_USE int agent_frame_read(struct str bytes, struct agent_frame *f, struct fault *fault);
void agent_frame_done(struct agent_frame *f);

#endif
