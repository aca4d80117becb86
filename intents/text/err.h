/* What went wrong, in code and in words.
 *
 * Functions that may fail return int: 0, or a negative enum err_code; words for people go to the
 * struct err given last (NULL is accepted: words are dropped). Loaders go on after a mistake and
 * collect every one as a diagnostic with its place. Messages are one line: what, why, how to mend. */
#ifndef TEXT_ERR_H
#define TEXT_ERR_H

#include <stdbool.h>
#include <stddef.h>

#include "text/arena.h"
#include "text/buf.h"
#include "text/str.h"

enum err_code {
	ERR_OK = 0,
	ERR_INVALID = -1, /* the input is wrong */
	ERR_NOT_FOUND = -2,
	ERR_LIMIT = -3,	  /* a quota or bound was reached */
	ERR_IO = -4,	  /* file, socket or disk */
	ERR_BUSY = -5,	  /* locked or full for now: try again */
	ERR_CORRUPT = -6, /* stored data is damaged */
	ERR_DENIED = -7,
	ERR_UNSUPPORTED = -8,
};

#define MUST_USE __attribute__((warn_unused_result))

struct err {
	enum err_code code;
	char text[512]; /* NUL-terminated; cut at a character boundary when longer */
	char zh[512];	/* the same in Chinese, from err_say; "" from err_set */
};

/* Fills *e (if any) and returns code, so: return err_set(e, ERR_IO, "…"); */
int err_set(struct err *e, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* In both languages; `en` and `zh` take the same arguments in the same order. */
int err_say(struct err *e, enum err_code code, const char *en, const char *zh, ...)
	__attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* A place in a file people edit. Lines and columns count from 1; columns count characters. line 0: no place. */
struct mark {
	struct str file;
	int line, col;
};

enum diag_level { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

struct diag {
	enum diag_level level;
	struct mark mark;
	struct str code; /* stable kebab-case name: "unknown-key" */
	struct str text; /* in the language of the list */
};

/* Diagnostics of one load, in the order found. Everything lives in the list's own arena. */
struct diags {
	struct arena arena;
	struct diag *items;
	size_t n, cap;
	size_t errors, warnings;
	size_t dropped; /* beyond DIAGS_MAX */
	bool chinese;	/* language of the words */
};

enum { DIAGS_MAX = 1000 };

void diags_init(struct diags *d, bool chinese);
void diags_done(struct diags *d);
/* Adds one; `en` and `zh` take the same arguments in the same order. */
void diags_add(struct diags *d, enum diag_level level, struct mark mark, const char *code,
	       const char *en, const char *zh, ...)
	__attribute__((format(printf, 5, 7), format(printf, 6, 7)));
/* By file, line and column; stable. */
void diags_sort(struct diags *d);
/* "intents.yaml:12:7: error: unknown key 'keyword' …\n" per item, GCC style. */
void diags_print(const struct diags *d, struct buf *out);
/* {"diagnostics":[{"level","file","line","col","code","text"}],"errors":n,"warnings":n} */
void diags_json(const struct diags *d, struct buf *out);

/* True when LC_ALL, LC_MESSAGES or LANG (first set one wins) names Chinese. */
bool err_locale_chinese(void);

#endif
