/* FAQ entries kept in the database, beside those of intents.yaml. */
#ifndef KB_FAQ_ROW_H
#define KB_FAQ_ROW_H

#include "kb/store.h"

struct faq_row {
	struct str id, question;
	struct str also; /* other wordings, `;` between */
	struct str answer;
	struct str tags; /* `;` between */
};

/* Inserts or replaces. */
MUST_USE int faq_row_put(struct store *s, const struct faq_row *row, struct err *err);
/* All of them by id; everything in `a`. */
MUST_USE int faq_rows_read(struct store *s, struct arena *a, struct faq_row **rows, size_t *n,
			   struct err *err);

#endif
