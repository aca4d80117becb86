/* Numbers over time. */
#include "kb/store_stats.h"
#include "net/admin.h"

enum {
	STEP_S = 3600,
	STEP_MIN_S = 60,
	STEP_MAX_S = 604800,
	POINTS_MAX = 1000,
	DAY_MS = 86400000,
};

static void put_percentile(struct buf *b, const char *name, const struct stats_point *p, double q)
{
	double us = turn_percentile(p->counts, q);

	json_key(b, name);
	if (us < 0)
		json_nil(b);
	else
		json_num(b, us < 10 ? us : (double)(int64_t)(us + 0.5));
}

static void put_numbers(struct buf *b, const struct stats_point *p)
{
	json_kint(b, "messages", p->messages);
	json_kint(b, "sessions", p->sessions);
	json_kint(b, "answered", p->answered);
	json_kint(b, "asked", p->asked);
	json_kint(b, "fallbacks", p->fallbacks);
	json_kint(b, "handoffs", p->handoffs);
	json_kint(b, "up", p->up);
	json_kint(b, "down", p->down);
	json_kint(b, "taken", p->taken);
	json_kint(b, "left", p->left);
	json_key(b, "waited_s");
	if (p->taken)
		json_num(b, (double)p->waited_ms / 1e3 / (double)p->taken);
	else
		json_nil(b);
	json_kint(b, "turns", p->turns);
	put_percentile(b, "p50_us", p, 0.5);
	put_percentile(b, "p95_us", p, 0.95);
}

static void put_top(struct buf *b, const char *list, const char *name, const struct stats_top *top,
		    size_t n)
{
	json_key(b, list);
	json_open(b, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(b, '{');
		json_kstr(b, name, top[i].name);
		json_kint(b, "n", top[i].n);
		json_close(b, '}');
	}
	json_close(b, ']');
}

struct range {
	int64_t from, to, step_s;
	size_t n;
};

/* False: the problem is in the call. */
static bool read_range(struct call *c, struct range *r)
{
	/* what happened in this very millisecond counts, too */
	*r = (struct range){.to = c->now_unix_ms + 1, .step_s = STEP_S};
	if (!call_number(c, "to", 1, INT64_MAX / 2, &r->to))
		return false;
	r->from = r->to - DAY_MS;
	if (!call_number(c, "from", 0, INT64_MAX / 2, &r->from) ||
	    !call_number(c, "step", STEP_MIN_S, STEP_MAX_S, &r->step_s))
		return false;
	if (r->from >= r->to) {
		call_wrong(c, "from", "must be before 'to'");
		return false;
	}
	if ((r->to - r->from - 1) / (r->step_s * 1000) >= POINTS_MAX) {
		call_wrong(c, "step", "gives more than 1000 points; make it longer");
		return false;
	}
	r->n = (size_t)((r->to - r->from - 1) / (r->step_s * 1000)) + 1;
	return true;
}

static void put_stats(struct buf *b, const struct range *r, const struct stats *stats)
{
	const struct stats_point *total = &stats->total;

	json_open(b, '{');
	json_kint(b, "from", r->from);
	json_kint(b, "to", r->from + r->step_s * 1000 * (int64_t)r->n);
	json_kint(b, "step", r->step_s);
	json_key(b, "points");
	json_open(b, '[');
	for (size_t i = 0; i < r->n; i++) {
		json_open(b, '{');
		json_kint(b, "at", r->from + r->step_s * 1000 * (int64_t)i);
		put_numbers(b, &stats->points[i]);
		json_close(b, '}');
	}
	json_close(b, ']');
	json_key(b, "totals");
	json_open(b, '{');
	put_numbers(b, total);
	json_key(b, "answered_share");
	if (total->messages)
		json_num(b, (double)total->answered / (double)total->messages);
	else
		json_nil(b);
	json_close(b, '}');
	put_top(b, "intents", "intent", stats->intents, stats->n_intents);
	put_top(b, "faq", "id", stats->faq, stats->n_faq);
	json_close(b, '}');
}

void admin_stats_work(struct call *c, struct store *s)
{
	struct range r;
	struct stats stats;
	struct err err;
	int rc;

	if (!read_range(c, &r))
		return;
	rc = store_stats(s, &c->arena, r.from, r.step_s * 1000, r.n, &stats, &err);
	if (rc != 0)
		call_failed(c, rc, &err);
	else
		put_stats(&c->out, &r, &stats);
}
