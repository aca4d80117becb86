/* Has one of these files changed? By inotify on their folders, since editors replace a file rather than
 * write to it, and by a look at the files themselves for what inotify does not see: network disks,
 * a folder that is replaced, a link that is turned, no watches left.
 *
 * In a watched folder these names count: the files' own, those ending in .yaml or .yml (a new file an
 * include would match), and ..data (how Kubernetes turns a whole configuration). Editors' own files
 * (.x.yaml, x.yaml~, #x.yaml#) do not. One thread. */
#ifndef DAEMON_FILEWATCH_H
#define DAEMON_FILEWATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "text/str.h"

struct filewatch;

struct filewatch *filewatch_new(void);
void filewatch_free(struct filewatch *w);

/* Watches these files (copied) and the folders they are in, through links too; a path ending in '/' is
 * a folder alone. With `more` what was watched before is kept. What does not exist yet is waited for. */
void filewatch_set(struct filewatch *w, const struct str *paths, size_t n, bool more);

/* To poll for reading; -1 when the system gives no inotify (then only filewatch_look tells). */
int filewatch_fd(const struct filewatch *w);
/* Reads what is there without waiting. True when something that counts happened. */
bool filewatch_read(struct filewatch *w);
/* Looks at the files: true when one is not as it was at the last look (or at the filewatch_set that changed
 * which files there are), or a folder has (re)appeared. For every few seconds, and before reading the
 * files. */
bool filewatch_look(struct filewatch *w);

#endif
