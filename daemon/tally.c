#include "tally.h"

#include <stdlib.h>

#include "job.h"
#include "kb/store_tally.h"
#include "text/mem.h"

enum { BUCKETS = 256, MINUTE_MS = 60000 };

struct hit {
	struct hit *next;
	int64_t n, last_unix_ms;
	size_t name_n;
	char name[];
};

struct tally {
	int64_t process;
	struct hit *hits[BUCKETS];
	size_t n_hits;
	int64_t minute; /* its beginning; 0 = none yet */
	uint64_t turns;
	uint64_t counts[TURN_BUCKETS];
};

struct tally *tally_new(int64_t process)
{
	struct tally *t = mem_zalloc(sizeof *t);

	t->process = process;
	return t;
}

static void forget_hits(struct tally *t)
{
	for (size_t i = 0; i < BUCKETS && t->n_hits; i++) {
		while (t->hits[i]) {
			struct hit *h = t->hits[i];

			t->hits[i] = h->next;
			t->n_hits--;
			free(h);
		}
	}
}

void tally_free(struct tally *t)
{
	if (!t)
		return;
	forget_hits(t);
	free(t);
}

void tally_hit(struct tally *t, struct str name, int64_t now_unix_ms)
{
	struct hit **bucket = &t->hits[str_hash(name) % BUCKETS], *h = *bucket;

	while (h && !str_eq((struct str){h->name, h->name_n}, name))
		h = h->next;
	if (!h) {
		h = mem_zalloc(sizeof *h + name.n);
		memcpy(h->name, name.n ? name.p : "", name.n);
		h->name_n = name.n;
		h->next = *bucket;
		*bucket = h;
		t->n_hits++;
	}
	h->n++;
	h->last_unix_ms = now_unix_ms;
}

void tally_turn(struct tally *t, double us, int64_t now_unix_ms)
{
	/* Without a flush between: at most a second's turns count in the minute before. */
	if (!t->minute)
		t->minute = now_unix_ms - now_unix_ms % MINUTE_MS;
	t->turns++;
	t->counts[turn_bucket(us)]++;
}

static void flush_hits(struct tally *t, struct writer *w)
{
	struct hit_row *rows = mem_resize(NULL, t->n_hits, sizeof *rows);
	size_t n = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		for (const struct hit *h = t->hits[i]; h; h = h->next)
			rows[n++] = (struct hit_row){{h->name, h->name_n}, h->n, h->last_unix_ms};
	}
	if (writer_enqueue(w, job_new(JOB_HITS, rows, n, 0)) == 0)
		forget_hits(t);
	free(rows);
}

static void flush_minute(struct tally *t, struct writer *w, bool over)
{
	struct buf text = {0};
	struct minute_row row = {
		.at_unix_ms = t->minute, .process = t->process, .turns = (int64_t)t->turns};

	turn_buckets_print(t->counts, &text);
	row.buckets = buf_view(&text);
	if (writer_enqueue(w, job_new(JOB_MINUTE, &row, 1, 0)) == 0 && over) {
		t->minute = 0;
		t->turns = 0;
		memset(t->counts, 0, sizeof t->counts);
	}
	buf_done(&text);
}

void tally_flush(struct tally *t, struct writer *w, int64_t now_unix_ms, bool all)
{
	bool over = t->minute && now_unix_ms - t->minute >= MINUTE_MS;

	if (t->n_hits)
		flush_hits(t, w);
	if (t->minute && (all || over))
		flush_minute(t, w, over);
}
