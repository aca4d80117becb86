#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/mem.h"
#include "text/utf8.h"

enum { FILE_MAX = 1 << 20, NAME_MAX_BYTES = 64 };

enum kind { KIND_TEXT, KIND_CHOICE, KIND_INT };

struct row {
	struct str name;
	enum kind kind;
	size_t offset;
	const char *def, *words; /* words: "poll|ev|auto" */
	int64_t def_int, min, max;
	const char *help;
};

/* clang-format off */
static const struct row rows[] = {
#define SETTING_TEXT(f, n, d, h) {.name = STR_INIT(n), .kind = KIND_TEXT, \
	.offset = offsetof(struct settings, f), .def = (d), .help = (h)},
#define SETTING_CHOICE(f, n, d, w, h) {.name = STR_INIT(n), .kind = KIND_CHOICE, \
	.offset = offsetof(struct settings, f), .def = (d), .words = (w), .help = (h)},
#define SETTING_INT(f, n, d, lo, hi, h) {.name = STR_INIT(n), .kind = KIND_INT, \
	.offset = offsetof(struct settings, f), .def_int = (d), .min = (lo), .max = (hi), .help = (h)},
#include "settings.tbl"
#undef SETTING_TEXT
#undef SETTING_CHOICE
#undef SETTING_INT
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0] };

static char **text_field(struct settings *s, const struct row *r)
{
	return (char **)(void *)((char *)s + r->offset);
}

static int64_t *int_field(struct settings *s, const struct row *r)
{
	return (int64_t *)(void *)((char *)s + r->offset);
}

void settings_init(struct settings *s)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].kind == KIND_INT)
			*int_field(s, &rows[i]) = rows[i].def_int;
		else
			*text_field(s, &rows[i]) = mem_strdup(str_of(rows[i].def));
	}
}

void settings_done(struct settings *s)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].kind != KIND_INT) {
			free(*text_field(s, &rows[i]));
			*text_field(s, &rows[i]) = NULL;
		}
	}
}

static const struct row *row_find(struct str name)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (str_eq(rows[i].name, name))
			return &rows[i];
	}
	return NULL;
}

/* "where: unknown setting 'x'; did you mean 'y'?" */
static int unknown(struct err *err, const char *where, struct str name)
{
	struct str names[ROWS], near;

	for (size_t i = 0; i < ROWS; i++)
		names[i] = rows[i].name;
	name = utf8_cut(name, NAME_MAX_BYTES);
	near = str_nearest(name, names, ROWS);
	if (near.n)
		return err_set(err, ERR_INVALID, "%s: unknown setting '%.*s'; did you mean '%.*s'?",
			       where, STR_ARG(name), STR_ARG(near));
	return err_set(err, ERR_INVALID, "%s: unknown setting '%.*s'; see kefud --help", where,
		       STR_ARG(name));
}

static bool word_of(const char *words, struct str value)
{
	for (const char *w = words; *w;) {
		size_t n = strcspn(w, "|");

		if (str_eq(value, (struct str){w, n}))
			return true;
		w += n + (w[n] == '|');
	}
	return false;
}

static bool int_of(const struct row *r, struct str value, int64_t *out)
{
	bool minus = str_starts(value, STR("-"));
	uint64_t u;
	int64_t v;

	if (!str_to_u64(str_sub(value, minus, value.n), &u) || u > INT64_MAX)
		return false;
	v = minus ? -(int64_t)u : (int64_t)u;
	if (v < r->min || v > r->max)
		return false;
	*out = v;
	return true;
}

static int set_value(struct settings *s, const struct row *r, struct str value, const char *where,
		     struct err *err)
{
	struct str shown = utf8_cut(value, NAME_MAX_BYTES);

	if (r->kind == KIND_INT) {
		if (int_of(r, value, int_field(s, r)))
			return 0;
		return err_set(err, ERR_INVALID,
			       "%s: %.*s must be a whole number from %lld to %lld, not '%.*s'",
			       where, STR_ARG(r->name), (long long)r->min, (long long)r->max,
			       STR_ARG(shown));
	}
	if (r->kind == KIND_CHOICE && !word_of(r->words, value))
		return err_set(err, ERR_INVALID, "%s: %.*s must be one of %s, not '%.*s'", where,
			       STR_ARG(r->name), r->words, STR_ARG(shown));
	free(*text_field(s, r));
	*text_field(s, r) = mem_strdup(value);
	return 0;
}

/* ---- the command line ---- */

struct given {
	const struct row *row;
	struct str value;
};

struct command_line {
	struct given *v; /* in order */
	size_t n;
	bool check, help, version;
};

static bool flag_read(struct command_line *c, const char *arg)
{
	const struct {
		const char *name;
		bool *set;
	} flags[] = {
		{"--check", &c->check},	    {"--help", &c->help}, {"-h", &c->help},
		{"--version", &c->version}, {"-V", &c->version},
	};

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		if (strcmp(arg, flags[i].name) == 0) {
			*flags[i].set = true;
			return true;
		}
	}
	return false;
}

static int command_line_read(struct command_line *c, int argc, char **argv, struct err *err)
{
	c->v = mem_resize(NULL, (size_t)argc + 1, sizeof *c->v);
	for (int i = 1; i < argc; i++) {
		struct str arg = str_of(argv[i]), name, value;
		size_t equals = str_find(arg, STR("="), 0);
		const struct row *r;

		if (flag_read(c, argv[i]))
			continue;
		if (!str_starts(arg, STR("--")) || arg.n == 2)
			return err_set(err, ERR_INVALID,
				       "command line: what is '%.*s'? settings are written --name "
				       "value; see kefud --help",
				       STR_ARG(utf8_cut(arg, NAME_MAX_BYTES)));
		name = str_sub(arg, 2, equals);
		r = row_find(name);
		if (!r)
			return unknown(err, "command line", name);
		if (equals != SIZE_MAX)
			value = str_sub(arg, equals + 1, arg.n);
		else if (i + 1 < argc)
			value = str_of(argv[++i]);
		else
			return err_set(err, ERR_INVALID, "command line: --%.*s needs a value",
				       STR_ARG(name));
		c->v[c->n++] = (struct given){r, value};
	}
	return 0;
}

/* ---- the file ---- */

static int file_read(const char *path, struct buf *out, struct err *err)
{
	FILE *f = fopen(path, "re");
	int code = 0;
	size_t n;

	if (!f)
		return err_set(err, ERR_IO, "cannot open the config file %s: %s", path,
			       strerror(errno));
	do {
		buf_reserve(out, 4096);
		n = fread(out->p + out->n, 1, 4096, f);
		out->n += n;
	} while (n && out->n <= FILE_MAX);
	if (ferror(f))
		code = err_set(err, ERR_IO, "cannot read the config file %s: %s", path,
			       strerror(errno));
	else if (out->n > FILE_MAX)
		code = err_set(err, ERR_INVALID,
			       "the config file %s is larger than 1 MiB; is it the right file?",
			       path);
	fclose(f);
	return code;
}

/* A value as it stands behind the colon: quotes taken off, else a comment behind white space cut.
 */
static bool value_read(struct str raw, struct str *out)
{
	raw = str_trim(raw);
	if (raw.n && (raw.p[0] == '"' || raw.p[0] == '\'')) {
		struct str quote = {raw.p, 1}, rest;
		size_t end = str_find(raw, quote, 1);

		if (end == SIZE_MAX)
			return false;
		rest = str_trim(str_sub(raw, end + 1, raw.n));
		*out = str_sub(raw, 1, end);
		return !rest.n || rest.p[0] == '#';
	}
	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] == '#' && (i == 0 || raw.p[i - 1] == ' ' || raw.p[i - 1] == '\t'))
			raw.n = i;
	}
	*out = str_trim(raw);
	return true;
}

/* One line; seen[row] is the line a setting was first given at. */
static int line_read(struct settings *s, struct str line, const char *where, int number,
		     int seen[ROWS], struct err *err)
{
	size_t colon = str_find(line, STR(":"), 0);
	struct str name = str_trim(str_sub(line, 0, colon)), value;
	const struct row *r;

	if (colon == SIZE_MAX && str_find(line, STR("："), 0) != SIZE_MAX)
		return err_set(err, ERR_INVALID,
			       "%s: full-width colon '：'; write the ASCII one ':'", where);
	if (colon == SIZE_MAX)
		return err_set(err, ERR_INVALID, "%s: no ':' in this line; write name: value",
			       where);
	r = row_find(name);
	if (!r)
		return unknown(err, where, name);
	if (str_eq(r->name, STR("config")))
		return err_set(err, ERR_INVALID,
			       "%s: config cannot be set in a config file; use --config", where);
	if (seen[r - rows])
		return err_set(err, ERR_INVALID, "%s: %.*s was set at line %d already; keep one",
			       where, STR_ARG(name), seen[r - rows]);
	seen[r - rows] = number;
	if (!value_read(str_sub(line, colon + 1, line.n), &value))
		return err_set(err, ERR_INVALID, "%s: the quotes of %.*s do not match", where,
			       STR_ARG(name));
	return set_value(s, r, value, where, err);
}

int settings_read_bytes(struct settings *s, const char *path, struct str text, struct err *err)
{
	int seen[ROWS] = {0}, number = 0, code = 0;

	if (memchr(text.p ? text.p : "", '\0', text.n))
		return err_set(err, ERR_INVALID, "the config file %s is not a text file", path);
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_sub(text, 3, text.n);
	while (text.n && !code) {
		size_t end = str_find(text, STR("\n"), 0);
		struct str line = str_trim(str_sub(text, 0, end));
		char where[300];

		text = str_sub(text, end == SIZE_MAX ? text.n : end + 1, text.n);
		snprintf(where, sizeof where, "%.250s:%d", path, ++number);
		if (line.n && line.p[0] != '#')
			code = line_read(s, line, where, number, seen, err);
	}
	return code;
}

static int file_load(struct settings *s, const char *path, struct err *err)
{
	struct buf text = {0};
	int code = file_read(path, &text, err);

	if (!code)
		code = settings_read_bytes(s, path, buf_view(&text), err);
	buf_done(&text);
	return code;
}

/* ---- the environment ---- */

/* Writes "KEFU_RATE_SECONDS" for "rate-seconds". */
static const char *env_name(const struct row *r, char out[NAME_MAX_BYTES])
{
	int n = snprintf(out, NAME_MAX_BYTES, "KEFU_%.*s", STR_ARG(r->name));

	for (int i = 0; i < n; i++) {
		if (out[i] == '-')
			out[i] = '_';
		else if (out[i] >= 'a' && out[i] <= 'z')
			out[i] = (char)(out[i] - 'a' + 'A');
	}
	return out;
}

static int environment_apply(struct settings *s, struct err *err)
{
	for (size_t i = 0; i < ROWS; i++) {
		char name[NAME_MAX_BYTES], where[NAME_MAX_BYTES + 32];
		const char *value = getenv(env_name(&rows[i], name));
		int code;

		if (!value)
			continue;
		snprintf(where, sizeof where, "%s in the environment", name);
		code = set_value(s, &rows[i], str_of(value), where, err);
		if (code)
			return code;
	}
	return 0;
}

/* ---- all together ---- */

/* The last --config given, else KEFU_CONFIG, else "". */
static struct str config_path(const struct command_line *c)
{
	const char *env = getenv("KEFU_CONFIG");

	for (size_t i = c->n; i-- > 0;) {
		if (str_eq(c->v[i].row->name, STR("config")))
			return c->v[i].value;
	}
	return str_of(env ? env : "");
}

static int apply_all(struct settings *s, const struct command_line *c, struct err *err)
{
	struct str path = config_path(c);
	char host[64];
	int code = 0, port;

	if (path.n) {
		char *copy = mem_strdup(path);

		code = file_load(s, copy, err);
		free(copy);
	}
	if (!code)
		code = environment_apply(s, err);
	for (size_t i = 0; i < c->n && !code; i++)
		code = set_value(s, c->v[i].row, c->v[i].value, "command line", err);
	return code ? code : settings_listen(s, host, &port, err);
}

int settings_read(struct settings *s, int argc, char **argv, bool *check, bool *help, bool *version,
		  struct err *err)
{
	struct command_line c = {0};
	int code = command_line_read(&c, argc, argv, err);

	if (!code && !c.help && !c.version)
		code = apply_all(s, &c, err);
	if (!code) {
		*check = c.check;
		*help = c.help;
		*version = c.version;
	}
	free(c.v);
	return code;
}

void settings_help(struct buf *out)
{
	buf_cstr(out,
		 "Usage: kefud [--NAME VALUE]...\n"
		 "The chat service of kefu.\n\n"
		 "  --check              test the settings and the files they name, then exit\n"
		 "  --help, --version    print this, or the version\n\n"
		 "Settings, also `name: value` in the config file and KEFU_NAME in the "
		 "environment\n(RATE_SECONDS for rate-seconds); the command line wins, then "
		 "the environment:\n\n");
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *r = &rows[i];

		buf_printf(out, "  --%-18.*s %s", STR_ARG(r->name), r->help);
		if (r->kind == KIND_INT)
			buf_printf(out, " [%lld; %lld to %lld]\n", (long long)r->def_int,
				   (long long)r->min, (long long)r->max);
		else if (r->kind == KIND_CHOICE)
			buf_printf(out, " [%s; %s]\n", r->def, r->words);
		else if (r->def[0])
			buf_printf(out, " [%s]\n", r->def);
		else
			buf_char(out, '\n');
	}
}

int settings_listen(const struct settings *s, char host[64], int *port, struct err *err)
{
	struct str text = str_of(s->listen), name, number;
	bool brackets = str_starts(text, STR("["));
	size_t close = brackets ? str_find(text, STR("]:"), 0) : str_find(text, STR(":"), 0);
	uint64_t value;

	if (close == SIZE_MAX)
		goto out;
	name = str_sub(text, brackets, close);
	number = str_sub(text, close + (brackets ? 2 : 1), text.n);
	if (!name.n || name.n >= 64 || !str_to_u64(number, &value) || value > 65535)
		goto out;
	memcpy(host, name.p, name.n);
	host[name.n] = '\0';
	*port = (int)value;
	return 0;
out:
	return err_set(err, ERR_INVALID,
		       "listen: '%.100s' is not HOST:PORT; write 127.0.0.1:8080, 0.0.0.0:8080 or "
		       "[::1]:8080",
		       s->listen);
}
