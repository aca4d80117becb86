#include "intents/load_cond.h"

/* Longer operators first: "<=" is not "<" and a value "= 7". */
static const struct {
	const char *sign;
	enum cond_op op;
} operators[] = {
	{"==", COND_EQ}, {"!=", COND_NE}, {"<=", COND_LE}, {">=", COND_GE}, {"=", COND_EQ},
	{"<", COND_LT},	 {">", COND_GT},  {"≤", COND_LE},  {"≥", COND_GE},  {"≠", COND_NE},
	{"＝", COND_EQ}, {"＜", COND_LT}, {"＞", COND_GT},
};

static bool read_operator(struct str s, struct cond *out)
{
	struct str value;

	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
		struct str sign = str_of(operators[i].sign);

		if (!str_starts(s, sign))
			continue;
		value = str_trim(str_sub(s, sign.n, s.n));
		out->op = operators[i].op;
		out->value = value;
		out->is_number = str_to_double(value, &out->number);
		return value.n > 0;
	}
	return false;
}

bool cond_read(struct str s, struct cond *out)
{
	struct cond c = {.op = COND_SET};
	struct str rest;
	size_t end;

	s = str_trim(s);
	if (str_starts(s, STR("not "))) {
		c.op = COND_UNSET;
		s = str_trim(str_sub(s, 4, s.n));
	}
	end = str_find(s, STR(">"), 0);
	if (!str_starts(s, STR("<")) || end == SIZE_MAX)
		return false;
	c.slot = str_sub(s, 1, end);
	rest = str_trim(str_sub(s, end + 1, s.n));
	if (!c.slot.n || str_trim(c.slot).n != c.slot.n)
		return false;
	if (rest.n && (c.op == COND_UNSET || !read_operator(rest, &c)))
		return false;
	*out = c;
	return true;
}
