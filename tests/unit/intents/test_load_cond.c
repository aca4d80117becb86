#include "unit/unit.h"

#include "intents/load_cond.h"

static void every_operator_is_read_with_its_value(void **state)
{
	static const struct {
		const char *text;
		enum cond_op op;
		const char *value;
		bool number;
	} cases[] = {
		{"<days> > 7", COND_GT, "7", true},	    {"<days>>=7", COND_GE, "7", true},
		{" <days>  <  7.5 ", COND_LT, "7.5", true}, {"<days> <= -1", COND_LE, "-1", true},
		{"<days> == 7天", COND_EQ, "7天", false},   {"<days> = 七", COND_EQ, "七", false},
		{"<days> != a b", COND_NE, "a b", false},   {"<days> ＞ 7", COND_GT, "7", true},
		{"<days>≤7", COND_LE, "7", true},	    {"<days> ≠ x", COND_NE, "x", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct cond c;

		assert_true(cond_read(str_of(cases[i].text), &c));
		assert_str(c.slot, "days");
		assert_int_equal(c.op, cases[i].op);
		assert_str(c.value, cases[i].value);
		assert_int_equal(c.is_number, cases[i].number);
	}
}

static void a_slot_alone_must_be_set_and_with_not_must_not(void **state)
{
	struct cond c;

	(void)state;
	assert_true(cond_read(STR("<课程>"), &c));
	assert_int_equal(c.op, COND_SET);
	assert_str(c.slot, "课程");
	assert_true(cond_read(STR("not <x>"), &c));
	assert_int_equal(c.op, COND_UNSET);
}

static void what_is_no_condition_is_refused(void **state)
{
	static const char *const wrong[] = {
		"",	    "days > 7", "<days",    "<> > 7",	   "< days> > 7", "<days> >",
		"<days> 7", "not",	"not days", "not <x> > 7", "<days> ~ 7",
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct cond c;

		assert_false(cond_read(str_of(wrong[i]), &c));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operator_is_read_with_its_value),
		cmocka_unit_test(a_slot_alone_must_be_set_and_with_not_must_not),
		cmocka_unit_test(what_is_no_condition_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
