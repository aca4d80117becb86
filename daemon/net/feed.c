#include "net/feed.h"

#include "net/assist.h"
#include "net/frame.h"
#include "net/server.h"

void feed_attach(struct conn *c, struct chat *chat, int64_t since)
{
	struct conn *other = chat->conn;

	feed_detach(c);
	if (other && other != c) {
		other->chat = NULL;
		conn_close(other, WS_REPLACED, "replaced");
	}
	chat->conn = c;
	c->chat = chat;
	c->cursor = since;
	assist_online(c->server, chat);
}

void feed_detach(struct conn *c)
{
	struct chat *chat = c->chat;

	c->chat = NULL;
	if (chat && chat->conn == c) {
		chat->conn = NULL;
		assist_online(c->server, chat);
	}
	reader_result_free(c->page);
	c->page = NULL;
}

static void feed_one(void *ctx, int64_t seq, struct str json)
{
	struct conn *c = ctx;

	if (conn_full(c) || c->closing_ms)
		return;
	conn_send(c, json);
	c->cursor = seq;
}

static void feed_stored(struct conn *c, const struct talk_row *row)
{
	struct buf *frame = &c->server->frame;

	c->cursor = row->seq;
	buf_reset(frame);
	frame_put_stored(frame, row->json, str_of(c->chat->token));
	conn_send(c, buf_view(frame)); /* may close, and with that free the page */
}

static void feed_from_page(struct conn *c)
{
	while (c->page && c->page_at < c->page->n && !conn_full(c)) {
		const struct talk_row *row = &c->page->rows[c->page_at++];

		if (row->seq > c->cursor && row->json.n)
			feed_stored(c, row);
	}
	if (c->page && c->page_at == c->page->n) {
		reader_result_free(c->page);
		c->page = NULL;
	}
}

static void ask(struct conn *c)
{
	struct reader_job job = {.what = READ_FRAMES, .link = c->link->id, .since = c->cursor};

	memcpy(job.hash, c->chat->hash, sizeof job.hash);
	/* Busy: the next sweep pumps again. */
	c->reading = reader_ask(c->server->reader, &job) == 0;
}

void feed_pump(struct conn *c)
{
	if (c->page)
		feed_from_page(c);
	if (!c->chat || c->page || c->reading || c->cursor >= c->chat->seq)
		return;
	if (!hub_since(c->chat, c->cursor, feed_one, c))
		ask(c);
}

void feed_newest(struct conn *c, int64_t seq, struct str json)
{
	if (c->cursor == seq - 1 && !c->page && !c->reading)
		feed_one(c, seq, json);
	else
		feed_pump(c);
}

void feed_page(struct conn *c, struct reader_result *r)
{
	c->reading = false;
	if (!c->chat || strcmp(r->job.hash, c->chat->hash) != 0 || r->job.since != c->cursor) {
		reader_result_free(r);
	} else if (r->code != 0) {
		/* Going on without them would move the client's `since` past frames it never saw.
		 */
		conn_close(c, WS_TRY_LATER, "older messages cannot be read now");
		reader_result_free(r);
	} else if (r->n == 0 || r->rows[r->n - 1].seq <= c->cursor) {
		/* Those numbers were never stored (acknowledgements, rows a full disk refused). */
		int64_t gap_end = hub_oldest(c->chat) - 1;

		c->cursor = gap_end > c->cursor ? gap_end : c->cursor;
		reader_result_free(r);
	} else {
		c->page = r;
		c->page_at = 0;
	}
	if (c->chat)
		feed_pump(c);
}
