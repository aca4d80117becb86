#include "unit/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "speech.h"
#include "text/mem.h"
#include "wav.h"

static char folder[64], program[96];
static int wake_pipe[2];

static int folder_make(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/kefu-speech-XXXXXX");
	if (!mkdtemp(folder) || pipe(wake_pipe))
		return -1;
	snprintf(program, sizeof program, "%s/engine", folder);
	return 0;
}

static int folder_remove(void **state)
{
	(void)state;
	close(wake_pipe[0]);
	close(wake_pipe[1]);
	unlink(program);
	return rmdir(folder);
}

static void wake(void *ctx)
{
	ssize_t n = write(*(const int *)ctx, "w", 1);

	(void)n;
}

static void engine_is(const char *script)
{
	FILE *f = fopen(program, "we");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", script);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(program, 0700), 0);
}

/* An empty folder's program with those words behind it, both ways. */
static struct settings settings_of(const char *words)
{
	struct settings s;
	char command[200];

	settings_init(&s);
	free(s.speech_in);
	free(s.speech_out);
	snprintf(command, sizeof command, "%s %s", program, words);
	s.speech_in = mem_strdup(str_of(command));
	s.speech_out = mem_strdup(str_of(command));
	return s;
}

static struct speech *started(const char *script, const char *words, int64_t wait_s)
{
	struct settings set = settings_of(words);
	struct speech *s = NULL;
	struct err err;

	engine_is(script);
	set.speech_wait = wait_s;
	if (speech_start(&set, wake, &wake_pipe[1], &s, &err))
		fail_msg("%s", err.text);
	settings_done(&set);
	return s;
}

static struct speech_job *job_of(struct speech *s, enum speech_way way, const char *tag,
				 struct str in)
{
	struct speech_job *j = speech_job_new(way, 7);

	j->lang = speech_lang(s, way, str_of(tag));
	assert_non_null(j->lang);
	buf_str(&j->in, in);
	return j;
}

static struct speech_job *result_of(struct speech *s)
{
	struct speech_job *j;
	char byte;

	while (!(j = speech_take(s)))
		assert_int_equal(read(wake_pipe[0], &byte, 1), 1);
	return j;
}

static struct speech_job *heard(struct speech *s, struct str in)
{
	assert_int_equal(speech_ask(s, job_of(s, SPEECH_IN, "en", in)), 0);
	return result_of(s);
}

static struct str quiet(void)
{
	static const char second[SPEECH_RATE * 2];

	return (struct str){second, sizeof second};
}

/* ---- good engines ---- */

static void an_engine_is_given_a_wav_and_its_lines_become_one(void **state)
{
	struct speech *s = started(
		"head -c 4; printf ' '; wc -c; printf '\\n  I  want\\ta refund\\n'", "", 60);
	struct speech_job *j = heard(s, quiet());

	(void)state;
	assert_int_equal(j->code, 0);
	assert_string_equal((buf_char(&j->out, '\0'), j->out.p), "RIFF 32040 I want a refund");
	assert_int_equal(j->link, 7);
	speech_job_free(j);
	speech_stop(s);
}

static void words_and_languages_go_to_the_command_line_as_written(void **state)
{
	struct speech *s = started("cat >/dev/null; for w in \"$@\"; do printf '<%s>' \"$w\"; done",
				   "-l {lang} 'two words' \"$HOME;x\" -v={voice}{lang}", 60);
	struct speech_job *j = heard(s, quiet());

	(void)state;
	assert_int_equal(j->code, 0);
	assert_string_equal((buf_char(&j->out, '\0'), j->out.p),
			    "<-l><en><two words><$HOME;x><-v=enen>");
	speech_job_free(j);
	speech_stop(s);
}

static void what_is_said_comes_as_a_wav_with_true_sizes(void **state)
{
	/* sizes as a pipe's writer leaves them: far too large */
	struct speech *s = started(
		"cat >/dev/null; printf 'RIFF\\044\\360\\377\\177WAVEfmt \\020\\000\\000\\000"
		"\\001\\000\\001\\000\\042\\126\\000\\000\\104\\254\\000\\000\\002\\000\\020\\000"
		"data\\000\\360\\377\\177abcdefgh'",
		"", 60);
	struct speech_job *j;
	struct wav w;

	(void)state;
	assert_int_equal(speech_ask(s, job_of(s, SPEECH_OUT, "zh-Hans-CN", STR("您好"))), 0);
	j = result_of(s);
	assert_int_equal(j->code, 0);
	assert_int_equal(j->out.n, WAV_HEAD + 8);
	assert_memory_equal(j->out.p + 40, "\10\0\0\0", 4);
	assert_int_equal(wav_read(buf_view(&j->out), &w, NULL), 0);
	assert_int_equal(w.rate, 22050);
	speech_job_free(j);
	speech_stop(s);
}

/* ---- bad ones ---- */

static void bad_engines_are_failed_jobs_and_nothing_else(void **state)
{
	static const struct {
		const char *script;
		enum speech_way way;
		int code;
	} bad[] = {
		{"exit 1", SPEECH_IN, ERR_IO},
		{"kill -KILL $$", SPEECH_IN, ERR_IO},
		{"printf '\\377\\376garbage'", SPEECH_IN, ERR_IO},
		{"yes a flood of words", SPEECH_IN, ERR_LIMIT},
		{"cat >/dev/null", SPEECH_IN, ERR_NOT_FOUND},
		{"echo '[BLANK_AUDIO]'", SPEECH_IN, ERR_NOT_FOUND},
		{"echo ' (music) '", SPEECH_IN, ERR_NOT_FOUND},
		{"echo no wav at all", SPEECH_OUT, ERR_IO},
		{"cat /dev/zero", SPEECH_OUT, ERR_LIMIT},
		{":", SPEECH_OUT, ERR_IO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct speech *s = started(bad[i].script, "", 60);
		struct speech_job *j;

		assert_int_equal(speech_ask(s, job_of(s, bad[i].way, "en", quiet())), 0);
		j = result_of(s);
		if (j->code != bad[i].code)
			fail_msg("%s: %d", bad[i].script, j->code);
		speech_job_free(j);
		speech_stop(s);
	}
}

static void one_that_hangs_is_given_up_and_the_next_is_served(void **state)
{
	struct speech *s = started("if grep -q xyz; then sleep 1000; fi; echo well", "", 1);
	struct speech_job *j;
	struct buf hang = {0};

	(void)state;
	buf_str(&hang, quiet());
	buf_cstr(&hang, "xyz\n");
	j = heard(s, buf_view(&hang));
	assert_int_equal(j->code, ERR_BUSY);
	speech_job_free(j);
	j = heard(s, quiet());
	assert_int_equal(j->code, 0);
	speech_job_free(j);
	speech_stop(s);
	buf_done(&hang);
}

static void what_is_shorter_than_a_word_is_not_even_tried(void **state)
{
	struct speech *s = started("echo called", "", 60);
	struct speech_job *j = heard(s, STR("ab"));

	(void)state;
	assert_int_equal(j->code, ERR_NOT_FOUND);
	speech_job_free(j);
	speech_stop(s);
}

/* ---- bounds ---- */

static void nobody_takes_all_places_and_all_places_are_few(void **state)
{
	struct speech *s = started("sleep 1000", "", 600);
	int owners[8] = {0}, total = 0;

	(void)state;
	for (int i = 0; i < 80; i++) {
		struct speech_job *j = job_of(s, SPEECH_IN, "en", quiet());

		j->owner = (uint64_t)(i % 8) * 2 + 2;
		j->link = (uint64_t)i;
		if (speech_ask(s, j) == 0) {
			owners[i % 8]++;
			total++;
		} else {
			speech_job_free(j);
		}
	}
	for (int i = 0; i < 8; i++)
		assert_true(owners[i] <= SPEECH_OF_ONE);
	/* The thread may have taken one by then. */
	assert_true(total == SPEECH_WAITING || total == SPEECH_WAITING + 1);
	for (int i = 0; i < 80; i++)
		speech_forget(s, (uint64_t)i);
	assert_int_equal(speech_ask(s, job_of(s, SPEECH_IN, "en", quiet())), 0);
	speech_stop(s); /* with one in work and one waiting */
}

static void many_at_once_all_come_back(void **state)
{
	struct settings set = settings_of("");
	struct speech *s = NULL;
	struct err err;

	(void)state;
	engine_is("wc -c");
	set.speech_at_once = 4;
	set.speech_wait = 120;
	assert_int_equal(speech_start(&set, wake, &wake_pipe[1], &s, &err), 0);
	settings_done(&set);
	for (int round = 0; round < 5; round++) {
		for (uint64_t i = 0; i < 8; i++) {
			struct speech_job *j = job_of(s, SPEECH_IN, "en", quiet());

			j->owner = i << 1;
			assert_int_equal(speech_ask(s, j), 0);
		}
		for (int i = 0; i < 8; i++) {
			struct speech_job *j = result_of(s);

			assert_int_equal(j->code, 0);
			speech_job_free(j);
		}
	}
	speech_stop(s);
}

/* ---- settings ---- */

static int try_settings(const char *in, const char *out, const char *langs, struct err *err)
{
	struct settings s;
	int rc;

	settings_init(&s);
	free(s.speech_in);
	free(s.speech_out);
	free(s.speech_langs);
	s.speech_in = mem_strdup(str_of(in));
	s.speech_out = mem_strdup(str_of(out));
	s.speech_langs = mem_strdup(str_of(langs));
	rc = speech_check(&s, err);
	settings_done(&s);
	return rc;
}

static void settings_that_cannot_work_are_told_at_once(void **state)
{
	static const struct {
		const char *in, *out, *langs;
		int code;
		const char *words;
	} bad[] = {
		{"espeak-ng", "off", "en", ERR_INVALID, "is for speech-out"},
		{"off", "pocketsphinx", "en", ERR_INVALID, "is for speech-in"},
		{"/no/such/engine", "off", "en", ERR_NOT_FOUND, "/no/such/engine"},
		{"cat 'open", "off", "en", ERR_INVALID, "quote"},
		{"cat", "off", "zh,e1", ERR_INVALID, "'e1'"},
	};
	struct err err;

	(void)state;
	assert_int_equal(try_settings("off", "off", "", &err), 0);
	assert_int_equal(try_settings("cat", " cat ", "zh, en", &err), 0);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(try_settings(bad[i].in, bad[i].out, bad[i].langs, &err),
				 bad[i].code);
		assert_non_null(strstr(err.text, bad[i].words));
	}
}

static void a_package_that_is_missing_is_named(void **state)
{
	char *path = mem_strdup(str_of(getenv("PATH")));
	struct err err;

	(void)state;
	setenv("PATH", folder, 1);
	assert_int_equal(try_settings("pocketsphinx", "off", "", &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "apt-get install pocketsphinx pocketsphinx-en-us"));
	assert_int_equal(try_settings("off", "espeak-ng", "", &err), ERR_NOT_FOUND);
	setenv("PATH", path, 1);
	free(path);
}

static void off_both_ways_means_no_threads_and_no_offer(void **state)
{
	struct settings set;
	struct speech *s = (struct speech *)&set;
	struct err err;

	(void)state;
	settings_init(&set);
	assert_int_equal(speech_start(&set, wake, &wake_pipe[1], &s, &err), 0);
	assert_null(s);
	assert_false(speech_has(s, SPEECH_IN));
	assert_null(speech_lang(s, SPEECH_OUT, STR("en")));
	assert_null(speech_take(s));
	settings_done(&set);
}

static void
a_daemon_that_was_started_with_children_ignored_waits_for_them_all_the_same(void **state)
{
	struct speech *s;
	struct speech_job *j;

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	s = started("cat >/dev/null; echo well", "", 60);
	j = heard(s, quiet());
	assert_int_equal(j->code, 0);
	speech_job_free(j);
	speech_stop(s);
}

static void languages_are_found_by_the_beginning_of_their_tags(void **state)
{
	struct speech *s = started("cat", "", 60);
	struct buf b = {0};

	(void)state;
	assert_string_equal(speech_lang(s, SPEECH_IN, STR("EN_us")), "en");
	assert_string_equal(speech_lang(s, SPEECH_OUT, STR("zh-Hant-TW")), "zh");
	assert_null(speech_lang(s, SPEECH_IN, STR("fr")));
	assert_null(speech_lang(s, SPEECH_IN, STR("")));
	assert_null(speech_lang(s, SPEECH_IN, STR("e")));
	assert_null(speech_lang(s, SPEECH_IN, STR("--help")));
	assert_null(speech_lang(s, SPEECH_IN, STR("english-language")));
	json_open(&b, '{');
	speech_put(s, &b);
	json_close(&b, '}');
	assert_true(
		str_eq(buf_view(&b), STR("{\"hears\":[\"zh\",\"en\"],\"says\":[\"zh\",\"en\"]}")));
	buf_done(&b);
	speech_stop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_engine_is_given_a_wav_and_its_lines_become_one),
		cmocka_unit_test(words_and_languages_go_to_the_command_line_as_written),
		cmocka_unit_test(what_is_said_comes_as_a_wav_with_true_sizes),
		cmocka_unit_test(bad_engines_are_failed_jobs_and_nothing_else),
		cmocka_unit_test(one_that_hangs_is_given_up_and_the_next_is_served),
		cmocka_unit_test(what_is_shorter_than_a_word_is_not_even_tried),
		cmocka_unit_test(nobody_takes_all_places_and_all_places_are_few),
		cmocka_unit_test(many_at_once_all_come_back),
		cmocka_unit_test(settings_that_cannot_work_are_told_at_once),
		cmocka_unit_test(a_package_that_is_missing_is_named),
		cmocka_unit_test(off_both_ways_means_no_threads_and_no_offer),
		cmocka_unit_test(
			a_daemon_that_was_started_with_children_ignored_waits_for_them_all_the_same),
		cmocka_unit_test(languages_are_found_by_the_beginning_of_their_tags),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
