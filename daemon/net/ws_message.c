#include "net/dispatch.h"
#include "net/server.h"
#include "net/talk.h"

void handle_message(struct conn *c, const struct frame *f)
{
	struct chat *chat = dispatch_chat(c, f->id);
	const char *why, *code;
	struct str again;

	if (!chat)
		return;
	if (hub_holds(chat, f->id))
		return; /* it is on its way to the disk; the answer comes by itself */
	again = hub_answer(chat, f->id);
	if (again.n) {
		conn_send(c, again);
		return;
	}
	code = talk_refuses(c->server, chat, f->text, &why);
	if (code) {
		conn_error(c, code, why, f->id);
		return;
	}
	c->strikes = 0;
	talk_say(c->server, chat, f->type == FRAME_CLICK ? TURN_CLICK : TURN_MESSAGE, f->id,
		 f->text);
}
