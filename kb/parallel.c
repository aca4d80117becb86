#include "kb/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

enum { THREADS_MAX = 8 };

struct helper {
	pthread_t id;
	bool runs;
	unsigned number;
	void (*work)(void *ctx, unsigned thread);
	void *ctx;
};

unsigned parallel_cores(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned)n;
}

static void *help(void *arg)
{
	struct helper *h = arg;

	h->work(h->ctx, h->number);
	return NULL;
}

void parallel_run(unsigned threads, void (*work)(void *ctx, unsigned thread), void *ctx)
{
	struct helper helpers[THREADS_MAX];

	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	for (unsigned i = 1; i < threads; i++) {
		helpers[i] = (struct helper){.number = i, .work = work, .ctx = ctx};
		helpers[i].runs = pthread_create(&helpers[i].id, NULL, help, &helpers[i]) == 0;
	}
	work(ctx, 0);
	for (unsigned i = 1; i < threads; i++) {
		if (helpers[i].runs)
			pthread_join(helpers[i].id, NULL);
		else
			work(ctx, i);
	}
}
