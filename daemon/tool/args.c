#include "tool/args.h"

#include <stdio.h>
#include <stdlib.h>

#include "text/mem.h"

static const struct arg_option *by_name(const struct arg_option *options, struct str name)
{
	for (; options->name; options++)
		if (str_eq(name, str_of(options->name)))
			return options;
	return NULL;
}

static const struct arg_option *by_letter(const struct arg_option *options, char letter)
{
	for (; options->name; options++)
		if (options->letter == letter)
			return options;
	return NULL;
}

static int unknown(const struct arg_option *options, const char *arg, struct str name,
		   struct err *err)
{
	struct str names[32];
	struct str near;
	size_t n = 0;

	for (; n < 32 && options[n].name; n++)
		names[n] = str_of(options[n].name);
	near = str_nearest(name, names, n);
	if (near.n)
		return err_set(err, ERR_INVALID, "unknown option %s; did you mean --%.*s?", arg,
			       STR_ARG(near));
	return err_set(err, ERR_INVALID, "unknown option %s; --help lists the options", arg);
}

static int put(const struct arg_option *o, const char *value, struct err *err)
{
	struct arg_list *list = o->to;
	uint64_t count;

	if (o->kind == ARG_TEXT) {
		*(const char **)o->to = value;
		return 0;
	}
	if (o->kind == ARG_LIST) {
		if (list->n == ARG_LIST_MAX)
			return err_set(err, ERR_INVALID, "--%s is there more than %d times",
				       o->name, ARG_LIST_MAX);
		list->v[list->n++] = value;
		return 0;
	}
	if (!str_to_u64(str_of(value), &count) || count < 1 || count > 1000000000)
		return err_set(err, ERR_INVALID, "--%s needs a whole number from 1 on, not '%s'",
			       o->name, value);
	*(long *)o->to = (long)count;
	return 0;
}

/* One option at argv[*i]; a value of its own moves *i. */
static int read_option(const struct arg_option *options, int argc, char **argv, int *i, bool *help,
		       struct err *err)
{
	const char *arg = argv[*i];
	const char *equals = strchr(arg, '=');
	bool is_long = arg[1] == '-';
	struct str name = {arg + 2,
			   is_long ? (equals ? (size_t)(equals - arg - 2) : strlen(arg + 2)) : 0};
	const struct arg_option *o = is_long  ? by_name(options, name)
				     : arg[2] ? NULL
					      : by_letter(options, arg[1]);

	if (str_eq(str_of(arg), STR("--help")) || str_eq(str_of(arg), STR("-h"))) {
		*help = true;
		return 0;
	}
	if (!o)
		return unknown(options, arg, name, err);
	if (o->kind == ARG_FLAG) {
		if (is_long && equals)
			return err_set(err, ERR_INVALID, "--%s takes no value", o->name);
		*(bool *)o->to = true;
		return 0;
	}
	if (is_long && equals)
		return put(o, equals + 1, err);
	if (*i + 1 >= argc)
		return err_set(err, ERR_INVALID, "--%s needs a value: %s", o->name, o->value);
	return put(o, argv[++*i], err);
}

int args_read(struct args *out, const struct arg_option *options, int argc, char **argv,
	      struct err *err)
{
	struct args a = {.operands = mem_alloc((size_t)argc * sizeof *a.operands)};
	bool only_operands = false;
	int rc = 0;

	for (int i = 1; i < argc && rc == 0; i++) {
		const char *arg = argv[i];

		if (!only_operands && strcmp(arg, "--") == 0)
			only_operands = true;
		else if (!only_operands && arg[0] == '-' && arg[1])
			rc = read_option(options, argc, argv, &i, &a.help, err);
		else
			a.operands[a.n++] = arg;
	}
	if (rc == 0)
		*out = a;
	else
		args_done(&a);
	return rc;
}

void args_done(struct args *a)
{
	free(a->operands);
	*a = (struct args){0};
}

void args_help(const char *usage, const char *about, const struct arg_option *options)
{
	printf("usage: %s\n\n%s\n", usage, about);
	if (options->name)
		printf("\noptions:\n");
	for (; options->name; options++) {
		char left[64];
		int n = 0;

		if (options->letter)
			n = snprintf(left, sizeof left, "-%c, ", options->letter);
		snprintf(left + n, sizeof left - (size_t)n, "--%s%s%s", options->name,
			 options->value ? " " : "", options->value ? options->value : "");
		printf("  %-26s %s\n", left, options->help);
	}
}
