"""The wire protocol: sessions, replies, resume, clicks, feedback, events, errors."""
import json
import unittest

from kefud import Closed, Daemon, wait_for


class Protocol(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(options=["--rate", "100000", "--connections-per-ip", "1000"]).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None, None, None)

    def setUp(self):
        self.ws = self.daemon.ws()

    def tearDown(self):
        self.ws.close()

    # ---- session ----

    def test_hello_is_welcomed_with_a_session(self):
        w = self.ws.hello(lang="zh-CN", page="/course/py101")
        self.assertEqual(w["seq"], 1)
        self.assertFalse(w["resumed"])
        self.assertGreaterEqual(len(w["session"]), 22)
        self.assertTrue(w["text"])
        self.assertIsInstance(w["buttons"], list)

    def test_hello_in_english_is_welcomed_in_english(self):
        self.assertRegex(self.ws.hello(lang="en-US")["text"], "[A-Za-z]{4}")

    def test_a_message_first_means_a_new_session(self):
        self.ws.send_json({"type": "message", "id": "c1", "text": "你好"})
        first = self.ws.receive()
        self.assertEqual(first["type"], "welcome")
        self.assertEqual(self.ws.reply("c1")["intent"], "hello")

    def test_seq_grows_by_one(self):
        self.ws.hello()
        for i in range(5):
            self.ws.ask("你好", f"c{i}")
        seqs = [f["seq"] for f in self.ws.frames if "seq" in f]
        self.assertEqual(seqs, list(range(1, len(seqs) + 1)))

    def test_sessions_do_not_share_their_talk(self):
        other = self.daemon.ws()
        self.assertNotEqual(self.ws.hello()["session"], other.hello()["session"])
        self.ws.ask("退款", "a")
        self.assertEqual(other.ask("20260301123456", "b")["source"], "fallback")
        other.close()

    # ---- replies ----

    def test_a_reply_has_the_contract_fields(self):
        r = self.ws.ask("我要退款")
        self.assertEqual({"type", "seq", "to", "text", "intent", "score", "source", "buttons", "courses", "lang"} -
                         set(r), set())
        self.assertEqual((r["intent"], r["source"], r["score"], r["lang"]), ("refund", "rule", 1.0, "zh"))
        self.assertEqual(r["text"], "请告诉我订单号")

    def test_slots_are_filled_over_turns(self):
        self.ws.ask("我要退款", "a")
        r = self.ws.ask("20260301123456", "b")
        self.assertEqual(r["source"], "slot")
        self.assertIn("20260301123456", r["text"])
        self.assertEqual(r["buttons"], [{"title": "转人工", "value": "转人工"}])

    def test_fallback_has_no_intent(self):
        r = self.ws.ask("量子纠缠的香蕉")
        self.assertIsNone(r["intent"])
        self.assertEqual(r["source"], "fallback")

    def test_faq_answers_name_their_entry(self):
        r = self.ws.ask("怎么开发票")
        self.assertEqual((r["intent"], r["source"]), ("faq:invoice", "faq"))

    def test_a_recommendation_has_course_cards(self):
        r = self.ws.ask("推荐")
        self.assertTrue(r["courses"])
        self.assertEqual({"id", "title", "url", "price", "image", "reason"} - set(r["courses"][0]), set())

    def test_a_click_is_answered(self):
        self.assertEqual(self.ws.ask("intent:hello", "k1", kind="click")["intent"], "hello")
        self.assertEqual(self.ws.ask("转人工", "k2", kind="click")["intent"], "human")

    def test_an_id_answered_before_gets_the_stored_reply(self):
        first = self.ws.ask("我要退款", "same")
        again = self.ws.ask("我要退款", "same")
        self.assertEqual(first, again)
        self.assertEqual(self.ws.ask("20260301123456", "next")["source"], "slot")

    # ---- resume ----

    def test_resume_brings_everything_after_since_once(self):
        session = self.ws.hello()["session"]
        replies = [self.ws.ask("你好", f"c{i}") for i in range(6)]
        self.ws.reset()
        since = replies[2]["seq"]
        self.ws = self.daemon.ws()
        w = self.ws.hello(session=session, since=since)
        self.assertTrue(w["resumed"])
        self.assertEqual(w["session"], session)
        got = [self.ws.expect("reply") for _ in range(3)]
        self.assertEqual([g["seq"] for g in got], [r["seq"] for r in replies[3:]])
        self.assertEqual([g["text"] for g in got], [r["text"] for r in replies[3:]])
        new = self.ws.ask("你好", "new")
        self.assertGreater(new["seq"], replies[-1]["seq"])

    def test_a_client_that_keeps_the_greatest_seq_never_loses_or_doubles(self):
        session, last, seen = self.ws.hello()["session"], 1, []
        for round_ in range(8):
            self.ws.send_json({"type": "message", "id": f"r{round_}", "text": "你好"})
            if round_ % 2:
                self.ws.reset()
            else:
                seen.append(self.ws.reply(f"r{round_}")["to"])
                self.ws.close()
            last = max([last] + [f["seq"] for f in self.ws.frames if "seq" in f])
            self.ws = self.daemon.ws()
            self.ws.hello(session=session, since=last)
            self.ws.send_json({"type": "message", "id": f"r{round_}", "text": "你好"})
            answer = None
            while answer is None or answer["to"] != f"r{round_}":
                answer = self.ws.expect("reply")
            last = max(last, *[f["seq"] for f in self.ws.frames if "seq" in f])
            fresh = [f for f in self.ws.frames if f["type"] == "reply" and f["to"] == f"r{round_}"]
            self.assertEqual(len({f["seq"] for f in fresh}), 1)
            seen.append(answer["to"])
        self.assertEqual(sorted(set(seen)), [f"r{i}" for i in range(8)])

    def test_a_second_connection_takes_the_session_over(self):
        session = self.ws.hello()["session"]
        other = self.daemon.ws()
        self.assertTrue(other.hello(session=session, since=1)["resumed"])
        self.assertIsNotNone(self.ws.closed())
        self.assertEqual(other.ask("你好")["intent"], "hello")
        other.close()

    def test_an_unknown_session_is_said_and_a_new_one_begun(self):
        for token in ("0" * 32, "no such token", "", "x" * 500):
            with self.subTest(token=token):
                ws = self.daemon.ws()
                ws.send_json({"type": "hello", "session": token, "since": 3})
                kinds = {ws.receive()["type"]}
                if "welcome" not in kinds:
                    self.assertEqual(ws.frames[-1]["code"], "bad_session")
                    w = ws.expect("welcome")
                else:
                    w = ws.frames[-1]
                self.assertFalse(w["resumed"])
                self.assertNotEqual(w["session"], token)
                ws.close()

    def test_end_ends_the_session(self):
        session = self.ws.hello()["session"]
        self.ws.send_json({"type": "end"})
        self.assertEqual(self.ws.closed(), 1000)
        self.ws = self.daemon.ws()
        self.ws.send_json({"type": "hello", "session": session})
        self.assertFalse(self.ws.expect("welcome")["resumed"])

    # ---- feedback and events ----

    def test_feedback_is_acknowledged(self):
        r = self.ws.ask("你好")
        self.ws.send_json({"type": "feedback", "id": "f1", "seq": r["seq"], "helpful": True})
        self.assertEqual(self.ws.expect("ack")["to"], "f1")

    def test_feedback_on_nothing_is_an_error(self):
        self.ws.hello()
        self.ws.send_json({"type": "feedback", "id": "f2", "seq": 999, "helpful": True})
        self.assertEqual(self.ws.error()["to"], "f2")

    def test_an_event_is_acknowledged_after_its_commit(self):
        before = self.daemon.metric("kefu_events_total")
        self.ws.send_json({"type": "event", "id": "e1", "name": "view", "course": "py101"})
        self.assertEqual(self.ws.expect("ack")["to"], "e1")
        self.assertEqual(self.daemon.metric("kefu_events_total"), before + 1)

    def test_bad_events_are_refused(self):
        for e in ({"name": "dance", "course": "py101"}, {"name": "view"}, {"course": "py101"},
                  {"name": "view", "course": 7}, {"name": "rate", "course": "py101", "value": 99}):
            with self.subTest(e=e):
                self.ws.send_json({"type": "event", "id": "bad", **e})
                self.assertEqual(self.ws.error()["to"], "bad")

    def test_typing_is_taken_in_silence(self):
        self.ws.send_json({"type": "typing"})
        self.assertEqual(self.ws.ask("你好")["intent"], "hello")

    # ---- errors ----

    def errors_of(self, text):
        self.ws.send_text(text)
        return self.ws.error()

    def test_malformed_json_is_bad_json(self):
        for text in ("", "{", "nul", '{"type":"message",}', "{'type':1}", '{"type":"message"} x', '"' + "a" * 50,
                     "[" * 5000, '{"a":' * 1200, "\u0000", '{"type":"message","id":"a","id":"b","text":"x"}',
                     '{"text":"\\ud800"}', "123", "NaN", '{"type":"message","text":"a\tb"}'):
            with self.subTest(text=text[:40]):
                self.assertIn(self.errors_of(text)["code"], ("bad_json", "bad_frame"))
        self.assertEqual(self.ws.ask("你好")["intent"], "hello")

    def test_wrong_frames_are_bad_frame(self):
        for f in ([], {}, {"type": 3}, {"type": "sing"}, {"type": "message"}, {"type": "message", "text": 5},
                  {"type": "message", "text": ""}, {"type": "message", "text": "   "},
                  {"type": "message", "text": "x", "id": 9}, {"type": "message", "text": "x", "id": "i" * 500},
                  {"type": "click"}, {"type": "feedback"}, {"type": "feedback", "seq": "1", "helpful": True},
                  {"type": "hello", "since": "x"}, {"type": "hello", "lang": 4}):
            with self.subTest(f=f):
                self.assertIn(self.errors_of(json.dumps(f))["code"], ("bad_frame", "bad_json"))
        self.assertEqual(self.ws.ask("你好")["intent"], "hello")

    def test_an_error_names_the_message_it_is_about(self):
        self.ws.send_json({"type": "message", "id": "long", "text": "长" * 2500})
        e = self.ws.error("too_long")
        self.assertEqual(e["to"], "long")
        self.assertTrue(e["message"])
        self.assertNotIn("seq", e)

    def test_a_too_long_message_leaves_the_session_well(self):
        self.ws.ask("我要退款", "a")
        self.ws.send_json({"type": "message", "id": "long", "text": "长" * 2500})
        self.ws.error("too_long")
        self.assertEqual(self.ws.ask("20260301123456", "b")["source"], "slot")


class Limits(unittest.TestCase):
    def test_the_rate_limit_refuses_and_recovers(self):
        with Daemon(options=["--rate", "5", "--rate-seconds", "1"]) as d:
            ws = d.ws()
            ws.hello()
            for i in range(20):
                ws.send_json({"type": "message", "id": f"m{i}", "text": "你好"})
            kinds = [ws.receive()["type"] for _ in range(20)]
            self.assertIn("error", kinds)
            self.assertGreaterEqual(kinds.count("reply"), 5)
            self.assertTrue(all(f["code"] == "rate_limited" for f in ws.frames if f["type"] == "error"))
            self.assertGreater(d.metric("kefu_rate_limited_total"), 0)

            def answered():
                ws.send_json({"type": "message", "text": "你好"})
                return ws.receive()["type"] == "reply"

            self.assertTrue(wait_for(answered))

    def test_connections_of_one_address_are_limited(self):
        with Daemon(options=["--connections-per-ip", "8"]) as d:
            open_ones = [d.ws() for _ in range(8)]
            raw = d.raw()
            answer = raw.read_all()
            self.assertTrue(answer == b"" or b" 503 " in answer, answer)
            open_ones[0].close()
            self.assertTrue(wait_for(lambda: self.opens(d)))
            for ws in open_ones[1:]:
                ws.close()
            self.assertTrue(wait_for(lambda: self.opens(d)))
            self.assertGreater(d.metric("kefu_rejected_total"), 0)

    @staticmethod
    def opens(d):
        try:
            d.ws().close()
            return True
        except (AssertionError, Closed, OSError):
            return False

    def test_sessions_are_limited_and_old_ones_make_room(self):
        with Daemon(options=["--sessions", "5", "--connections-per-ip", "100"]) as d:
            for _ in range(30):
                ws = d.ws()
                ws.hello()
                ws.close()
            self.assertLessEqual(d.metric("kefu_sessions"), 5)
            held = [d.ws() for _ in range(5)]
            for ws in held:
                ws.hello()
            more = d.ws()
            more.send_json({"type": "hello"})
            self.assertEqual(more.receive()["type"], "error")
            self.assertEqual(held[0].ask("你好")["intent"], "hello")

    def test_a_reader_that_never_reads_is_cut(self):
        with Daemon(options=["--queue-bytes", "65536", "--rate", "100000"]) as d:
            ws = d.ws()
            ws.hello()
            ws.socket.settimeout(20)
            try:
                for i in range(200_000):
                    ws.send_json({"type": "message", "id": f"s{i}", "text": "推荐"})
                    if i % 500 == 0 and d.metric("kefu_slow_readers_total") > 0:
                        break
            except (OSError, TimeoutError):
                pass
            self.assertTrue(d.wait_metric("kefu_slow_readers_total", 1))
            other = d.ws()
            self.assertEqual(other.ask("你好")["intent"], "hello")

    def test_quiet_connections_are_pinged_and_idle_ones_closed(self):
        with Daemon(options=["--ping-seconds", "1", "--idle-seconds", "4"]) as d:
            ws = d.ws(timeout=30)
            ws.hello()
            first, _ = ws.read_frame()
            self.assertEqual(first & 15, 9)
            self.assertIsNotNone(ws.closed() or 1000)

    def test_a_client_that_does_not_pong_is_dropped(self):
        with Daemon(options=["--ping-seconds", "1", "--idle-seconds", "600"]) as d:
            ws = d.ws(timeout=60)
            ws.hello()
            self.assertTrue(wait_for(lambda: d.metric("kefu_websockets") == 0, 60))


if __name__ == "__main__":
    unittest.main()
