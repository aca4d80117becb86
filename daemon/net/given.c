#include "net/given.h"

#include "log.h"
#include "metrics.h"
#include "net/clock.h"
#include "net/server.h"
#include "secret.h"
#include "text/mem.h"

enum { COURSES_MAX = 64 };

/* A fresh id: 63 random bits, never 0. */
static int64_t list_id(void)
{
	uint64_t id;

	secret_random(&id, sizeof id);
	id &= INT64_MAX;
	return id ? (int64_t)id : 1;
}

static void keep(struct server *s, const struct list_course_row *rows, size_t n)
{
	metric_add(METRIC_LISTS, 1);
	if (writer_list(s->writer, rows, n) != 0)
		log_warn("given", "the disk's queue is full; a list of courses is not kept");
}

/* ---- variants ---- */

static struct exposure_row row_of(const struct exposure *x, struct str user, struct str session,
				  int64_t list, int64_t now)
{
	const struct experiment *e = x->experiment;

	return (struct exposure_row){
		.experiment = e->name,
		.variant = x->variant->name,
		.plan = e->plan,
		.share = x->variant->share,
		.place = x->variant - e->variants,
		.outcome = e->outcome,
		.within = e->within,
		.user = user,
		.session = session,
		.list = list,
		.at_unix_ms = now,
	};
}

static void keep_met(struct server *s, const struct exposure_row *rows, size_t n)
{
	if (n && writer_exposures(s->writer, rows, n) != 0)
		log_warn("given", "the disk's queue is full; who met a variant is not kept");
}

/* True the first time in this chat under these rules. */
static bool is_news(struct chat *chat, const struct snapshot *snap, const struct experiment *e)
{
	uint32_t bit = UINT32_C(1) << (e - snap->rules->settings.experiments);
	bool known;

	if (chat->met_serial != snap->serial)
		chat->met = 0;
	chat->met_serial = snap->serial;
	known = chat->met & bit;
	chat->met |= bit;
	return !known;
}

static void keep_met_in_turn(struct server *s, struct chat *chat, const struct turn *t,
			     int64_t list)
{
	struct exposure_row rows[EXPERIMENTS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < t->effects.met.n; i++) {
		const struct exposure *x = &t->effects.met.v[i];

		if (is_news(chat, t->snapshot, x->experiment) || list)
			rows[n++] = row_of(x, str_of(chat->session.user), str_of(chat->hash), list,
					   t->now_unix_ms);
	}
	keep_met(s, rows, n);
}

/* ---- lists ---- */

/* The id; 0 when there are no courses. */
static int64_t keep_cards(struct server *s, const struct chat *chat, struct turn *t)
{
	struct list_course_row rows[COURSES_MAX];
	size_t n = t->reply.n_cards < COURSES_MAX ? t->reply.n_cards : COURSES_MAX;
	char id[LIST_ID_TEXT];
	int64_t list = n ? list_id() : 0;

	if (!n)
		return 0;
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct list_course_row){
			.list = list,
			.user = str_of(chat->session.user),
			.session = str_of(chat->hash),
			.course = t->reply.cards[i].id,
			.via = chat->shows ? LIST_HTTP : LIST_REPLY,
			.place = (int64_t)i,
			.at_unix_ms = t->now_unix_ms,
		};
	keep(s, rows, n);
	list_id_print(list, id);
	t->reply.list = arena_str(&t->arena, str_of(id));
	return list;
}

void given_reply(struct server *s, struct chat *chat, struct turn *t)
{
	keep_met_in_turn(s, chat, t, keep_cards(s, chat, t));
}

void given_http(struct server *s, struct str user, const struct recommended_list *given,
		const struct exposures *met, char out[LIST_ID_TEXT])
{
	struct exposure_row rows_met[EXPERIMENTS_MAX];
	struct list_course_row rows[COURSES_MAX];
	size_t n = given->n < COURSES_MAX ? given->n : COURSES_MAX;
	int64_t list = n ? list_id() : 0, now = clock_wall_ms();

	*out = '\0';
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct list_course_row){
			.list = list,
			.user = user,
			.course = given->v[i].course->id,
			.via = LIST_HTTP,
			.place = (int64_t)i,
			.at_unix_ms = now,
		};
	if (n) {
		keep(s, rows, n);
		list_id_print(list, out);
	}
	for (size_t i = 0; i < met->n; i++)
		rows_met[i] = row_of(&met->v[i], user, STR_NONE, list, now);
	keep_met(s, rows_met, met->n);
}
