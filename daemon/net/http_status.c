/* Is it alive, is it ready, how is it doing. */
#include "metrics.h"
#include "net/clock.h"
#include "net/http.h"
#include "net/server.h"

void http_healthz(struct request *r)
{
	bool draining = r->server->draining;

	request_answer(r, draining ? 503 : 200, "application/json",
		       draining ? STR("{\"status\":\"draining\"}\n") : STR("{\"status\":\"ok\"}\n"),
		       "");
}

void http_readyz(struct request *r)
{
	struct server *s = r->server;
	struct writer_stats disk;
	struct buf b = {0};

	writer_stats(s->writer, &disk);
	json_open(&b, '{');
	json_kstr(&b, "status", s->draining ? STR("draining") : STR("ready"));
	json_kint(&b, "rules", (int64_t)s->snapshot->serial);
	json_kint(&b, "rules_built", s->snapshot->built_unix_ms);
	json_kint(&b, "rules_tried", s->last_try.at_unix_ms);
	json_kstr(&b, "rules_error", str_of(s->reload_error));
	json_kint(&b, "recommender", (int64_t)s->learn.serial);
	json_kint(&b, "recommender_pending", (int64_t)learn_pending(&s->learn));
	json_kstr(&b, "disk_error", str_of(disk.last_error));
	json_close(&b, '}');
	buf_char(&b, '\n');
	request_answer(r, s->draining ? 503 : 200, "application/json", buf_view(&b), "");
	buf_done(&b);
}

/* Gauges and the writer's own counters, as of now. */
static void refresh(struct server *s)
{
	struct writer_stats disk;

	writer_stats(s->writer, &disk);
	metric_set(METRIC_WRITES_QUEUED, (int64_t)disk.queued);
	metric_set(METRIC_ROWS_COMMITTED, (int64_t)disk.committed);
	metric_set(METRIC_COMMITS, (int64_t)disk.commits);
	metric_set(METRIC_ROWS_DROPPED, (int64_t)disk.dropped);
	metric_set(METRIC_WRITE_ERRORS, (int64_t)disk.errors);
	metric_set(METRIC_SESSIONS, (int64_t)hub_size(s->hub));
	metric_set(METRIC_SNAPSHOT_SERIAL, (int64_t)s->snapshot->serial);
	metric_set(METRIC_SNAPSHOT_BUILD_MS, (int64_t)s->snapshot->build_ms);
	metric_set(METRIC_SNAPSHOT_BUILT, s->snapshot->built_unix_ms / 1000);
	metric_set(METRIC_RECOMMENDER_SERIAL, (int64_t)s->learn.serial);
	metric_set(METRIC_RECOMMENDER_PENDING, (int64_t)learn_pending(&s->learn));
	metric_set(METRIC_RELOAD_TRIED, s->last_try.at_unix_ms / 1000);
}

void http_metrics(struct request *r)
{
	struct buf b = {0};

	refresh(r->server);
	metrics_print(&b);
	request_answer(r, 200, "text/plain; version=0.0.4; charset=utf-8", buf_view(&b), "");
	buf_done(&b);
}
