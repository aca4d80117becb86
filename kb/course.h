/* The catalogue: every course, read once, immutable. */
#ifndef KB_COURSE_H
#define KB_COURSE_H

#include "kb/store.h"

struct course {
	struct str id, title, description, category;
	struct str tags;  /* `;` between */
	struct str level; /* beginner intermediate advanced, or "" */
	struct str url, image, creator, language;
	struct str format;  /* video audio text live vr, or "" (others are kept, not known) */
	struct str aliases; /* `;` between */
	double price;	    /* in the shop's currency; < 0 unknown */
};

/* Courses sorted by id; the position is the item number everywhere inside kb. */
struct catalogue {
	const struct course *courses;
	size_t n;
	const uint32_t
		*slots; /* open addressing by id: item + 1; NULL: ids are looked for by halving */
	uint32_t mask;
};

/* With slots, in `a`: 8 to 16 bytes a course. The courses are borrowed. */
struct catalogue catalogue_of(struct arena *a, const struct course *sorted, size_t n);

/* In `a` (the snapshot's). An empty table is an empty catalogue. */
MUST_USE int catalogue_read(struct store *s, struct arena *a, const struct catalogue **out,
			    struct err *err);

/* Two catalogues with the same ids have the same number, others have others. */
uint64_t catalogue_edition(const struct catalogue *c);

/* Position of a course id, or -1. */
int32_t catalogue_find(const struct catalogue *c, struct str id);
/* These will be looked for next: a hint to the memory, for CATALOGUE_TOGETHER at most. */
enum { CATALOGUE_TOGETHER = 32 };
void catalogue_foretell(const struct catalogue *c, const struct str *ids, size_t n);

/* The level or format that a normalised word means: 零基础 -> beginner, 直播课 -> live. The word
 * itself when it is none of them; course_knows tells. */
struct str course_level(struct str word);
struct str course_format(struct str word);
bool course_knows_level(struct str word);
bool course_knows_format(struct str word);
/* "beginner, intermediate, advanced" and the like, for messages. */
extern const char course_level_names[], course_format_names[];

/* Inserts or replaces. */
MUST_USE int course_put(struct store *s, const struct course *c, struct err *err);

#endif
