#include "kb/import_row.h"

#include "kb/course.h"
#include "kb/event.h"
#include "kb/faq_row.h"
#include "kb/store_vector.h"
#include "text/normal.h"
#include "text/when.h"

enum { FIELD_MAX = 1 << 16, ID_MAX = 256 };

static int check_lengths(const struct import_table *t, const struct str *values, struct err *err)
{
	for (size_t i = 0; i < t->n; i++) {
		size_t most = i == 0 ? ID_MAX : FIELD_MAX;

		if (t->columns[i].required && !values[i].n)
			return err_say(err, ERR_INVALID, "%s is empty; give one",
				       "%s 是空的；请填写", t->columns[i].name);
		if (values[i].n > most)
			return err_say(err, ERR_INVALID,
				       "%s is %zu bytes long; at most %zu are allowed",
				       "%s 有 %zu 字节；最多允许 %zu 字节", t->columns[i].name,
				       values[i].n, most);
	}
	return 0;
}

/* "" gives `missing`. */
static int read_number(const char *name, struct str s, double missing, double *out, struct err *err)
{
	*out = missing;
	if (!s.n || (str_to_double(s, out) && *out >= 0))
		return 0;
	return err_say(err, ERR_INVALID, "%s '%.*s' is not a number from 0 up",
		       "%s “%.*s”不是大于等于 0 的数字", name, STR_ARG(s));
}

/* ---- courses ---- */

enum {
	COURSE_ID,
	COURSE_TITLE,
	COURSE_DESCRIPTION,
	COURSE_CATEGORY,
	COURSE_TAGS,
	COURSE_LEVEL,
	COURSE_PRICE,
	COURSE_URL,
	COURSE_IMAGE,
	COURSE_CREATOR,
	COURSE_LANGUAGE,
	COURSE_FORMAT,
	COURSE_ALIASES,
};

static const struct import_column course_columns[] = {
	[COURSE_ID] = {"id", true},
	[COURSE_TITLE] = {"title", true},
	[COURSE_DESCRIPTION] = {"description", false},
	[COURSE_CATEGORY] = {"category", false},
	[COURSE_TAGS] = {"tags", false},
	[COURSE_LEVEL] = {"level", false},
	[COURSE_PRICE] = {"price", false},
	[COURSE_URL] = {"url", false},
	[COURSE_IMAGE] = {"image", false},
	[COURSE_CREATOR] = {"creator", false},
	[COURSE_LANGUAGE] = {"language", false},
	[COURSE_FORMAT] = {"format", false},
	[COURSE_ALIASES] = {"aliases", false},
};

/* Case and width do not matter: "Live" and "直播课" are live. */
static struct str read_word(struct str word, struct str (*read)(struct str),
			    bool (*knows)(struct str))
{
	struct arena a;
	struct str low;

	arena_init(&a);
	low = normal_text(&a, word);
	if (knows(low))
		word = read(low); /* a constant */
	arena_done(&a);
	return word;
}

static int check_level(struct str level, struct err *err)
{
	if (!level.n || course_knows_level(level))
		return 0;
	return err_say(err, ERR_INVALID, "level '%.*s' is unknown; write one of %s",
		       "不认识的 level“%.*s”；请写 %s 之一", STR_ARG(level), course_level_names);
}

/* A format of its own kind costs nobody the course, but no filter finds it. */
static void remark_course(const struct str *v, struct mark mark, struct diags *d)
{
	struct str format = read_word(v[COURSE_FORMAT], course_format, course_knows_format);

	if (format.n && !course_knows_format(format))
		diags_add(d, DIAG_WARNING, mark, "unknown-format",
			  "format '%.*s' is unknown and kept as it is; known are %s",
			  "未知的授课形式“%.*s”，原样保留；可用的有 %s", STR_ARG(format),
			  course_format_names);
}

static int save_course(struct store *s, const struct str *v, int64_t line, struct err *err)
{
	struct course c = {
		.id = v[COURSE_ID],
		.title = v[COURSE_TITLE],
		.description = v[COURSE_DESCRIPTION],
		.category = v[COURSE_CATEGORY],
		.tags = v[COURSE_TAGS],
		.level = read_word(v[COURSE_LEVEL], course_level, course_knows_level),
		.url = v[COURSE_URL],
		.image = v[COURSE_IMAGE],
		.creator = v[COURSE_CREATOR],
		.language = v[COURSE_LANGUAGE],
		.format = read_word(v[COURSE_FORMAT], course_format, course_knows_format),
		.aliases = v[COURSE_ALIASES],
	};
	int rc = check_lengths(import_table(IMPORT_COURSES), v, err);

	(void)line;
	if (rc == 0)
		rc = check_level(c.level, err);
	if (rc == 0)
		rc = read_number("price", v[COURSE_PRICE], -1, &c.price, err);
	return rc < 0 ? rc : course_put(s, &c, err);
}

/* ---- events ---- */

enum {
	EVENT_USER,
	EVENT_COURSE,
	EVENT_TYPE,
	EVENT_VALUE,
	EVENT_AT,
	EVENT_MINUTES,
	EVENT_PROGRESS,
	EVENT_SCORE,
};

static const struct import_column event_columns[] = {
	[EVENT_USER] = {"user", true},
	[EVENT_COURSE] = {"course", true},
	[EVENT_TYPE] = {"type", true},
	[EVENT_VALUE] = {"value", false},
	[EVENT_AT] = {"at", false},
	[EVENT_MINUTES] = {"minutes", false},
	[EVENT_PROGRESS] = {"progress", false},
	[EVENT_SCORE] = {"score", false},
};

static int read_event(const struct str *v, int64_t line, struct event *e, struct err *err)
{
	int rc = 0;

	*e = (struct event){.user = v[EVENT_USER], .course = v[EVENT_COURSE], .at_unix_ms = line};
	if (!event_type_read(v[EVENT_TYPE], &e->type))
		return err_say(err, ERR_INVALID, "type '%.*s' is unknown; write %s",
			       "不认识的 type“%.*s”；请写 %s", STR_ARG(v[EVENT_TYPE]),
			       event_type_names);
	if (v[EVENT_AT].n && !when_read(v[EVENT_AT], &e->at_unix_ms))
		return err_say(err, ERR_INVALID,
			       "at '%.*s' is not a time; write 2026-03-01T10:00:00+08:00 or Unix "
			       "seconds",
			       "at“%.*s”不是时间；请写 2026-03-01T10:00:00+08:00 或 Unix 秒数",
			       STR_ARG(v[EVENT_AT]));
	/* A rating without a value is caught by event_check: 0 is out of its range. */
	rc = read_number("value", v[EVENT_VALUE], e->type == EVENT_RATE ? 0 : 1, &e->value, err);
	if (rc == 0)
		rc = read_number("minutes", v[EVENT_MINUTES], -1, &e->minutes, err);
	if (rc == 0)
		rc = read_number("progress", v[EVENT_PROGRESS], -1, &e->progress, err);
	if (rc == 0)
		rc = read_number("score", v[EVENT_SCORE], -1, &e->score, err);
	return rc < 0 ? rc : event_check(e, err);
}

static int save_event(struct store *s, const struct str *v, int64_t line, struct err *err)
{
	struct event e;
	int rc = read_event(v, line, &e, err);

	/* A row that breaks a limit is a bad row, not a broken import. */
	if (rc < 0)
		return ERR_INVALID;
	return event_put(s, &e, err);
}

/* ---- FAQ ---- */

enum { FAQ_ID, FAQ_QUESTION, FAQ_ALSO, FAQ_ANSWER, FAQ_TAGS };

static const struct import_column faq_columns[] = {
	[FAQ_ID] = {"id", true},      [FAQ_QUESTION] = {"question", true},
	[FAQ_ALSO] = {"also", false}, [FAQ_ANSWER] = {"answer", true},
	[FAQ_TAGS] = {"tags", false},
};

static int save_faq(struct store *s, const struct str *v, int64_t line, struct err *err)
{
	const struct faq_row row = {v[FAQ_ID], v[FAQ_QUESTION], v[FAQ_ALSO], v[FAQ_ANSWER],
				    v[FAQ_TAGS]};
	int rc = check_lengths(import_table(IMPORT_FAQ), v, err);

	(void)line;
	return rc < 0 ? rc : faq_row_put(s, &row, err);
}

/* ---- vectors ---- */

enum { VECTOR_COURSE, VECTOR_NAME, VECTOR_NUMBERS };

static const struct import_column vector_columns[] = {
	[VECTOR_COURSE] = {"id", true},
	[VECTOR_NAME] = {"name", true},
	[VECTOR_NUMBERS] = {"vector", true},
};

static int save_extra(struct store *s, struct arena *a, struct str id, const struct import_extra *x,
		      bool dry, struct err *err)
{
	struct vector v;
	int rc = vector_read(a, x->value, &v, err);

	if (rc == 0)
		rc = vector_check(s, x->name, v.dim, err);
	return rc < 0 || dry ? rc : vector_put(s, id, x->name, &v, err);
}

static int save_vector(struct store *s, const struct str *v, int64_t line, struct err *err)
{
	const struct import_extra x = {v[VECTOR_NAME], v[VECTOR_NUMBERS]};
	struct str short_ones[] = {v[VECTOR_COURSE], v[VECTOR_NAME],
				   str_sub(v[VECTOR_NUMBERS], 0, 1)};
	int rc = check_lengths(import_table(IMPORT_VECTORS), short_ones, err);
	struct arena a;

	(void)line;
	arena_init(&a);
	if (rc == 0)
		rc = save_extra(s, &a, v[VECTOR_COURSE], &x, false, err);
	arena_done(&a);
	return rc;
}

/* ---- all ---- */

#define COLUMNS(list) .columns = (list), .n = sizeof(list) / sizeof *(list)

static const struct import_table tables[] = {
	[IMPORT_COURSES] = {.name = "courses",
			    .change = CHANGE_COURSES,
			    COLUMNS(course_columns),
			    .has_id = true,
			    .save = save_course,
			    .extra = "vectors.",
			    .save_extra = save_extra,
			    .remark = remark_course},
	[IMPORT_EVENTS] = {.name = "events",
			   .change = CHANGE_EVENTS,
			   COLUMNS(event_columns),
			   .save = save_event},
	[IMPORT_FAQ] = {.name = "faq",
			.change = CHANGE_FAQ,
			COLUMNS(faq_columns),
			.has_id = true,
			.save = save_faq},
	[IMPORT_VECTORS] = {.name = "vectors",
			    .change = CHANGE_COURSES,
			    COLUMNS(vector_columns),
			    .save = save_vector},
};

const struct import_table *import_table(enum import_kind kind)
{
	return &tables[kind];
}

bool import_kind_read(struct str name, enum import_kind *out)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (str_eq(name, str_of(tables[i].name))) {
			*out = (enum import_kind)i;
			return true;
		}
	return false;
}

int import_column(const struct import_table *t, struct str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(name, str_of(t->columns[i].name)))
			return (int)i;
	return -1;
}
