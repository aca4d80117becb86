/* intents.yaml -> struct ruleset, with every mistake said at its place.
 *
 * The loader goes on after a mistake and leaves out what is broken; when it added an error the
 * ruleset must not be served, only shown. Includes (globs relative to the including file) are read
 * in name order after the file itself; the same file twice is an error. Limits against hostile
 * files: LOAD_FILE_MAX bytes a file, LOAD_FILES_MAX files, depth LOAD_DEPTH_MAX, LOAD_NODES_MAX nodes;
 * aliases are refused. Scalars are text exactly as written. */
#ifndef INTENTS_LOAD_H
#define INTENTS_LOAD_H

#include "intents/rule.h"

enum {
	LOAD_FILE_MAX = 64 << 20,
	LOAD_FILES_MAX = 1000,
	LOAD_DEPTH_MAX = 64,
	LOAD_NODES_MAX = 4000000,
};

/* A source of entity values (`from: kb.courses`): filled by the caller, who knows the catalogue. */
struct entity_source {
	struct str name; /* "kb.courses" */
	const struct entity_value *values;
	size_t n;
};

/* Never NULL. Errors are in diags->errors (a missing or unreadable file is one too). */
struct ruleset *load_file(struct arena *a, const char *path, const struct entity_source *sources,
			  size_t n_sources, struct diags *diags);

/* The same with a text in the place of one file's, as if that were saved: for looking at a change
 * before it is made. `path` is the file's name as in rs->files. */
struct load_overlay {
	struct str path, bytes;
};
struct ruleset *load_file_over(struct arena *a, const char *path,
			       const struct load_overlay *overlay,
			       const struct entity_source *sources, size_t n_sources,
			       struct diags *diags);

/* The same from bytes; `name` is the file name in marks; includes are relative to the folder of `name`. */
struct ruleset *load_bytes(struct arena *a, struct str name, struct str bytes,
			   const struct entity_source *sources, size_t n_sources,
			   struct diags *diags);

#endif
