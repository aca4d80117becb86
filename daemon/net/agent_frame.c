#include "net/agent_frame.h"

#include <stddef.h>
enum { MEMBERS = 9 };

/* Which members a type has, and which of them it needs. */
enum member {
	SESSION = 1,
	ID = 2,
	TEXT = 4,
	STATE = 8,
	TO = 16,
	TEAM = 32,
	NOTE = 64,
	SINCE = 128,
	LINE = 256,
};

static const struct {
	enum member bit;
	const char *name;
	size_t max; /* bytes; 0: a number */
	size_t offset;
} members[MEMBERS] = {
	{SESSION, "session", 32, offsetof(struct agent_frame, session)},
	{ID, "id", FRAME_ID_MAX, offsetof(struct agent_frame, id)},
	{TEXT, "text", AGENT_TEXT_BYTES, offsetof(struct agent_frame, text)},
	{STATE, "state", 16, offsetof(struct agent_frame, state)},
	{TO, "to", AGENT_NAME_BYTES, offsetof(struct agent_frame, to)},
	{TEAM, "team", AGENT_NAME_BYTES, offsetof(struct agent_frame, team)},
	{NOTE, "note", 500, offsetof(struct agent_frame, note)},
	{SINCE, "since", 0, offsetof(struct agent_frame, since)},
	{LINE, "line", 0, offsetof(struct agent_frame, line)},
};

static const struct {
	const char *name;
	unsigned has, needs;
} types[AGENT_FRAMES] = {
	[AGENT_HELLO] = {"hello", 0, 0},
	[AGENT_PRESENCE] = {"presence", STATE, STATE},
	[AGENT_TAKE] = {"take", SESSION, SESSION},
	[AGENT_SAY] = {"say", SESSION | ID | TEXT, SESSION | ID | TEXT},
	[AGENT_NOTE] = {"note", SESSION | ID | TEXT, SESSION | ID | TEXT},
	[AGENT_TYPING] = {"typing", SESSION, SESSION},
	[AGENT_READ] = {"read", SESSION | LINE, SESSION | LINE},
	[AGENT_TRANSFER] = {"transfer", SESSION | TO | TEAM | NOTE, SESSION},
	[AGENT_RELEASE] = {"release", SESSION, SESSION},
	[AGENT_CLOSE] = {"close", SESSION, SESSION},
	[AGENT_OPEN] = {"open", SESSION | SINCE, SESSION},
};

static int text_read(struct agent_frame *f, size_t i, struct fault *fault)
{
	struct str *at = (struct str *)(void *)((char *)f + members[i].offset);
	struct str value;

	if (!json_get_str(f->json, members[i].name, &value))
		return fault_set(fault, "bad_frame", "'%s' must be a string", members[i].name);
	if (value.n > members[i].max)
		return fault_set(fault, "bad_frame", "'%s' is longer than %zu bytes",
				 members[i].name, members[i].max);
	*at = value;
	return 0;
}

static int number_read(struct agent_frame *f, size_t i, struct fault *fault)
{
	int64_t *at = (int64_t *)(void *)((char *)f + members[i].offset);
	int64_t value;

	if (!json_get_int(f->json, members[i].name, &value) || value < 0 || value > FRAME_SEQ_MAX)
		return fault_set(fault, "bad_frame", "'%s' must be a whole number from 0 on",
				 members[i].name);
	*at = value;
	return 0;
}

static int members_read(struct agent_frame *f, unsigned has, unsigned needs, struct fault *fault)
{
	int rc = 0;

	for (size_t i = 0; i < MEMBERS && rc == 0; i++) {
		if (!(has & members[i].bit))
			continue;
		if (json_member(f->json, members[i].name))
			rc = members[i].max ? text_read(f, i, fault) : number_read(f, i, fault);
		else if (needs & members[i].bit)
			rc = fault_set(fault, "bad_frame", "'%s' is missing", members[i].name);
	}
	return rc;
}

static const char *type_name(int t)
{
	return types[t].name;
}

static int values_check(const struct agent_frame *f, struct fault *fault)
{
	unsigned needs = types[f->type].needs;

	if (needs & SESSION && f->session.n != 32)
		return fault_set(fault, "bad_frame",
				 "'session' must be a conversation's name of 32 hex digits");
	if (needs & ID && !f->id.n)
		return fault_set(fault, "bad_frame", "'id' is empty");
	if (needs & TEXT && !str_trim(f->text).n)
		return fault_set(fault, "bad_frame", "an empty message says nothing");
	if (f->type == AGENT_TRANSFER && !f->to.n == !f->team.n)
		return fault_set(fault, "bad_frame", "'to' or 'team' is needed, one of them");
	if (f->type == AGENT_PRESENCE && !str_eq(f->state, STR("online")) &&
	    !str_eq(f->state, STR("away")))
		return fault_set(fault, "bad_frame", "'state' must be online or away");
	return 0;
}

int agent_frame_read(struct str bytes, struct agent_frame *f, struct fault *fault)
{
	int rc, type;

	*f = (struct agent_frame){0};
	if ((rc = fault_read(bytes, &f->json, fault)) != 0)
		return rc;
	if ((type = fault_type(f->json, type_name, AGENT_FRAMES, "an agent", fault)) < 0)
		return ERR_INVALID;
	f->type = (enum agent_frame_type)type;
	if ((rc = members_read(f, types[f->type].has, types[f->type].needs, fault)) != 0)
		return rc;
	return values_check(f, fault);
}

void agent_frame_done(struct agent_frame *f)
{
	json_free(f->json);
	f->json = NULL;
}
