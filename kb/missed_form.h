/* Messages -> forms with their vectors: the first half of kb/missed.c. */
#ifndef KB_MISSED_FORM_H
#define KB_MISSED_FORM_H

#include "kb/missed.h"

struct missed_term {
	uint32_t term; /* by how telling: rare ones first */
	float weight;
};

struct missed_form {
	uint64_t id;
	struct str text; /* as it was first said */
	struct str lang;
	uint32_t *members; /* messages, oldest first */
	size_t n;
	struct missed_term *v; /* by term; of length 1 or (no words) empty */
	size_t n_terms;
};

struct missed_forms {
	struct missed_form *v; /* those met most often first, then by id */
	size_t n;
	size_t n_terms; /* different ones */
};

void missed_forms_read(struct arena *a, const struct lexicon *l, const struct missed *v, size_t n,
		       struct missed_forms *out);

#endif
