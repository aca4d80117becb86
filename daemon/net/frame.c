#include "net/frame.h"

#include <stddef.h>
enum field_kind { FIELD_STR, FIELD_INT, FIELD_NUM, FIELD_BOOL };

struct field {
	const char *name;
	enum field_kind kind;
	bool required;
	size_t max; /* bytes of a text; 0 = as long as a frame may be */
	size_t offset;
};

#define TEXT_FIELD(name, member, required, max)                                                    \
	{                                                                                          \
		name, FIELD_STR, required, max, offsetof(struct frame, member)                     \
	}
#define OTHER_FIELD(kind, name, member, required)                                                  \
	{                                                                                          \
		name, kind, required, 0, offsetof(struct frame, member)                            \
	}

static const struct field id_field = TEXT_FIELD("id", id, false, FRAME_ID_MAX);

static const struct field hello_fields[] = {
	TEXT_FIELD("lang", lang, false, 35), /* the longest sensible BCP 47 tag */
	TEXT_FIELD("session", session, false, 0),
	TEXT_FIELD("identity", identity, false, 4096),
	TEXT_FIELD("page", page, false, 2048),
	OTHER_FIELD(FIELD_INT, "since", since, false),
	{0},
};
static const struct field message_fields[] = {TEXT_FIELD("text", text, true, 0), {0}};
static const struct field click_fields[] = {TEXT_FIELD("value", text, true, 0), {0}};
static const struct field feedback_fields[] = {
	OTHER_FIELD(FIELD_INT, "seq", seq, true),
	OTHER_FIELD(FIELD_BOOL, "helpful", helpful, true),
	{0},
};
static const struct field event_fields[] = {
	TEXT_FIELD("name", name, true, 32),
	TEXT_FIELD("course", course, false, 256),
	TEXT_FIELD("list", list, false, 64),
	OTHER_FIELD(FIELD_NUM, "value", value, false),
	OTHER_FIELD(FIELD_NUM, "minutes", minutes, false),
	OTHER_FIELD(FIELD_NUM, "progress", progress, false),
	OTHER_FIELD(FIELD_NUM, "score", score, false),
	{0},
};
static const struct field audio_fields[] = {
	TEXT_FIELD("format", format, true, 32),	      OTHER_FIELD(FIELD_INT, "rate", rate, false),
	TEXT_FIELD("lang", lang, false, 35),	      TEXT_FIELD("data", data, true, 0),
	OTHER_FIELD(FIELD_BOOL, "more", more, false), {0},
};
static const struct field no_fields[] = {{0}};

static const struct {
	const char *name;
	const struct field *fields;
} kinds[FRAME_TYPES] = {
	[FRAME_HELLO] = {"hello", hello_fields}, [FRAME_MESSAGE] = {"message", message_fields},
	[FRAME_CLICK] = {"click", click_fields}, [FRAME_FEEDBACK] = {"feedback", feedback_fields},
	[FRAME_EVENT] = {"event", event_fields}, [FRAME_TYPING] = {"typing", no_fields},
	[FRAME_END] = {"end", no_fields},	 [FRAME_AUDIO] = {"audio", audio_fields},
};

static const char *const kind_words[] = {
	[FIELD_STR] = "a string",
	[FIELD_INT] = "a whole number",
	[FIELD_NUM] = "a number",
	[FIELD_BOOL] = "true or false",
};

static bool field_get(const struct json *object, const struct field *d, void *at)
{
	switch (d->kind) {
	case FIELD_STR:
		return json_get_str(object, d->name, at);
	case FIELD_INT:
		return json_get_int(object, d->name, at);
	case FIELD_NUM:
		return json_get_num(object, d->name, at);
	case FIELD_BOOL:
		return json_get_bool(object, d->name, at);
	}
	return false;
}

static int field_read(struct frame *f, const struct field *d, struct fault *fault)
{
	void *at = (char *)f + d->offset;

	if (!json_member(f->json, d->name)) {
		if (!d->required)
			return 0;
		return fault_set(fault, "bad_frame", "'%s' is missing: a %s frame needs %s there",
				 d->name, kinds[f->type].name, kind_words[d->kind]);
	}
	if (!field_get(f->json, d, at))
		return fault_set(fault, "bad_frame", "'%s' must be %s", d->name,
				 kind_words[d->kind]);
	if (d->kind == FIELD_STR && d->max && ((struct str *)at)->n > d->max) {
		*(struct str *)at = STR_NONE;
		return fault_set(fault, "bad_frame", "'%s' is longer than %zu bytes", d->name,
				 d->max);
	}
	return 0;
}

static const char *type_name(int t)
{
	return kinds[t].name;
}

static int values_check(const struct frame *f, struct fault *fault)
{
	if (f->since > FRAME_SEQ_MAX || f->since < -1)
		return fault_set(fault, "bad_frame", "'since' must be 0 or the last seq seen");
	if (f->type == FRAME_FEEDBACK && (f->seq < 1 || f->seq > FRAME_SEQ_MAX))
		return fault_set(fault, "bad_frame",
				 "'seq' must be the seq of a frame that was received");
	if (f->type == FRAME_EVENT && !f->course.n && !json_member(f->json, "courses"))
		return fault_set(fault, "bad_frame",
				 "'course' is missing: an event frame needs a string there");
	if (f->type == FRAME_AUDIO && !f->id.n)
		return fault_set(fault, "bad_frame",
				 "'id' is missing: the parts of an utterance have one");
	return 0;
}

int frame_read(struct str bytes, struct frame *f, struct fault *fault)
{
	int rc, type;

	*f = (struct frame){
		.since = -1, .value = 1, .minutes = -1, .progress = -1, .score = -1, .rate = -1};
	if ((rc = fault_read(bytes, &f->json, fault)) != 0 ||
	    (rc = field_read(f, &id_field, fault)) != 0)
		return rc;
	if ((type = fault_type(f->json, type_name, FRAME_TYPES, "a client", fault)) < 0)
		return ERR_INVALID;
	f->type = (enum frame_type)type;
	for (const struct field *d = kinds[f->type].fields; d->name; d++) {
		if ((rc = field_read(f, d, fault)) != 0)
			return rc;
	}
	return values_check(f, fault);
}

void frame_done(struct frame *f)
{
	json_free(f->json);
	f->json = NULL;
}

const char *frame_type_name(enum frame_type t)
{
	return type_name((int)t);
}
