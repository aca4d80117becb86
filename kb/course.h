/* The catalogue: every course, read once, immutable. */
#ifndef KB_COURSE_H
#define KB_COURSE_H

#include "kb/store.h"

struct course {
	struct str id, title, description, category;
	struct str tags;  /* `;` between */
	struct str level; /* beginner intermediate advanced, or "" */
	struct str url, image, creator, language, format;
	struct str aliases; /* `;` between */
	double price;	    /* in the shop's currency; < 0 unknown */
};

/* Courses sorted by id; the position is the item number everywhere inside kb. */
struct catalogue {
	const struct course *courses;
	size_t n;
};

/* In `a` (the snapshot's). An empty table is an empty catalogue. */
MUST_USE int catalogue_read(struct store *s, struct arena *a, const struct catalogue **out,
			    struct err *err);

/* Position of a course id, or -1. */
int32_t catalogue_find(const struct catalogue *c, struct str id);

/* Inserts or replaces. */
MUST_USE int course_put(struct store *s, const struct course *c, struct err *err);

#endif
