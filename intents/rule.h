/* The rules as people wrote them: one tree of plain structs for a whole intents.yaml and its
 * includes.
 *
 * Filled by load.h from the file, compiled by match.h, read by the bot. Everything lives in the
 * arena that was given to the loader (the snapshot's) and is never written after loading. Texts are
 * kept as written; matching forms are made by the compiler. Lists keep file order. */
#ifndef INTENTS_RULE_H
#define INTENTS_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intents/hours.h"
#include "text/err.h"
#include "text/lexicon.h"
#include "text/str.h"

struct strs {
	const struct str *v;
	size_t n;
};

/* ---- texts: variants per language, `<name>` where a slot goes ---- */

struct text_lang {
	struct str lang; /* "zh"; "" = written without a language map: any language */
	struct strs variants;
};

struct text {
	const struct text_lang *langs;
	size_t n; /* 0: no text */
	struct mark mark;
};

/* ---- actions: `do:` ---- */

/* One argument: `topic: <topic>` or `menu: [refund, recommend]`. Values may hold `<slot>`. */
struct action_arg {
	struct str key;	    /* "" for a verb given a plain value or list: `do: {menu: [a, b]}`, `do:
			       {say: sorry}` */
	struct strs values; /* a scalar is a list of one */
	struct text text;   /* set when the value was a text (language map) */
	struct mark mark;
};

struct action {
	struct str verb; /* "recommend", "handoff", …; which verbs exist is the bot's table */
	const struct action_arg *args;
	size_t n;
	struct mark mark;
};

struct actions {
	const struct action *v;
	size_t n;
};

/* ---- intents ---- */

/* `if: <days> > 7`. Numbers compare as numbers when both sides are numbers, else as text. */
enum cond_op { COND_SET, COND_UNSET, COND_EQ, COND_NE, COND_LT, COND_LE, COND_GT, COND_GE };

struct cond {
	struct str slot;
	enum cond_op op;
	struct str value;
	double number; /* valid when is_number */
	bool is_number;
	struct mark mark;
};

struct answer {
	const struct cond *conds; /* all must hold; n_conds 0 = always */
	size_t n_conds;
	struct text text;
	struct text none; /* said when the action found nothing */
	struct strs buttons;
	struct actions acts; /* besides the intent's own */
	struct mark mark;
};

enum block_kind { BLOCK_PHRASES, BLOCK_KEYWORDS, BLOCK_REGEX };

struct example {
	struct str text; /* "我要退掉<course>"; `<slot>` captures an entity, `*` any words */
	struct mark mark;
};

/* One way to fire; any block of an intent may. */
struct block {
	enum block_kind kind;
	const struct example *phrases; /* BLOCK_PHRASES: the examples; BLOCK_REGEX: the patterns */
	size_t n;
	struct strs all, any, none; /* BLOCK_KEYWORDS */
	struct mark mark;
};

struct only {
	int logged_in;			    /* -1 does not matter, 0, 1 */
	struct strs contexts, langs, pages; /* any of; empty = does not matter; pages are globs */
};

struct slot_ask {
	struct str slot;
	struct text question;
	int tries;		  /* questions before giving up, >= 1; default 2 */
	struct actions otherwise; /* `else`: what happens then; none = drop the intent */
	struct mark mark;
};

/* `slots: {days: 7}` of a test: what a capture must hold. */
struct slot_want {
	struct str slot, value;
};

/* A line of `tests:`: `say` must (or with not_intent must not) reach an intent. */
struct rule_test {
	struct str say;
	struct str intent;     /* expected; "" when only not_intent counts */
	struct str not_intent; /* "" = none */
	const struct slot_want *slots;
	size_t n_slots;
	struct mark mark;
};

struct intent {
	struct str name;
	struct text title;
	int priority;
	const struct block *blocks;
	size_t n_blocks;
	struct only only;
	const struct slot_ask *asks;
	size_t n_asks;
	const struct answer *answers; /* the first whose condition holds is given */
	size_t n_answers;
	struct actions acts;	 /* intent-level `do` */
	struct str then_context; /* "" = none */
	int then_turns;		 /* messages it lasts; default 3 */
	const struct rule_test *tests;
	size_t n_tests;
	struct mark mark;
	uint32_t index; /* in ruleset.intents */
};

/* ---- entities ---- */

enum entity_kind { ENTITY_VALUES, ENTITY_REGEX, ENTITY_BUILTIN, ENTITY_SOURCE };
enum builtin {
	BUILTIN_NUMBER,
	BUILTIN_MONEY,
	BUILTIN_DATE,
	BUILTIN_DURATION,
	BUILTIN_PHONE,
	BUILTIN_EMAIL,
	BUILTIN_ORDINAL,
	BUILTIN_PRICE,
};

struct entity_value {
	struct str value;  /* canonical: what the slot says to actions */
	struct strs names; /* ways to say it, the value itself first */
};

struct entity {
	struct str name;
	enum entity_kind kind;
	const struct entity_value
		*values; /* ENTITY_VALUES; for ENTITY_SOURCE filled from the source */
	size_t n_values;
	struct str pattern;	  /* ENTITY_REGEX … */
	struct mark pattern_mark; /* … and where it is written */
	enum builtin builtin;
	struct str source; /* ENTITY_SOURCE: "kb.courses" */
	int typos;	   /* edits allowed; -1 = the settings' */
	bool private;	   /* masked in transcripts, logs and exports */
	struct mark mark;
};

/* ---- the whole ---- */

/* ---- experiments: `settings: experiments:` ---- */

enum { EXPERIMENTS_MAX = 32, VARIANTS_MAX = 16 };

/* `recommend.diversity: 0.3`: which settings exist is the bot's table, but for answer_at, ask_at, margin. */
struct experiment_value {
	struct str key;
	double value;
	struct mark mark;
};

struct experiment_variant {
	struct str name;
	double share;			       /* per cent of the learners */
	const struct experiment_value *values; /* what is set for them; none for control */
	size_t n;
};

struct experiment {
	struct str name; /* also a slot: `if: <name> = variant` */
	const struct experiment_variant *variants;
	size_t n;	    /* 2 to VARIANTS_MAX */
	struct str salt;    /* its name unless given */
	struct str outcome; /* what is hoped for: click, enroll, purchase, helpful, answered */
	int within;	    /* days in which the outcome counts */
	struct str plan;    /* "control 50, diverse 50": the shares of all, for the records */
	struct mark mark;
};

enum { TYPOS_AUTO = -1 };

struct rule_settings {
	double answer_at, ask_at, margin; /* 0..1; defaults .75 .45 .08 */
	int typos;			  /* TYPOS_AUTO, 0 (off), 1, 2 */
	struct strs welcome_buttons;
	struct str vectors; /* path of a file of word vectors (text/vectors.h); "" = none */
	struct mark vectors_mark;
	const struct experiment *experiments;
	size_t n_experiments; /* at most EXPERIMENTS_MAX */
	struct hours hours;   /* of the people beside the bot, in their time zone */
};

struct named_text {
	struct str name;
	struct text text;
};

struct fallback_after {
	int misses; /* the nth miss in a row */
	struct text text;
	struct actions acts;
};

struct fallback {
	struct text text;
	const struct fallback_after *after; /* ascending misses */
	size_t n;
};

struct faq_entry {
	struct str id;
	struct text question; /* a plain string or a language map */
	struct strs also;
	struct text answer;
	struct strs tags, next;
	struct mark mark;
};

struct ruleset {
	struct strs languages; /* at least one; [0] is the default */
	struct rule_settings settings;
	const struct synonym *words;
	size_t n_words;
	const struct entity *entities;
	size_t n_entities;
	const struct named_text *texts;
	size_t n_texts;
	const struct intent *intents;
	size_t n_intents;
	struct fallback fallback;
	const struct faq_entry *faq;
	size_t n_faq;
	struct strs
		files; /* every file, the main one first, word vectors last: what a watcher watches */
	const uint64_t *
		hashes; /* str_hash_quick of each text's bytes as they were read, in order of files */
	struct strs
		folders; /* ending in '/': where patterns of includes look; a new file may match */
	bool cut_short;	 /* a file could not be read to its end: what is missing proves nothing */
	/* Names -> numbers for the lookups below; NULL in a ruleset made by hand. */
	const struct rule_names *names;
};

struct rule_names;

const struct intent *rule_intent(const struct ruleset *rs, struct str name);
const struct entity *rule_entity(const struct ruleset *rs, struct str name);
const struct text *rule_text(const struct ruleset *rs, struct str name);
const struct faq_entry *rule_faq(const struct ruleset *rs, struct str id);

/* More FAQ entries behind those of the file (before the ruleset is compiled). An id that exists
 * already is left out; returns how many were added. The entries' texts must live as long as the
 * ruleset. */
size_t rule_add_faq(struct arena *a, struct ruleset *rs, const struct faq_entry *more, size_t n);

/* Variants of `t` for a language: that language's, else any-language, else the default's, else the
 * first there is. Empty only when t is empty. */
struct strs text_variants(const struct text *t, struct str lang, const struct ruleset *rs);

#endif
