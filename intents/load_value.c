/* Readers of plain values: text, lists of text, numbers, yes and no. */
#include "intents/loader.h"

#include "text/utf8.h"

struct str load_keep(struct loader *l, struct str s)
{
	return arena_str(l->keep, s);
}

void *load_keep_items(struct loader *l, const void *items, size_t size)
{
	void *kept = arena_alloc(l->keep, size);

	if (size)
		memcpy(kept, items, size);
	return kept;
}

void load_str(struct loader *l, const struct node *v, void *field)
{
	if (v->kind != NODE_SCALAR || v->text.n == 0) {
		load_expected(l, v, "text", "一段文字");
		return;
	}
	*(struct str *)field = load_keep(l, v->text);
}

void load_strs(struct loader *l, const struct node *v, void *field)
{
	const struct node *items = v->kind == NODE_LIST ? v->items : v;
	size_t n = v->kind == NODE_LIST ? v->n : 1, kept = 0;
	struct str *out = ARENA_ARRAY(l->keep, struct str, n);

	for (size_t i = 0; i < n; i++) {
		if (items[i].kind == NODE_SCALAR && items[i].text.n)
			out[kept++] = load_keep(l, items[i].text);
		else
			load_expected(l, &items[i], "text, or a list of texts",
				      "文字，或由文字组成的列表");
	}
	*(struct strs *)field = (struct strs){out, kept};
}

/* Keywords and names: a comma inside one is a list that was typed with full-width commas. */
void load_terms(struct loader *l, const struct node *v, void *field)
{
	const struct node *items = v->kind == NODE_LIST ? v->items : v;
	size_t n = v->kind == NODE_LIST ? v->n : 1;

	for (size_t i = 0; i < n; i++) {
		if (items[i].kind != NODE_SCALAR || !items[i].plain ||
		    (str_find(items[i].text, STR("，"), 0) == SIZE_MAX &&
		     str_find(items[i].text, STR("、"), 0) == SIZE_MAX))
			continue;
		LOAD_WARNING(l, &items[i], "full-width-comma",
			     "'%.*s' is one word to the program; part words with ', ', not with ， "
			     "or 、",
			     "“%.*s”会被当成一个词；请用半角逗号加空格“, ”分开，不要用“，”或“、”",
			     STR_ARG(utf8_cut(items[i].text, 60)));
	}
	load_strs(l, v, field);
}

void load_yes_no(struct loader *l, const struct node *v, void *field)
{
	static const struct {
		const char *word;
		int value;
	} words[] = {
		{"true", 1}, {"false", 0}, {"yes", 1}, {"no", 0},
		{"on", 1},   {"off", 0},   {"是", 1},  {"否", 0},
	};

	for (size_t i = 0; v->kind == NODE_SCALAR && i < sizeof words / sizeof words[0]; i++)
		if (str_eq(v->text, str_of(words[i].word))) {
			*(int *)field = words[i].value;
			return;
		}
	load_expected(l, v, "true or false", "true 或 false");
}

void load_flag(struct loader *l, const struct node *v, void *field)
{
	int yes = *(bool *)field;

	load_yes_no(l, v, &yes);
	*(bool *)field = yes != 0;
}

/* A whole number in [min, max]. */
static bool whole_number(const struct node *v, int64_t min, int64_t max, int *out)
{
	struct str s = v->kind == NODE_SCALAR ? v->text : STR_NONE;
	bool minus = str_starts(s, STR("-"));
	uint64_t u;
	int64_t value;

	if (!str_to_u64(str_sub(s, minus, s.n), &u) || u > INT32_MAX)
		return false;
	value = minus ? -(int64_t)u : (int64_t)u;
	if (value < min || value > max)
		return false;
	*out = (int)value;
	return true;
}

void load_count(struct loader *l, const struct node *v, void *field)
{
	if (!whole_number(v, 1, 1000, field))
		load_expected(l, v, "a whole number from 1 to 1000", "1 到 1000 的整数");
}

void load_integer(struct loader *l, const struct node *v, void *field)
{
	if (!whole_number(v, -1000000, 1000000, field))
		load_expected(l, v, "a whole number", "整数");
}

void load_fraction(struct loader *l, const struct node *v, void *field)
{
	double d;

	if (v->kind == NODE_SCALAR && str_to_double(v->text, &d) && d >= 0 && d <= 1)
		*(double *)field = d;
	else
		load_expected(l, v, "a number from 0 to 1", "0 到 1 之间的数");
}

void load_typos(struct loader *l, const struct node *v, void *field)
{
	static const struct {
		const char *word;
		int value;
	} words[] = {{"off", 0}, {"auto", TYPOS_AUTO}, {"0", 0}, {"1", 1}, {"2", 2}};

	for (size_t i = 0; v->kind == NODE_SCALAR && i < sizeof words / sizeof words[0]; i++)
		if (str_eq(v->text, str_of(words[i].word))) {
			*(int *)field = words[i].value;
			return;
		}
	load_expected(l, v, "off, auto, 1 or 2", "off、auto、1 或 2");
}
