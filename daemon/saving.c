#include "saving.h"

#include "kb/store_staff.h"
#include "kb/store_versions.h"

int saving_keep(struct store *s, struct str path, struct str text, int64_t at_unix_ms,
		struct err *err)
{
	struct version_row newest, row = {.path = path, .at_unix_ms = at_unix_ms, .text = text};
	char version[EDIT_VERSION];
	struct arena arena;
	int64_t id;
	int rc;

	edit_version(text, version);
	row.version = str_of(version);
	arena_init(&arena);
	rc = store_version_newest(s, &arena, path, STR_NONE, &newest, err);
	if (rc == ERR_NOT_FOUND || (rc == 0 && !str_eq(newest.version, row.version)))
		rc = store_version_put(s, &row, &id, err);
	arena_done(&arena);
	return rc;
}

static int keep_now(struct store *s, const struct saving *v, struct saved *out, struct err *err)
{
	const struct version_row row = {.path = v->path,
					.version = str_of(out->version),
					.at_unix_ms = v->at_unix_ms,
					.who = v->who,
					.comment = v->comment,
					.text = v->now};

	return store_version_put(s, &row, &out->id, err);
}

static int tell(struct store *s, const struct saving *v, int64_t id, struct err *err)
{
	struct audit_row row = {.at_unix_ms = v->at_unix_ms,
				.who = v->who,
				.origin = v->origin,
				.what = str_of(v->what)};
	struct buf detail = {0};
	int rc;

	buf_printf(&detail, "%.*s %lld", STR_ARG(v->path), (long long)id);
	row.detail = buf_view(&detail);
	rc = store_audit_put(s, &row, err);
	buf_done(&detail);
	return rc;
}

int saving_put(struct store *s, const struct saving *v, struct saved *out, struct err *err)
{
	int rc = store_begin(s, err);

	*out = (struct saved){0};
	edit_version(v->now, out->version);
	if (rc < 0)
		return rc;
	if (v->was_served)
		rc = saving_keep(s, v->path, v->was, v->at_unix_ms, err);
	if (rc == 0)
		rc = keep_now(s, v, out, err);
	if (rc == 0)
		rc = tell(s, v, out->id, err);
	if (rc == 0) {
		rc = edit_replace(v->file.p, v->now, err);
		out->file_refused = rc < 0;
	}
	if (rc == 0)
		return store_commit(s, err);
	store_rollback(s);
	return rc;
}
