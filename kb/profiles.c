#include "kb/profiles_part.h"

#include <stdlib.h>

#include "kb/crowd.h"
#include "text/mem.h"

/* Interest in a course, from what the learner did with it, each event e worth s(e):
 *
 *	s >= 0: w <- w + (1 - w) s
 *	s < 0:  w <- w (1 + s)
 *
 * so that w stays within 0..1, ten views do not outweigh a purchase by much, and a bad rating
 * takes interest away. The order of worths is that of commitment: paying and enrolling above
 * finishing and rating above studying above looking. Dismissing is worth nothing here: it is a state, which
 * seen_interest looks at, so that taking it back leaves everything as if it had never been. */
static const float worth[] = {
	[EVENT_VIEW] = .2f,  [EVENT_ENROLL] = .9f, [EVENT_PURCHASE] = .9f, [EVENT_COMPLETE] = .8f,
	[EVENT_STUDY] = .5f, [EVENT_DISMISS] = 0,  [EVENT_UNDISMISS] = 0,
};

/* Ratings are centred: 3 is what a lukewarm learner gives. 5 -> .8, 4 -> .6, 3 -> .4; 2 -> -.4, 1
 * -> -.8. */
static float rating_worth(double value)
{
	return (float)(value >= 3 ? .4 + (value - 3) * .2 : (value - 3) * .4);
}

static float add_worth(float weight, enum event_type type, double value)
{
	float s = type == EVENT_RATE ? rating_worth(value) : worth[type];

	return s >= 0 ? weight + (1 - weight) * s : weight * (1 + s);
}

float profiles_weight(float weight, const struct event *e)
{
	return add_worth(weight, e->type, e->value);
}

static void init(struct profiles *p)
{
	*p = (struct profiles){.crowd = crowd_new(), .own_number = UINT32_MAX};
	intern_init(&p->users);
	intern_init(&p->courses);
	p->takers.keys = &p->keys;
}

static void done(struct profiles *p)
{
	for (uint32_t i = 0; !p->base && i < p->users.n; i++)
		seen_list_done(&p->learners[i]);
	free(p->learners);
	seen_list_done(&p->own);
	free(p->keys);
	free(p->lengths);
	intern_done(&p->users);
	intern_done(&p->courses);
	takers_done(&p->takers);
	crowd_free(p->crowd);
}

struct profiles *profiles_new(void)
{
	struct profiles *p = mem_alloc(sizeof *p);

	init(p);
	return p;
}

struct profiles *profiles_view(const struct profiles *base)
{
	struct profiles *p = profiles_new();

	p->base = base;
	return p;
}

void profiles_free(struct profiles *p)
{
	if (!p)
		return;
	done(p);
	free(p);
}

void profiles_clear(struct profiles *p)
{
	done(p);
	init(p);
}

uint32_t profiles_put_user(struct profiles *p, struct str user)
{
	uint32_t before = p->users.n, i = intern_put(&p->users, user);

	if (i >= p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 16;

		p->learners = mem_resize(p->learners, cap, sizeof *p->learners);
		memset(p->learners + p->cap, 0, (cap - p->cap) * sizeof *p->learners);
		p->keys = mem_resize(p->keys, cap, sizeof *p->keys);
		p->lengths = mem_resize(p->lengths, cap, sizeof *p->lengths);
		p->cap = cap;
	}
	if (i == before) {
		p->keys[i] = str_hash(user);
		p->lengths[i] = 0;
	}
	return i;
}

/* Takes the course's entry out of the list, or makes a new one. */
static struct seen take(struct seen_list *l, uint32_t course)
{
	uint32_t i = seen_list_find(l, course);

	if (i < l->n)
		return seen_list_take(l, i);
	return (struct seen){.course = course, .progress = -1, .at_unix_ms = INT64_MIN};
}

bool profiles_is_before(const struct profiles *p, const struct seen *a, const struct seen *b)
{
	if (a->at_unix_ms != b->at_unix_ms)
		return a->at_unix_ms < b->at_unix_ms;
	return str_cmp(profiles_course(p, a->course), profiles_course(p, b->course)) < 0;
}

static void insert(const struct profiles *p, struct seen_list *l, struct seen seen)
{
	uint32_t i = l->n;

	while (i > 0) {
		struct seen before = seen_list_at(l, i - 1);

		if (!profiles_is_before(p, &seen, &before))
			break;
		i--;
	}
	seen_list_insert(l, i, seen);
}

void profiles_count(struct profiles *p, uint32_t learner)
{
	uint32_t n = p->learners[learner].n;

	p->lengths[learner] = (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX);
}

void profiles_see(struct seen *seen, enum event_type type, double value, double progress,
		  int64_t at_unix_ms)
{
	seen->types |= (uint8_t)(1u << type);
	if (type == EVENT_UNDISMISS)
		seen->types &= (uint8_t) ~(1u << EVENT_DISMISS);
	seen->weight = add_worth(seen->weight, type, value);
	if (type == EVENT_STUDY && progress >= 0 && at_unix_ms >= seen->at_unix_ms)
		seen->progress = (float)progress;
	if (at_unix_ms > seen->at_unix_ms)
		seen->at_unix_ms = at_unix_ms;
}

uint32_t profiles_put_course(struct profiles *p, struct str course)
{
	uint32_t known = p->base ? intern_find(&p->base->courses, course) : INTERN_NONE;

	if (known != INTERN_NONE)
		return known;
	return (p->base ? p->base->courses.n : 0) + intern_put(&p->courses, course);
}

void profiles_view_of(struct profiles *view, struct str user)
{
	const struct profile known = profiles_of(view->base, user);

	/* The working memory knows courses by number, and these numbers will be others'. */
	if (view->courses.n) {
		crowd_free(view->crowd);
		view->crowd = crowd_new();
	}
	intern_done(&view->users);
	intern_init(&view->users);
	intern_done(&view->courses);
	intern_init(&view->courses);
	intern_put(&view->users, user);
	view->own_key = str_hash(user);
	view->own_number = profiles_number(view->base, user);
	if (view->own_number == UINT32_MAX)
		view->own_number = view->base->users.n;
	view->own.n = 0;
	for (size_t i = 0; i < known.n; i++)
		insert(view, &view->own, profile_seen(known, i));
}

struct told profiles_tell(struct profiles *p, struct seen_list *l, uint32_t course,
			  const struct event *e)
{
	struct seen seen = take(l, course);
	struct told told = {!seen.types, e->at_unix_ms > seen.at_unix_ms};

	profiles_see(&seen, e->type, e->value, e->progress, e->at_unix_ms);
	insert(p, l, seen);
	return told;
}

bool profiles_add(struct profiles *p, const struct event *e)
{
	uint32_t number = p->base ? p->own_number : profiles_put_user(p, e->user);
	uint32_t course = profiles_put_course(p, e->course);
	struct told told = profiles_tell(p, p->base ? &p->own : &p->learners[number], course, e);

	if (told.is_first && !p->base) {
		takers_add(&p->takers, course, number, e->at_unix_ms);
		profiles_count(p, number);
	}
	return told.follows;
}

struct profile profiles_of(const struct profiles *p, struct str user)
{
	return profiles_at(p, profiles_number(p, user));
}

uint32_t profiles_number(const struct profiles *p, struct str user)
{
	uint32_t number = intern_find(&p->users, user);

	if (!p->base)
		return number;
	return number == 0 ? p->own_number : profiles_number(p->base, user);
}

struct profile profiles_at(const struct profiles *p, uint32_t learner)
{
	if (p->base && learner == p->own_number)
		return (struct profile){p->own, p->own.n};
	if (p->base)
		return profiles_at(p->base, learner);
	if (learner >= p->users.n)
		return (struct profile){0};
	return (struct profile){p->learners[learner], p->learners[learner].n};
}

void profiles_lengths(const struct profiles *p, const uint32_t *learners, size_t n,
		      uint16_t *lengths)
{
	const struct profiles *all = p->base ? p->base : p;

	for (size_t i = 0; i < n; i++)
		lengths[i] = learners[i] < all->users.n ? all->lengths[learners[i]] : 0;
	for (size_t i = 0; p->base && i < n; i++)
		if (learners[i] == p->own_number)
			lengths[i] = (uint16_t)(p->own.n < UINT16_MAX ? p->own.n : UINT16_MAX);
}

void profiles_foretell(const struct profiles *p, uint32_t learner)
{
	const struct profiles *all = p->base ? p->base : p;

	if (learner < all->users.n)
		__builtin_prefetch(&all->learners[learner]);
}

void profiles_fetch(const struct profiles *p, uint32_t learner)
{
	struct profile of = profiles_at(p, learner);
	enum { LATEST = 64, LINE = 64 };
	size_t n = of.n < LATEST ? of.n : LATEST;
	const char *end = (const char *)(of.seen.briefs + of.n);

	for (const char *at = end - n * sizeof *of.seen.briefs; at < end; at += LINE)
		__builtin_prefetch(at);
}

struct str profiles_course(const struct profiles *p, uint32_t course)
{
	uint32_t below = p->base ? p->base->courses.n : 0;

	if (course < below)
		return profiles_course(p->base, course);
	course -= below;
	return course < p->courses.n ? p->courses.names[course] : STR_NONE;
}

uint32_t profiles_course_number(const struct profiles *p, struct str id)
{
	uint32_t number = p->base ? intern_find(&p->base->courses, id) : INTERN_NONE;

	if (number != INTERN_NONE)
		return number;
	number = intern_find(&p->courses, id);
	return number == INTERN_NONE || !p->base ? number : number + p->base->courses.n;
}

uint32_t profiles_courses(const struct profiles *p)
{
	return p->courses.n + (p->base ? p->base->courses.n : 0);
}

struct takers profiles_takers(const struct profiles *p, uint32_t course)
{
	return takers_of(p->base ? &p->base->takers : &p->takers, course);
}

struct crowd *profiles_crowd(const struct profiles *p)
{
	return p->crowd;
}

uint64_t profiles_key(const struct profiles *p, uint32_t learner)
{
	if (!p->base)
		return p->keys[learner];
	return learner == p->own_number ? p->own_key : profiles_key(p->base, learner);
}

size_t profiles_users(const struct profiles *p)
{
	if (p->base)
		return p->base->users.n + (p->own_number == p->base->users.n);
	return p->users.n;
}
