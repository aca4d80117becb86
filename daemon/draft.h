/* One change of the rules out of what learners said: a phrase, an FAQ entry, a test, put into the file where
 * it belongs, with the rest of that file left as it is (intents/rules_edit.h). Nothing is written here. */
#ifndef DAEMON_DRAFT_H
#define DAEMON_DRAFT_H

#include "intents/rule.h"

enum draft_kind {
	DRAFT_PHRASE, /* an example of an intent, or another wording of an FAQ entry */
	DRAFT_FAQ,    /* a new entry */
	DRAFT_TEST,   /* a line of an intent's `tests:` */
	DRAFT_KINDS,
};

struct draft {
	enum draft_kind kind;
	struct str text;
	struct str intent;  /* phrase, test */
	struct str id;	    /* phrase: an entry that is there; faq: of the new one, "" = none */
	struct text answer; /* faq */
};

bool draft_kind_read(struct str word, enum draft_kind *out); /* phrase, faq, test */

/* A text, plain or in a language. In `a`; borrows both. */
struct text draft_text(struct arena *a, struct str lang, struct str text);

/* 0, or ERR_INVALID: what the draft lacks or has too much, in words. `said`: the text is a learner's, where
 * a masked value is no wording to keep. */
MUST_USE int draft_check(const struct draft *d, bool said, struct err *err);

/* What it is, for the history of its file: "phrase: 怎么退款". In `a`. */
struct str draft_comment(struct arena *a, const struct draft *d);

/* The file it goes into, as in rs->files: the intent's or entry's own, that of the last FAQ entry for a new one
 * (else the main one). ERR_NOT_FOUND: no such intent or entry; ERR_UNSUPPORTED: the entry is the database's. */
MUST_USE int draft_file(const struct ruleset *rs, const struct draft *d, struct str *file,
			struct err *err);

/* `was`, the file's text, with the draft in it, appended to `now`. */
MUST_USE int draft_make(const struct draft *d, struct str file, struct str was, struct buf *now,
			struct err *err);

/* What differs, as `diff -u` has it with two lines around; `name` is the file's for people. Returns the line
 * (from 1) of `now` where it begins; 0: nothing differs. */
size_t draft_diff(struct str name, struct str was, struct str now, struct buf *out);

#endif
