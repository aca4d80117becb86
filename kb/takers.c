#include "kb/takers.h"

#include <assert.h>
#include <stdlib.h>

#include "text/mem.h"

void takers_done(struct takers_table *t)
{
	for (uint32_t i = 0; i < t->cap; i++)
		free(t->of[i].v);
	free(t->of);
	*t = (struct takers_table){0};
}

static bool is_before(const struct takers_table *t, struct taker a, struct taker b)
{
	if (a.at_unix_s != b.at_unix_s)
		return a.at_unix_s < b.at_unix_s;
	return t->keys ? (*t->keys)[a.learner] < (*t->keys)[b.learner] : a.learner < b.learner;
}

/* Puts x where the hole at `at` is, or below it. */
static void sift(const struct takers_table *t, struct taker *v, size_t n, size_t at, struct taker x)
{
	for (;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < n && is_before(t, v[child + 1], v[child]))
			child++;
		if (child >= n || !is_before(t, v[child], x))
			break;
		v[at] = v[child];
		at = child;
	}
	v[at] = x;
}

static void make_heap(const struct takers_table *table, struct takers *t)
{
	for (size_t i = t->n / 2; i-- > 0;)
		sift(table, t->v, t->n, i, t->v[i]);
}

static uint32_t seconds(int64_t at_unix_ms)
{
	int64_t s = at_unix_ms / 1000;

	if (s < 0)
		return 0;
	return s > UINT32_MAX ? UINT32_MAX : (uint32_t)s;
}

static struct takers *find(struct takers_table *t, uint32_t course)
{
	if (course >= t->cap) {
		uint32_t cap = t->cap ? t->cap : 16;

		while (cap <= course)
			cap *= 2;
		t->of = mem_resize(t->of, cap, sizeof *t->of);
		for (uint32_t i = t->cap; i < cap; i++)
			t->of[i] = (struct takers){0};
		t->cap = cap;
	}
	return &t->of[course];
}

/* x is later than all that are forgotten, and not among the latest. */
static void wait_next(const struct takers_table *t, struct takers *of, struct taker x)
{
	struct taker *v = of->v + TAKERS_LATEST;
	uint32_t i = of->next;

	if (of->next == TAKERS_NEXT) {
		if (is_before(t, x, v[0]))
			return;
		memmove(v, v + 1, --i * sizeof *v);
	} else {
		of->next++;
	}
	for (; i > 0 && is_before(t, x, v[i - 1]); i--)
		v[i] = v[i - 1];
	v[i] = x;
	of->floor_s = of->next == TAKERS_NEXT ? v[0].at_unix_s : 0;
}

/* One more than the latest there is room for; counted already. */
static void add_to_many(const struct takers_table *t, struct takers *of, struct taker x)
{
	bool forgotten = of->total - 1 > of->n + of->next;
	struct taker earliest = of->v[0];

	if (x.at_unix_s < of->floor_s)
		return;
	if (is_before(t, earliest, x)) {
		sift(t, of->v, of->n, 0, x);
		wait_next(t, of, earliest);
	} else if (!forgotten || (of->next && is_before(t, of->v[TAKERS_LATEST], x))) {
		wait_next(t, of, x);
	}
}

static void make_room(struct takers *of)
{
	uint32_t cap = of->cap < 4 ? 4 : of->cap + of->cap / 2;

	if (cap >= TAKERS_LATEST)
		cap = TAKERS_LATEST + TAKERS_NEXT;
	of->v = mem_resize(of->v, cap, sizeof *of->v);
	of->cap = cap;
}

void takers_add(struct takers_table *t, uint32_t course, uint32_t learner, int64_t at_unix_ms)
{
	struct takers *of = find(t, course);
	const struct taker x = {learner, seconds(at_unix_ms)};

	of->total++;
	if (of->n == TAKERS_LATEST) {
		add_to_many(t, of, x);
		return;
	}
	if (of->n == of->cap)
		make_room(of);
	of->v[of->n++] = x;
	if (of->n == TAKERS_LATEST)
		make_heap(t, of);
}

/* The latest of those who wait takes the place at `hole` among the latest: he comes before all of them. */
static void move_up(struct takers *of, uint32_t hole)
{
	struct taker x = of->v[TAKERS_LATEST + --of->next];

	for (; hole > 0; hole = (hole - 1) / 2)
		of->v[hole] = of->v[(hole - 1) / 2];
	of->v[0] = x;
	of->floor_s = 0;
}

static uint32_t place_of(const struct taker *v, uint32_t n, uint32_t learner)
{
	uint32_t i = 0;

	while (i < n && v[i].learner != learner)
		i++;
	return i;
}

bool takers_remove(struct takers_table *t, uint32_t course, uint32_t learner)
{
	struct takers *of = find(t, course);
	uint32_t at = place_of(of->v, of->n, learner), waits = 0;

	assert(of->total > 0);
	of->total--;
	if (at < of->n && of->next) {
		move_up(of, at);
	} else if (at < of->n) {
		of->v[at] = of->v[--of->n];
		return of->n == of->total;
	} else if (of->next) {
		waits = place_of(of->v + TAKERS_LATEST, of->next, learner);
		if (waits == of->next)
			return true;
		memmove(of->v + TAKERS_LATEST + waits, of->v + TAKERS_LATEST + waits + 1,
			(--of->next - waits) * sizeof *of->v);
		of->floor_s = 0;
	}
	return true;
}

void takers_add_all(struct takers_table *t, const struct taking *v, size_t n)
{
	enum { AHEAD = 12 };

	for (size_t i = 0; i < n; i++) {
		if (i + 2 * AHEAD < n)
			__builtin_prefetch(find(t, v[i + 2 * AHEAD].course));
		if (i + AHEAD < n) {
			const struct takers *next = find(t, v[i + AHEAD].course);

			/* A full one is looked at from its earliest, others grow at the end. */
			__builtin_prefetch(next->v + (next->n == TAKERS_LATEST ? 0 : next->n), 1);
		}
		takers_add(t, v[i].course, v[i].learner, v[i].at_unix_ms);
	}
}

struct takers takers_of(const struct takers_table *t, uint32_t course)
{
	return course < t->cap ? t->of[course] : (struct takers){0};
}
