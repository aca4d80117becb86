#include "rules_files.h"

size_t rules_files(const struct ruleset *rs)
{
	return rs->files.n - (rs->settings.vectors.n && rs->files.n ? 1 : 0);
}

/* The main file's folder, with its slash; "" = where the daemon was started. */
static struct str folder_of(const struct ruleset *rs)
{
	struct str main = rs->files.n ? rs->files.v[0] : STR_NONE;

	while (main.n && main.p[main.n - 1] != '/')
		main.n--;
	return main;
}

struct str rules_short(const struct ruleset *rs, struct str file)
{
	struct str folder = folder_of(rs);

	return str_starts(file, folder) ? str_sub(file, folder.n, file.n) : file;
}

struct str rules_long(const struct ruleset *rs, struct str path)
{
	size_t n = rules_files(rs);

	for (size_t i = 0; i < n; i++) {
		if (str_eq(rules_short(rs, rs->files.v[i]), path))
			return rs->files.v[i];
	}
	return STR_NONE;
}

bool rules_loaded(const struct ruleset *rs, struct str file, struct str text)
{
	for (size_t i = 0; i < rules_files(rs); i++) {
		if (str_eq(rs->files.v[i], file))
			return rs->hashes[i] == str_hash_quick(text);
	}
	return false;
}
