/* What the load*.c files share: the state of one load, key tables, and readers of common values.
 *
 * A kind of map in intents.yaml is one table of keys; a new key is a new row, which editors know
 * too, for schema.h writes their JSON Schema from the same rows. A reader gets the value's node and
 * the field (the row's offset inside the struct that the table fills); it says what is wrong with
 * the value and leaves the field as it was.
 *
 *	static const struct load_key faq_keys[] = {
 *		{"tags", load_strs, offsetof(struct faq_entry, tags), "strings", "Groups of it"},
 *	};
 *
 * Nodes live in the loader's own arena and die with it; what goes into the ruleset is copied. */
#ifndef INTENTS_LOADER_H
#define INTENTS_LOADER_H

#include "intents/load.h"
#include "intents/node.h"
#include "intents/rule_names.h"
#include "intents/strmap.h"

struct load_file_tree {
	struct str name; /* kept */
	struct node root;
	uint64_t device, inode; /* 0, 0: not from a file */
	uint64_t hash;		/* of its bytes */
};

struct loader {
	struct arena *keep;   /* the snapshot's: all that the ruleset points to */
	struct arena scratch; /* trees and name maps */
	struct diags *diags;
	const struct entity_source *sources;
	size_t n_sources;
	const struct load_overlay *overlay; /* NULL: none */
	struct ruleset *rs;
	struct rule_names *names;

	struct load_file_tree *files;
	size_t n_files, cap_files;
	struct str *folders; /* kept: of patterns, up to their first wildcard */
	size_t n_folders, cap_folders;
	size_t nodes_left;

	/* Where we are: for marks and for the words of a message. */
	struct str file;
	struct str where;	     /* "intent 'refund'", in the language of the diags */
	const struct node *key_node; /* whose value is being read */

	struct strmap synonyms;		   /* normalised word -> number of its group in words */
	struct strmap intent_names;	   /* of all files, known before any intent is read */
	const struct text_lang *free_lang; /* room behind the list made last; NULL: none */
	bool languages_given;
	uint32_t languages_used; /* bit i: a text in rs->languages.v[i] was read */

	/* Lists of the ruleset while they grow; in the scratch arena, but the texts. */
	struct intent *intents;
	size_t cap_intents;
	struct entity *entities;
	size_t cap_entities;
	struct named_text *texts;
	size_t cap_texts;
	struct synonym *words;
	size_t cap_words;
	struct faq_entry *faq;
	size_t cap_faq;
};

/* ---- diagnostics ---- */

struct mark load_mark(const struct loader *l, const struct node *n);
/* Where the text itself begins: behind an opening quote. */
struct mark load_inner_mark(const struct loader *l, const struct node *n);
#define LOAD_ERROR(l, node, ...)                                                                   \
	diags_add((l)->diags, DIAG_ERROR, load_mark((l), (node)), __VA_ARGS__)
#define LOAD_WARNING(l, node, ...)                                                                 \
	diags_add((l)->diags, DIAG_WARNING, load_mark((l), (node)), __VA_ARGS__)

/* Sets l->where to `en` or `zh`, each with one %.*s for the name. */
void load_set_where(struct loader *l, const char *en, const char *zh, struct str name);

/* "'turns' in intent 'refund' must be <what>": for a value of the wrong kind. Silent for a broken
 * node. */
void load_expected(struct loader *l, const struct node *n, const char *en, const char *zh);

/* True when n is of that kind; else says so. */
bool load_is(struct loader *l, const struct node *n, enum node_kind kind);

/* ---- key tables ---- */

struct load_key {
	const char *name;
	void (*read)(struct loader *l, const struct node *value, void *field);
	size_t at;	  /* offset of the field */
	const char *type; /* what the value looks like: a definition of schema.c */
	const char *doc;  /* a line for editors */
};

struct load_table {
	const struct load_key *keys;
	size_t n;
	bool languages; /* language codes are keys too, and fill the struct text at text_at */
	size_t text_at;
};

/* All the tables there are, by what they describe. */
extern const struct load_table load_top_table, load_settings_table, load_fallback_table,
	load_intent_table, load_when_table, load_keyword_table, load_only_table, load_then_table,
	load_ask_table, load_answer_table, load_test_table, load_entity_table, load_faq_table,
	load_experiment_table;

/* A key of any table, or a usual language: what a full-width colon may be missed behind. */
bool load_is_key(struct str word);

#define LOAD_TABLE(rows)                                                                           \
	{                                                                                          \
		(rows), sizeof(rows) / sizeof(rows)[0], false, 0                                   \
	}
#define LOAD_TEXT_TABLE(rows, offset)                                                              \
	{                                                                                          \
		(rows), sizeof(rows) / sizeof(rows)[0], true, (offset)                             \
	}

/* Reads each key of a map by its row; unknown keys are errors. */
void load_map(struct loader *l, const struct node *map, const struct load_table *table, void *into);

const struct load_key *load_find_key(const struct load_table *table, struct str name);

/* "unknown key 'x' in <where>; did you mean 'y'?" */
void load_unknown_key(struct loader *l, const struct node *key, const struct load_table *table);

/* ---- readers of values ---- */

/* A copy that lives as long as the ruleset. */
struct str load_keep(struct loader *l, struct str s);
/* The same of a list that grew in the scratch arena. */
#define LOAD_KEEP_ITEMS(l, items, n) load_keep_items((l), (items), (n) * sizeof *(items))
void *load_keep_items(struct loader *l, const void *items, size_t size);

void load_str(struct loader *l, const struct node *v, void *field); /* struct str, not empty */
void load_strs(struct loader *l, const struct node *v,
	       void *field); /* struct strs: one or a list */
void load_terms(struct loader *l, const struct node *v, void *field);	/* the same, single words */
void load_yes_no(struct loader *l, const struct node *v, void *field);	/* int 0, 1 */
void load_flag(struct loader *l, const struct node *v, void *field);	/* bool */
void load_count(struct loader *l, const struct node *v, void *field);	/* int 1..1000 */
void load_integer(struct loader *l, const struct node *v, void *field); /* int +-1000000 */
void load_fraction(struct loader *l, const struct node *v, void *field); /* double 0..1 */
void load_typos(struct loader *l, const struct node *v, void *field);	 /* int, TYPOS_AUTO */

/* load_text.c: a string, a list of variants, or a language map of either; the name of an entry of
 * `texts:` alone stands for that entry. */
void load_text(struct loader *l, const struct node *v, void *field); /* struct text */
bool load_is_language(const struct loader *l, struct str key);
/* Every key of the map is a language. */
bool load_is_language_map(const struct loader *l, const struct node *v);
/* Adds one language of a text. */
void load_text_lang(struct loader *l, const struct node *key, const struct node *v, struct text *t);

/* load_action.c: `do:` in all its forms. */
void load_actions(struct loader *l, const struct node *v, void *field); /* struct actions */
void load_else(struct loader *l, const struct node *v, void *field);	/* struct actions */
/* Actions while their list grows. */
struct action_list {
	struct action *v;
	size_t n, cap;
};
void load_do(struct loader *l, const struct node *v, struct action_list *out);
/* Appends the action of `verb: args`. */
void load_verb(struct loader *l, const struct node *verb, const struct node *args,
	       struct action_list *out);

/* load_answer.c: answers with conditions, questions for slots. */
void load_answers(struct loader *l, const struct node *v, void *intent); /* struct intent */
void load_asks(struct loader *l, const struct node *v, void *intent);	 /* struct intent */

/* load_experiment.c */
void load_experiments(struct loader *l, const struct node *v,
		      void *settings); /* struct rule_settings */

/* load_hours.c */
void load_hours(struct loader *l, const struct node *v, void *settings); /* struct rule_settings */
void load_timezone(struct loader *l, const struct node *v, void *field); /* struct hours */

/* load_when.c */
void load_when(struct loader *l, const struct node *v, void *intent); /* struct intent */

/* ---- sections of the file, one a file of load_*.c; each appends to the lists of the loader ----
 */

void load_intents(struct loader *l, const struct node *v, void *unused);
void load_entities(struct loader *l, const struct node *v, void *unused);
void load_words(struct loader *l, const struct node *v, void *unused);
void load_texts(struct loader *l, const struct node *v, void *unused);
void load_faq(struct loader *l, const struct node *v, void *unused);
void load_fallback(struct loader *l, const struct node *v, void *unused);
void load_settings(struct loader *l, const struct node *v, void *unused);

/* "rules/intents.yaml" -> "rules/"; "" for a file of the current folder. */
struct str load_folder_of(struct str path);

/* load_files.c: reads the main file (or bytes) and every include into l->files. */
void load_read_file(struct loader *l, const char *path);
void load_read_bytes(struct loader *l, struct str name, struct str bytes);

#endif
