/* What learners did: events in SQLite, and their profiles in memory.
 *
 * `struct profiles` is the live half: every learner's interactions and every course's latest
 * learners, read at start and extended as events are committed, so that the next recommendation
 * knows them. It belongs to one thread (the daemon's loop). Learners and courses are numbered in
 * the order in which they were first told of, not by catalogue position, so that a reload of the
 * catalogue leaves it valid. */
#ifndef KB_EVENT_H
#define KB_EVENT_H

#include "kb/course.h"
#include "kb/seen_list.h"
#include "kb/takers.h"

enum event_type {
	EVENT_VIEW,
	EVENT_ENROLL,
	EVENT_PURCHASE,
	EVENT_RATE,
	EVENT_COMPLETE,
	EVENT_STUDY,
	EVENT_DISMISS,	/* "not interested": said about a course, not done with it */
	EVENT_UNDISMISS /* taken back */
};

struct event {
	struct str user, course;
	enum event_type type;
	double value; /* rate: 1..5; others: 1 when not given */
	double minutes, progress,
		score; /* study: minutes > 0, progress 0..1, score 0..100; < 0 not given */
	int64_t at_unix_ms;
	int64_t list; /* of courses, where it came from (store_list.h); 0 = not known */
};

/* "view" -> EVENT_VIEW; false when there is no such type. */
bool event_type_read(struct str name, enum event_type *out);
const char *event_type_name(enum event_type t);
/* "view, enroll, … or undismiss": for messages that say what may be written. */
extern const char event_type_names[];
/* Something done with the course. False: an answer to a recommendation, which tells of likes but
 * not of learning. */
bool event_is_learning(enum event_type t);

/* Checks one event's fields: 0, or ERR_INVALID with what is wrong and how to mend it. */
MUST_USE int event_check(const struct event *e, struct err *err);
/* Saves one checked event, also with the list of courses it came from. The same learner, course,
 * type and time again is the same event: its values are replaced. */
MUST_USE int event_put(struct store *s, const struct event *e, struct err *err);

/* Every event of the database (or, with a user, of that learner), grouped by learner and in order
 * of time within; the texts are borrowed for the call. Stops at the first negative answer of `each`
 * and returns it. */
MUST_USE int event_each(struct store *s, struct str user,
			int (*each)(void *arg, const struct event *e), void *arg, struct err *err);

/* ---- live profiles (profiles.c) ---- */

/* Oldest first by last time, then by the course's id. */
struct profile {
	struct seen_list seen; /* borrowed */
	size_t n;
};

struct profiles;
struct crowd;

struct profiles *profiles_new(void);
void profiles_free(struct profiles *p);
/* Told now and then how many events were read. */
struct profiles_watch {
	void (*told)(void *ctx, uint64_t events);
	void *ctx;
};
/* Reads every event of the database (profiles_read.c), in place of what the profiles knew. `w` may be
 * NULL. */
MUST_USE int profiles_read(struct profiles *p, struct store *s, const struct profiles_watch *w,
			   struct err *err);
/* One committed event. False: it is not later than all that the learner did with the course, so that
 * reading the database would give another profile than telling; an event told twice counts twice. */
bool profiles_add(struct profiles *p, const struct event *e);

/* A guest turned out to be a learner (store_guest.h), who has done all of these, in the order of event_each; the guest
 * has done nothing then. events[0].user is the learner; n > 0. It comes to what reading the database anew would. False: not
 * quite, for courses with many learners (takers_remove). Not for views. */
bool profiles_merge(struct profiles *p, struct str guest, const struct event *events, size_t n);

/* A view of `base` for one thread, with working memory of its own: several threads may ask over views of
 * one base, to which nothing is added meanwhile. Events told to a view are its own and of one learner;
 * whoever shares a course with them does not hear of it. Freed by profiles_free, before the base. */
struct profiles *profiles_view(const struct profiles *base);
/* Forgets the view's own events: those told from now on are all of `user`. */
void profiles_view_of(struct profiles *view, struct str user);

/* Empty for an unknown learner. Borrowed until the next profiles_add. */
struct profile profiles_of(const struct profiles *p, struct str user);
/* By number; UINT32_MAX: unknown. */
uint32_t profiles_number(const struct profiles *p, struct str user);
struct profile profiles_at(const struct profiles *p, uint32_t learner);
static inline struct seen profile_seen(struct profile p, size_t i)
{
	return seen_list_at(&p.seen, (uint32_t)i);
}
static inline float seen_interest(struct seen s)
{
	return seen_worth(s.weight, s.types & 1u << EVENT_DISMISS);
}
/* How many courses each of the learners has, 65,535 standing for more; faster than asking profiles_at for one after
 * the other. */
void profiles_lengths(const struct profiles *p, const uint32_t *learners, size_t n,
		      uint16_t *lengths);
/* The latest of the learner's profile will be read soon; or before that, where it lies: hints to the memory. */
void profiles_fetch(const struct profiles *p, uint32_t learner);
void profiles_foretell(const struct profiles *p, uint32_t learner);
uint32_t profiles_course_number(const struct profiles *p, struct str id);
/* The learners of a course, by its number. */
struct takers profiles_takers(const struct profiles *p, uint32_t course);
/* Working memory for crowd.h, the profiles' own. */
struct crowd *profiles_crowd(const struct profiles *p);
/* `weight` after one more event: rises towards 1 by the worth of the event, a bad rating lowers it, a
 * dismissal (seen_interest) leaves it as it is. */
float profiles_weight(float weight, const struct event *e);
/* The id of an interned course; "" when out of range. */
struct str profiles_course(const struct profiles *p, uint32_t course);
size_t profiles_users(const struct profiles *p);
/* A number that is the learner's wherever and whenever it is asked for: what is done in the order of
 * keys does not depend on the order of telling. */
uint64_t profiles_key(const struct profiles *p, uint32_t learner);
uint32_t profiles_courses(const struct profiles *p);

#endif
