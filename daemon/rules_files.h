/* The rules' files as the staff sees them: named from the folder of the main file.
 *
 *	/srv/kefu/intents.yaml, /srv/kefu/faq/orders.yaml -> intents.yaml, faq/orders.yaml
 *
 * A path from outside is only ever compared with these names, never opened: what is not among the files
 * that were loaded does not exist. */
#ifndef DAEMON_RULES_FILES_H
#define DAEMON_RULES_FILES_H

#include "intents/rule.h"

/* Texts among rs->files, the main one first (word vectors are no text). */
size_t rules_files(const struct ruleset *rs);
/* A file's name for people; one that lies elsewhere is named whole. */
struct str rules_short(const struct ruleset *rs, struct str file);
/* The file of that short name, NUL-terminated; STR_NONE when it is none of the rules' texts. */
struct str rules_long(const struct ruleset *rs, struct str path);
/* Was it loaded with this text? */
bool rules_loaded(const struct ruleset *rs, struct str file, struct str text);

#endif
