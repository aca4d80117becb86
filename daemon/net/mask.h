/* Private captures (order numbers, phones) out of what the bot said, and a conversation so far as
 * text for the people it is handed to. */
#ifndef NET_MASK_H
#define NET_MASK_H

#include "hub.h"
#include "intents/slot.h"

/* `text` with the characters and values of private slots replaced by "***"; in `a`, or text itself.
 */
struct str mask_slots(struct arena *a, const struct slots *slots, struct str text);

enum { MASK_LOG_BYTES = 8192 }; /* the newest lines are kept */

/* One more line "who: text". */
void mask_log(struct chat *chat, const char *who, struct str masked);
struct str mask_said(const struct chat *chat);

#endif
