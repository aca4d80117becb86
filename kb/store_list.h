/* Lists of courses that were given, what came of them, and which variants of experiments learners met.
 *
 *	list_course, exposure: as a list is given           shown, clicked, … : as they happen
 *	[lists]──[list_courses: shown clicked dismissed enrolled purchased]
 *	   └─────[list_arms]──[arms: experiment, plan, variant]──[exposures: who met it first when]
 *
 * An event that names its list counts there. A purchase or an enrolment that names none, or none that has the
 * course, counts in the last list that showed this course to this learner before (a list of a conversation
 * that became this learner's too), however long ago: who reads decides how long is too long. Of each course of a
 * list, the first time counts. */
#ifndef KB_STORE_LIST_H
#define KB_STORE_LIST_H

#include "kb/store.h"

enum list_via { LIST_REPLY, LIST_PUSH, LIST_HTTP };

/* The id of a list on the wire is 16 hex digits of a positive number below 2^63; 0 = no list. */
enum { LIST_ID_TEXT = 17 };
void list_id_print(int64_t id, char out[LIST_ID_TEXT]);
bool list_id_read(struct str text, int64_t *out);

/* One course of a list; that of place 0 comes first. A list given over HTTP (LIST_HTTP) is taken for
 * shown: whoever asked for it is about to show it, and has no view port to tell of. Who does tell asks for a
 * LIST_REPLY. */
struct list_course_row {
	int64_t list;
	struct str user;    /* as in events: a guest has a name, too */
	struct str session; /* hex hash of the token; "" = none */
	struct str course;
	enum list_via via;
	int64_t place; /* 0 is the first */
	int64_t at_unix_ms;
};
MUST_USE int store_list_course_put(struct store *s, const struct list_course_row *row,
				   struct err *err);

/* LIST_RECALLED: what was dismissed before is not dismissed after all. */
enum list_mark {
	LIST_SHOWN,
	LIST_CLICKED,
	LIST_DISMISSED,
	LIST_ENROLLED,
	LIST_PURCHASED,
	LIST_RECALLED
};

struct list_mark_row {
	int64_t list; /* 0 = not known */
	struct str user, course;
	enum list_mark mark;
	int64_t at_unix_ms;
};
/* Of a list or course that nobody knows: nothing happens, and that is no error. */
MUST_USE int store_list_mark(struct store *s, const struct list_mark_row *row, struct err *err);

/* A learner met a variant. Again is no news: the first time stays. Another variant under the same plan is none
 * either: it was met as a guest before, under another name (store_guest.h). */
struct exposure_row {
	struct str experiment, variant;
	struct str plan; /* names the shares of all variants, the same text for the same shares */
	double share;
	int64_t place;	    /* of the variant in its experiment */
	struct str outcome; /* hoped for: a word of store_ab.h */
	int64_t within;	    /* days */
	struct str user;
	struct str session; /* hex hash of the token; "" = none */
	int64_t list;	    /* made under it; 0 = none */
	int64_t at_unix_ms;
};
MUST_USE int store_exposure_put(struct store *s, const struct exposure_row *row, struct err *err);

#endif
