#include "net/outq.h"

#include <assert.h>

enum { KEEP_BYTES = 4096 }; /* an idle connection keeps at most this much */

void outq_done(struct outq *q)
{
	buf_done(&q->b);
	q->head = 0;
}

void outq_put(struct outq *q, enum ws_opcode opcode, struct str payload)
{
	static const char room[OUTQ_ROOM];
	unsigned char h[10] = {(unsigned char)(0x80 | opcode)};
	size_t n = 2;

	if (payload.n < 126) {
		h[1] = (unsigned char)payload.n;
	} else if (payload.n < 65536) {
		h[1] = 126;
		h[2] = (unsigned char)(payload.n >> 8);
		h[3] = (unsigned char)payload.n;
		n = 4;
	} else {
		h[1] = 127;
		for (int i = 0; i < 8; i++)
			h[2 + i] = (unsigned char)((uint64_t)payload.n >> (56 - 8 * i));
		n = 10;
	}
	if (q->b.n == 0) {
		buf_put(&q->b, room, sizeof room);
		q->head = sizeof room;
	}
	buf_put(&q->b, h, n);
	buf_str(&q->b, payload);
}

size_t outq_bytes(const struct outq *q)
{
	return q->b.n - q->head;
}

static size_t frame_bytes(const char *at)
{
	const unsigned char *h = (const unsigned char *)at;
	uint64_t n = 0;

	if (h[1] < 126)
		return 2 + (size_t)h[1];
	if (h[1] == 126)
		return 4 + ((size_t)h[2] << 8 | h[3]);
	for (int i = 0; i < 8; i++)
		n = n << 8 | h[2 + i];
	return 10 + (size_t)n;
}

struct str outq_batch(const struct outq *q)
{
	size_t end = q->head;

	while (end < q->b.n) {
		size_t next = end + frame_bytes(q->b.p + end);

		if (next - q->head > OUTQ_BATCH && end > q->head)
			break;
		end = next;
	}
	return (struct str){q->b.p ? q->b.p + q->head : NULL, end - q->head};
}

void outq_sent(struct outq *q, size_t bytes)
{
	assert(bytes <= outq_bytes(q));
	q->head += bytes;
	if (q->head == q->b.n) {
		if (q->b.cap > KEEP_BYTES)
			buf_done(&q->b);
		else
			buf_reset(&q->b);
		q->head = 0;
		return;
	}
	if (q->head < OUTQ_BATCH)
		return;
	/* Give back what was sent, or a reader that is always a little behind would grow it for
	 * ever. */
	memmove(q->b.p + OUTQ_ROOM, q->b.p + q->head, q->b.n - q->head);
	q->b.n -= q->head - OUTQ_ROOM;
	q->head = OUTQ_ROOM;
}
