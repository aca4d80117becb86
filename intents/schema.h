/* The format of intents.yaml as a JSON Schema (draft-07), for editors: completion, hover and
 * squiggles.
 *
 * Written from the key tables of the loader, so that it never says other than the loader does about
 * which keys there are. It is looser about values: an editor's YAML has types where the loader has
 * text. A copy is kept in docs/intents.schema.json; name it on the first line of a file:
 *	# yaml-language-server: $schema=docs/intents.schema.json */
#ifndef INTENTS_SCHEMA_H
#define INTENTS_SCHEMA_H

#include "text/buf.h"

void schema_write(struct buf *out);

#endif
