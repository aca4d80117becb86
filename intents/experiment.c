#include "intents/experiment.h"

#include <math.h>
#include <string.h>

#include "text/siphash.h"

/* The salt is the key: two halves of it, told apart by their own keys. */
static struct siphash_key key_of(struct str salt)
{
	return (struct siphash_key){siphash((struct siphash_key){1, 0}, salt),
				    siphash((struct siphash_key){2, 0}, salt)};
}

/* Hash of the hashes: names of any bytes and lengths cannot run into each other. */
static uint64_t draw(struct siphash_key key, struct str variant, struct str learner)
{
	const uint64_t both[2] = {siphash(key, variant), siphash(key, learner)};

	return siphash(key, (struct str){(const char *)both, sizeof both});
}

/* (0, 1] in steps of 2^-53 */
static double unit(uint64_t hash)
{
	return (double)((hash >> 11) + 1) * 0x1p-53;
}

const struct experiment_variant *experiment_assign(const struct experiment *e, struct str learner)
{
	const struct experiment_variant *first = NULL;
	struct siphash_key key = key_of(e->salt);
	double earliest = INFINITY;

	for (size_t i = 0; learner.n && i < e->n; i++) {
		const struct experiment_variant *v = &e->variants[i];
		double time;

		if (v->share <= 0)
			continue;
		time = -log(unit(draw(key, v->name, learner))) / v->share;
		if (time < earliest) {
			earliest = time;
			first = v;
		}
	}
	return first;
}

const struct experiment *experiment_named(const struct ruleset *rs, struct str name)
{
	for (size_t i = 0; i < rs->settings.n_experiments; i++)
		if (str_eq(rs->settings.experiments[i].name, name))
			return &rs->settings.experiments[i];
	return NULL;
}
