#include "intents/eval_intents.h"

#include "intents/common.h"
#include "intents/phrase.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

enum { FOLDS = 5 };

#define SPEED_SECONDS 0.3 /* at least so long decisions are made to tell how many a second */

/* Whoever scores less says nothing of any intent. Chosen on small files of eleven sets, of which half have 2 to 5
 * examples about anything, and on training parts of Braun et al. (docs/decisions/034-phrases.md). */
#define SAYS_NOTHING 0.04

/* A message asked about: what it was, what the model said and how surely. */
struct verdict {
	uint32_t truth, said;
	double score;
};

struct answers {
	struct verdict *v;
	size_t n, cap;
};

struct judge {
	const struct eval_set *set;
	const struct lexicon *lexicon;
	const struct vectors *vectors;
	const struct common *common;
	uint32_t rest;	    /* the label of what belongs to no other; EVAL_NONE: there is none */
	struct arena arena; /* of the whole run */
	struct arena turn;  /* of one message */
	struct eval_result *result;
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- a model and what it says ---- */

struct model {
	struct arena arena;
	const struct classify *classify;
};

static void read_grams(struct arena *a, const struct judge *j, struct str text, struct grams *out)
{
	struct utterance u;

	utterance_read(a, j->lexicon, text, &u);
	grams_read(a, j->common, &u, NULL, 0, out);
	grams_add_mean(a, &u, j->vectors, out);
}

/* Appends the names of labels that have messages; returns how many examples there are then. */
static size_t add_names(const struct judge *j, struct arena *a, struct classify_example *v,
			size_t n)
{
	bool *used = ARENA_ARRAY(a, bool, j->set->n_labels);

	for (size_t i = 0; i < n; i++)
		used[v[i].class] = true;
	for (uint32_t c = 0; c < j->set->n_labels && j->set->names; c++) {
		if (!used[c])
			continue;
		read_grams(a, j, phrase_of_name(a, j->set->names[c]), &v[n].grams);
		v[n].class = c;
		v[n++].name = true;
	}
	return n;
}

/* Learns from the messages that `use` marks. */
static size_t model_init(struct model *m, const struct judge *j, const bool *use)
{
	struct classify_example *examples;
	struct arena scratch;
	size_t n = 0;

	arena_init(&m->arena);
	arena_init(&scratch);
	examples = ARENA_ARRAY(&scratch, struct classify_example, j->set->n + j->set->n_labels);
	for (size_t i = 0; i < j->set->n; i++) {
		if (!use[i])
			continue;
		read_grams(&scratch, j, j->set->v[i].text, &examples[n].grams);
		examples[n++].class = j->set->v[i].label;
	}
	m->classify = classify_new(&m->arena, examples, add_names(j, &scratch, examples, n),
				   j->set->n_labels);
	arena_done(&scratch);
	return n;
}

static void model_done(struct model *m)
{
	arena_done(&m->arena);
}

static struct verdict ask(struct judge *j, const struct model *m, struct str text)
{
	struct classify_hits hits;
	struct grams grams;

	arena_reset(&j->turn);
	read_grams(&j->turn, j, text, &grams);
	classify_read(m->classify, &j->turn, &grams, &hits);
	if (hits.n == 0)
		return (struct verdict){EVAL_NONE, EVAL_NONE, 0};
	if (hits.v[0].score < SAYS_NOTHING && j->rest != EVAL_NONE)
		return (struct verdict){EVAL_NONE, j->rest, hits.v[0].score};
	return (struct verdict){EVAL_NONE, hits.v[0].class, hits.v[0].score};
}

static void ask_about(struct judge *j, const struct model *m, const struct eval_message *e,
		      struct answers *out)
{
	struct verdict answer = ask(j, m, e->text);

	answer.truth = e->label;
	ARENA_PUSH(&j->arena, out->v, out->n, out->cap, answer);
}

/* The label None, as files of other makers have it. */
static uint32_t find_rest(const struct eval_set *set)
{
	for (uint32_t c = 0; c < set->n_labels && set->names; c++) {
		struct str name = set->names[c];

		if (str_eq(name, STR("None")) || str_eq(name, STR("NONE")) ||
		    str_eq(name, STR("none")))
			return c;
	}
	return EVAL_NONE;
}

static size_t count_part(const struct eval_set *set, enum eval_part part)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++)
		n += set->v[i].part == part;
	return n;
}

static bool *training_part(struct judge *j)
{
	bool *use = ARENA_ARRAY(&j->arena, bool, j->set->n);

	for (size_t i = 0; i < j->set->n; i++)
		use[i] = j->set->v[i].part == EVAL_TRAIN && j->set->v[i].label != EVAL_NONE;
	return use;
}

/* ---- cross-validation ---- */

struct dealt {
	uint64_t hash;
	uint32_t label;
	uint32_t message;
};

static int by_hash(const void *x, const void *y)
{
	const struct dealt *a = x, *b = y;

	if (a->label != b->label)
		return a->label < b->label ? -1 : 1;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->message > b->message) - (a->message < b->message);
}

/* Fold of each training message: those of a label take turns in the order of their hashes, each label from
 * another place, which follows from its first: what other labels have changes nothing. */
static uint8_t *deal_folds(struct judge *j, const bool *train)
{
	struct dealt *v = ARENA_ARRAY(&j->arena, struct dealt, j->set->n);
	uint8_t *fold = ARENA_ARRAY(&j->arena, uint8_t, j->set->n);
	uint64_t turn = 0;
	size_t n = 0;

	for (size_t i = 0; i < j->set->n; i++) {
		const struct eval_message *e = &j->set->v[i];

		if (train[i])
			v[n++] = (struct dealt){str_hash(e->text), e->label, (uint32_t)i};
	}
	qsort(v, n, sizeof *v, by_hash);
	for (size_t i = 0; i < n; i++) {
		turn = i > 0 && v[i].label == v[i - 1].label ? turn + 1 : v[i].hash % FOLDS;
		fold[v[i].message] = (uint8_t)(turn % FOLDS);
	}
	return fold;
}

/* hide: each fold also loses the labels whose turn it is, and is asked about all their messages. */
static void cross_validate(struct judge *j, bool hide, struct answers *out)
{
	const bool *train = training_part(j);
	const uint8_t *fold = deal_folds(j, train);
	bool *use = ARENA_ARRAY(&j->arena, bool, j->set->n);

	for (uint32_t f = 0; f < FOLDS; f++) {
		struct model m;

		for (size_t i = 0; i < j->set->n; i++) {
			bool hidden = hide && j->set->v[i].label % FOLDS == f;

			use[i] = train[i] && fold[i] != f && !hidden;
		}
		model_init(&m, j, use);
		for (size_t i = 0; i < j->set->n; i++) {
			struct eval_message e = j->set->v[i];
			bool hidden = hide && e.label % FOLDS == f;

			if (hidden)
				e.label = EVAL_NONE;
			if (train[i] && (hidden || fold[i] == f))
				ask_about(j, &m, &e, out);
		}
		model_done(&m);
	}
}

/* ---- threshold ---- */

static int by_score(const void *x, const void *y)
{
	const struct verdict *a = x, *b = y;

	if (a->score != b->score)
		return a->score < b->score ? -1 : 1;
	return (a->truth > b->truth) - (a->truth < b->truth);
}

struct tally {
	size_t n, none;		  /* messages with and without an intent */
	size_t right, none_right; /* decided rightly at a threshold */
};

static double mean_of(const struct tally *t, enum eval_rule rule)
{
	if (rule == EVAL_ACCURACY)
		return (double)(t->right + t->none_right) / (double)(t->n + t->none);
	return ((double)t->right / (double)t->n + (double)t->none_right / (double)t->none) / 2;
}

/* Of that mean, as far as the number of messages tells it. */
static double standard_error(double mean, const struct tally *t, enum eval_rule rule)
{
	double variance = mean * (1 - mean);

	if (rule == EVAL_ACCURACY)
		return sqrt(variance / (double)(t->n + t->none));
	return sqrt(variance / (double)t->n + variance / (double)t->none) / 2;
}

static void tally_all(const struct answers *answers, struct tally *t)
{
	*t = (struct tally){0};
	for (size_t i = 0; i < answers->n; i++) {
		const struct verdict *a = &answers->v[i];

		*(a->truth == EVAL_NONE ? &t->none : &t->n) += 1;
		t->right += a->truth != EVAL_NONE && a->said == a->truth;
	}
}

/* Counts one more of the sorted answers as refused. */
static void refuse(struct tally *t, const struct verdict *a)
{
	t->right -= a->truth != EVAL_NONE && a->said == a->truth;
	t->none_right += a->truth == EVAL_NONE;
}

/* The lowest threshold that is no worse than the best by more than a quarter of a standard error, or for
 * accuracy, whose errors are an even mix, by half of one (after the rule of Breiman et al., "Classification
 * and Regression Trees", 1984, which takes a whole one): a few hundred messages do not tell such
 * thresholds apart, and the lowest refuses the fewest. */
static double choose_threshold(struct answers *answers, enum eval_rule rule)
{
	struct tally t;
	double best, least;
	size_t i = 0;

	qsort(answers->v, answers->n, sizeof *answers->v, by_score);
	tally_all(answers, &t);
	if (t.n == 0 || t.none == 0)
		return 0;
	best = mean_of(&t, rule);
	for (size_t k = 0; k < answers->n; k++) {
		refuse(&t, &answers->v[k]);
		best = fmax(best, mean_of(&t, rule));
	}
	least = best - standard_error(best, &t, rule) / (rule == EVAL_ACCURACY ? 2 : 4);
	for (tally_all(answers, &t); i < answers->n && mean_of(&t, rule) < least; i++)
		refuse(&t, &answers->v[i]);
	return i < answers->n ? answers->v[i].score : 1;
}

static bool has_none(const struct eval_set *set, enum eval_part part)
{
	for (size_t i = 0; i < set->n; i++) {
		if (set->v[i].part == part && set->v[i].label == EVAL_NONE)
			return true;
	}
	return false;
}

static double find_threshold(struct judge *j, const struct model *m, enum eval_part tested,
			     enum eval_rule rule)
{
	struct answers answers = {0};

	if (!has_none(j->set, tested))
		return 0;
	if (tested == EVAL_VAL || !has_none(j->set, EVAL_VAL)) {
		cross_validate(j, true, &answers);
		return choose_threshold(&answers, rule);
	}
	for (size_t i = 0; i < j->set->n; i++) {
		const struct eval_message *e = &j->set->v[i];

		/* those with no intent were not learnt from, whatever part they are of */
		if (e->part == EVAL_VAL || (e->part == EVAL_TRAIN && e->label == EVAL_NONE))
			ask_about(j, m, e, &answers);
	}
	return choose_threshold(&answers, rule);
}

/* ---- measures ---- */

struct counts {
	size_t truth, said, both;
};

static double share(size_t part, size_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

static struct eval_measures measures_of(const struct counts *c)
{
	return (struct eval_measures){share(c->both, c->said), share(c->both, c->truth),
				      share(2 * c->both, c->said + c->truth)};
}

/* counts: by label, the last one for none. */
static void measure_labels(const struct counts *counts, size_t labels, struct eval_result *out)
{
	struct counts all = {0};
	size_t n = 0;

	for (size_t c = 0; c <= labels; c++) {
		struct eval_measures m = measures_of(&counts[c]);

		if (counts[c].truth + counts[c].said == 0)
			continue;
		n++;
		out->macro.precision += m.precision;
		out->macro.recall += m.recall;
		out->macro.f1 += m.f1;
		if (c == labels)
			continue;
		all.truth += counts[c].truth;
		all.said += counts[c].said;
		all.both += counts[c].both;
	}
	out->macro.precision /= (double)(n ? n : 1);
	out->macro.recall /= (double)(n ? n : 1);
	out->macro.f1 /= (double)(n ? n : 1);
	out->micro = measures_of(&all);
	out->in_scope_accuracy = out->micro.recall;
	out->none_recall = share(counts[labels].both, counts[labels].truth);
	out->none_precision = share(counts[labels].both, counts[labels].said);
	out->none = counts[labels].truth;
	out->accuracy = share(all.both + counts[labels].both, all.truth + counts[labels].truth);
}

static void measure(struct judge *j, const struct answers *answers)
{
	size_t labels = j->set->n_labels;
	struct counts *counts = ARENA_ARRAY(&j->arena, struct counts, labels + 1);

	for (size_t i = 0; i < answers->n; i++) {
		const struct verdict *a = &answers->v[i];
		uint32_t said = a->score < j->result->threshold ? EVAL_NONE : a->said;

		counts[a->truth == EVAL_NONE ? labels : a->truth].truth++;
		counts[said == EVAL_NONE ? labels : said].said++;
		if (said == a->truth)
			counts[said == EVAL_NONE ? labels : said].both++;
	}
	j->result->tested = answers->n;
	measure_labels(counts, labels, j->result);
}

/* Asks about all messages, again and again until it took long enough. */
static double measure_speed(struct judge *j, const struct model *m)
{
	double begun = cpu_seconds(), spent = 0;
	size_t asked = 0;

	while (spent < SPEED_SECONDS) {
		for (size_t i = 0; i < j->set->n && i < 5000; i++, asked++)
			ask(j, m, j->set->v[i].text);
		spent = cpu_seconds() - begun;
	}
	return (double)asked / spent;
}

/* ---- the run ---- */

static void judge_part(struct judge *j, const struct model *m, enum eval_rule rule)
{
	enum eval_part tested = count_part(j->set, EVAL_TEST)  ? EVAL_TEST
				: count_part(j->set, EVAL_VAL) ? EVAL_VAL
							       : EVAL_TRAIN;
	struct answers answers = {0};

	if (tested == EVAL_TRAIN) {
		cross_validate(j, false, &answers);
		measure(j, &answers);
		return;
	}
	if (rule != EVAL_GIVEN)
		j->result->threshold = find_threshold(j, m, tested, rule);
	for (size_t i = 0; i < j->set->n; i++) {
		if (j->set->v[i].part == tested)
			ask_about(j, m, &j->set->v[i], &answers);
	}
	measure(j, &answers);
}

int eval_intents_run(const struct eval_set *set, const struct lexicon *l,
		     const struct vectors *vectors, enum eval_rule rule, double threshold,
		     struct eval_result *out, struct err *err)
{
	struct judge j = {.set = set, .lexicon = l, .vectors = vectors, .result = out};
	struct model m;
	double begun;

	*out = (struct eval_result){.threshold = rule == EVAL_GIVEN ? threshold : 0};
	arena_init(&j.arena);
	arena_init(&j.turn);
	j.common = common_new(&j.arena);
	j.rest = find_rest(set);
	if (!vectors)
		j.vectors = classify_vectors(&j.arena, count_part(set, EVAL_TRAIN));
	begun = cpu_seconds();
	out->trained = model_init(&m, &j, training_part(&j));
	out->train_s = cpu_seconds() - begun;
	if (out->trained > 0) {
		out->model_bytes = classify_bytes(m.classify);
		judge_part(&j, &m, rule);
		out->decisions_per_s = measure_speed(&j, &m);
	}
	model_done(&m);
	arena_done(&j.turn);
	arena_done(&j.arena);
	return out->trained > 0
		       ? 0
		       : err_set(err, ERR_INVALID,
				 "no training message with an intent; split must be train");
}
