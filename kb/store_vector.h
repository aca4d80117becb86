/* Vectors of courses in the database: a name has one length, and a weight against the words (which
 * weigh 1). */
#ifndef KB_STORE_VECTOR_H
#define KB_STORE_VECTOR_H

#include "kb/store.h"
#include "kb/vector.h"

#define VECTOR_WEIGHT_DEFAULT .5
enum { VECTOR_NAMES_MAX = 8 };

/* May this vector be put? 0, or ERR_INVALID: a wrong name, another length than the others of that
 * name, or a name too many. */
MUST_USE int vector_check(struct store *s, struct str name, size_t dim, struct err *err);

/* Inserts or replaces a checked one; a new name gets the default weight. The course need not be
 * there yet. */
MUST_USE int vector_put(struct store *s, struct str course, struct str name, const struct vector *v,
			struct err *err);

/* 0..100; 0 leaves the name out. ERR_NOT_FOUND: there is no such name. */
MUST_USE int vector_weigh(struct store *s, struct str name, double weight, struct err *err);

/* Forgets every vector of that name, and the name. ERR_NOT_FOUND: there is none. */
MUST_USE int vector_drop(struct store *s, struct str name, struct err *err);

struct vector_name {
	int64_t id;
	struct str name;
	size_t dim;
	double weight;
	int64_t courses; /* that have one */
};

/* By name. Stop at the first negative answer of `each` and return it. */
MUST_USE int vector_each_name(struct store *s, int (*each)(void *arg, const struct vector_name *n),
			      void *arg, struct err *err);
/* `v` has as many numbers as its name says; borrowed for the call. */
MUST_USE int vector_each(struct store *s,
			 int (*each)(void *arg, int64_t name, struct str course, const float *v),
			 void *arg, struct err *err);

#endif
