#include "net/server.h"

#include <stdlib.h>
#include <unistd.h>

#include "log.h"
#include "metrics.h"
#include "net/admin.h"
#include "net/assist.h"
#include "net/clock.h"
#include "net/collect.h"
#include "net/conn.h"
#include "net/identity.h"
#include "net/signals.h"
#include "net/sweep.h"
#include "secret.h"
#include "speech.h"
#include "text/mem.h"

enum { STOP_MS = 5000 }; /* for the last commits */

/* ---- opening, from the disk outwards ---- */

static struct snapshot_source source_of(const struct settings *settings)
{
	return (struct snapshot_source){
		.intents_path = settings->intents,
		.db_path = settings->db,
		.serial = 1,
		.now_unix_ms = clock_wall_ms(),
	};
}

static void say_read(void *ctx, uint64_t events)
{
	(void)ctx;
	log_info("server", "reading what learners did: %llu million events",
		 (unsigned long long)events >> 20);
}

/* The rules, and what learners did. */
static int open_snapshot(struct server *s, struct snapshot_source *src, struct diags *diags,
			 struct err *err)
{
	static const struct profiles_watch watch = {say_read, NULL};
	struct learning *l = src->learning;
	int rc;

	src->watch = &watch;
	if ((rc = snapshot_build(src, diags, &s->snapshot, err)) != 0)
		return rc;
	collect_note_try(s, true, s->snapshot->build_ms, diags);
	learn_init(&s->learn, l->profiles, l->changes.of[CHANGE_EVENTS]);
	s->profiles = l->profiles;
	l->profiles = NULL;
	log_info("server", "%zu learners read in %.1f s, all ready in %.1f s",
		 profiles_users(s->profiles), l->read_s, s->snapshot->build_ms / 1e3);
	return 0;
}

/* The writer first: it makes the database that the others read. */
static int open_parts(struct server *s, struct snapshot_source *src, struct diags *diags,
		      struct err *err)
{
	const struct settings *set = s->settings;
	int rc;

	if ((rc = forwarded_read(&s->forwarded, str_of(set->proxies), err)) != 0)
		return rc;
	if ((rc = identity_trust_new(set, &s->trust, err)) != 0)
		return rc;
	if ((rc = secret_init(err)) != 0 || (rc = wake_init(&s->wake, collect_run, s, err)) != 0)
		return rc;
	rc = writer_start(set->db, (size_t)set->write_queue, wake_knock, &s->wake, &s->writer, err);
	if (rc != 0)
		return rc;
	if ((rc = open_snapshot(s, src, diags, err)) != 0)
		return rc;
	if (*set->record &&
	    (rc = record_start(set->record, RECORD_FILE_BYTES, &s->record, err)) != 0)
		return rc;
	if ((rc = reader_start(set->db, wake_knock, &s->wake, &s->reader, err)) != 0)
		return rc;
	if ((rc = admin_start(s, err)) != 0 || (rc = assist_open(s, err)) != 0)
		return rc;
	if ((rc = speech_start(set, wake_knock, &s->wake, &s->speech, err)) != 0)
		return rc;
	return reload_start(src, s->snapshot, wake_knock, &s->wake, &s->reload, err);
}

static int open_data(struct server *s, struct diags *diags, struct err *err)
{
	struct snapshot_source src = source_of(s->settings);
	struct learning learning = {0};
	int rc;

	src.learning = &learning;
	rc = open_parts(s, &src, diags, err);
	learning_done(&learning); /* what was not taken over */
	return rc;
}

static void open_tables(struct server *s)
{
	const struct settings *set = s->settings;
	struct hub_limits limits = {
		.sessions = (size_t)set->sessions,
		.outbox_frames = (size_t)set->outbox_frames,
		.session_ms = set->session_seconds * 1000,
		.rate = (int)set->rate,
		.rate_seconds = (int)set->rate_seconds,
	};

	s->hub = hub_new(&limits);
	s->tally = tally_new(s->started_unix_ms);
	s->peers = peers_new((size_t)set->connections);
	links_init(&s->links, (size_t)set->connections);
	turn_init(&s->turn);
}

static int open_sockets(struct server *s, struct err *err)
{
	int rc;

	if ((rc = loop_open(&s->loop, s, err)) != 0)
		return rc;
	if ((rc = wake_open(&s->wake, s, err)) != 0)
		return rc;
	if ((rc = signals_open(&s->signals, s, err)) != 0)
		return rc;
	if ((rc = sweep_open(&s->timer, s, err)) != 0)
		return rc;
	return listener_open(&s->listener, s, err);
}

int server_open(const struct settings *settings, struct diags *diags, struct server **out,
		struct err *err)
{
	struct server *s = mem_zalloc(sizeof *s);
	int rc;

	s->settings = settings;
	s->started_unix_ms = clock_wall_ms();
	s->wake.fd = -1;
	s->listener.spare_fd = -1;
	rc = open_data(s, diags, err);
	if (rc == 0) {
		open_tables(s);
		rc = open_sockets(s, err);
	}
	if (rc != 0) {
		server_close(s);
		return rc;
	}
	log_info("server", "listening on %s, loop %s, %zu courses", s->listener.url,
		 loop_name(&s->loop), s->snapshot->courses->n);
	*out = s;
	return 0;
}

int server_check(const struct settings *settings, struct diags *diags, struct err *err)
{
	bool made = access(settings->db, F_OK) == 0;
	struct snapshot_source src = source_of(settings);
	struct snapshot *snapshot = NULL;
	struct identity_trust *trust = NULL;
	struct forwarded forwarded;
	char host[64];
	int port, rc;

	if ((rc = settings_listen(settings, host, &port, err)) != 0 ||
	    (rc = forwarded_read(&forwarded, str_of(settings->proxies), err)) != 0 ||
	    (rc = speech_check(settings, err)) != 0 ||
	    (rc = identity_trust_new(settings, &trust, err)) != 0)
		return rc;
	identity_trust_free(trust);
	/* A database that is not there yet is made at the first start. */
	if (!made)
		src.db_path = NULL;
	rc = snapshot_build(&src, diags, &snapshot, err);
	snapshot_unref(snapshot);
	return rc;
}

void server_run(struct server *s)
{
	loop_run(&s->loop, s);
}

/* ---- stopping ---- */

void server_stop(struct server *s)
{
	loop_stop(&s->loop);
}

void server_drain(struct server *s)
{
	if (s->draining)
		return;
	log_info("server", "stopping: no new connections, %zu to say goodbye to", s->links.n);
	s->draining = true;
	s->drain_until_ms = clock_mono_ms() + s->settings->drain_seconds * 1000;
	listener_close(&s->listener);
	for (size_t i = 0; i < s->links.cap; i++) {
		struct link *l = s->links.slots[i];

		if (l && l->conn)
			conn_close(l->conn, WS_GOING_AWAY, "restart");
	}
	sweep_hurry(&s->timer);
}

/* Idle keep-alive connections need no goodbye; whoever has a request or a WebSocket does. */
static bool somebody_left(const struct server *s)
{
	for (size_t i = 0; i < s->links.cap; i++) {
		const struct link *l = s->links.slots[i];

		if (l && (l->conn || l->request))
			return true;
	}
	return false;
}

void server_drain_check(struct server *s)
{
	if (s->draining && (!somebody_left(s) || clock_mono_ms() >= s->drain_until_ms))
		server_stop(s);
}

/* Threads before the context: they knock on a descriptor that dies with it. Turns and chats after
 * it: the last callbacks still use them. */
void server_close(struct server *s)
{
	size_t left;

	if (!s)
		return;
	if (s->reload)
		reload_stop(s->reload);
	reader_stop(s->reader);
	admin_stop(s);
	speech_stop(s->speech);
	s->speech = NULL;
	if (s->writer && s->tally)
		tally_flush(s->tally, s->writer, clock_wall_ms(), true);
	if (s->writer && (left = writer_stop(s->writer, STOP_MS)) > 0)
		log_error("server", "%zu rows did not reach the disk", left);
	record_stop(s->record);
	s->stopped = true;
	loop_close(&s->loop, s);
	wake_done(&s->wake);
	pending_done(&s->pending);
	assist_close(s);
	turn_done(&s->turn);
	snapshot_unref(s->snapshot);
	hub_free(s->hub);
	tally_free(s->tally);
	learn_done(&s->learn);
	identity_trust_free(s->trust);
	peers_free(s->peers);
	links_done(&s->links);
	buf_done(&s->last_try.diags);
	buf_done(&s->frame);
	buf_done(&s->reply);
	free(s);
}
