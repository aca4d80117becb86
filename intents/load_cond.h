/* `if: <days> > 7`: one condition of an answer, from its text. */
#ifndef INTENTS_LOAD_COND_H
#define INTENTS_LOAD_COND_H

#include "intents/rule.h"

/* "<days>" (is set), "not <days>", "<days> OP value" with OP one of == = != < <= > >= or their
 * full-width forms. Fills all of *out but the mark, borrowing from s. False when s is none of
 * these. */
bool cond_read(struct str s, struct cond *out);

#endif
