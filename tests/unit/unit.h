/* What every unit test includes first: cmocka and its prerequisites, and a few asserts on str. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "text/str.h"

/* Fails with both texts shown, at the caller's line. */
#define assert_str(actual, expected) unit_assert_str((actual), (expected), __FILE__, __LINE__)

static inline void unit_assert_str(struct str actual, const char *expected, const char *file,
				   int line)
{
	if (str_eq(actual, str_of(expected)))
		return;
	print_error("got      \"%.*s\"\nexpected \"%s\"\n", STR_ARG(actual), expected);
	_fail(file, line);
}

#endif
