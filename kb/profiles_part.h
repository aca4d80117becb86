/* The inside of profiles, for kb/profiles*.c and nobody else. */
#ifndef KB_PROFILES_PART_H
#define KB_PROFILES_PART_H

#include "kb/event.h"
#include "kb/intern.h"

struct profiles {
	struct intern users, courses;
	struct seen_list *learners; /* by number of user */
	uint64_t *keys;		    /* beside learners … */
	uint16_t *lengths; /* … and how many courses each has: close together in memory */
	size_t cap;
	struct takers_table takers;
	struct crowd *crowd; /* scratch of questions */
	/* A view: numbers are those of `base`, then its own; `users` has the one learner of `own`, and
	 * `courses` those the base lacks. */
	const struct profiles *base;
	struct seen_list own;
	uint32_t own_number; /* UINT32_MAX: of nobody */
	uint64_t own_key;
};

/* As new. */
void profiles_clear(struct profiles *p);
/* The number of a learner, given one now when there is none. */
uint32_t profiles_put_user(struct profiles *p, struct str user);
/* Tells *seen of one more event. When it is of a course that the learner never met (seen->types is 0), the
 * takers have to be told as well. */
void profiles_see(struct seen *seen, enum event_type type, double value, double progress,
		  int64_t at_unix_ms);
/* The number of a course, given one now if it has none. */
uint32_t profiles_put_course(struct profiles *p, struct str course);
/* One more event in l, of the course with that number. */
struct told {
	bool is_first; /* of this course: the takers have to be told as well */
	bool follows;  /* later than all that was done with it before */
};
struct told profiles_tell(struct profiles *p, struct seen_list *l, uint32_t course,
			  const struct event *e);
/* Notes how many courses the learner has; after every change. */
void profiles_count(struct profiles *p, uint32_t learner);
/* Oldest first; at the same time by the course's id. */
bool profiles_is_before(const struct profiles *p, const struct seen *a, const struct seen *b);

#endif
