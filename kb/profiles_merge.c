#include "kb/profiles_part.h"

/* What was done with a course is a chain of events: it cannot be cut into what each of two did and joined again. So
 * the history is told anew, that of one learner; of the learners of courses only those the guest looked at change. */

static bool has(const struct seen_list *l, uint32_t course)
{
	return seen_list_find(l, course) < l->n;
}

/* Both leave the guest's courses. False: see takers_remove. */
static bool leave_courses(struct profiles *p, uint32_t guest, uint32_t learner)
{
	const struct seen_list *from = &p->learners[guest], *to = &p->learners[learner];
	bool known = true;

	for (uint32_t i = 0; i < from->n; i++) {
		uint32_t course = seen_list_at(from, i).course;

		known &= takers_remove(&p->takers, course, guest);
		if (has(to, course))
			known &= takers_remove(&p->takers, course, learner);
	}
	return known;
}

static struct seen_list take_out(struct profiles *p, uint32_t number)
{
	struct seen_list l = p->learners[number];

	p->learners[number] = (struct seen_list){0};
	profiles_count(p, number);
	return l;
}

bool profiles_merge(struct profiles *p, struct str guest, const struct event *events, size_t n)
{
	uint32_t from = intern_find(&p->users, guest), to;
	struct seen_list had, looked = {0};
	bool known = true;

	if (!n || str_eq(guest, events[0].user))
		return true;
	to = profiles_put_user(p, events[0].user);
	if (from != INTERN_NONE) {
		known = leave_courses(p, from, to);
		looked = take_out(p, from);
	}
	had = take_out(p, to);
	for (size_t i = 0; i < n; i++) {
		uint32_t course = profiles_put_course(p, events[i].course);
		struct told told = profiles_tell(p, &p->learners[to], course, &events[i]);

		if (told.is_first && (has(&looked, course) || !has(&had, course)))
			takers_add(&p->takers, course, to, events[i].at_unix_ms);
	}
	profiles_count(p, to);
	seen_list_done(&had);
	seen_list_done(&looked);
	return known;
}
