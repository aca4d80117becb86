#include "net/rules_path.h"

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
