/* How well the FAQ is found: questions with known answers, asked of an index made from others.
 *
 * TSV with a header line and the columns split, id, text (and others, passed over): rows with split
 * `kb` are wordings of entry `id`, rows with `query` are questions that entry answers. */
#ifndef KB_EVAL_FAQ_H
#define KB_EVAL_FAQ_H

#include "kb/faq.h"
#include "kb/measure.h"
#include "kb/rows.h"

struct eval_faq_query {
	struct str text;
	uint32_t doc; /* that answers it */
};

struct eval_faq {
	const struct faq_doc *docs;
	size_t n_docs, n_wordings;
	const struct eval_faq_query *queries;
	size_t n_queries;
	size_t orphans; /* queries whose id has no wording: left out */
};

/* Everything in `a`. Bad rows are diagnostics; no wordings or no queries at all is ERR_INVALID. */
MUST_USE int eval_faq_read(struct rows *rows, struct arena *a, struct str name,
			   struct eval_faq *out, struct diags *diags, struct err *err);

/* Asks every query (an entry beyond the index's reach counts as not found). */
void eval_faq_run(const struct eval_faq *set, const struct faq_index *f, const struct lexicon *l,
		  struct measure *out);

#endif
