#include "writer_batch.h"

#include "kb/store_change.h"

static bool own_fault(int code)
{
	return code == ERR_INVALID || code == ERR_LIMIT;
}

/* Every job of the batch, in an open transaction. A row refused for its own fault leaves the
 * transaction open but perhaps the rest of its job in it: it is marked, and the walk goes on to
 * find the others. */
static int put_all(struct batch *b, struct store *s, size_t *bad, struct err *err)
{
	for (int lane = 0; lane < LANES; lane++) {
		for (struct job *j = b->lanes[lane].head; j; j = j->next) {
			int code = job_put(j, s, err);

			if (code && !own_fault(code))
				return code;
			j->code = code;
			if (code) {
				b->bad_err = *err;
				(*bad)++;
			}
		}
	}
	return 0;
}

static void part_bad(struct batch *b)
{
	for (int lane = 0; lane < LANES; lane++) {
		struct job_list good = {0};
		struct job *j;

		while ((j = job_pop(&b->lanes[lane])))
			job_push(j->code ? &b->bad : &good, j);
		b->lanes[lane] = good;
	}
}

static bool has_events(const struct batch *b)
{
	for (const struct job *j = b->lanes[LANE_KEPT].head; j; j = j->next)
		if (j->kind == JOB_EVENTS || j->told)
			return true;
	return false;
}

int batch_commit(struct batch *b, struct store *s, struct err *err)
{
	size_t bad;
	int code;

	do {
		bad = 0;
		code = store_begin(s, err);
		if (!code)
			code = put_all(b, s, &bad, err);
		if (!code && !bad && has_events(b))
			code = store_change_note(s, CHANGE_EVENTS, &b->change, err);
		if (code || bad) {
			store_rollback(s);
			part_bad(b);
		}
	} while (!code && bad);
	return code ? code : store_commit(s, err);
}
