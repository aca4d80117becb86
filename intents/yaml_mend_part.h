/* What the files of yaml_mend share: the line under the knife, and those who look at it. */
#ifndef INTENTS_YAML_MEND_PART_H
#define INTENTS_YAML_MEND_PART_H

#include "intents/yaml_mend.h"

/* One line of the file under the knife. */
struct line {
	char *p;
	size_t n;
	int number; /* 0: there is no such line */
};

struct mend {
	const struct yaml_problem *problem;
	char *bytes;
	size_t n;
	traps_is_key *is_key;
	struct diags *diags;
	struct line line; /* where libyaml gave up */
	size_t body;	  /* in it: behind indentation and dashes */
	size_t value;	  /* in it: behind the first key's colon, or body when it has none */
	bool settled;	  /* nothing more is to be said */
};

/* Line `number` of the file, from 1. */
struct line mend_line(const struct mend *m, int number);
struct str mend_line_str(const struct line *line);
struct mark mend_mark(const struct mend *m, const struct line *line, size_t at);
/* Where in the line libyaml gave up. */
size_t mend_at(const struct mend *m);
/* Are these among libyaml's words? */
bool mend_words_are(const struct mend *m, const char *words);
void mend_overwrite(const struct line *line, size_t from, size_t to, char c);
bool mend_blank(struct str line);

/* Eyes of yaml_mend_text.c; see the table in yaml_mend.c. */
bool mend_see_sign(struct mend *m);
bool mend_see_bracket(struct mend *m);
bool mend_see_behind_quote(struct mend *m);
bool mend_see_escape(struct mend *m);
bool mend_see_open_quote(struct mend *m);

#endif
