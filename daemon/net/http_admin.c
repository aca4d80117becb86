/* The staff's page: what the daemon is doing, as plain HTML without scripts. Numbers only; nothing
 * of what learners said. */
#include <stdio.h>

#include "metrics.h"
#include "net/clock.h"
#include "net/http.h"
#include "net/server.h"
#include "text/when.h"

#define ADMIN_POLICY                                                                               \
	"Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors " \
	"'none'\r\n"                                                                               \
	"Refresh: 10\r\n"

static void put_text(struct buf *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '<')
			buf_cstr(b, "&lt;");
		else if (*s == '&')
			buf_cstr(b, "&amp;");
		else
			buf_char(b, *s);
	}
}

static void put_row(struct buf *b, const char *zh, const char *en, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void put_row(struct buf *b, const char *zh, const char *en, const char *fmt, ...)
{
	char value[700];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof value, fmt, ap);
	va_end(ap);
	buf_printf(b, "<tr><th>%s<br><small lang=en>%s</small></th><td>", zh, en);
	put_text(b, value);
	buf_cstr(b, "</td></tr>\n");
}

static void put_rules(struct buf *b, const struct server *s)
{
	char built[WHEN_TEXT_MAX];

	when_print(s->snapshot->built_unix_ms, built);
	put_row(b, "规则", "Rules", "%s · #%lu · %s · %.0f ms", s->settings->intents,
		s->snapshot->serial, built, s->snapshot->build_ms);
	put_row(b, "规则错误", "Error in the newest rules", "%s",
		s->reload_error[0] ? s->reload_error : "—");
	put_row(b, "课程", "Courses", "%zu", s->snapshot->courses->n);
}

static void put_traffic(struct buf *b, const struct server *s)
{
	put_row(b, "连接", "Connections", "%zu (WebSocket %lld)", s->links.n,
		(long long)metric_get(METRIC_WEBSOCKETS));
	put_row(b, "会话", "Sessions in memory", "%zu", hub_size(s->hub));
	put_row(b, "消息", "Messages answered", "%lld",
		(long long)(metric_get(METRIC_MESSAGES) + metric_get(METRIC_CLICKS)));
	put_row(b, "未答上", "Not understood", "%lld", (long long)metric_get(METRIC_FALLBACKS));
	put_row(b, "转人工", "Handed to people", "%lld", (long long)metric_get(METRIC_HANDOFFS));
}

static void put_disk(struct buf *b, const struct server *s)
{
	struct writer_stats disk;

	writer_stats(s->writer, &disk);
	put_row(b, "数据库", "Database", "%s", s->settings->db);
	put_row(b, "已写入 / 等待", "Rows committed / waiting", "%llu / %zu",
		(unsigned long long)disk.committed, disk.queued);
	put_row(b, "磁盘错误", "Disk error", "%s", disk.last_error[0] ? disk.last_error : "—");
}

void http_admin(struct request *r)
{
	struct buf b = {0};
	char started[WHEN_TEXT_MAX];

	when_print(r->server->started_unix_ms, started);
	buf_cstr(&b, "<!doctype html><html lang=zh><meta charset=utf-8><meta name=viewport "
		     "content=\"width=device-width\"><title>kefu</title><style>body{font:16px/1.5 "
		     "system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
		     "table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:600;"
		     "width:16rem}th,td{padding:.4rem .6rem;border-bottom:1px solid #8884;"
		     "vertical-align:top;overflow-wrap:anywhere}small{font-weight:400;opacity:.7}"
		     ":root{color-scheme:light dark}</style><h1>kefu</h1><table>\n");
	put_row(&b, "状态", "State", "%s · %s · %s", r->server->draining ? "draining" : "ok",
		KEFU_VERSION, started);
	put_rules(&b, r->server);
	put_traffic(&b, r->server);
	put_disk(&b, r->server);
	buf_cstr(&b, "</table>\n");
	request_answer(r, 200, "text/html; charset=utf-8", buf_view(&b), ADMIN_POLICY);
	buf_done(&b);
}
