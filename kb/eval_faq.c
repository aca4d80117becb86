#include "kb/eval_faq.h"

#include "kb/intern.h"

enum { COLUMN_SPLIT, COLUMN_ID, COLUMN_TEXT, COLUMNS };

static const char *const column_names[COLUMNS] = {"split", "id", "text"};

enum { PLACES = 100 }; /* of the list that are looked at */

/* One row as it was read. */
struct line {
	uint32_t id;
	struct str text;
	bool query;
};

struct reader {
	struct rows *rows;
	struct arena *a;
	struct str name;
	struct diags *diags;
	int columns[COLUMNS]; /* place in the row */
	struct intern ids;
	struct line *lines;
	size_t n, cap;
};

static void say_bad(struct reader *r, int64_t line, const char *why)
{
	struct mark mark = {r->name, (int)line, 0};

	diags_add(r->diags, DIAG_ERROR, mark, "bad-row", "%s", "%s", why);
}

static void read_line(struct reader *r, const struct row *row)
{
	struct str split = row->values[r->columns[COLUMN_SPLIT]];
	struct str id = row->values[r->columns[COLUMN_ID]];
	struct str text = row->values[r->columns[COLUMN_TEXT]];
	bool query = str_eq(split, STR("query"));

	if (!query && !str_eq(split, STR("kb")))
		say_bad(r, row->line, "split must be kb or query");
	else if (!id.n || !text.n)
		say_bad(r, row->line, "id and text must not be empty");
	else
		ARENA_PUSH(r->a, r->lines, r->n, r->cap,
			   ((struct line){intern_put(&r->ids, id), text, query}));
}

static int read_lines(struct reader *r, struct err *err)
{
	struct err why = {0};
	struct row row;
	int rc;

	while ((rc = rows_next(r->rows, r->a, &row, &why)) != 0) {
		if (rc == 1)
			read_line(r, &row);
		else if (rc == ERR_INVALID)
			say_bad(r, row.line, why.text);
		else
			return err_set(err, (enum err_code)rc, "%.*s: %s", STR_ARG(r->name),
				       why.text);
	}
	return 0;
}

/* Wordings to entries, in the order in which ids were met. */
static void make_docs(struct reader *r, struct eval_faq *out, int32_t *doc_of)
{
	struct faq_doc *docs = ARENA_ARRAY(r->a, struct faq_doc, r->ids.n);
	size_t *counts = ARENA_ARRAY(r->a, size_t, r->ids.n);

	for (size_t i = 0; i < r->n; i++)
		counts[r->lines[i].id] += !r->lines[i].query;
	for (uint32_t id = 0; id < r->ids.n; id++) {
		doc_of[id] = -1;
		if (!counts[id])
			continue;
		doc_of[id] = (int32_t)out->n_docs;
		docs[out->n_docs++] =
			(struct faq_doc){.id = arena_str(r->a, r->ids.names[id]),
					 .questions = ARENA_ARRAY(r->a, struct str, counts[id])};
		out->n_wordings += counts[id];
	}
	for (size_t i = 0; i < r->n; i++)
		if (!r->lines[i].query) {
			struct faq_doc *doc = &docs[doc_of[r->lines[i].id]];

			((struct str *)doc->questions)[doc->n++] = r->lines[i].text;
		}
	out->docs = docs;
}

static void make_queries(struct reader *r, struct eval_faq *out, const int32_t *doc_of)
{
	struct eval_faq_query *queries = ARENA_ARRAY(r->a, struct eval_faq_query, r->n);

	for (size_t i = 0; i < r->n; i++) {
		int32_t doc = doc_of[r->lines[i].id];

		if (r->lines[i].query && doc >= 0)
			queries[out->n_queries++] =
				(struct eval_faq_query){r->lines[i].text, (uint32_t)doc};
		else
			out->orphans += r->lines[i].query;
	}
	out->queries = queries;
}

int eval_faq_read(struct rows *rows, struct arena *a, struct str name, struct eval_faq *out,
		  struct diags *diags, struct err *err)
{
	struct reader r = {.rows = rows, .a = a, .name = name, .diags = diags};
	struct eval_faq set = {0};
	int rc;

	intern_init(&r.ids);
	rc = rows_columns(r.rows, r.name, column_names, COLUMNS, COLUMNS, r.columns, err);
	if (rc == 0)
		rc = read_lines(&r, err);
	if (rc == 0) {
		int32_t *doc_of = ARENA_ARRAY(a, int32_t, r.ids.n);

		make_docs(&r, &set, doc_of);
		make_queries(&r, &set, doc_of);
		if (!set.n_docs || !set.n_queries)
			rc = err_set(err, ERR_INVALID,
				     "%.*s: there must be rows with split kb and rows with split "
				     "query for the same ids",
				     STR_ARG(name));
	}
	intern_done(&r.ids);
	if (rc == 0)
		*out = set;
	return rc;
}

void eval_faq_run(const struct eval_faq *set, const struct faq_index *f, const struct lexicon *l,
		  struct measure *out)
{
	static const size_t ks[] = {1, 5, 10};
	struct faq_hit hits[PLACES];
	struct arena turn;

	arena_init(&turn);
	measure_begin(out, ks, sizeof ks / sizeof *ks);
	for (size_t i = 0; i < set->n_queries; i++) {
		struct utterance u;
		size_t n, place = 0;

		arena_reset(&turn);
		utterance_read(&turn, l, set->queries[i].text, &u);
		n = faq_search(f, &turn, &u, hits, PLACES);
		while (place < n && hits[place].doc != set->queries[i].doc)
			place++;
		measure_add(out, &place, place < n, 1);
	}
	measure_end(out);
	arena_done(&turn);
}
