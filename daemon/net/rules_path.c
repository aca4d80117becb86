#include "net/rules_path.h"

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

void rules_put_diags(struct buf *out, const struct ruleset *rs, const struct diags *d, size_t max)
{
	static const char *const levels[] = {
		[DIAG_ERROR] = "error", [DIAG_WARNING] = "warning", [DIAG_NOTE] = "note"};

	json_key(out, "diagnostics");
	json_open(out, '[');
	for (size_t i = 0; i < d->n && i < max; i++) {
		const struct diag *one = &d->items[i];

		json_open(out, '{');
		json_kstr(out, "level", str_of(levels[one->level]));
		json_kstr(out, "file", rules_short(rs, one->mark.file));
		json_kint(out, "line", one->mark.line);
		json_kint(out, "col", one->mark.col);
		json_kstr(out, "code", one->code);
		json_kstr(out, "text", one->text);
		json_close(out, '}');
	}
	json_close(out, ']');
	json_kint(out, "errors", (int64_t)d->errors);
	json_kint(out, "warnings", (int64_t)d->warnings);
}
