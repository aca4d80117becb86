#include "bot/snapshot.h"
#include "bot/action.h"
#include "bot/experiment.h"
#include "bot/snapshot_faq.h"
#include "bot/vocabulary.h"

#include <stdlib.h>
#include <time.h>

#include "intents/lint.h"
#include "intents/load.h"
#include "kb/learning.h"
#include "kb/vectors.h"
#include "text/mem.h"

/* ---- the catalogue as entity values: id, title, aliases ---- */

enum { COURSE_NAMES_MAX = 18 };

static struct entity_source course_names(struct arena *a, const struct catalogue *c)
{
	struct entity_value *values = ARENA_ARRAY(a, struct entity_value, c->n);

	for (size_t i = 0; i < c->n; i++) {
		const struct course *course = &c->courses[i];
		struct str *names = ARENA_ARRAY(a, struct str, COURSE_NAMES_MAX);
		size_t n = 0;

		names[n++] = course->id;
		if (course->title.n)
			names[n++] = course->title;
		n += snapshot_split(a, course->aliases, names + n, COURSE_NAMES_MAX - n);
		values[i] = (struct entity_value){course->id, {names, n}};
	}
	return (struct entity_source){STR("kb.courses"), values, c->n};
}

/* ---- the whole ---- */

/* The rules' words and the course titles are cut whole. */
static const struct lexicon *make_lexicon(struct arena *a, const struct ruleset *rs,
					  const struct catalogue *c)
{
	const struct lexicon *l;
	struct arena scratch;
	struct strs terms;
	struct str *all;

	arena_init(&scratch);
	terms = match_terms(&scratch, rs);
	all = ARENA_ARRAY(&scratch, struct str, terms.n + c->n);
	if (terms.n)
		memcpy(all, terms.v, terms.n * sizeof *all);
	for (size_t i = 0; i < c->n; i++)
		all[terms.n + i] = c->courses[i].title;
	l = lexicon_new(a, rs->words, rs->n_words, all, terms.n + c->n);
	arena_done(&scratch);
	return l;
}

/* A file cut to nothing by an editor or a full disk must not replace one that answers. */
static void check_not_empty(const struct ruleset *rs, struct diags *diags)
{
	const struct mark top = {rs->files.n ? rs->files.v[0] : STR_NONE, 1, 1};

	if (rs->n_intents == 0 && rs->n_faq == 0 && diags->errors == 0)
		diags_add(diags, DIAG_ERROR, top, "nothing-to-answer",
			  "there are no intents and no faq entries; write at least one under "
			  "'intents:' "
			  "or 'faq:'",
			  "没有任何意图或 faq 条目；请在 intents: 或 faq: 下至少写一条");
}

static void check_rules(const struct ruleset *rs, struct diags *diags)
{
	struct arena scratch;

	check_not_empty(rs, diags);
	action_check(rs, diags);
	experiment_check(rs, diags);
	arena_init(&scratch);
	lint_ruleset(rs, &scratch, diags);
	arena_done(&scratch);
}

static void part_done(const struct snapshot_source *src, const char *name)
{
	if (src->part_done)
		src->part_done(src->ctx, name);
}

static int read_rules(struct snapshot *s, const struct snapshot_source *src, struct store *store,
		      struct diags *diags, struct err *err)
{
	struct entity_source source = course_names(&s->arena, s->courses);
	struct ruleset *rs = load_file_over(&s->arena, src->intents_path, src->overlay, &source,
					    store ? 1 : 0, diags);
	int rc = store ? snapshot_add_faq(&s->arena, rs, store, err) : 0;

	part_done(src, "rules");
	check_rules(rs, diags);
	part_done(src, "lint");
	s->rules = rs;
	return rc;
}

/* The first error with its place (when it has one) and how many there are. */
static int first_error(const struct diags *diags, struct err *err)
{
	size_t i = 0;
	struct mark m;

	while (i < diags->n && diags->items[i].level != DIAG_ERROR)
		i++;
	if (i == diags->n)
		return err_set(err, ERR_INVALID, "%zu errors, and more warnings than are kept",
			       diags->errors);
	m = diags->items[i].mark;
	if (m.line == 0)
		return err_set(err, ERR_INVALID, "%.*s (%zu error%s in all)",
			       STR_ARG(diags->items[i].text), diags->errors,
			       diags->errors == 1 ? "" : "s");
	return err_set(err, ERR_INVALID, "%.*s:%d:%d: %.*s (%zu error%s in all)", STR_ARG(m.file),
		       m.line, m.col, STR_ARG(diags->items[i].text), diags->errors,
		       diags->errors == 1 ? "" : "s");
}

/* The FAQ's index and its words: again from the snapshot before, unless they would be others. */
static void read_faq(struct snapshot *s, const struct snapshot *before)
{
	struct lexicon_change change = {.all = true};

	if (before)
		lexicon_compare(before->lexicon, s->lexicon, &change);
	s->faq = snapshot_index_faq(s->lexicon, s->rules, before ? before->faq : NULL, &change);
	if (s->rules->settings.typos != 0 && before && before->base && s->faq == before->faq)
		s->base = spell_base_ref(before->base);
	else
		s->base = vocabulary_base(s->rules, s->lexicon);
}

/* What shows only when words are told apart and regexes run. */
static void try_rules(const struct snapshot *s, struct diags *diags)
{
	struct arena scratch;

	arena_init(&scratch);
	lint_alike(s->rules, s->lexicon, &scratch, diags);
	arena_done(&scratch);
	matcher_lint(s->matcher, diags);
}

static int compile_rules(struct snapshot *s, const struct snapshot_source *src, struct diags *diags,
			 struct err *err)
{
	const struct matcher *before = src->previous ? src->previous->matcher : NULL;

	s->lexicon = make_lexicon(&s->arena, s->rules, s->courses);
	part_done(src, "lexicon");
	s->matcher = src->rules_only ? matcher_new_untrained(s->rules, s->lexicon, before, diags)
				     : matcher_new(s->rules, s->lexicon, before, diags);
	if (src->rules_only)
		try_rules(s, diags);
	part_done(src, "matcher");
	diags_sort(diags);
	if (diags->errors)
		return first_error(diags, err);
	read_faq(s, src->previous);
	part_done(src, "faq");
	s->speller = vocabulary_speller(&s->arena, s->rules, s->lexicon, s->base);
	part_done(src, "speller");
	return 0;
}

static int64_t monotonic_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int learn(struct snapshot *s, const struct snapshot_source *src, struct store *store,
		 struct err *err)
{
	struct learning own = {0}, *l = src->learning ? src->learning : &own;
	struct vectors *vectors = NULL;
	int rc = vectors_read(store, s->courses, &vectors, err);

	if (rc == 0 && (!l->loom || src->relearn || l->edition != catalogue_edition(s->courses)))
		rc = learning_read(l, store, s->courses, src->watch, err);
	part_done(src, "learners");
	if (rc == 0) {
		s->recommender = recommender_learned(s->courses, s->lexicon, l->loom, vectors);
		recommender_choose(s->recommender, l);
	} else {
		vectors_free(vectors);
	}
	part_done(src, "recommender");
	learning_done(&own);
	return rc;
}

static int build(struct snapshot *s, const struct snapshot_source *src, struct diags *diags,
		 struct err *err)
{
	static const struct catalogue empty;
	struct store *store = NULL;
	int rc = 0;

	s->courses = &empty;
	if (src->db_path) {
		rc = store_open(src->db_path, STORE_READ, &store, err);
		if (rc == 0)
			rc = store_begin_read(store, err);
		if (rc == 0)
			rc = catalogue_read(store, &s->arena, &s->courses, err);
	}
	if (rc == 0)
		rc = read_rules(s, src, store, diags, err);
	if (rc == 0)
		rc = compile_rules(s, src, diags, err);
	if (rc == 0 && store && !src->rules_only)
		rc = learn(s, src, store, err);
	store_close(store);
	return rc;
}

int snapshot_build(const struct snapshot_source *src, struct diags *diags, struct snapshot **out,
		   struct err *err)
{
	struct snapshot *s = mem_zalloc(sizeof *s);
	int64_t began = monotonic_us();
	int rc;

	arena_init(&s->arena);
	s->serial = src->serial;
	s->built_unix_ms = src->now_unix_ms;
	s->refs = 1;
	rc = build(s, src, diags, err);
	s->build_ms = (double)(monotonic_us() - began) / 1000.0;
	if (rc == 0)
		*out = s;
	else
		snapshot_unref(s);
	return rc;
}

struct snapshot *snapshot_renew(struct snapshot *s, struct loom *loom)
{
	struct snapshot *root = s->root ? s->root : s, *out = mem_zalloc(sizeof *out);

	/* Others count in root->refs meanwhile: all but that. */
	memcpy(out, root, offsetof(struct snapshot, refs));
	out->root = snapshot_ref(root);
	out->recommender = recommender_renew(root->recommender, loom);
	out->refs = 1;
	return out;
}

struct snapshot *snapshot_ref(struct snapshot *s)
{
	__atomic_add_fetch(&s->refs, 1, __ATOMIC_RELAXED);
	return s;
}

void snapshot_unref(struct snapshot *s)
{
	if (!s || __atomic_sub_fetch(&s->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	recommender_free(s->recommender);
	if (s->root) {
		snapshot_unref(s->root);
		free(s);
		return;
	}
	faq_index_free(s->faq);
	spell_base_free(s->base);
	matcher_free(s->matcher);
	arena_done(&s->arena);
	free(s);
}
