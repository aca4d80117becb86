/* agent_frame_read over any bytes: a frame that is taken keeps its promises, one that is refused says why. */
#include "fuzz/fuzz.h"

#include "net/agent_frame.h"
#include "text/utf8.h"

static bool needs_session(enum agent_frame_type t)
{
	return t != AGENT_HELLO && t != AGENT_PRESENCE;
}

static void check_taken(const struct agent_frame *f)
{
	const struct str texts[] = {f->session, f->id, f->text, f->state, f->to, f->team, f->note};
	bool says = f->type == AGENT_SAY || f->type == AGENT_NOTE;

	HOLDS(f->type < AGENT_FRAMES);
	HOLDS(f->id.n <= FRAME_ID_MAX && f->text.n <= AGENT_TEXT_BYTES);
	HOLDS(f->to.n <= AGENT_NAME_BYTES && f->team.n <= AGENT_NAME_BYTES);
	HOLDS(f->since >= 0 && f->line >= 0 && f->since <= FRAME_SEQ_MAX);
	HOLDS(!needs_session(f->type) || f->session.n == 32);
	HOLDS(!says || (f->id.n && f->text.n));
	HOLDS(f->type != AGENT_TRANSFER || !f->to.n != !f->team.n);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		HOLDS(utf8_valid(texts[i]) == texts[i].n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct agent_frame f;
	struct fault fault = {0};

	if (agent_frame_read((struct str){(const char *)data, size}, &f, &fault) == 0)
		check_taken(&f);
	else
		HOLDS(fault.err.text[0] && (strcmp(fault.code, "bad_json") == 0 ||
					    strcmp(fault.code, "bad_frame") == 0));
	agent_frame_done(&f);
	return 0;
}
