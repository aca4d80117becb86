/* What libyaml stops at, said in words of our own and mended so that the reading can go on.
 *
 * libyaml gives up at the first mistake, in words for programmers ("did not find expected key").
 * Here the line it stumbled over is looked at for what people really do: a full-width colon, a
 * value that starts with * or {, a second ": ", a tab. The mistake is reported, and where it is
 * clear what was meant the bytes are overwritten in place (never moved: lines keep their numbers),
 * so that a second reading finds the next mistake. */
#ifndef INTENTS_YAML_MEND_H
#define INTENTS_YAML_MEND_H

#include "intents/yaml_traps.h"

/* Where and why libyaml gave up. */
struct yaml_problem {
	struct str file;
	const char *words; /* libyaml's */
	int line, col;	   /* where it gave up, from 1 */
	int context_line;  /* where what it was reading began; 0 = unknown */
};

/* Reports the problem; true when `bytes` were mended and a new reading gets further. */
bool mend_problem(const struct yaml_problem *p, char *bytes, size_t n, traps_is_key *is_key,
		  struct diags *diags);

#endif
