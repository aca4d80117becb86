#include "kb/learning.h"

#include <time.h>

#include "kb/recommend_blend.h"

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void weigh(struct learning *l, struct profiles *p, const struct catalogue *c)
{
	struct history h;

	profiles_free(l->profiles);
	loom_free(l->loom);
	l->profiles = p;
	history_of(p, c, &h);
	l->loom = loom_new(&h.view, blend_neighbours(c->n));
	l->edition = catalogue_edition(c);
	l->is_chosen = false;
	history_done(&h);
}

int learning_read(struct learning *l, struct store *s, const struct catalogue *c,
		  const struct profiles_watch *w, struct err *err)
{
	struct profiles *p = profiles_new();
	double begun = now_s(), read;
	struct changes changes;
	int rc = store_changes_read(s, &changes, err);

	if (rc == 0)
		rc = profiles_read(p, s, w, err);
	if (rc < 0) {
		profiles_free(p);
		return rc;
	}
	read = now_s();
	weigh(l, p, c);
	l->changes = changes;
	l->read_s = read - begun;
	l->weigh_s = now_s() - read;
	return 0;
}

void learning_done(struct learning *l)
{
	profiles_free(l->profiles);
	loom_free(l->loom);
	*l = (struct learning){0};
}
