/* Intents and FAQ entries as JSON (docs/admin-api.md), each into an open object. */
#ifndef NET_RULES_JSON_H
#define NET_RULES_JSON_H

#include "intents/rule.h"

void rules_put_intent(struct buf *out, const struct ruleset *rs, const struct intent *intent);
void rules_put_faq(struct buf *out, const struct ruleset *rs, const struct faq_entry *entry);

#endif
