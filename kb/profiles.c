#include "kb/event.h"

#include <stdlib.h>

#include "kb/crowd.h"
#include "kb/intern.h"
#include "text/mem.h"

/* Interest in a course, from what the learner did with it, each event e worth s(e):
 *
 *	s >= 0: w <- w + (1 - w) s
 *	s < 0:  w <- w (1 + s)
 *
 * so that w stays within 0..1, ten views do not outweigh a purchase by much, and a bad rating
 * takes interest away. The order of worths is that of commitment: paying and enrolling above
 * finishing and rating above studying above looking. A course that the learner does not want to be
 * shown keeps a fifth: looked at and dismissed is no interest, bought and dismissed is some. */
static const float worth[] = {
	[EVENT_VIEW] = .2f,	[EVENT_ENROLL] = .9f, [EVENT_PURCHASE] = .9f,
	[EVENT_COMPLETE] = .8f, [EVENT_STUDY] = .5f,  [EVENT_DISMISS] = -.8f,
};

/* Ratings are centred: 3 is what a lukewarm learner gives. 5 -> .8, 4 -> .6, 3 -> .4; 2 -> -.4, 1
 * -> -.8. */
static float rating_worth(double value)
{
	return (float)(value >= 3 ? .4 + (value - 3) * .2 : (value - 3) * .4);
}

float profiles_weight(float weight, const struct event *e)
{
	float s = e->type == EVENT_RATE ? rating_worth(e->value) : worth[e->type];

	return s >= 0 ? weight + (1 - weight) * s : weight * (1 + s);
}

/* One learner. Arrays grow by half: ten million events are mostly short profiles. */
struct learner {
	struct seen *seen;
	uint32_t n, cap;
};

struct profiles {
	struct intern users, courses;
	struct learner *learners; /* by number of user */
	size_t cap;
	struct takers_table takers;
	struct crowd *crowd; /* scratch of questions */
};

struct profiles *profiles_new(void)
{
	struct profiles *p = mem_zalloc(sizeof *p);

	intern_init(&p->users);
	intern_init(&p->courses);
	p->crowd = crowd_new();
	return p;
}

void profiles_free(struct profiles *p)
{
	if (!p)
		return;
	for (uint32_t i = 0; i < p->users.n; i++)
		free(p->learners[i].seen);
	free(p->learners);
	intern_done(&p->users);
	intern_done(&p->courses);
	takers_done(&p->takers);
	crowd_free(p->crowd);
	free(p);
}

static uint32_t find_learner(struct profiles *p, struct str user)
{
	uint32_t i = intern_put(&p->users, user);

	if (i >= p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 16;

		p->learners = mem_resize(p->learners, cap, sizeof *p->learners);
		memset(p->learners + p->cap, 0, (cap - p->cap) * sizeof *p->learners);
		p->cap = cap;
	}
	return i;
}

/* Takes the course's entry out of the list, or makes a new one. */
static struct seen take(struct learner *l, uint32_t course)
{
	for (uint32_t i = l->n; i-- > 0;)
		if (l->seen[i].course == course) {
			struct seen seen = l->seen[i];

			memmove(&l->seen[i], &l->seen[i + 1], (l->n - i - 1) * sizeof *l->seen);
			l->n--;
			return seen;
		}
	return (struct seen){.course = course, .progress = -1, .at_unix_ms = INT64_MIN};
}

/* Behind everything that is not later. */
static void insert(struct learner *l, struct seen seen)
{
	uint32_t i = l->n;

	if (l->n == l->cap) {
		l->cap = l->cap < 2 ? 2 : l->cap + l->cap / 2;
		l->seen = mem_resize(l->seen, l->cap, sizeof *l->seen);
	}
	for (; i > 0 && l->seen[i - 1].at_unix_ms > seen.at_unix_ms; i--)
		l->seen[i] = l->seen[i - 1];
	l->seen[i] = seen;
	l->n++;
}

void profiles_add(struct profiles *p, const struct event *e)
{
	uint32_t number = find_learner(p, e->user), course = intern_put(&p->courses, e->course);
	struct learner *l = &p->learners[number];
	struct seen seen = take(l, course);

	if (!seen.types)
		takers_add(&p->takers, course, number, e->at_unix_ms);
	seen.types |= (uint8_t)(1u << e->type);
	seen.weight = profiles_weight(seen.weight, e);
	if (e->type == EVENT_STUDY && e->progress >= 0 && e->at_unix_ms >= seen.at_unix_ms)
		seen.progress = (float)e->progress;
	if (e->at_unix_ms > seen.at_unix_ms)
		seen.at_unix_ms = e->at_unix_ms;
	insert(l, seen);
}

static int add_each(void *arg, const struct event *e)
{
	profiles_add(arg, e);
	return 0;
}

int profiles_read(struct profiles *p, struct store *s, struct err *err)
{
	return event_each(s, STR_NONE, add_each, p, err);
}

struct profile profiles_of(const struct profiles *p, struct str user)
{
	return profiles_at(p, profiles_number(p, user));
}

uint32_t profiles_number(const struct profiles *p, struct str user)
{
	return intern_find(&p->users, user);
}

struct profile profiles_at(const struct profiles *p, uint32_t learner)
{
	if (learner >= p->users.n)
		return (struct profile){NULL, 0};
	return (struct profile){p->learners[learner].seen, p->learners[learner].n};
}

struct str profiles_course(const struct profiles *p, uint32_t course)
{
	return course < p->courses.n ? p->courses.names[course] : STR_NONE;
}

uint32_t profiles_course_number(const struct profiles *p, struct str id)
{
	return intern_find(&p->courses, id);
}

uint32_t profiles_courses(const struct profiles *p)
{
	return p->courses.n;
}

struct takers profiles_takers(const struct profiles *p, uint32_t course)
{
	return takers_of(&p->takers, course);
}

struct crowd *profiles_crowd(const struct profiles *p)
{
	return p->crowd;
}

size_t profiles_users(const struct profiles *p)
{
	return p->users.n;
}
