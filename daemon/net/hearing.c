#include "net/hearing.h"

#include <stdio.h>
#include <stdlib.h>

#include "metrics.h"
#include "net/clock.h"
#include "net/dispatch.h"
#include "net/server.h"
#include "net/talk.h"
#include "secret.h"
#include "speech.h"
#include "text/mem.h"
#include "wav.h"

enum {
	SLACK_MS = 15000, /* for an utterance to come in, beyond its own length */
	FRAME_ROOM = 400, /* bytes of an `audio` frame that are not its data */
	BYTES_A_SECOND = SPEECH_RATE * 2,
};

struct hearing {
	char id[FRAME_ID_MAX + 1];
	const char *lang;
	bool wav;
	bool refused; /* it was said; the rest is passed over */
	struct buf bytes;
	int64_t until_ms;
};

uint64_t hearing_owner(const struct link *l)
{
	return str_hash((struct str){(const char *)l->peer.key, sizeof l->peer.key});
}

/* ---- the offer ---- */

/* Bytes of samples that fit into one frame: whole groups of three, so that base64 needs no padding
 * between parts, and whole samples. */
static int64_t part_bytes(const struct settings *set)
{
	int64_t room = set->message_bytes - FRAME_ROOM;

	return room < 8 ? 0 : room / 8 * 6;
}

void hearing_offer(struct server *s, struct buf *welcome)
{
	struct buf b = {0};

	if (!s->speech)
		return;
	json_open(&b, '{');
	speech_put(s->speech, &b);
	if (speech_has(s->speech, SPEECH_IN)) {
		json_kint(&b, "seconds", s->settings->speech_seconds);
		json_kint(&b, "part", part_bytes(s->settings));
	}
	if (speech_has(s->speech, SPEECH_OUT))
		json_kint(&b, "chars", s->settings->speech_chars);
	json_close(&b, '}');
	frame_add_speech(welcome, buf_view(&b));
	buf_done(&b);
}

/* ---- parts ---- */

static void forget_bytes(struct conn *c)
{
	c->server->audio_bytes -= c->hearing->bytes.n;
	buf_done(&c->hearing->bytes);
}

static void drop(struct conn *c)
{
	if (!c->hearing)
		return;
	forget_bytes(c);
	free(c->hearing);
	c->hearing = NULL;
}

static void refuse(struct conn *c, const char *code, const char *why)
{
	conn_error(c, code, why, str_of(c->hearing->id));
	c->hearing->refused = true;
	forget_bytes(c);
}

static bool allowed(struct conn *c, struct chat *chat)
{
	if (hub_rate(c->server->hub, chat, clock_wall_ms()))
		return true;
	metric_add(METRIC_RATE_LIMITED, 1);
	refuse(c, "rate_limited", "too many messages at once; wait a little");
	return false;
}

/* What the first part says holds for all. */
static void begin(struct conn *c, struct chat *chat, const struct frame *f)
{
	struct server *s = c->server;
	struct hearing *h = mem_zalloc(sizeof *h);
	struct str tag = f->lang.n ? f->lang : str_of(chat->session.lang);

	drop(c);
	c->hearing = h;
	snprintf(h->id, sizeof h->id, "%.*s", STR_ARG(f->id));
	h->until_ms = clock_mono_ms() + s->settings->speech_seconds * 1000 + SLACK_MS;
	h->wav = str_eq(f->format, STR("wav"));
	h->lang = speech_lang(s->speech, SPEECH_IN, tag);
	if (!allowed(c, chat))
		return;
	if (!speech_has(s->speech, SPEECH_IN))
		refuse(c, "no_speech", "speech is not understood here; see the setting speech-in");
	else if (!h->wav && !str_eq(f->format, STR("pcm16")))
		refuse(c, "bad_audio", "'format' must be pcm16 or wav");
	else if (!h->wav && f->rate != -1 && f->rate != SPEECH_RATE)
		refuse(c, "bad_audio", "'rate' must be 16000");
	else if (!h->lang)
		refuse(c, "no_speech", "speech in this language is not understood here");
}

/* The part's bytes behind those that came before. */
static void append(struct conn *c, struct str data)
{
	struct server *s = c->server;
	struct buf *b = &c->hearing->bytes;
	size_t max = (size_t)s->settings->speech_seconds * BYTES_A_SECOND;
	size_t n = data.n / 4 * 3 + 3;

	max += c->hearing->wav ? WAV_HEAD : 0;
	buf_reserve(b, n);
	if (!secret_base64(data, (unsigned char *)b->p + b->n, &n)) {
		refuse(c, "bad_audio", "'data' is not base64");
	} else if (n > max - b->n) {
		refuse(c, "too_long", "the utterance is longer than speech-seconds");
	} else if (n > HEARING_BYTES_MAX - s->audio_bytes) {
		refuse(c, "busy", "too much is being said at once; say it again later");
	} else {
		b->n += n;
		s->audio_bytes += n;
	}
}

/* The samples alone; false: it was refused. */
static bool samples_of(struct conn *c, struct str *out)
{
	struct hearing *h = c->hearing;
	struct wav w;
	struct err err;

	*out = str_sub(buf_view(&h->bytes), 0, h->bytes.n & ~(size_t)1);
	if (!h->wav)
		return true;
	if (wav_read(*out, &w, &err) != 0) {
		refuse(c, "bad_audio", err.text);
		return false;
	}
	*out = w.pcm;
	if (w.rate == SPEECH_RATE && w.channels == 1)
		return true;
	refuse(c, "bad_audio", "the WAV must have one channel of 16000 samples a second");
	return false;
}

static void give(struct conn *c)
{
	struct speech_job *j;
	struct str samples;

	if (!samples_of(c, &samples))
		return;
	j = speech_job_new(SPEECH_IN, c->link->id);
	memcpy(j->id, c->hearing->id, sizeof c->hearing->id);
	j->lang = c->hearing->lang;
	j->owner = hearing_owner(c->link);
	buf_str(&j->in, samples);
	if (speech_ask(c->server->speech, j) == 0) {
		c->strikes = 0;
		drop(c);
		return;
	}
	speech_job_free(j);
	refuse(c, "busy", "too many are being listened to; say it again later");
}

void handle_audio(struct conn *c, const struct frame *f)
{
	struct chat *chat = dispatch_chat(c, f->id);

	if (!chat)
		return;
	if (!c->hearing || !str_eq(f->id, str_of(c->hearing->id)))
		begin(c, chat, f);
	if (!c->hearing->refused)
		append(c, f->data);
	if (!c->hearing->refused && !f->more)
		give(c);
	if (c->hearing && c->hearing->refused && !f->more)
		drop(c);
}

/* ---- the end ---- */

void hearing_done(struct conn *c, const struct speech_job *j)
{
	struct buf *b = &c->server->frame;
	struct str id = str_of(j->id);

	if (j->code == ERR_NOT_FOUND) {
		conn_error(c, "not_heard", "nothing was understood", id);
	} else if (j->code == ERR_BUSY) {
		conn_error(c, "busy", "it took too long to understand; say it again later", id);
	} else if (j->code != 0) {
		conn_error(c, "speech_failed", "the program of speech-in failed", id);
	} else {
		buf_reset(b);
		frame_put_heard(b, id, buf_view(&j->out), str_of(j->lang));
		conn_send(c, buf_view(b));
	}
}

void hearing_end(struct conn *c)
{
	drop(c);
	speech_forget(c->server->speech, c->link->id);
}

void hearing_sweep(struct conn *c, int64_t now_ms)
{
	struct hearing *h = c->hearing;

	if (!h || now_ms < h->until_ms)
		return;
	if (!h->refused)
		refuse(c, "bad_audio", "the rest of the utterance did not come in time");
	drop(c);
}
