/* Recordings of conversations for `kefu replay`: masked JSONL, one event a line (docs/recordings.md).
 *
 * The loop makes the lines, a thread writes them; the loop never waits. When the disk cannot keep up or
 * refuses, events are dropped and counted (kefu_records_dropped_total): a recording is a sample, not an
 * archive. What is given here must be masked already. */
#ifndef DAEMON_RECORD_H
#define DAEMON_RECORD_H

#include "bot/turn.h"

struct record;

enum { RECORD_FILE_BYTES = 64 << 20 };

/* Creates the first file at once, so that a wrong folder is told at the start. */
MUST_USE int record_start(const char *folder, size_t file_bytes, struct record **out,
			  struct err *err);
/* Writes what is queued and ends. NULL is fine, here and below: nothing is recorded then. */
void record_stop(struct record *r);

/* Whose conversation: the hub's hash of the token, never the token. */
struct record_who {
	struct str hash;
	const struct session *session;
	int64_t at_unix_ms;
};

/* A message or click and the reply to it, after bot_turn and before turn_reset. `said` and `replied`:
 * masked. */
void record_turn(struct record *r, const struct record_who *who, const struct turn *t,
		 struct str said, struct str replied, double us);
/* A person of the staff took the conversation over, or gave it back: "joined", "left". */
void record_agent_state(struct record *r, const struct record_who *who, const char *state);
/* What a person of the staff said; a message the bot kept silent to (`silent`, kind of the turn). */
void record_agent(struct record *r, const struct record_who *who, struct str said);
void record_silent(struct record *r, const struct record_who *who, struct str said);
/* `name`: "view", … */
void record_event(struct record *r, const struct record_who *who, const char *name,
		  struct str course);

#endif
