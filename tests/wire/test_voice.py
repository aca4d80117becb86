"""Speech: utterances by wire into text, text into sound; engines that are real, and some that misbehave."""
import base64
import json
import os
import shutil
import struct
import subprocess
import unittest
from contextlib import closing

from kefud import BUILD, Daemon, wait_for

RATE = 16000
SECOND = b"\0\1" * RATE
WAIT = "240"  # seconds an engine may take on a busy machine under a sanitizer
LONG = 300  # seconds a socket waits

FAKE = r"""#!/bin/sh
# What the utterance, or the text, says is what it does; anything else is heard as "good words".
all=$(tr '\0\1' '  ')
case $all in
*please-crash*) kill -SEGV $$ ;;
*please-fail*) exit 3 ;;
*please-hang*) sleep 1000 ;;
*please-babble*) printf '\377\376\375' ;;
*please-flood*) yes flood ;;
*please-nothing*) ;;
*please-args*) echo "$@" ;;
*please-size*) printf '%s' "$all" | wc -c ;;
*please-env*) env ;;
*) echo good words ;;
esac
"""


def wav(pcm, rate=RATE, channels=1, bits=16):
    return (b"RIFF" + struct.pack("<I", 36 + len(pcm)) + b"WAVEfmt " +
            struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits) +
            b"data" + struct.pack("<I", len(pcm)) + pcm)


def wav_seconds(data):
    """Checked by the header's every number against the bytes there are."""
    riff, size, wave, fmt, n, form, channels, rate, bytes_a_second, block, bits, tag, length = struct.unpack(
        "<4sI4s4sIHHIIHH4sI", data[:44])
    assert (riff, wave, fmt, tag) == (b"RIFF", b"WAVE", b"fmt ", b"data"), data[:44]
    assert (n, form, bits, block) == (16, 1, 16, channels * 2), data[:44]
    assert size == len(data) - 8 and length == len(data) - 44 and bytes_a_second == rate * block, data[:44]
    return length / bytes_a_second


def utter(ws, pcm, id="a1", part=5844, **fields):
    """All parts of an utterance."""
    fields = {"format": "pcm16", "rate": RATE, "lang": "en-US", **fields}
    pieces = [pcm[i:i + part] for i in range(0, len(pcm), part)] or [b""]
    for i, piece in enumerate(pieces):
        ws.send_json({"type": "audio", "id": id, **fields, "data": base64.b64encode(piece).decode(),
                      "more": i + 1 < len(pieces)})


def outcome(ws, id="a1"):
    """The heard frame's text, or the error's code."""
    while True:
        f = ws.receive()
        if f["type"] == "heard" and f["to"] == id:
            return f["text"]
        if f["type"] == "error" and f.get("to") == id:
            return f["code"]


def said(words):
    """SECOND-long noise with an order for the fake engine in it."""
    text = f"please-{words}".encode()
    return SECOND[:8000] + text + b" " * (len(text) % 2) + SECOND[:8000]


class Fakes(unittest.TestCase):
    """A daemon whose engines are scripts of our own."""

    options = []

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        cls.engine = os.path.join(cls.daemon.folder, "engine")
        with open(cls.engine, "w", encoding="utf-8") as f:
            f.write(FAKE)
        os.chmod(cls.engine, 0o700)
        cls.daemon.options = ["--speech-in", f"{cls.engine} -l {{lang}}", "--speech-out", f"{cls.engine}",
                              "--speech-wait", WAIT, "--rate", "100000", "--record",
                              os.path.join(cls.daemon.folder, "record"), *cls.options]
        os.mkdir(os.path.join(cls.daemon.folder, "record"))
        cls.daemon.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None, None, None)

    def setUp(self):
        self.ws = self.daemon.ws(timeout=LONG)
        self.welcome = self.ws.hello(lang="en")

    def tearDown(self):
        self.ws.close()

    def heard(self, pcm, **fields):
        utter(self.ws, pcm, **fields)
        return outcome(self.ws, fields.get("id", "a1"))

    def well(self):
        """Whatever happened: the daemon answers, and hears."""
        self.assertEqual(self.ws.ask("hello", "w" + os.urandom(4).hex())["intent"], "hello")
        self.assertEqual(self.heard(SECOND, id="w" + os.urandom(4).hex()), "good words")

    def speech(self, fields, headers=None):
        return self.daemon.http("POST", "/speech", json.dumps(fields), headers, timeout=LONG)


class Voice(Fakes):
    # ---- what is offered ----

    def test_the_welcome_tells_what_is_offered(self):
        offer = self.welcome["speech"]
        self.assertEqual((offer["hears"], offer["says"]), (["zh", "en"], ["zh", "en"]))
        self.assertEqual((offer["seconds"], offer["chars"]), (30, 600))
        # a part of that size, with the longest id, is within message-bytes
        utter(self.ws, SECOND, id="x" * 64, part=offer["part"], lang="x" * 35)
        self.assertEqual(outcome(self.ws, "x" * 64), "no_speech")

    def test_a_resumed_welcome_tells_it_too(self):
        other = self.daemon.ws()
        self.assertEqual(other.hello(session=self.welcome["session"], since=1)["speech"], self.welcome["speech"])
        other.close()

    # ---- hearing ----

    def test_an_utterance_in_parts_is_heard_as_one(self):
        self.assertEqual(self.heard(SECOND * 3), "good words")
        f = self.ws.frames[-1]
        self.assertEqual((f["lang"], f["final"]), ("en", True))
        self.assertNotIn("seq", f)

    def test_all_samples_arrive_behind_a_header(self):
        pcm = SECOND + b"please-size "
        self.assertEqual(self.heard(pcm, part=5001).strip(), str(len(pcm) + 44))

    def test_a_wav_is_heard_as_bare_samples_are(self):
        pcm = SECOND + b"please-size "
        self.assertEqual(self.heard(wav(pcm), format="wav").strip(), str(len(pcm) + 44))

    def test_the_language_of_the_frame_or_else_of_the_chat_goes_to_the_engine(self):
        self.assertEqual(self.heard(said("args"), lang="zh-CN"), "-l zh")
        self.ws.send_json({"type": "audio", "id": "a2", "format": "pcm16",
                           "data": base64.b64encode(b"please-args " * 300).decode()})
        self.assertEqual(outcome(self.ws, "a2"), "-l en")

    def test_what_is_heard_is_a_message_only_when_it_is_sent(self):
        before = self.daemon.metric("kefu_messages_total")
        self.heard(SECOND)
        self.assertEqual(self.daemon.metric("kefu_messages_total"), before)

    def test_engines_see_nothing_of_the_daemons_environment(self):
        self.assertNotIn("KEFU", self.heard(said("env")))

    # ---- refusals ----

    def test_every_refusal_has_its_code(self):
        cases = [
            ("bad_audio", dict(pcm=SECOND, format="webm")),
            ("bad_audio", dict(pcm=SECOND, rate=44100)),
            ("bad_audio", dict(pcm=SECOND, format="wav")),
            ("bad_audio", dict(pcm=wav(SECOND, rate=8000), format="wav")),
            ("bad_audio", dict(pcm=wav(SECOND, channels=2), format="wav")),
            ("bad_audio", dict(pcm=wav(SECOND, bits=8), format="wav")),
            ("no_speech", dict(pcm=SECOND, lang="fr")),
            ("not_heard", dict(pcm=b"ab")),
            ("not_heard", dict(pcm=said("nothing"))),
            ("too_long", dict(pcm=SECOND * 31)),
        ]
        for i, (code, fields) in enumerate(cases):
            with self.subTest(code=code, case=i):
                errors = self.daemon.metric("kefu_errors_total")
                self.assertEqual(self.heard(id=f"r{i}", **fields), code)
                # said once, not for each part that follows
                self.well()
                self.assertEqual(self.daemon.metric("kefu_errors_total"), errors + 1)

    def test_data_that_is_not_base64_is_refused(self):
        for i, data in enumerate(("****", "AAA", "AA=A", "A A A A=", "AAAA\n", "_-__")):
            self.ws.send_json({"type": "audio", "id": f"b{i}", "format": "pcm16", "data": data})
            self.assertEqual(outcome(self.ws, f"b{i}"), "bad_audio", data)
        self.well()

    def test_frames_with_members_missing_or_wrong_are_refused(self):
        good = {"type": "audio", "id": "f", "format": "pcm16", "data": "AAAA"}
        for change in ({"id": None}, {"format": None}, {"data": None}, {"rate": "16000"}, {"more": 1}, {"data": 5}):
            frame = {k: v for k, v in {**good, **change}.items() if v is not None}
            self.ws.send_json(frame)
            self.ws.error("bad_frame")
        self.well()

    def test_a_part_of_another_utterance_ends_the_one_before(self):
        self.ws.send_json({"type": "audio", "id": "old", "format": "pcm16", "more": True,
                           "data": base64.b64encode(said("crash")[:6000]).decode()})
        self.assertEqual(self.heard(SECOND, id="new"), "good words")

    def test_whoever_goes_away_in_the_middle_leaves_nothing(self):
        for last in (True, False):
            ws = self.daemon.ws()
            ws.hello(lang="en")
            ws.send_json({"type": "audio", "id": "a", "format": "pcm16", "more": last,
                          "data": base64.b64encode(SECOND[:6000]).decode()})
            ws.reset()
        self.well()

    # ---- engines that misbehave ----

    def test_an_engine_that_crashes_fails_or_babbles_is_an_error_and_no_more(self):
        failures = self.daemon.metric("kefu_speech_failures_total")
        for what in ("crash", "fail", "babble", "flood"):
            with self.subTest(what):
                self.assertEqual(self.heard(said(what), id=what), "speech_failed")
                self.well()
        self.assertEqual(self.daemon.metric("kefu_speech_failures_total"), failures + 4)

    def test_what_was_said_and_understood_is_in_no_file(self):
        self.heard(said("crash"), id="c1")
        self.heard(SECOND + b"a-voice-of-its-own", id="c2")
        self.ws.ask("hello", "c3")
        self.assertIn("signal 11", self.daemon.log_text())
        recorded = os.path.join(self.daemon.folder, "record")
        self.assertTrue(wait_for(lambda: any("hello" in text for _, text in self.files(recorded))), "it is recorded")
        for path, text in self.files(self.daemon.folder):
            if path != self.engine:
                self.assertNotIn("good words", text, path)
                self.assertNotIn("a-voice-of-its-own", text, path)

    def files(self, folder):
        for inside, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(inside, name)
                with open(path, encoding="latin-1") as f:
                    yield path, f.read()

    # ---- reading aloud ----

    def problem(self, status, fields, headers=None):
        got, head, body = self.speech(fields, headers)
        self.assertEqual((got, head["content-type"]), (status, "application/problem+json"), body)
        return json.loads(body)["detail"]

    def test_reading_needs_a_session_or_the_key(self):
        session = self.welcome["session"]
        self.assertEqual(self.problem(502, {"text": "words", "lang": "en", "session": session}),
                         "the program of speech-out failed")  # it writes no WAV
        self.problem(404, {"text": "words", "session": "0" * 32})
        self.problem(401, {"text": "words"}, {"X-Forwarded-For": "203.0.113.7"})

    def test_wrong_requests_to_read_are_told(self):
        session = self.welcome["session"]
        self.assertIn("text", self.problem(400, {"session": session}))
        self.problem(400, {"text": " \n ", "session": session})
        self.problem(413, {"text": "字" * 601, "session": session})
        self.problem(501, {"text": "bonjour", "lang": "fr", "session": session})
        for body in ("[]", "{", "7"):
            self.assertEqual(self.daemon.http("POST", "/speech", body)[0], 400)
        self.assertEqual(self.daemon.http("GET", "/speech")[0], 405)

    def test_a_page_of_another_origin_may_not_ask(self):
        status, _, _ = self.speech({"text": "x", "session": self.welcome["session"]},
                                   {"Origin": "https://evil.example"})
        self.assertEqual(status, 403)


class Hanging(Fakes):
    options = ["--speech-wait", "2", "--speech-seconds", "2", "--rate", "100000"]

    def test_an_engine_that_hangs_is_given_up_while_the_daemon_answers(self):
        utter(self.ws, said("hang"))
        for i in range(20):
            self.assertEqual(self.ws.ask("hello", f"h{i}")["intent"], "hello")
        self.assertEqual(outcome(self.ws), "busy")
        self.assertIn("in time", self.daemon.log_text())

    def test_the_bound_on_seconds_is_the_settings(self):
        self.assertEqual(self.heard(SECOND * 2 + b"ab", id="long"), "too_long")

    def test_many_that_wait_are_few(self):
        others = [self.daemon.ws(timeout=LONG) for _ in range(12)]
        for ws in others:
            ws.hello(lang="en")
            utter(ws, said("hang"))
        got = [outcome(ws) for ws in others]
        self.assertEqual(set(got), {"busy"})
        for ws in others:
            ws.close()

    def test_it_stops_at_once_with_engines_at_work(self):
        with Daemon(options=self.daemon.options) as d:
            ws = self.enterContext(closing(d.ws()))
            ws.hello(lang="en")
            utter(ws, said("hang"))
            self.assertTrue(wait_for(lambda: children(d.process.pid)))
            (child,) = children(d.process.pid)
            self.assertEqual(d.stop(), 0)
            self.assertTrue(wait_for(lambda: not os.path.exists(f"/proc/{child}")))


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        own = f.read().split()
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as f:
                own += f.read().split()
        except FileNotFoundError:
            pass
    return [int(p) for p in dict.fromkeys(own)]


class Limits(unittest.TestCase):
    def test_without_the_settings_nothing_is_offered_or_taken(self):
        with Daemon() as d:
            ws = self.enterContext(closing(d.ws()))
            self.assertNotIn("speech", ws.hello(lang="en"))
            utter(ws, SECOND)
            self.assertEqual(outcome(ws), "no_speech")
            self.assertEqual(d.json("POST", "/speech", '{"text":"x"}')[0], 501)

    def test_utterances_count_in_the_rate_limit_and_parts_do_not(self):
        with Daemon(options=["--speech-in", "sh -c 'echo well'", "--rate", "3", "--rate-seconds", "3600",
                             "--speech-wait", WAIT]) as d:
            ws = self.enterContext(closing(d.ws(timeout=LONG)))
            ws.hello(lang="en")
            got = []
            for i in range(5):
                utter(ws, SECOND, id=f"a{i}")
                got.append(outcome(ws, f"a{i}"))
            self.assertEqual(got, ["well"] * 3 + ["rate_limited"] * 2)

    def test_pages_of_allowed_origins_may_load_the_module_and_ask_for_sound(self):
        with Daemon(options=["--origins", "https://shop.example", "--speech-out", "cat"]) as d:
            for path in ("/voice.js", "/voice-worklet.js"):
                for origin, allowed in (("https://shop.example", "https://shop.example"), ("https://evil.example", None)):
                    status, head, _ = d.http("GET", path, headers={"Origin": origin})
                    self.assertEqual((status, head.get("access-control-allow-origin")), (200, allowed))
            status, head, _ = d.http("OPTIONS", "/speech", headers={"Origin": "https://shop.example"})
            self.assertEqual((status, head["access-control-allow-origin"]), (204, "https://shop.example"))
            self.assertIn("content-type", head["access-control-allow-headers"])

    def test_a_program_that_is_not_there_is_told_at_start_and_by_check(self):
        with Daemon() as d:
            for more in ([], ["--check"]):
                run = subprocess.run([os.path.join(BUILD, "kefud"), "--speech-in", "/no/such/engine", "--listen",
                                      "127.0.0.1:0", "--intents", d.rules_path, "--db", d.db, *more],
                                     capture_output=True, text=True, timeout=60)
                self.assertNotEqual(run.returncode, 0)
                self.assertIn("/no/such/engine", run.stderr)


def needs(*programs):
    missing = [p for p in programs if not shutil.which(p)]
    return unittest.skipIf(missing, f"not installed: {' '.join(missing)}")


class Real(unittest.TestCase):
    """What a learner says and hears, with Debian's engines."""

    def flite(self, daemon, words):
        path = os.path.join(daemon.folder, "said.wav")
        subprocess.run(["flite", "-voice", "rms", "-t", words, "-o", path], check=True)
        with open(path, "rb") as f:
            data = f.read()
        return b"\0" * 8000 + data[44:] + b"\0" * 16000

    @needs("pocketsphinx_continuous", "flite")
    def test_spoken_sentences_get_the_answers_of_written_ones(self):
        with Daemon(options=["--speech-in", "pocketsphinx", "--speech-wait", WAIT, "--speech-at-once", "2"]) as d:
            ws = self.enterContext(closing(d.ws(timeout=LONG)))
            self.assertEqual(ws.hello(lang="en")["speech"]["hears"], ["en"])
            for i, (words, intent) in enumerate((("I want a refund", "refund"), ("talk to a human", "human"),
                                                 ("recommend a course", "recommend"))):
                with self.subTest(words):
                    utter(ws, self.flite(d, words), id=f"a{i}")
                    text = outcome(ws, f"a{i}")
                    self.assertEqual(text, words.lower())
                    self.assertEqual(ws.ask(text, f"c{i}")["intent"], intent)
            utter(ws, self.flite(d, "hello"), id="zh", lang="zh-CN")
            self.assertEqual(outcome(ws, "zh"), "no_speech")
            self.silent(ws)

    def silent(self, ws):
        utter(ws, b"\0\0" * RATE, id="quiet")
        self.assertEqual(outcome(ws, "quiet"), "not_heard")

    @needs("espeak-ng")
    def test_answers_are_read_aloud_in_chinese_and_english(self):
        with Daemon(options=["--speech-out", "espeak-ng", "--speech-wait", WAIT]) as d:
            ws = self.enterContext(closing(d.ws()))
            session = ws.hello(lang="zh")["session"]
            seconds = {}
            for text in ("您好！", "您好！" * 20, "Hello there, your refund arrives within three days."):
                status, head, body = d.http("POST", "/speech", json.dumps({"text": text, "session": session}),
                                            timeout=LONG)
                self.assertEqual((status, head["content-type"]), (200, "audio/wav"), body[:200])
                self.assertEqual(head["cache-control"], "no-store")
                seconds[text] = wav_seconds(body)
                samples = struct.unpack(f"<{(len(body) - 44) // 2}h", body[44:])
                self.assertGreater(max(samples), 3000, "it can be heard")
            self.assertGreater(seconds["您好！"], 0.3)
            self.assertGreater(seconds["您好！" * 20], 8 * seconds["您好！"])
            self.assertLess(seconds["您好！" * 20], 60)
            self.assertTrue(1.5 < list(seconds.values())[2] < 8, seconds)


if __name__ == "__main__":
    unittest.main()
