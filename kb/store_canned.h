/* Ready answers of the staff: each person's own, and those shared with all. */
#ifndef KB_STORE_CANNED_H
#define KB_STORE_CANNED_H

#include "kb/store.h"

enum { CANNED_TITLE_MAX = 200, CANNED_TEXT_MAX = 4000, CANNED_MAX = 500 /* a person's */ };

struct canned {
	int64_t id;			     /* 0: a new one */
	struct str owner, lang, title, text; /* lang "" = any */
	bool shared;
};

/* The owner's and the shared ones, by title; everything in `a`. */
MUST_USE int store_canned_list(struct store *s, struct arena *a, struct str owner,
			       struct canned **rows, size_t *n, struct err *err);
/* Only the owner changes one: ERR_NOT_FOUND for others'. ERR_LIMIT when the owner has CANNED_MAX. *id: its
 * number. */
MUST_USE int store_canned_put(struct store *s, const struct canned *one, int64_t now, int64_t *id,
			      struct err *err);
MUST_USE int store_canned_drop(struct store *s, struct str owner, int64_t id, struct err *err);

#endif
