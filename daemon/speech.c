#include "speech.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "child.h"
#include "deadline.h"
#include "log.h"
#include "metrics.h"
#include "text/mem.h"
#include "text/utf8.h"
#include "wav.h"

enum {
	TEXT_MAX = 64 << 10,	       /* bytes of what an engine may write for text */
	LEAST_BYTES = SPEECH_RATE / 5, /* a tenth of a second: no word is shorter */
	THREADS_MAX = 16,
};

struct speech {
	struct speech_engine engines[SPEECH_WAYS];
	bool on[SPEECH_WAYS];
	int wait_ms;
	pthread_mutex_t lock;
	pthread_cond_t asked;
	struct speech_job *waiting, **waiting_tail;
	struct speech_job *done, **done_tail;
	size_t n_waiting;
	uint64_t owners[THREADS_MAX]; /* of the jobs in work, 0 = none */
	pthread_t threads[THREADS_MAX];
	size_t n_started; /* of the threads; for who starts and joins them */
	size_t n_threads; /* that have taken their place in `owners` */
	int quit_fd;
	bool stop;
	void (*wake)(void *);
	void *ctx;
};

struct speech_job *speech_job_new(enum speech_way way, uint64_t link)
{
	struct speech_job *j = mem_zalloc(sizeof *j);

	j->way = way;
	j->link = link;
	return j;
}

void speech_job_free(struct speech_job *j)
{
	if (!j)
		return;
	buf_done(&j->in);
	buf_done(&j->out);
	free(j);
}

/* ---- what engines write ---- */

/* One line without control characters, at most so long that a learner can look it over. */
static void flatten(struct buf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->n; i++) {
		unsigned char c = (unsigned char)text->p[i];

		if (c > ' ' && c != 0x7f)
			text->p[n++] = (char)c;
		else if (n && text->p[n - 1] != ' ')
			text->p[n++] = ' ';
	}
	while (n && text->p[n - 1] == ' ')
		n--;
	text->n = n;
}

/* "[BLANK_AUDIO]", "(music)": an engine's word for no words. */
static bool is_remark(struct str s)
{
	return s.n > 1 &&
	       ((s.p[0] == '[' && s.p[s.n - 1] == ']') || (s.p[0] == '(' && s.p[s.n - 1] == ')'));
}

static int take_text(struct speech_job *j, struct str raw, struct err *err)
{
	if (utf8_valid(raw) < raw.n)
		return err_set(err, ERR_IO, "the engine's text is not UTF-8");
	buf_str(&j->out, raw);
	flatten(&j->out);
	if (!j->out.n || is_remark(buf_view(&j->out))) {
		buf_reset(&j->out);
		return err_set(err, ERR_NOT_FOUND, "nothing was understood");
	}
	return 0;
}

/* With sizes that are true. */
static int take_wav(struct speech_job *j, struct str raw, struct err *err)
{
	struct wav w;

	if (wav_read(raw, &w, err) != 0)
		return ERR_IO;
	wav_put_head(&j->out, w.rate, w.channels, w.pcm.n);
	buf_str(&j->out, w.pcm);
	return 0;
}

static const struct {
	size_t out_max;
	int (*take)(struct speech_job *j, struct str raw, struct err *err);
	enum metric good;
} ways[SPEECH_WAYS] = {
	[SPEECH_IN] = {TEXT_MAX, take_text, METRIC_SPEECH_HEARD},
	[SPEECH_OUT] = {SPEECH_WAV_MAX, take_wav, METRIC_SPEECH_SAID},
};

/* ---- the threads' side ---- */

static int run_engine(struct speech *s, struct speech_job *j, struct err *err)
{
	const struct speech_engine *e = &s->engines[j->way];
	struct child_job c = {
		.out_max = ways[j->way].out_max, .deadline = j->deadline, .quit_fd = s->quit_fd};
	struct buf in = {0}, out = {0};
	struct arena arena;
	int rc;

	arena_init(&arena);
	c.argv = speech_engine_argv(e, &arena, j->lang);
	if (j->way == SPEECH_IN && !e->samples)
		wav_put_head(&in, SPEECH_RATE, 1, j->in.n);
	buf_str(&in, buf_view(&j->in));
	c.in = buf_view(&in);
	rc = child_run(&c, &out, err);
	if (rc == 0)
		rc = ways[j->way].take(j, buf_view(&out), err);
	buf_done(&in);
	buf_done(&out);
	arena_done(&arena);
	return rc;
}

static void run(struct speech *s, struct speech_job *j)
{
	struct err err = {0};

	if (deadline_passed(&j->deadline))
		j->code = err_set(&err, ERR_BUSY, "it waited too long for others");
	else if (j->way == SPEECH_IN && j->in.n < LEAST_BYTES)
		j->code = ERR_NOT_FOUND;
	else
		j->code = run_engine(s, j, &err);
	if (j->code == 0)
		metric_add(ways[j->way].good, 1);
	if (j->code == 0 || j->code == ERR_NOT_FOUND)
		return;
	metric_add(METRIC_SPEECH_FAILURES, 1);
	log_warn("speech", "%s", err.text);
}

static struct speech_job *waiting_pop(struct speech *s)
{
	struct speech_job *j = s->waiting;

	if (!(s->waiting = j->next))
		s->waiting_tail = &s->waiting;
	s->n_waiting--;
	j->next = NULL;
	return j;
}

static void *thread_main(void *arg)
{
	struct speech *s = arg;
	size_t me;

	pthread_mutex_lock(&s->lock);
	me = s->n_threads++;
	while (!s->stop) {
		struct speech_job *j;

		if (!s->waiting) {
			pthread_cond_wait(&s->asked, &s->lock);
			continue;
		}
		j = waiting_pop(s);
		s->owners[me] = j->owner;
		pthread_mutex_unlock(&s->lock);
		run(s, j);
		pthread_mutex_lock(&s->lock);
		s->owners[me] = 0;
		*s->done_tail = j;
		s->done_tail = &j->next;
		pthread_mutex_unlock(&s->lock);
		s->wake(s->ctx);
		pthread_mutex_lock(&s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* ---- the loop's side ---- */

static int engines_open(const struct settings *set, struct speech_engine engines[SPEECH_WAYS],
			bool on[SPEECH_WAYS], struct err *err)
{
	int rc = speech_engine_open(set, SPEECH_IN, &engines[SPEECH_IN], &on[SPEECH_IN], err);

	if (rc != 0)
		return rc;
	rc = speech_engine_open(set, SPEECH_OUT, &engines[SPEECH_OUT], &on[SPEECH_OUT], err);
	if (rc != 0)
		speech_engine_close(&engines[SPEECH_IN]);
	return rc;
}

int speech_check(const struct settings *set, struct err *err)
{
	struct speech_engine engines[SPEECH_WAYS];
	bool on[SPEECH_WAYS];
	int rc = engines_open(set, engines, on, err);

	for (int w = 0; rc == 0 && w < SPEECH_WAYS; w++)
		speech_engine_close(&engines[w]);
	return rc;
}

static int threads_start(struct speech *s, size_t n, struct err *err)
{
	s->quit_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->quit_fd < 0)
		return err_set(err, ERR_LIMIT, "no eventfd; raise the limit of open files");
	for (size_t i = 0; i < n; i++) {
		if (pthread_create(&s->threads[i], NULL, thread_main, s) != 0)
			return err_set(err, ERR_LIMIT,
				       "cannot start a thread; raise the limit of processes");
		s->n_started++;
	}
	return 0;
}

int speech_start(const struct settings *set, void (*wake)(void *), void *ctx, struct speech **out,
		 struct err *err)
{
	struct speech *s = mem_zalloc(sizeof *s);
	int rc = engines_open(set, s->engines, s->on, err);

	*out = NULL;
	/* Where it is ignored, as some that start us leave it, nobody can be waited for. */
	signal(SIGCHLD, SIG_DFL);
	if (rc != 0 || (!s->on[SPEECH_IN] && !s->on[SPEECH_OUT])) {
		free(s);
		return rc;
	}
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->asked, NULL);
	s->waiting_tail = &s->waiting;
	s->done_tail = &s->done;
	s->wait_ms = (int)set->speech_wait * 1000;
	s->wake = wake;
	s->ctx = ctx;
	rc = threads_start(s, (size_t)set->speech_at_once, err);
	if (rc != 0) {
		speech_stop(s);
		return rc;
	}
	*out = s;
	return 0;
}

void speech_stop(struct speech *s)
{
	struct speech_job *j;

	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	s->stop = true;
	pthread_cond_broadcast(&s->asked);
	pthread_mutex_unlock(&s->lock);
	if (s->quit_fd >= 0)
		eventfd_write(s->quit_fd, 1);
	for (size_t i = 0; i < s->n_started; i++)
		pthread_join(s->threads[i], NULL);
	while (s->waiting)
		speech_job_free(waiting_pop(s));
	while ((j = speech_take(s)))
		speech_job_free(j);
	if (s->quit_fd >= 0)
		close(s->quit_fd);
	for (int w = 0; w < SPEECH_WAYS; w++)
		speech_engine_close(&s->engines[w]);
	pthread_cond_destroy(&s->asked);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

bool speech_has(const struct speech *s, enum speech_way way)
{
	return s && s->on[way];
}

const char *speech_lang(const struct speech *s, enum speech_way way, struct str tag)
{
	return speech_has(s, way) ? speech_engine_lang(&s->engines[way], tag) : NULL;
}

void speech_put(const struct speech *s, struct buf *out)
{
	static const char *const names[SPEECH_WAYS] = {"hears", "says"};

	for (int w = 0; w < SPEECH_WAYS; w++) {
		json_key(out, names[w]);
		json_open(out, '[');
		for (size_t i = 0; s && i < s->engines[w].n_langs; i++)
			json_cstr(out, s->engines[w].langs[i].lang);
		json_close(out, ']');
	}
}

/* Waiting and in work; under the lock. */
static size_t count_of(const struct speech *s, uint64_t owner)
{
	size_t n = 0;

	for (const struct speech_job *j = s->waiting; j; j = j->next)
		n += j->owner == owner;
	for (size_t i = 0; i < THREADS_MAX; i++)
		n += s->owners[i] == owner;
	return n;
}

int speech_ask(struct speech *s, struct speech_job *j)
{
	int rc = ERR_BUSY;

	j->owner |= 1; /* 0 says that a thread has nothing to do */
	j->deadline = deadline_in(s->wait_ms);
	pthread_mutex_lock(&s->lock);
	if (s->n_waiting < SPEECH_WAITING && count_of(s, j->owner) < SPEECH_OF_ONE) {
		j->next = NULL;
		*s->waiting_tail = j;
		s->waiting_tail = &j->next;
		s->n_waiting++;
		rc = 0;
		pthread_cond_signal(&s->asked);
	}
	pthread_mutex_unlock(&s->lock);
	return rc;
}

struct speech_job *speech_take(struct speech *s)
{
	struct speech_job *j;

	if (!s)
		return NULL;
	pthread_mutex_lock(&s->lock);
	j = s->done;
	if (j && !(s->done = j->next))
		s->done_tail = &s->done;
	pthread_mutex_unlock(&s->lock);
	return j;
}

void speech_forget(struct speech *s, uint64_t link)
{
	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	for (struct speech_job **at = &s->waiting; *at;) {
		struct speech_job *j = *at;

		if (j->link != link) {
			at = &j->next;
			continue;
		}
		*at = j->next;
		s->n_waiting--;
		speech_job_free(j);
	}
	s->waiting_tail = &s->waiting;
	while (*s->waiting_tail)
		s->waiting_tail = &(*s->waiting_tail)->next;
	pthread_mutex_unlock(&s->lock);
}
