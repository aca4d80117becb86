/* Groups of forms that ask the same in other words become one: the second half of kb/missed.c. */
#ifndef KB_MISSED_MERGE_H
#define KB_MISSED_MERGE_H

#include "kb/missed_form.h"

/* So many groups are compared each with each; of more, the largest. Their table has as many floats as
 * its square: 36 MB. */
enum { MISSED_MERGE_MOST = 3000 };

/* Half by terms, half by what the words mean (text/senses.h); two groups are one when their forms are at
 * least this alike on average. */
#define MISSED_MERGE_TERMS .5f
#define MISSED_MERGE_LIKE  .45f

/* `leader`: by form, the form it goes with (a leader with itself). Average linkage by chains of nearest
 * neighbours (Murtagh, "A survey of recent advances in hierarchical clustering algorithms", Computer
 * Journal 1983), cut at MISSED_MERGE_LIKE: the result is that of joining the two nearest over and over.
 * A group's leader is then the one said most often, of those the most typical. */
void missed_merge(const struct lexicon *l, const struct missed_forms *forms, uint32_t *leader);

#endif
