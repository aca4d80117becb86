#include "unanswered.h"

#include <stdio.h>
#include <stdlib.h>

#include "kb/store_staff.h"
#include "text/mem.h"

/* All that the database has, in groups. */
struct material {
	struct missed *messages;
	size_t n;
	uint64_t *forms; /* by message */
	struct missed_group *groups;
	size_t n_groups;
	struct handled_row *handled;
	size_t n_handled;
};

static int gather(struct store *store, const struct snapshot *s, struct arena *a,
		  struct material *m, struct err *err)
{
	int rc = store_begin_read(store, err);

	if (rc != 0)
		return rc;
	rc = store_missed(store, a, MISSED_MAX, &m->messages, &m->n, err);
	if (rc == 0)
		rc = store_handled(store, a, &m->handled, &m->n_handled, err);
	store_rollback(store);
	if (rc != 0)
		return rc;
	m->forms = ARENA_ARRAY(a, uint64_t, m->n);
	m->n_groups = missed_groups(a, s->lexicon, m->messages, m->n, m->forms, &m->groups);
	return 0;
}

/* ---- what was dealt with ---- */

static int by_form(const void *key, const void *row)
{
	uint64_t a = *(const uint64_t *)key, b = ((const struct handled_row *)row)->form;

	return (a > b) - (a < b);
}

static enum handled_state state_of(const struct material *m, uint32_t message)
{
	const struct handled_row *row = m->n_handled ? bsearch(&m->forms[message], m->handled,
							       m->n_handled, sizeof *row, by_form)
						     : NULL;

	if (!row)
		return HANDLED_OPEN;
	if (row->state == HANDLED_DONE && m->messages[message].at_unix_ms > row->at_unix_ms)
		return HANDLED_OPEN;
	return row->state;
}

/* ---- counting ---- */

static int by_str(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int64_t count_different(struct str *v, size_t n)
{
	int64_t different = 0;

	if (n)
		qsort(v, n, sizeof *v, by_str);
	for (size_t i = 0; i < n; i++)
		different += i == 0 || !str_eq(v[i], v[i - 1]);
	return different;
}

static void add_sample(struct unanswered_group *g, const struct material *m, uint32_t message)
{
	if (g->n_samples == UNANSWERED_SAMPLES)
		return;
	for (size_t i = 0; i < g->n_samples; i++) {
		if (m->forms[g->samples[i] - m->messages] == m->forms[message])
			return;
	}
	g->samples[g->n_samples++] = &m->messages[message];
}

static void add_message(struct unanswered_group *g, const struct material *m, uint32_t message)
{
	const struct missed *one = &m->messages[message];

	if (!g->count || one->at_unix_ms < g->first_unix_ms)
		g->first_unix_ms = one->at_unix_ms;
	if (!g->count || one->at_unix_ms > g->last_unix_ms)
		g->last_unix_ms = one->at_unix_ms;
	g->count++;
	g->kinds[one->kind]++;
	add_sample(g, m, message);
}

/* False when nothing of it is left, or most of it is ignored: then what is new there is only another
 * wording of that. `all`: also what was dealt with. */
static bool count_group(const struct material *m, const struct missed_group *from, int64_t since,
			bool all, struct unanswered_group *g)
{
	struct str *sessions = mem_alloc(from->n * sizeof *sessions);
	int64_t ignored = 0;

	*g = (struct unanswered_group){.text = from->text,
				       .lang = from->lang,
				       .forms = from->forms,
				       .n_forms = from->n_forms};
	snprintf(g->id, sizeof g->id, "%016llx", (unsigned long long)from->id);
	for (size_t i = 0; i < from->n; i++) {
		enum handled_state state = all ? HANDLED_OPEN : state_of(m, from->members[i]);

		ignored += state == HANDLED_IGNORED;
		if (state != HANDLED_OPEN || m->messages[from->members[i]].at_unix_ms < since)
			continue;
		sessions[g->count] = m->messages[from->members[i]].session;
		add_message(g, m, from->members[i]);
	}
	g->sessions = count_different(sessions, (size_t)g->count);
	free(sessions);
	return g->count && (!ignored || ignored < g->count);
}

static bool is_wanted(const struct unanswered_query *q, const struct unanswered_group *g)
{
	return g->count >= q->min && (q->kind < 0 || g->kinds[q->kind]) &&
	       (!q->lang.n || str_eq(g->lang, q->lang));
}

static int most_first(const void *pa, const void *pb)
{
	const struct unanswered_group *a = pa, *b = pb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->id, b->id);
}

/* ---- the nearest that there is ---- */

static void find_near(const struct snapshot *s, struct arena *a, struct unanswered_group *g)
{
	const struct match_state state = {.lang = g->lang};
	struct utterance u;
	struct matches found;
	struct faq_hit hit;

	utterance_read(a, s->lexicon, g->text, &u);
	intent_match(s->matcher, a, &u, &state, false, &found);
	if (found.n) {
		g->near = found.v[0].intent->name;
		g->near_score = found.v[0].score;
	}
	if (faq_search(s->faq, a, &u, &hit, 1) && hit.score > g->near_score) {
		g->near = s->rules->faq[hit.doc].id;
		g->near_score = hit.score;
		g->near_faq = true;
	}
}

/* ---- for all to use ---- */

int unanswered_read(struct store *store, const struct snapshot *s, struct arena *a,
		    const struct unanswered_query *q, struct unanswered *out, struct err *err)
{
	struct material m = {0};
	int rc = gather(store, s, a, &m, err);

	if (rc != 0)
		return rc;
	*out = (struct unanswered){.groups = ARENA_ARRAY(a, struct unanswered_group, m.n_groups)};
	for (size_t i = 0; i < m.n_groups; i++) {
		struct unanswered_group g;

		if (!count_group(&m, &m.groups[i], q->since_unix_ms, false, &g) ||
		    !is_wanted(q, &g))
			continue;
		out->groups[out->n++] = g;
		out->messages += g.count;
	}
	if (out->n)
		qsort(out->groups, out->n, sizeof *out->groups, most_first);
	out->total = (int64_t)out->n;
	if (out->n > q->limit)
		out->n = q->limit;
	for (size_t i = 0; i < out->n; i++)
		find_near(s, a, &out->groups[i]);
	return 0;
}

static bool has_form(const struct missed_group *g, uint64_t form)
{
	for (size_t i = 0; i < g->n_forms; i++) {
		if (g->forms[i] == form)
			return true;
	}
	return false;
}

static bool read_id(struct str id, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < id.n; i++) {
		const char *digits = "0123456789abcdef", *at = strchr(digits, id.p[i]);

		if (!at || !*at)
			return false;
		*out = *out << 4 | (uint64_t)(at - digits);
	}
	return id.n == UNANSWERED_ID - 1;
}

int unanswered_find(struct store *store, const struct snapshot *s, struct arena *a, struct str id,
		    struct unanswered_group *out, struct err *err)
{
	struct material m = {0};
	uint64_t form;
	int rc;

	if (!read_id(id, &form))
		return err_set(err, ERR_INVALID, "a group is named by 16 hex digits");
	rc = gather(store, s, a, &m, err);
	for (size_t i = 0; i < m.n_groups && rc == 0; i++) {
		if (!has_form(&m.groups[i], form))
			continue;
		count_group(&m, &m.groups[i], INT64_MIN, true, out);
		find_near(s, a, out);
		return 0;
	}
	return rc ? rc
		  : err_set(err, ERR_NOT_FOUND, "there is no group '%.*s' (any more)", STR_ARG(id));
}

static int tell_mark(struct store *store, const struct unanswered_group *g,
		     enum handled_state state, const struct unanswered_by *by, struct err *err)
{
	static const char *const words[HANDLED_STATES] = {
		[HANDLED_OPEN] = "group-open",
		[HANDLED_DONE] = "group-done",
		[HANDLED_IGNORED] = "group-ignored",
	};
	struct audit_row row = {.at_unix_ms = by->at_unix_ms,
				.who = by->who,
				.origin = by->origin,
				.what = str_of(words[state])};
	struct buf detail = {0};
	int rc;

	buf_printf(&detail, "%s %.*s", g->id, STR_ARG(g->text));
	row.detail = buf_view(&detail);
	rc = store_audit_put(store, &row, err);
	buf_done(&detail);
	return rc;
}

int unanswered_mark(struct store *store, const struct unanswered_group *g, enum handled_state state,
		    const struct unanswered_by *by, struct err *err)
{
	int rc = store_begin(store, err);

	if (rc < 0)
		return rc;
	rc = store_handled_put(store, g->forms, g->n_forms, state, by->at_unix_ms, by->who, err);
	if (rc == 0)
		rc = tell_mark(store, g, state, by, err);
	if (rc == 0)
		return store_commit(store, err);
	store_rollback(store);
	return rc;
}

/* ---- JSON ---- */

static const char *const kinds[] = {
	[MISS_FALLBACK] = "fallback", [MISS_ASK] = "ask", [MISS_DOWN] = "down"};

bool unanswered_kind_read(struct str word, int *out)
{
	for (int i = 0; i < MISS_KINDS; i++) {
		if (str_eq(word, str_of(kinds[i]))) {
			*out = i;
			return true;
		}
	}
	return false;
}

static void put_samples(struct buf *out, const struct unanswered_group *g)
{
	json_key(out, "samples");
	json_open(out, '[');
	for (size_t i = 0; i < g->n_samples; i++) {
		json_open(out, '{');
		json_kstr(out, "text", g->samples[i]->text);
		json_kstr(out, "session", g->samples[i]->session);
		json_kint(out, "seq", g->samples[i]->seq);
		json_kint(out, "at", g->samples[i]->at_unix_ms);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void put_near(struct buf *out, const struct unanswered_group *g)
{
	json_key(out, "suggest");
	if (!g->near.n) {
		json_nil(out);
		return;
	}
	json_open(out, '{');
	json_kstr(out, g->near_faq ? "faq" : "intent", g->near);
	json_knum(out, "score", g->near_score);
	json_close(out, '}');
}

static void put_group(struct buf *out, const struct unanswered_group *g)
{
	json_open(out, '{');
	json_kstr(out, "id", str_of(g->id));
	json_kint(out, "count", g->count);
	json_kint(out, "sessions", g->sessions);
	json_kint(out, "first", g->first_unix_ms);
	json_kint(out, "last", g->last_unix_ms);
	json_kstr(out, "lang", g->lang);
	json_key(out, "kinds");
	json_open(out, '{');
	for (int i = 0; i < MISS_KINDS; i++)
		json_kint(out, kinds[i], g->kinds[i]);
	json_close(out, '}');
	json_kstr(out, "text", g->text);
	put_samples(out, g);
	put_near(out, g);
	json_close(out, '}');
}

void unanswered_json(const struct unanswered *u, struct buf *out)
{
	json_open(out, '{');
	json_key(out, "groups");
	json_open(out, '[');
	for (size_t i = 0; i < u->n; i++)
		put_group(out, &u->groups[i]);
	json_close(out, ']');
	json_kint(out, "total", u->total);
	json_kint(out, "messages", u->messages);
	json_close(out, '}');
}
