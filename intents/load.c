/* A load in four steps: read every file into trees; learn the names that values may refer to
 * (languages, texts, intents); read every section; index what was read. */
#include "intents/load.h"

#include "intents/loader.h"

/* ---- the top of a file ---- */

static void check_version(struct loader *l, const struct node *v, void *unused)
{
	(void)unused;
	if (v->kind != NODE_SCALAR || !str_eq(v->text, STR("1")))
		load_expected(l, v, "1", "1");
}

static void done_before(struct loader *l, const struct node *v, void *unused)
{
	(void)l;
	(void)v;
	(void)unused;
}

static const struct load_key top_keys[] = {
	{"version", check_version, 0, "version", "Version of this format: 1"},
	{"languages", done_before, 0, "strings",
	 "Languages of the texts; the first is the default"},
	{"settings", load_settings, 0, "settings", "Thresholds and tolerance"},
	{"words", load_words, 0, "words", "Synonyms for every keyword, phrase and FAQ"},
	{"entities", load_entities, 0, "entities",
	 "Things in a message that are captured as <name>"},
	{"texts", done_before, 0, "texts", "Reusable answers, called by name"},
	{"intents", load_intents, 0, "intents", "What learners want, how to tell, what to answer"},
	{"fallback", load_fallback, 0, "fallback", "What is said when nothing is understood"},
	{"faq", load_faq, 0, "faq", "Plain questions and answers"},
	{"include", done_before, 0, "strings",
	 "More files of the same shape; patterns relative to this file"},
};
const struct load_table load_top_table = LOAD_TABLE(top_keys);

/* What is said once for all files, in the main one. */
static const char *const main_only[] = {"languages", "settings", "fallback"};

static bool is_main_only(struct str key)
{
	for (size_t i = 0; i < sizeof main_only / sizeof main_only[0]; i++)
		if (str_eq(key, str_of(main_only[i])))
			return true;
	return false;
}

static void load_section(struct loader *l, const struct node *key, const struct node *v,
			 bool included)
{
	const struct load_key *row = load_find_key(&load_top_table, key->text);

	l->key_node = key;
	load_set_where(l, "the file", "文件", STR_NONE);
	if (!row && (node_get(v, STR("when")) || node_get(v, STR("answer"))))
		LOAD_ERROR(
			l, key, "unknown-key",
			"intent '%.*s' stands at the top of the file; indent it under 'intents:'",
			"意图“%.*s”写在了文件顶层；请缩进到“intents:”下面", STR_ARG(key->text));
	else if (!row)
		load_unknown_key(l, key, &load_top_table);
	else if (included && is_main_only(key->text))
		LOAD_ERROR(l, key, "main-only", "'%.*s' belongs in the main file '%.*s'",
			   "“%.*s”只能写在主文件“%.*s”里", STR_ARG(key->text),
			   STR_ARG(l->files[0].name));
	else if (!node_blank(v))
		row->read(l, v, NULL);
	l->key_node = NULL;
}

static void load_sections(struct loader *l)
{
	for (size_t i = 0; i < l->n_files; i++) {
		const struct node *root = &l->files[i].root;

		l->file = l->files[i].name;
		load_set_where(l, "the file", "文件", STR_NONE);
		if (node_blank(root))
			continue;
		if (root->kind != NODE_MAP)
			LOAD_ERROR(l, root, "bad-value",
				   "the file must be a map with keys such as 'intents' and 'faq'",
				   "文件应当由 intents、faq 等键组成");
		for (size_t k = 0; root->kind == NODE_MAP && k < root->n; k++)
			load_section(l, node_key(root, k), node_value(root, k), i > 0);
	}
}

/* ---- names first ---- */

enum { LANGUAGES_MAX = 32 };

static void load_languages(struct loader *l)
{
	static const struct str usual[] = {{"zh", 2}, {"en", 2}};
	static const struct node key = {.kind = NODE_SCALAR, .text = {"languages", 9}};
	const struct node *v = l->n_files ? node_get(&l->files[0].root, STR("languages")) : NULL;
	struct strs given = {0};

	l->rs->languages = (struct strs){usual, 2};
	if (!v)
		return;
	l->file = l->files[0].name;
	l->key_node = &key;
	load_set_where(l, "languages", "语言 languages ", STR_NONE);
	load_strs(l, v, &given);
	if (given.n > LANGUAGES_MAX) {
		LOAD_ERROR(l, v, "too-many", "more than %d languages", "语言超过 %d 种",
			   (int)LANGUAGES_MAX);
		given.n = LANGUAGES_MAX;
	}
	if (given.n) {
		l->rs->languages = given;
		l->languages_given = true;
	}
	l->key_node = NULL;
}

static void learn_intent_names(struct loader *l)
{
	for (size_t i = 0; i < l->n_files; i++) {
		const struct node *v = node_get(&l->files[i].root, STR("intents"));

		for (size_t k = 0; v && v->kind == NODE_MAP && k < v->n; k++)
			strmap_put(&l->scratch, &l->intent_names, node_key(v, k)->text, 1);
	}
}

/* ---- the index ---- */

/* A map refuses its own duplicates; these are the ones between files, and FAQ ids. */
static void index_name(struct loader *l, struct strmap *index, size_t number, struct str name,
		       struct mark mark, struct mark first)
{
	if (number != *strmap_get(index, name))
		diags_add(l->diags, DIAG_ERROR, mark, "duplicate-name",
			  "'%.*s' is already defined at %.*s:%d; give one of them another name",
			  "“%.*s”在 %.*s:%d 已经定义过；请给其中一个换个名字", STR_ARG(name),
			  STR_ARG(first.file), first.line);
}

#define INDEX_NAMES(l, index, items, n, name_field, mark_field)                                    \
	strmap_reserve((l)->keep, (index), (n));                                                   \
	for (size_t i_ = 0; i_ < (n); i_++) {                                                      \
		strmap_put((l)->keep, (index), (items)[i_].name_field, (uint32_t)i_);              \
		index_name((l), (index), i_, (items)[i_].name_field, (items)[i_].mark_field,       \
			   (items)[*strmap_get((index), (items)[i_].name_field)].mark_field);      \
	}

static void load_named_texts(struct loader *l)
{
	for (size_t i = 0; i < l->n_files; i++) {
		const struct node *v = node_get(&l->files[i].root, STR("texts"));

		l->file = l->files[i].name;
		if (v && !node_blank(v))
			load_texts(l, v, NULL);
	}
	l->rs->texts = l->texts;
	INDEX_NAMES(l, &l->names->texts, l->texts, l->rs->n_texts, name, text.mark);
}

static void index_sections(struct loader *l)
{
	struct ruleset *rs = l->rs;

	rs->words = LOAD_KEEP_ITEMS(l, l->words, rs->n_words);
	rs->entities = LOAD_KEEP_ITEMS(l, l->entities, rs->n_entities);
	rs->intents = LOAD_KEEP_ITEMS(l, l->intents, rs->n_intents);
	rs->faq = LOAD_KEEP_ITEMS(l, l->faq, rs->n_faq);
	INDEX_NAMES(l, &l->names->entities, rs->entities, rs->n_entities, name, mark);
	INDEX_NAMES(l, &l->names->intents, rs->intents, rs->n_intents, name, mark);
	INDEX_NAMES(l, &l->names->faq, rs->faq, rs->n_faq, id, mark);
}

static void keep_file_names(struct loader *l)
{
	struct str *names = ARENA_ARRAY(l->keep, struct str, l->n_files + 1);
	uint64_t *hashes = ARENA_ARRAY(l->keep, uint64_t, l->n_files);
	struct str vectors = l->rs->settings.vectors;
	size_t n = l->n_files;

	for (size_t i = 0; i < l->n_files; i++) {
		names[i] = l->files[i].name;
		hashes[i] = l->files[i].hash;
	}
	if (vectors.n)
		names[n++] = vectors;
	l->rs->files = (struct strs){names, n};
	l->rs->hashes = hashes;
	l->rs->folders = (struct strs){l->folders, l->n_folders};
}

/* ---- the doors ---- */

static void loader_init(struct loader *l, struct arena *a, const struct entity_source *sources,
			size_t n_sources, struct diags *diags)
{
	*l = (struct loader){
		.keep = a,
		.diags = diags,
		.sources = sources,
		.n_sources = n_sources,
		.rs = ARENA_NEW(a, struct ruleset),
		.names = ARENA_NEW(a, struct rule_names),
		.nodes_left = LOAD_NODES_MAX,
	};
	l->rs->settings = (struct rule_settings){
		.answer_at = 0.75, .ask_at = 0.45, .margin = 0.08, .typos = TYPOS_AUTO};
	arena_init(&l->scratch);
}

/* A file that does not name its languages has those that its texts are written in. */
static void settle_languages(struct loader *l)
{
	struct str *used;
	size_t n = 0;

	if (l->languages_given)
		return;
	used = ARENA_ARRAY(l->keep, struct str, l->rs->languages.n);
	for (size_t i = 0; i < l->rs->languages.n; i++)
		if (l->languages_used & (UINT32_C(1) << i))
			used[n++] = l->rs->languages.v[i];
	if (n)
		l->rs->languages = (struct strs){used, n};
}

static struct ruleset *load_trees(struct loader *l)
{
	load_languages(l);
	learn_intent_names(l);
	load_named_texts(l);
	load_sections(l);
	index_sections(l);
	settle_languages(l);
	keep_file_names(l);
	l->rs->names = l->names;
	arena_done(&l->scratch);
	return l->rs;
}

struct ruleset *load_file(struct arena *a, const char *path, const struct entity_source *sources,
			  size_t n_sources, struct diags *diags)
{
	struct loader l;

	loader_init(&l, a, sources, n_sources, diags);
	load_read_file(&l, path);
	return load_trees(&l);
}

struct ruleset *load_file_over(struct arena *a, const char *path,
			       const struct load_overlay *overlay,
			       const struct entity_source *sources, size_t n_sources,
			       struct diags *diags)
{
	struct loader l;

	loader_init(&l, a, sources, n_sources, diags);
	l.overlay = overlay;
	load_read_file(&l, path);
	return load_trees(&l);
}

struct ruleset *load_bytes(struct arena *a, struct str name, struct str bytes,
			   const struct entity_source *sources, size_t n_sources,
			   struct diags *diags)
{
	struct loader l;

	loader_init(&l, a, sources, n_sources, diags);
	load_read_bytes(&l, name, bytes);
	return load_trees(&l);
}
