/* kefu import: files of courses, events or FAQ entries into the database. */
#include <stdio.h>
#include <stdlib.h>

#include "kb/import.h"
#include "tool/tool.h"

struct importing {
	const char *db, *format, *lang;
	bool json;
	enum import_kind kind;
	const char *kind_name, *path;
};

static bool show(void *arg, const struct import_report *so_far)
{
	const struct importing *i = arg;

	tool_progress(i->kind_name, so_far->bytes, so_far->total_bytes);
	return true;
}

static void print_json(const struct importing *i, const struct import_report *r,
		       const struct diags *d)
{
	struct buf out = {0};

	json_open(&out, '{');
	json_kstr(&out, "kind", str_of(i->kind_name));
	json_kstr(&out, "file", str_of(i->path));
	json_kint(&out, "rows", (int64_t)r->rows);
	json_kint(&out, "saved", (int64_t)r->saved);
	json_kint(&out, "bad", (int64_t)r->bad);
	json_kbool(&out, "already", r->already);
	json_kint(&out, "resumed_line", r->resumed_line);
	json_key(&out, "report");
	diags_json(d, &out);
	json_close(&out, '}');
	puts(out.p);
	buf_done(&out);
}

static void print(const struct importing *i, const struct import_report *r, const struct diags *d)
{
	struct buf out = {0};

	if (i->json) {
		print_json(i, r, d);
		return;
	}
	diags_print(d, &out);
	fputs(out.n ? out.p : "", stderr);
	buf_done(&out);
	if (d->dropped)
		fprintf(stderr, d->chinese ? "……还有 %zu 条\n" : "… and %zu more\n", d->dropped);
	if (r->already)
		printf(d->chinese ? "%s：以前已经导入过，无需再导入\n"
				  : "%s: imported before; nothing to do\n",
		       i->path);
	else
		printf(d->chinese ? "%s：保存了 %llu 行（%s），%llu 行有错\n"
				  : "%s: %llu %s saved, %llu bad rows\n",
		       i->path, (unsigned long long)r->saved, i->kind_name,
		       (unsigned long long)r->bad);
}

static int run(const struct importing *i, enum rows_format format)
{
	struct import_watch watch = {show, (void *)(uintptr_t)i};
	struct import_report report = {0};
	struct err err = {0};
	struct store *store;
	struct diags diags;
	int rc = store_open(i->db, STORE_WRITE, &store, &err);

	if (rc != 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	diags_init(&diags, i->lang ? str_starts(str_of(i->lang), STR("zh")) : err_locale_chinese());
	rc = import_file(store, i->kind, i->path, format, &watch, &report, &diags, &err);
	tool_progress_end();
	print(i, &report, &diags);
	if (rc != 0)
		tool_fail(EXIT_WRONG, "%s", err.text);
	diags_done(&diags);
	store_close(store);
	return rc != 0 || report.bad ? EXIT_WRONG : EXIT_OK;
}

static int read_operands(struct importing *i, const struct args *args)
{
	if (args->n != 2)
		return tool_fail(EXIT_USAGE,
				 "import: what and from where? kefu import courses FILE");
	i->kind_name = args->operands[0];
	i->path = args->operands[1];
	if (!import_kind_read(str_of(i->kind_name), &i->kind))
		return tool_fail(EXIT_USAGE, "import: courses, events, faq or vectors, not '%s'",
				 i->kind_name);
	return EXIT_OK;
}

/* By --format, else by the file's ending. */
static bool read_format(const struct importing *i, enum rows_format *out)
{
	char as_ending[32];

	if (!i->format)
		return rows_format_of(str_of(i->path), out);
	snprintf(as_ending, sizeof as_ending, "x.%s", i->format);
	return rows_format_of(str_of(as_ending), out);
}

int tool_import(int argc, char **argv)
{
	struct importing i = {.db = "kefu.db"};
	const struct arg_option options[] = {
		{"db", 0, ARG_TEXT, &i.db, "FILE", "database, made when there is none (./kefu.db)"},
		{"format", 0, ARG_TEXT, &i.format, "FORMAT",
		 "csv, jsonl or tsv (by the file's ending)"},
		{"json", 0, ARG_FLAG, &i.json, NULL, "report as JSON"},
		{"lang", 0, ARG_TEXT, &i.lang, "zh|en", "language of what is said (by the locale)"},
		{0},
	};
	enum rows_format format;
	struct args args;
	int code;

	if (!tool_args(
		    &args, options, argc, argv, "kefu import courses|events|faq [OPTION…] FILE",
		    "Reads rows into the database; bad rows are reported with their line and left "
		    "out. An interrupted import goes on where it stopped.",
		    &code))
		return code;
	code = read_operands(&i, &args);
	if (code == EXIT_OK && !read_format(&i, &format))
		code = tool_fail(EXIT_USAGE,
				 "import: the format of %s is not known; --format csv, "
				 "jsonl or tsv",
				 i.path);
	if (code == EXIT_OK)
		code = run(&i, format);
	args_done(&args);
	return code;
}
