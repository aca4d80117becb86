/* Messages that found no answer, for the staff: groups (kb/missed.h) without what was dealt with, counted
 * over a time, each with the intent or FAQ entry that is nearest. Slow (seconds for 100,000 messages): for
 * the command and for a thread of the desk. */
#ifndef DAEMON_UNANSWERED_H
#define DAEMON_UNANSWERED_H

#include "bot/snapshot.h"
#include "kb/store_missed.h"

enum { UNANSWERED_SAMPLES = 5, UNANSWERED_ID = 17 };

/* All given must hold. */
struct unanswered_query {
	int64_t since_unix_ms; /* messages from then on count */
	int64_t min;	       /* messages a group has at least */
	int kind;	       /* enum miss_kind a group has messages of; -1 = any */
	struct str lang;       /* "" = any */
	size_t limit;
};

struct unanswered_group {
	char id[UNANSWERED_ID]; /* 16 hex digits */
	struct str text, lang;
	int64_t count, sessions, first_unix_ms, last_unix_ms;
	int64_t kinds[MISS_KINDS];
	const struct missed *samples[UNANSWERED_SAMPLES]; /* of different forms, newest first */
	size_t n_samples;
	bool near_faq;
	struct str near; /* the intent's name or the entry's id; "" = nothing is near */
	double near_score;
	const uint64_t *forms;
	size_t n_forms;
};

struct unanswered {
	struct unanswered_group *groups; /* most messages first, at most query->limit */
	size_t n;
	int64_t total, messages; /* of all that hold, also beyond the limit */
};

/* Everything in `a`. */
MUST_USE int unanswered_read(struct store *store, const struct snapshot *s, struct arena *a,
			     const struct unanswered_query *q, struct unanswered *out,
			     struct err *err);
/* The group that has the form of that id, whether dealt with or not, counted whole. ERR_NOT_FOUND. */
MUST_USE int unanswered_find(struct store *store, const struct snapshot *s, struct arena *a,
			     struct str id, struct unanswered_group *out, struct err *err);
/* Told in the log of the staff (kb/store_staff.h) as done by `who`, from `origin`. */
struct unanswered_by {
	struct str who, origin;
	int64_t at_unix_ms;
};
MUST_USE int unanswered_mark(struct store *store, const struct unanswered_group *g,
			     enum handled_state state, const struct unanswered_by *by,
			     struct err *err);

bool unanswered_kind_read(struct str word, int *out); /* fallback, ask, down */
/* {"groups":[…],"total":n,"messages":n}, docs/admin-api.md */
void unanswered_json(const struct unanswered *u, struct buf *out);

#endif
