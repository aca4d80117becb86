/* The FAQ of a snapshot: entries of the rules and of the database, and their index. For snapshot.c.
 */
#ifndef BOT_SNAPSHOT_FAQ_H
#define BOT_SNAPSHOT_FAQ_H

#include "intents/rule.h"
#include "kb/faq.h"
#include "kb/store.h"

enum { FAQ_LIST_MAX = 64 };

/* "a; b;c" -> a, b, c in the arena, at most `max`; returns how many. */
size_t snapshot_split(struct arena *a, struct str list, struct str *out, size_t max);

/* Adds the database's entries (kefu import faq) behind the file's; of two with one id the file's
 * stays. */
MUST_USE int snapshot_add_faq(struct arena *a, struct ruleset *rs, struct store *store,
			      struct err *err);

/* Every wording of every language of every entry, in the order of rs->faq; `before` (NULL: none) when it
 * would be the same, see faq_index_renew. */
struct faq_index *snapshot_index_faq(const struct lexicon *l, const struct ruleset *rs,
				     struct faq_index *before, const struct lexicon_change *change);
/* One of them, as written, by the number that faq_search gives it; "" of an entry without any. */
struct str snapshot_faq_wording(const struct faq_entry *e, uint32_t wording);

#endif
