/* The intents and FAQ entries in service, as the staff reads them. */
#include <stdlib.h>

#include "kb/store_tally.h"
#include "net/admin.h"
#include "net/rules_json.h"
#include "net/rules_path.h"

enum { LIMIT = 200, LIMIT_MAX = 1000 };

/* What a list needs while it is being made. */
struct listing {
	struct call *c;
	struct hit_row *hits;
	size_t n_hits;
	struct str q;	 /* in small letters, as JSON has it inside its quotes */
	struct str only; /* one name; "" = all */
	int64_t limit, offset, matched;
	struct buf one, low;
};

/* ---- letters ---- */

static void lower(struct buf *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->p[i] >= 'A' && b->p[i] <= 'Z')
			b->p[i] = (char)(b->p[i] - 'A' + 'a');
	}
}

/* The end of the JSON string that begins at p[i] (a quote): the index of its last quote. */
static size_t string_end(struct str json, size_t i)
{
	for (i++; i < json.n && json.p[i] != '"'; i++) {
		if (json.p[i] == '\\')
			i++;
	}
	return i;
}

/* Does a string that is no name and no file hold `q`? */
static bool holds(struct str json, struct str q)
{
	bool skip = false;

	for (size_t i = 0; i < json.n; i++) {
		struct str one;
		size_t end;

		if (json.p[i] != '"')
			continue;
		end = string_end(json, i);
		one = str_sub(json, i + 1, end);
		i = end;
		if (i + 1 < json.n && json.p[i + 1] == ':') {
			skip = str_eq(one, STR("file")) || str_eq(one, STR("kind"));
			continue;
		}
		if (!skip && str_find(one, q, 0) != SIZE_MAX)
			return true;
	}
	return false;
}

/* ---- hits ---- */

static int by_name(const void *key, const void *row)
{
	return str_cmp(*(const struct str *)key, ((const struct hit_row *)row)->name);
}

static void put_hits(struct listing *l, struct str name)
{
	const struct hit_row *hit =
		l->n_hits ? bsearch(&name, l->hits, l->n_hits, sizeof *l->hits, by_name) : NULL;

	json_kint(&l->one, "hits", hit ? hit->n : 0);
	json_key(&l->one, "last_hit");
	if (hit)
		json_int(&l->one, hit->last_unix_ms);
	else
		json_nil(&l->one);
}

/* ---- lists ---- */

static bool listing_open(struct listing *l, struct call *c, const char *name, struct store *s)
{
	struct buf q = {0};
	struct err err;
	int rc;

	*l = (struct listing){.c = c, .limit = LIMIT, .only = call_param(c, name)};
	if (!call_number(c, "limit", 1, LIMIT_MAX, &l->limit) ||
	    !call_number(c, "offset", 0, INT32_MAX, &l->offset))
		return false;
	rc = store_hits(s, &c->arena, &l->hits, &l->n_hits, &err);
	if (rc != 0) {
		call_failed(c, rc, &err);
		return false;
	}
	json_str(&q, call_param(c, "q"));
	lower(&q);
	l->q = arena_str(&c->arena, str_sub(buf_view(&q), 1, q.n - 1));
	buf_done(&q);
	return true;
}

/* l->one is a whole object: it is listed when it is looked for and on this page. */
static void listing_add(struct listing *l)
{
	if (l->q.n) {
		buf_reset(&l->low);
		buf_str(&l->low, buf_view(&l->one));
		lower(&l->low);
		if (!holds(buf_view(&l->low), l->q))
			return;
	}
	l->matched++;
	if (l->matched > l->offset && l->matched <= l->offset + l->limit)
		json_raw(&l->c->out, buf_view(&l->one));
}

static void listing_begin(struct listing *l, size_t total, const char *name)
{
	struct buf *b = &l->c->out;

	json_open(b, '{');
	json_kint(b, "serial", (int64_t)l->c->snapshot->serial);
	json_kint(b, "total", (int64_t)total);
	json_key(b, name);
	json_open(b, '[');
}

static void listing_end(struct listing *l)
{
	json_close(&l->c->out, ']');
	json_kint(&l->c->out, "matched", l->matched);
	json_close(&l->c->out, '}');
	buf_done(&l->one);
	buf_done(&l->low);
}

void admin_rules_work(struct call *c, struct store *s)
{
	const struct ruleset *rs = c->snapshot->rules;
	struct listing l;

	if (!listing_open(&l, c, "name", s))
		return;
	listing_begin(&l, rs->n_intents, "rules");
	for (size_t i = 0; i < rs->n_intents; i++) {
		const struct intent *intent = &rs->intents[i];

		if (l.only.n && !str_eq(intent->name, l.only))
			continue;
		buf_reset(&l.one);
		json_open(&l.one, '{');
		rules_put_intent(&l.one, rs, intent);
		put_hits(&l, intent->name);
		json_close(&l.one, '}');
		listing_add(&l);
	}
	listing_end(&l);
}

void admin_faq_work(struct call *c, struct store *s)
{
	const struct ruleset *rs = c->snapshot->rules;
	struct listing l;

	if (!listing_open(&l, c, "id", s))
		return;
	listing_begin(&l, rs->n_faq, "faq");
	for (size_t i = 0; i < rs->n_faq; i++) {
		const struct faq_entry *entry = &rs->faq[i];

		if (l.only.n && !str_eq(entry->id, l.only))
			continue;
		buf_reset(&l.one);
		json_open(&l.one, '{');
		rules_put_faq(&l.one, rs, entry);
		put_hits(&l, arena_printf(&c->arena, "faq:%.*s", STR_ARG(entry->id)));
		json_close(&l.one, '}');
		listing_add(&l);
	}
	listing_end(&l);
}
