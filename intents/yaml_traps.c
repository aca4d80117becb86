#include "intents/yaml_traps.h"

struct str traps_line(struct str bytes, int line)
{
	size_t from = 0, to;

	for (int i = 1; i < line; i++) {
		size_t nl = str_find(bytes, STR("\n"), from);

		if (nl == SIZE_MAX)
			return STR_NONE;
		from = nl + 1;
	}
	to = str_find(bytes, STR("\n"), from);
	return str_sub(bytes, from, to == SIZE_MAX ? bytes.n : to);
}

void traps_scalar(const struct trap_scalar *s, struct diags *diags)
{
	(void)s;
	(void)diags;
}

void traps_explain(const struct trap_problem *p, struct diags *diags)
{
	diags_add(diags, DIAG_ERROR, (struct mark){p->file, p->line, p->col}, "syntax",
		  "this is not YAML: %s", "这里不符合 YAML 的写法：%s", p->problem);
}
