/* What the recommender costs on made-up learners: reco_load [--users N] [--items N] [--events N]
 * [--near K] [--rounds N] [--save FOLDER | --files FOLDER]. One JSON object; times in ms (seconds of the clock and of all
 * processors) and us, medians. With --save, the matrix as raw little-endian arrays for the peers of
 * recommender_bench.py; with --files, courses and events for kefu import and nothing else. */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "bench/made_learners.h"
#include "bench/whole_answer.h"
#include "kb/loom.h"
#include "kb/parallel.h"
#include "kb/sparse.h"
#include "text/buf.h"

enum { ASKED = 2001, PROFILE = 50, BEST = 10, ROUNDS_MAX = 51 };

struct load {
	uint64_t users, items, events, near, rounds;
	const char *save, *files;
	struct made_learners made;
	struct buf json;
};

static double clock_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof *v, by_value);
	return v[n / 2];
}

/* ---- the table ---- */

/* One processor of those there are, or all of them again: what this takes its number of threads from. */
static void use_processors(unsigned n)
{
	static cpu_set_t all;
	cpu_set_t one;
	size_t first = 0;

	if (CPU_COUNT(&all) == 0 && sched_getaffinity(0, sizeof all, &all) != 0)
		return;
	while (!CPU_ISSET(first, &all))
		first++;
	CPU_ZERO(&one);
	CPU_SET(first, &one);
	sched_setaffinity(0, sizeof one, n == 1 ? &one : &all);
}

static void bench_build(struct load *l, unsigned threads)
{
	double wall[ROUNDS_MAX], cpu[ROUNDS_MAX];
	char name[64];

	use_processors(threads);
	for (size_t i = 0; i < l->rounds; i++) {
		double begun = clock_ms(CLOCK_MONOTONIC);
		double worked = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
		struct loom *loom = loom_new(&l->made.h, l->near);
		double made = clock_ms(CLOCK_MONOTONIC);
		struct knn *k = loom_weave(loom, threads);

		wall[i] = clock_ms(CLOCK_MONOTONIC) - begun;
		cpu[i] = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - worked;
		fprintf(stderr, "  %u threads: loom %.0f ms, weave %.0f ms, CPU %.0f ms\n", threads,
			made - begun, wall[i] - (made - begun), cpu[i]);
		if (i == 0 && threads == 1) {
			json_kint(&l->json, "loom_bytes", (int64_t)loom_bytes(loom));
			json_kint(&l->json, "table_bytes", (int64_t)knn_bytes(k));
		}
		knn_free(k);
		loom_free(loom);
	}
	snprintf(name, sizeof name, "build_%u_ms", threads);
	json_knum(&l->json, name, median(wall, l->rounds));
	snprintf(name, sizeof name, "build_%u_cpu_ms", threads);
	json_knum(&l->json, name, median(cpu, l->rounds));
}

/* ---- one answer: the ten best for a profile of fifty ---- */

static size_t best_of(const struct sparse *s, const float *ends, struct sparse_one best[BEST])
{
	size_t got = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct sparse_one one = {s->list[i].item, s->list[i].x * ends[s->list[i].item]};
		size_t at;

		if (one.x <= (got == BEST ? best[BEST - 1].x : 0))
			continue;
		for (at = got < BEST ? got++ : BEST - 1; at > 0 && best[at - 1].x < one.x; at--)
			best[at] = best[at - 1];
		best[at] = one;
	}
	return got;
}

static void make_profile(const struct load *l, uint64_t *state, struct interaction profile[PROFILE])
{
	const uint32_t topics[3] = {(uint32_t)(made_random(state) % MADE_TOPICS),
				    (uint32_t)(made_random(state) % MADE_TOPICS), 7};

	for (int i = 0; i < PROFILE; i++)
		profile[i] =
			(struct interaction){made_item(state, (uint32_t)l->items, topics), .9f, i};
}

static void bench_answer(struct load *l, const struct knn *k)
{
	static double us[ASKED];
	struct sparse_one best[BEST];
	struct sparse s;
	uint64_t state = 3;
	double reached = 0;

	sparse_init(&s, l->items);
	for (size_t i = 0; i < ASKED; i++) {
		struct interaction profile[PROFILE];
		double begun;

		make_profile(l, &state, profile);
		begun = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
		knn_add(k, profile, PROFILE, &s);
		for (int x = 0; x < PROFILE; x++)
			s.v[profile[x].item] = 0;
		sparse_take(&s);
		if (best_of(&s, knn_ends(k), best) == 0)
			abort();
		us[i] = (clock_ms(CLOCK_PROCESS_CPUTIME_ID) - begun) * 1e3;
		reached += (double)s.n;
		s.n = 0;
	}
	json_knum(&l->json, "answer_p50_us", median(us, ASKED));
	json_knum(&l->json, "answer_p99_us", us[ASKED * 99 / 100]);
	json_knum(&l->json, "answer_reached", reached / ASKED);
	sparse_done(&s);
}

/* ---- one event, and a batch of them published ---- */

static void put_one(struct load *l, struct loom *loom, uint64_t *state)
{
	static struct interaction v[MADE_LONGEST + 1];
	uint32_t u = (uint32_t)(made_random(state) % l->users), from = l->made.start[u];
	size_t n = l->made.start[u + 1] - from;
	uint32_t item = made_zipf(state, (uint32_t)l->items);

	memcpy(v, l->made.v + from, n * sizeof *v);
	for (size_t i = 0; i < n; i++)
		if (v[i].item == item)
			return;
	v[n] = (struct interaction){item, .9f, n ? v[n - 1].at + 1 : 0};
	loom_put(loom, u, u, v, n + 1);
}

static void bench_events(struct load *l, struct loom *loom)
{
	static const int sizes[] = {1, 100, 1000};
	static double us[ASKED], ms[9];
	uint64_t state = 11;
	char name[64];

	for (size_t i = 0; i < ASKED; i++) {
		double begun = clock_ms(CLOCK_PROCESS_CPUTIME_ID);

		put_one(l, loom, &state);
		us[i] = (clock_ms(CLOCK_PROCESS_CPUTIME_ID) - begun) * 1e3;
	}
	json_knum(&l->json, "event_p50_us", median(us, ASKED));
	json_knum(&l->json, "event_p99_us", us[ASKED * 99 / 100]);
	knn_free(loom_weave(loom, parallel_cores()));
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		for (int round = 0; round < 9; round++) {
			double begun;

			for (int i = 0; i < sizes[s]; i++)
				put_one(l, loom, &state);
			begun = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
			knn_free(loom_weave(loom, 1));
			ms[round] = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - begun;
		}
		snprintf(name, sizeof name, "publish_%d_ms", sizes[s]);
		json_knum(&l->json, name, median(ms, 9));
	}
}

/* ---- recommend() ---- */

static void bench_whole(struct load *l, struct loom *loom)
{
	static double whole[WHOLE_ASKED], stages[WHOLE_ASKED], items[WHOLE_ASKED];
	struct whole w;

	whole_open(&w, &l->made, loom);
	for (uint32_t u = 0; u < WHOLE_ASKED; u++)
		whole_ask(&w, u, &whole[u], &stages[u], &items[u]);
	json_knum(&l->json, "recommend_p50_us", median(whole, WHOLE_ASKED));
	json_knum(&l->json, "taste_p50_us", median(stages, WHOLE_ASKED));
	json_knum(&l->json, "taste_items_p50_us", median(items, WHOLE_ASKED));
	whole_done(&w);
}

/* ---- for the peers ---- */

static void save(const struct load *l, const char *name, const void *p, size_t n, size_t size)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", l->save, name);
	f = fopen(path, "wb");
	if (!f || fwrite(p, size, n, f) != n || fclose(f) != 0) {
		fprintf(stderr, "reco_load: cannot write '%s'\n", path);
		exit(1);
	}
}

static void save_matrix(const struct load *l)
{
	size_t n = l->made.start[l->users];
	uint32_t *items = mem_alloc((n + 1) * sizeof *items);

	for (size_t i = 0; i < n; i++)
		items[i] = l->made.v[i].item;
	save(l, "start.u32", l->made.start, l->users + 1, sizeof *l->made.start);
	save(l, "item.u32", items, n, sizeof *items);
	free(items);
}

/* Files for kefu import: courses.csv, events-0.csv, events-1.csv … of a million rows each. */
static void save_files(const struct load *l)
{
	static const char *const types[] = {"view", "enroll", "purchase", "complete"};
	enum { ROWS = 1000000 };
	struct buf rows = {0};
	char name[64];
	size_t n = 0;

	buf_cstr(&rows, "id,title,category,price\n");
	for (uint64_t i = 0; i < l->items; i++)
		buf_printf(&rows, "c%06llu,课程 %llu 第%llu讲,类别 %llu,%llu\n",
			   (unsigned long long)i, (unsigned long long)i, (unsigned long long)i % 97,
			   (unsigned long long)i % 50, (unsigned long long)i % 300);
	save(l, "courses.csv", rows.p, rows.n, 1);
	for (uint32_t u = 0; u < l->users; u++)
		for (uint32_t i = l->made.start[u]; i < l->made.start[u + 1]; i++, n++) {
			if (n % ROWS == 0) {
				snprintf(name, sizeof name, "events-%zu.csv", n / ROWS);
				buf_reset(&rows);
				buf_cstr(&rows, "user,course,type,at\n");
			}
			buf_printf(&rows, "user%07u,c%06u,%s,%lld\n", u, l->made.v[i].item,
				   types[(u + i) % 4],
				   1500000000000 + (long long)l->made.v[i].at + u);
			if (n % ROWS == ROWS - 1 || i + 1 == l->made.start[l->users])
				save(l, name, rows.p, rows.n, 1);
		}
	buf_done(&rows);
}

static int read_options(struct load *l, int argc, char **argv)
{
	const struct {
		const char *name;
		uint64_t *value;
	} options[] = {{"--users", &l->users},
		       {"--items", &l->items},
		       {"--events", &l->events},
		       {"--near", &l->near},
		       {"--rounds", &l->rounds}};

	for (int i = 1; i < argc; i += 2) {
		bool save = strcmp(argv[i], "--save") == 0, files = strcmp(argv[i], "--files") == 0;
		bool known = (save || files) && i + 1 < argc;

		if (known)
			*(save ? &l->save : &l->files) = argv[i + 1];
		for (size_t o = 0; o < sizeof options / sizeof *options; o++)
			if (strcmp(argv[i], options[o].name) == 0 && i + 1 < argc)
				known = str_to_u64(str_of(argv[i + 1]), options[o].value);
		if (!known) {
			fprintf(stderr, "reco_load: what is '%s'?\n", argv[i]);
			return 2;
		}
	}
	if (l->rounds < 1 || l->rounds > ROUNDS_MAX)
		l->rounds = 3;
	return 0;
}

int main(int argc, char **argv)
{
	struct load l = {
		.users = 1000000, .items = 100000, .events = 10000000, .near = 100, .rounds = 3};
	struct rusage used;
	struct loom *loom;
	struct knn *k;

	if (read_options(&l, argc, argv) != 0)
		return 2;
	l.made = made_learners((uint32_t)l.users, (uint32_t)l.items, l.events);
	if (l.save)
		save_matrix(&l);
	if (l.files) {
		l.save = l.files;
		save_files(&l);
		made_learners_done(&l.made);
		return 0;
	}
	json_open(&l.json, '{');
	json_kint(&l.json, "interactions", l.made.start[l.users]);
	bench_build(&l, 1);
	bench_build(&l, 2);
	loom = loom_new(&l.made.h, l.near);
	k = loom_weave(loom, parallel_cores());
	bench_answer(&l, k);
	bench_whole(&l, loom);
	bench_events(&l, loom);
	knn_free(k);
	loom_free(loom);
	made_learners_done(&l.made);
	getrusage(RUSAGE_SELF, &used);
	json_kint(&l.json, "peak_rss_kb", used.ru_maxrss);
	json_close(&l.json, '}');
	puts(l.json.p);
	buf_done(&l.json);
	return 0;
}
