/* POST /speech {"text":"…","lang"?,"session"?} -> a WAV: a text read aloud by the engine of `speech-out`.
 *
 * For learners' browsers, which say their session, and for the platform's own programs (guard.h). */
#include "json.h"
#include "metrics.h"
#include "net/clock.h"
#include "net/guard.h"
#include "net/hearing.h"
#include "net/http.h"
#include "net/server.h"
#include "net/talk.h"
#include "speech.h"
#include "text/utf8.h"

enum { GRACE_MS = 5000 }; /* for the answer, beyond speech-wait */

/* May this session have something read to it now? False: the problem was answered. */
static bool session_good(struct request *r, struct str token)
{
	struct chat *chat = hub_find(r->server->hub, token);
	const char *why;

	if (!chat || chat->ended) {
		request_problem(r, 404, "that session is unknown or over");
		return false;
	}
	why = talk_unproven(r->server, chat);
	if (why) {
		request_problem(r, 401, "%s", why);
		return false;
	}
	if (hub_rate(r->server->hub, chat, clock_wall_ms()))
		return true;
	metric_add(METRIC_RATE_LIMITED, 1);
	request_problem(r, 429, "too many messages at once; wait a little");
	return false;
}

static bool asker_good(struct request *r, const struct json *body)
{
	struct str token;
	const char *why;

	if (json_get_str(body, "session", &token))
		return session_good(r, token);
	why = guard_refuses(r);
	if (why)
		request_problem_with(r, 401, why, STR_NONE,
				     "WWW-Authenticate: Bearer realm=\"kefu\"\r\n");
	return why == NULL;
}

static const char *lang_of(struct request *r, const struct json *body, struct str text)
{
	struct str tag;

	if (!json_get_str(body, "lang", &tag) || !tag.n)
		tag = utterance_lang(text);
	return speech_lang(r->server->speech, SPEECH_OUT, tag);
}

static void give(struct request *r, struct str text, const char *lang)
{
	const struct settings *set = r->server->settings;
	struct speech_job *j = speech_job_new(SPEECH_OUT, r->link->id);

	j->lang = lang;
	j->owner = hearing_owner(r->link);
	buf_str(&j->in, text);
	if (speech_ask(r->server->speech, j) == 0) {
		r->deadline_ms = clock_mono_ms() + set->speech_wait * 1000 + GRACE_MS;
		return;
	}
	speech_job_free(j);
	request_problem(r, 503, "too much is being read aloud; try again");
}

static void answer(struct request *r, const struct json *body)
{
	int64_t max = r->server->settings->speech_chars;
	struct str text;
	const char *lang;

	if (!json_get_str(body, "text", &text) || !str_trim(text).n) {
		request_problem(r, 400, "'text' is missing or empty");
		return;
	}
	if (utf8_count(text) > (size_t)max) {
		request_problem(r, 413, "'text' has more than %lld characters (speech-chars)",
				(long long)max);
		return;
	}
	lang = lang_of(r, body, text);
	if (lang)
		give(r, text, lang);
	else
		request_problem(r, 501,
				"there is no voice for this language; see the setting "
				"speech-out");
}

void http_speech(struct request *r)
{
	struct json *body = NULL;
	struct err err;

	if (json_read(buf_view(&r->body), &body, &err) != 0)
		request_problem(r, 400, "%s", err.text);
	else if (!speech_has(r->server->speech, SPEECH_OUT))
		request_problem(r, 501, "nothing is read aloud here; see the setting speech-out");
	else if (asker_good(r, body))
		answer(r, body);
	json_free(body);
}

void http_speech_done(struct request *r, const struct speech_job *j)
{
	if (j->code == 0)
		request_answer(r, 200, "audio/wav", buf_view(&j->out), "");
	else if (j->code == ERR_BUSY)
		request_problem(r, 503, "it took too long to read; try again");
	else
		request_problem(r, 502, "the program of speech-out failed");
}
