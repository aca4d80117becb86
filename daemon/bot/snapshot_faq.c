#include "bot/snapshot_faq.h"

#include "kb/faq_row.h"

size_t snapshot_split(struct arena *a, struct str list, struct str *out, size_t max)
{
	size_t n = 0;

	while (list.n && n < max) {
		size_t end = str_find(list, STR(";"), 0);
		struct str part = str_trim(str_sub(list, 0, end));

		if (part.n)
			out[n++] = arena_str(a, part);
		list = end == SIZE_MAX ? STR_NONE : str_sub(list, end + 1, list.n);
	}
	return n;
}

/* ---- entries of the database beside those of the file ---- */

static struct text plain_text(struct arena *a, struct str words)
{
	struct str *variant = ARENA_NEW(a, struct str);
	struct text_lang *lang = ARENA_NEW(a, struct text_lang);

	*variant = words;
	*lang = (struct text_lang){STR_NONE, {variant, 1}};
	return (struct text){.langs = lang, .n = 1};
}

static struct strs list(struct arena *a, struct str joined)
{
	struct str *v = ARENA_ARRAY(a, struct str, FAQ_LIST_MAX);

	return (struct strs){v, snapshot_split(a, joined, v, FAQ_LIST_MAX)};
}

int snapshot_add_faq(struct arena *a, struct ruleset *rs, struct store *store, struct err *err)
{
	struct faq_entry *entries;
	struct faq_row *rows;
	size_t n;
	int rc = faq_rows_read(store, a, &rows, &n, err);

	if (rc != 0)
		return rc;
	entries = ARENA_ARRAY(a, struct faq_entry, n);
	for (size_t i = 0; i < n; i++)
		entries[i] = (struct faq_entry){.id = rows[i].id,
						.question = plain_text(a, rows[i].question),
						.also = list(a, rows[i].also),
						.answer = plain_text(a, rows[i].answer),
						.tags = list(a, rows[i].tags)};
	rule_add_faq(a, rs, entries, n);
	return 0;
}

/* ---- FAQ entries as documents: every wording of every language ---- */

static size_t variants_count(const struct text *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->langs[i].variants.n;
	return n;
}

static size_t variants_copy(const struct text *t, struct str *out)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->langs[i].variants.n; k++)
			out[n++] = t->langs[i].variants.v[k];
	return n;
}

static struct str variants_joined(struct arena *a, const struct text *t)
{
	struct buf all = {0};
	struct str out;

	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->langs[i].variants.n; k++) {
			buf_str(&all, t->langs[i].variants.v[k]);
			buf_char(&all, '\n');
		}
	out = arena_str(a, buf_view(&all));
	buf_done(&all);
	return out;
}

static struct faq_doc faq_doc(struct arena *a, const struct faq_entry *e)
{
	size_t n = variants_count(&e->question);
	struct str *q = ARENA_ARRAY(a, struct str, n + e->also.n);

	variants_copy(&e->question, q);
	if (e->also.n)
		memcpy(q + n, e->also.v, e->also.n * sizeof *q);
	return (struct faq_doc){e->id, q, n + e->also.n, variants_joined(a, &e->answer)};
}

struct str snapshot_faq_wording(const struct faq_entry *e, uint32_t wording)
{
	size_t at = wording;

	for (size_t i = 0; i < e->question.n; i++) {
		const struct strs *variants = &e->question.langs[i].variants;

		if (at < variants->n)
			return variants->v[at];
		at -= variants->n;
	}
	return at < e->also.n ? e->also.v[at] : STR_NONE;
}

struct faq_index *snapshot_index_faq(const struct lexicon *l, const struct ruleset *rs,
				     struct faq_index *before, const struct lexicon_change *change)
{
	struct faq_index *index;
	struct faq_doc *docs;
	struct arena scratch;

	arena_init(&scratch);
	docs = ARENA_ARRAY(&scratch, struct faq_doc, rs->n_faq);
	for (size_t i = 0; i < rs->n_faq; i++)
		docs[i] = faq_doc(&scratch, &rs->faq[i]);
	index = before ? faq_index_renew(l, docs, rs->n_faq, before, change)
		       : faq_index_new(l, docs, rs->n_faq);
	arena_done(&scratch);
	return index;
}
