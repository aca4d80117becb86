#include "kb/course.h"

#include "kb/store_sql.h"

/* Column order of both statements. */
#define COLUMNS                                                                                    \
	"id, title, description, category, tags, level, url, image, creator, language, format, "   \
	"aliases, price"

static struct course read_course(const struct sql_rows *r, struct arena *a)
{
	return (struct course){
		.id = arena_str(a, sql_text(r, 0)),
		.title = arena_str(a, sql_text(r, 1)),
		.description = arena_str(a, sql_text(r, 2)),
		.category = arena_str(a, sql_text(r, 3)),
		.tags = arena_str(a, sql_text(r, 4)),
		.level = arena_str(a, sql_text(r, 5)),
		.url = arena_str(a, sql_text(r, 6)),
		.image = arena_str(a, sql_text(r, 7)),
		.creator = arena_str(a, sql_text(r, 8)),
		.language = arena_str(a, sql_text(r, 9)),
		.format = arena_str(a, sql_text(r, 10)),
		.aliases = arena_str(a, sql_text(r, 11)),
		.price = sql_real(r, 12),
	};
}

int catalogue_read(struct store *s, struct arena *a, const struct catalogue **out, struct err *err)
{
	/* The order of the key is byte order, as catalogue_find wants it. */
	static const struct sql get = {"SELECT " COLUMNS " FROM courses ORDER BY id",
				       "read the courses"};
	struct course *courses = NULL;
	size_t n = 0, cap = 0;
	struct catalogue *c;
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_NO_ARGS, &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, courses, n, cap, read_course(&r, a));
	sql_close(&r);
	if (rc < 0)
		return rc;
	c = ARENA_NEW(a, struct catalogue);
	*c = catalogue_of(a, courses, n);
	*out = c;
	return 0;
}

/* FNV-1a of the ids in their order. */
uint64_t catalogue_edition(const struct catalogue *c)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < c->n; i++) {
		struct str id = c->courses[i].id;

		for (size_t b = 0; b < id.n; b++)
			hash = (hash ^ (uint8_t)id.p[b]) * 1099511628211u;
		hash = (hash ^ 0xff) * 1099511628211u;
	}
	return hash;
}

struct catalogue catalogue_of(struct arena *a, const struct course *sorted, size_t n)
{
	uint32_t size = 2, *slots;

	while (size < 2 * n)
		size *= 2;
	slots = ARENA_ARRAY(a, uint32_t, size);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = (uint32_t)str_hash_quick(sorted[i].id) & (size - 1);

		while (slots[at])
			at = (at + 1) & (size - 1);
		slots[at] = i + 1;
	}
	return (struct catalogue){sorted, n, slots, size - 1};
}

static int32_t find_halving(const struct catalogue *c, struct str id)
{
	size_t low = 0, high = c->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = str_cmp(c->courses[mid].id, id);

		if (order == 0)
			return (int32_t)mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

int32_t catalogue_find(const struct catalogue *c, struct str id)
{
	uint32_t at;

	if (!c->slots)
		return find_halving(c, id);
	for (at = (uint32_t)str_hash_quick(id) & c->mask; c->slots[at]; at = (at + 1) & c->mask)
		if (str_eq(c->courses[c->slots[at] - 1].id, id))
			return (int32_t)c->slots[at] - 1;
	return -1;
}

/* A search waits for a slot, then for its course, then for the id: here all wait for each at once. */
void catalogue_foretell(const struct catalogue *c, const struct str *ids, size_t n)
{
	uint32_t at[CATALOGUE_TOGETHER];

	if (!c->slots)
		return;
	n = n < CATALOGUE_TOGETHER ? n : CATALOGUE_TOGETHER;
	for (size_t i = 0; i < n; i++) {
		at[i] = (uint32_t)str_hash_quick(ids[i]) & c->mask;
		__builtin_prefetch(&c->slots[at[i]]);
	}
	for (size_t i = 0; i < n; i++) {
		at[i] = c->slots[at[i]];
		if (at[i])
			__builtin_prefetch(&c->courses[at[i] - 1].id);
	}
	for (size_t i = 0; i < n; i++)
		if (at[i])
			__builtin_prefetch(c->courses[at[i] - 1].id.p);
}

int course_put(struct store *s, const struct course *c, struct err *err)
{
	static const struct sql put = {
		"INSERT OR REPLACE INTO courses (" COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
		"save the course"};

	return sql_run(s, &put,
		       SQL_ARGS(SQL_TEXT(c->id), SQL_TEXT(c->title), SQL_TEXT(c->description),
				SQL_TEXT(c->category), SQL_TEXT(c->tags), SQL_TEXT(c->level),
				SQL_TEXT(c->url), SQL_TEXT(c->image), SQL_TEXT(c->creator),
				SQL_TEXT(c->language), SQL_TEXT(c->format), SQL_TEXT(c->aliases),
				SQL_REAL(c->price)),
		       err);
}
