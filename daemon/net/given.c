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

void given_reply(struct server *s, const struct chat *chat, struct turn *t)
{
	struct list_course_row rows[COURSES_MAX];
	size_t n = t->reply.n_cards < COURSES_MAX ? t->reply.n_cards : COURSES_MAX;
	char id[LIST_ID_TEXT];
	int64_t list = n ? list_id() : 0;

	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct list_course_row){
			.list = list,
			.user = str_of(chat->session.user),
			.session = str_of(chat->hash),
			.course = t->reply.cards[i].id,
			.via = LIST_REPLY,
			.place = (int64_t)i,
			.at_unix_ms = t->now_unix_ms,
		};
	keep(s, rows, n);
	list_id_print(list, id);
	t->reply.list = arena_str(&t->arena, str_of(id));
}

void given_http(struct server *s, struct str user, const struct recommended_list *given,
		char out[LIST_ID_TEXT])
{
	struct list_course_row rows[COURSES_MAX];
	size_t n = given->n < COURSES_MAX ? given->n : COURSES_MAX;
	int64_t list = n ? list_id() : 0, now = clock_wall_ms();

	*out = '\0';
	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct list_course_row){
			.list = list,
			.user = user,
			.course = given->v[i].course->id,
			.via = LIST_HTTP,
			.place = (int64_t)i,
			.at_unix_ms = now,
		};
	keep(s, rows, n);
	list_id_print(list, out);
}
