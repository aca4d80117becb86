#include "net/attempts.h"

#include <stdlib.h>

#include "secret.h"
#include "text/buf.h"
#include "text/mem.h"

enum { SETS = 512, WAYS = 8, FORGET_MS = 15 * 60 * 1000 };

const struct attempt_kind attempt_address = {.free = 5, .longest_wait_ms = 15 * 60 * 1000};
const struct attempt_kind attempt_name = {.free = 10, .longest_wait_ms = 60 * 1000};

struct entry {
	uint64_t key; /* 0 = free */
	unsigned failures;
	int64_t last_ms, next_ms;
};

struct attempts {
	unsigned char salt[16]; /* so that nobody can choose names that share a set */
	struct entry entries[SETS][WAYS];
};

struct attempts *attempts_new(void)
{
	struct attempts *a = mem_zalloc(sizeof *a);

	secret_random(a->salt, sizeof a->salt);
	return a;
}

void attempts_free(struct attempts *a)
{
	free(a);
}

static uint64_t key_of(const struct attempts *a, const struct attempt_kind *kind, struct str who)
{
	struct buf text = {0};
	unsigned char hash[32];
	uint64_t key;

	buf_put(&text, a->salt, sizeof a->salt);
	buf_char(&text, kind == &attempt_name ? 'n' : 'a');
	buf_str(&text, who);
	secret_hash(buf_view(&text), hash);
	buf_done(&text);
	memcpy(&key, hash, sizeof key);
	return key ? key : 1;
}

/* Its place; with `make` the place of whoever failed least, when it has none. */
static struct entry *find(struct attempts *a, uint64_t key, bool make)
{
	struct entry *set = a->entries[key % SETS], *least = set;

	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].failures < least->failures)
			least = &set[i];
	}
	if (!make)
		return NULL;
	*least = (struct entry){.key = key};
	return least;
}

static bool forgotten(const struct entry *e, int64_t now_ms)
{
	return now_ms - e->last_ms > FORGET_MS && now_ms > e->next_ms;
}

int64_t attempts_wait(struct attempts *a, const struct attempt_kind *kind, struct str who,
		      int64_t now_ms)
{
	const struct entry *e = find(a, key_of(a, kind, who), false);

	if (!e || forgotten(e, now_ms) || e->next_ms <= now_ms)
		return 0;
	return e->next_ms - now_ms;
}

void attempts_begin(struct attempts *a, const struct attempt_kind *kind, struct str who,
		    int64_t now_ms)
{
	struct entry *e = find(a, key_of(a, kind, who), true);
	int64_t wait = 1000;

	if (forgotten(e, now_ms))
		e->failures = 0;
	e->failures++;
	e->last_ms = now_ms;
	if (e->failures < kind->free)
		return;
	for (unsigned i = kind->free; i < e->failures && wait < kind->longest_wait_ms; i++)
		wait *= 2;
	e->next_ms = now_ms + (wait < kind->longest_wait_ms ? wait : kind->longest_wait_ms);
}

void attempts_clear(struct attempts *a, const struct attempt_kind *kind, struct str who)
{
	struct entry *e = find(a, key_of(a, kind, who), false);

	if (e)
		*e = (struct entry){0};
}
