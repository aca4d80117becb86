/* Parts of a transcript that both its spellings have: YAML (transcript.c), recorded lines (recording.c). */
#ifndef TOOL_TRANSCRIPT_PART_H
#define TOOL_TRANSCRIPT_PART_H

#include "intents/node.h"
#include "tool/transcript.h"

struct reading {
	struct arena *arena;
	struct str file;
	struct diags *diags;
	int lines_before; /* of the file, before the bytes that were parsed */
};

struct mark part_mark(const struct reading *r, const struct node *n);
void part_wrong(struct reading *r, const struct node *n, const char *en, const char *zh);

/* {user, logged_in, page} */
void part_as(struct reading *r, const struct node *n, struct transcript *t);
/* Is `key` that of a step? Then its kind. */
bool part_step_kind(struct str key, enum step_kind *out);
/* The value under a step's key: fills s->kind, text, event. False: it is wrong, and said so. */
bool part_action(struct reading *r, enum step_kind kind, const struct node *value, struct step *s);
/* The value under `bot`. */
void part_bot(struct reading *r, const struct node *n, struct step *s);

/* A recording: a line an event, the conversations interleaved (docs/recordings.md). */
void recording_read(struct reading *r, struct str bytes, struct transcripts *out);

#endif
