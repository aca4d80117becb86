/* Everything a turn reads: rules, FAQ, catalogue, recommender, lexicon, as of one moment.
 *
 * Built whole by a worker, published by the loop thread by swapping a pointer, never written
 * afterwards, freed with its last reference. A build that finds errors gives no snapshot: the one
 * in service goes on. Only the thread that publishes takes the first reference of a turn. */
#ifndef BOT_SNAPSHOT_H
#define BOT_SNAPSHOT_H

#include "intents/match.h"
#include "kb/faq.h"
#include "kb/recommend.h"
#include "text/spell.h"

struct snapshot {
	unsigned long serial; /* 1, 2, 3 … in one process */
	int64_t built_unix_ms;
	double build_ms;
	struct arena arena;
	const struct ruleset *rules;
	const struct lexicon *lexicon;
	const struct speller *speller; /* NULL: typos are off */
	struct spell_base *base;       /* its share of the FAQ; NULL, too, then */
	struct matcher *matcher;
	struct faq_index *faq; /* docs in the order of rules->faq */
	const struct catalogue *courses;
	struct recommender *recommender; /* NULL without a database */
	struct snapshot *root; /* NULL; else all but the recommender is that one's, which is held */
	int refs; /* atomic; the last member: snapshot_renew copies what stands before it */
};

struct load_overlay;
struct learning;

struct snapshot_source {
	const char *intents_path;
	const char *db_path; /* NULL: no courses and no recommender */
	unsigned long serial;
	int64_t now_unix_ms;
	/* The snapshot before, of which the caller holds a reference during the build, or NULL: the
	 * new one shares what did not change (compiled regexes, trained phrases, the FAQ). */
	const struct snapshot *previous;
	/* Called when a part of the build is done, for measuring; NULL: nobody asks. */
	void (*part_done)(void *ctx, const char *name);
	void *ctx;
	const struct load_overlay *overlay; /* NULL; intents/load.h */
	/* What was learned before, and is used again where it fits; else, or when asked to, read anew
	 * into it (its profiles are NULL if it was not). NULL: read for this build alone. */
	struct learning *learning;
	const struct profiles_watch *watch; /* of that reading; NULL */
	bool relearn;
	/* Only to see whether the rules are good: with what only a try shows of them; no recommender, and
	 * phrases are trained when a message needs them. */
	bool rules_only;
};

/* 0, or negative with every mistake in diags (initialised by the caller) and *err the first of
 * them. */
MUST_USE int snapshot_build(const struct snapshot_source *src, struct diags *diags,
			    struct snapshot **out, struct err *err);
/* The same with what was learned since; one reference, the caller's, and one of s within it. */
struct loom;
struct snapshot *snapshot_renew(struct snapshot *s, struct loom *loom);
struct snapshot *snapshot_ref(struct snapshot *s);
void snapshot_unref(struct snapshot *s); /* NULL is fine; any thread */

#endif
