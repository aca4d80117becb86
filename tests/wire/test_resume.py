"""Resuming: long histories, slow readers in the middle of them, restarts, identities, handoffs."""
import base64
import hashlib
import hmac
import json
import shutil
import signal
import sqlite3
import time
import unittest

from kefud import Closed, Daemon, frame, wait_for

KEY = "a key of the platform"
FAST = ["--rate", "100000", "--rate-seconds", "1", "--connections-per-ip", "1000"]


def jwt(user, key=KEY, alg="HS256", exp=None):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    body = part({"alg": alg}) + b"." + part({"sub": user, "exp": exp or int(time.time()) + 600})
    mac = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return (body + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


def talk(ws, n, start=0):
    """n messages, all answered."""
    for i in range(start, start + n):
        ws.send_json({"type": "message", "id": f"m{i}", "text": "你好"})
    while True:
        if ws.receive().get("to") == f"m{start + n - 1}":
            return


def numbered(ws, last):
    """The frames up to seq `last`, without the welcome of the resumption."""
    got = []
    while not got or got[-1]["seq"] < last:
        f = ws.receive()
        if "seq" in f and not f.get("resumed"):
            got.append(f)
    return got


class History(unittest.TestCase):
    def test_frames_beyond_the_memory_come_from_the_database(self):
        with Daemon(options=[*FAST, "--outbox-frames", "10"]) as d:
            ws = d.ws()
            session = ws.hello()["session"]
            talk(ws, 60)
            self.assertTrue(wait_for(lambda: d.metric("kefu_writes_queued") == 0))
            ws.close()
            for since in (0, 1, 30, 50, 51, 52, 60, 61):
                with self.subTest(since=since):
                    again = d.ws()
                    w = again.hello(session=session, since=since)
                    self.assertEqual((w["resumed"], w["seq"], w["session"]), (True, since, session))
                    if since < 61:
                        got = numbered(again, 61)
                        self.assertEqual([f["seq"] for f in got], list(range(since + 1, 62)))
                        if since == 0:
                            self.assertEqual(got[0]["type"], "welcome")
                            self.assertEqual(got[0]["session"], session)
                    again.close()

    def test_a_history_longer_than_the_queue_and_a_page_arrives_whole(self):
        with Daemon(options=[*FAST, "--outbox-frames", "20", "--queue-bytes", "16384"]) as d:
            ws = d.ws()
            session = ws.hello()["session"]
            for start in range(0, 1300, 50):
                talk(ws, 50, start)
            self.assertTrue(wait_for(lambda: d.metric("kefu_writes_queued") == 0))
            ws.close()
            again = d.ws()
            again.send_json({"type": "hello", "session": session, "since": 0})
            time.sleep(0.5)  # so that the server's queue is full before anything is read
            again.expect("welcome", resumed=True)
            self.assertEqual([f["seq"] for f in numbered(again, 1301)], list(range(1, 1302)))
            self.assertEqual(again.ask("你好", "now")["seq"], 1302)
            self.assertEqual(d.metric("kefu_slow_readers_total"), 0)
            again.close()

    def test_a_break_in_the_middle_of_the_history_loses_and_doubles_nothing(self):
        with Daemon(options=[*FAST, "--outbox-frames", "20"]) as d:
            ws = d.ws()
            session = ws.hello()["session"]
            talk(ws, 200)
            self.assertTrue(wait_for(lambda: d.metric("kefu_writes_queued") == 0))
            ws.close()
            seen, since = [], 0
            for cut in (1, 2, 30, 50, 80, 500):
                again = d.ws()
                again.hello(session=session, since=since)
                while cut and since < 201:
                    f = again.receive()
                    seen.append(f["seq"])
                    since = f["seq"]
                    cut -= 1
                again.reset()
            self.assertEqual(seen, list(range(1, 202)))

    def test_messages_sent_while_the_history_arrives_are_answered_behind_it(self):
        with Daemon(options=[*FAST, "--outbox-frames", "10"]) as d:
            ws = d.ws()
            session = ws.hello()["session"]
            talk(ws, 100)
            self.assertTrue(wait_for(lambda: d.metric("kefu_writes_queued") == 0))
            ws.close()
            again = d.ws()
            again.send_json({"type": "hello", "session": session, "since": 0})
            for i in range(5):
                again.send_json({"type": "message", "id": f"new{i}", "text": "你好"})
            self.assertEqual([f["seq"] for f in numbered(again, 106)], list(range(1, 107)))
            again.close()


class Restart(unittest.TestCase):
    def daemon_twice(self, first, second, sig=signal.SIGTERM):
        d = Daemon(options=FAST).start()
        try:
            kept = first(d)
            self.assertTrue(wait_for(lambda: d.metric("kefu_writes_queued") == 0))
            d.stop(sig)
            with Daemon(folder=d.folder, options=FAST) as again:
                second(again, kept)
        finally:
            if d.process.poll() is None:
                d.process.kill()
                d.process.wait()
            d.process.stdout.close()
            shutil.rmtree(d.folder)

    def test_an_id_answered_before_the_restart_is_not_answered_again(self):
        def first(d):
            ws = d.ws()
            session = ws.hello()["session"]
            return session, ws.ask("我要退款", "same")

        def second(d, kept):
            session, reply = kept
            ws = d.ws()
            ws.send_json({"type": "hello", "session": session, "since": 1})
            ws.send_json({"type": "message", "id": "same", "text": "我要退款"})
            ws.expect("welcome", resumed=True)
            self.assertEqual(ws.reply("same"), reply)
            self.assertEqual(ws.reply("same"), reply)
            self.assertEqual(d.metric("kefu_messages_total"), 0)
            self.assertEqual(ws.ask("20260301123456", "next")["seq"], reply["seq"] + 1)

        self.daemon_twice(first, second)

    def test_numbers_go_on_from_what_the_client_has_seen(self):
        def first(d):
            return d.ws().hello()["session"]

        def second(d, session):
            ws = d.ws()
            self.assertEqual(ws.hello(session=session, since=41)["seq"], 41)
            self.assertEqual(ws.ask("你好")["seq"], 42)

        self.daemon_twice(first, second)

    def test_http_goes_on_with_a_session_from_before(self):
        def first(d):
            return d.json("POST", "/message", json.dumps({"text": "我要退款"}))[1]["session"]

        def second(d, session):
            status, r = d.json("POST", "/message", json.dumps({"text": "20260301123456", "session": session}))
            self.assertEqual((status, r["source"], r["session"]), (200, "slot", session))

        self.daemon_twice(first, second)

    def test_an_ended_session_stays_ended(self):
        def first(d):
            ws = d.ws()
            session = ws.hello()["session"]
            ws.send_json({"type": "end"})
            self.assertEqual(ws.closed(), 1000)
            return session

        def second(d, session):
            ws = d.ws()
            ws.send_json({"type": "hello", "session": session})
            self.assertEqual(ws.error()["code"], "bad_session")
            self.assertFalse(ws.expect("welcome")["resumed"])
            self.assertEqual(d.http("POST", "/message", json.dumps({"text": "你好", "session": session}))[0], 404)

        self.daemon_twice(first, second)

    def test_what_is_private_is_not_in_the_stored_texts(self):
        def first(d):
            ws = d.ws()
            session = ws.hello()["session"]
            ws.ask("我要退款", "a")
            ws.ask("20260301123456", "b")
            ws.ask("转人工", "c")
            return session

        def second(d, session):
            with sqlite3.connect(d.db) as db:
                texts = [t for (t,) in db.execute("SELECT text FROM talk")]
                said = [t for (t,) in db.execute("SELECT said FROM handoffs")]
                everything = "\n".join(str(row) for table in ("talk", "sessions", "handoffs")
                                       for row in db.execute(f"SELECT * FROM {table}"))
            self.assertEqual(len(said), 1)
            for text in [*texts, *said]:
                self.assertNotIn("20260301123456", text)
            self.assertIn("learner: ", said[0])
            self.assertIn("bot: ", said[0])
            self.assertNotIn(session, everything)

        self.daemon_twice(first, second)


class Identity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(options=[*FAST, "--identity-key", KEY]).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None, None, None)

    def test_a_bad_identity_is_said_and_the_learner_is_a_guest(self):
        for token in (jwt("u1", key="another"), jwt("u1", alg="none"), jwt("u1", exp=1), "x", "a.b.c"):
            with self.subTest(token=token):
                ws = self.daemon.ws()
                ws.send_json({"type": "hello", "identity": token})
                self.assertEqual(ws.error()["code"], "bad_identity")
                self.assertFalse(ws.expect("welcome")["resumed"])
                ws.close()

    def test_a_session_of_one_learner_is_not_resumed_by_another(self):
        ws = self.daemon.ws()
        session = ws.hello(identity=jwt("u1"))["session"]
        self.assertTrue(self.daemon.ws().hello(identity=jwt("u1"), session=session, since=1)["resumed"])
        other = self.daemon.ws()
        other.send_json({"type": "hello", "identity": jwt("u2"), "session": session, "since": 0})
        self.assertEqual(other.error()["code"], "bad_session")
        self.assertNotEqual(other.expect("welcome")["session"], session)
        other.close()
        ws.close()

    def test_what_a_learner_bought_is_not_recommended_to_them_in_the_chat(self):
        event = {"user": "buyer", "course": "py101", "type": "purchase"}
        self.assertEqual(self.daemon.json("POST", "/events", json.dumps(event))[0], 200)
        ws = self.daemon.ws()
        ws.hello(identity=jwt("buyer"), lang="zh")
        for i in range(3):
            self.assertNotIn("py101", [c["id"] for c in ws.ask("推荐", f"r{i}")["courses"]])
        ws.close()


class Frames(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(options=FAST).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None, None, None)

    def test_a_handoff_tells_that_a_person_was_asked_for(self):
        ws = self.daemon.ws()
        r = ws.ask("转人工")
        a = ws.expect("agent")
        self.assertEqual((a["state"], a["seq"]), ("offline", r["seq"] + 1))  # nobody is there
        self.assertGreaterEqual(self.daemon.metric("kefu_handoffs_total"), 1)
        ws.close()

    def test_an_event_sent_twice_is_stored_once_and_acknowledged_twice(self):
        before = self.daemon.metric("kefu_events_total")
        ws = self.daemon.ws()
        for _ in range(3):
            ws.send_json({"type": "event", "id": "once", "name": "view", "course": "py101"})
        first = ws.expect("ack", to="once")
        ws.send_json({"type": "event", "id": "once", "name": "view", "course": "py101"})
        self.assertEqual(ws.expect("ack", to="once"), first)
        self.assertEqual(self.daemon.metric("kefu_events_total"), before + 1)
        ws.close()

    def test_the_one_replaced_is_told_so(self):
        ws = self.daemon.ws()
        session = ws.hello()["session"]
        other = self.daemon.ws()
        other.hello(session=session, since=1)
        with self.assertRaises(Closed) as closed:
            ws.receive()
        self.assertEqual((closed.exception.code, closed.exception.reason), (4001, b"replaced"))
        other.close()

    def test_a_client_without_a_subprotocol_is_taken(self):
        ws = self.daemon.ws(protocol=None)
        self.assertEqual(ws.ask("你好")["intent"], "hello")
        ws.close()

    def test_endless_nonsense_is_ended_with_1008(self):
        d = Daemon(options=["--rate", "5", "--rate-seconds", "1"])
        with d:
            ws = d.ws()
            with self.assertRaises((Closed, OSError)) as closed:
                for _ in range(2000):
                    ws.send_text("{")
                    ws.receive()
            if isinstance(closed.exception, Closed):
                self.assertEqual(closed.exception.code, 1008)

    def test_a_reader_that_stops_is_cut_after_the_ping_time(self):
        with Daemon(options=[*FAST, "--ping-seconds", "1", "--queue-bytes", "65536"]) as d:
            ws = d.ws()
            ws.hello()
            ws.socket.setblocking(False)
            one = frame(json.dumps({"type": "message", "text": "推荐"}).encode()) * 50
            try:
                for _ in range(20_000):
                    ws.socket.send(one)
            except BlockingIOError:
                pass
            self.assertTrue(d.wait_metric("kefu_slow_readers_total", 1, 60))
            self.assertTrue(wait_for(lambda: d.metric("kefu_websockets") == 0, 60))
            other = d.ws()
            self.assertEqual(other.ask("你好")["intent"], "hello")
            other.close()


class Cors(unittest.TestCase):
    def test_allowed_pages_may_call_and_others_may_not(self):
        shop = "https://shop.example"
        with Daemon(options=[*FAST, "--origins", f"self,{shop}"]) as d:
            status, head, _ = d.http("OPTIONS", "/message", headers={"Origin": shop,
                                                                    "Access-Control-Request-Method": "POST"})
            self.assertEqual((status, head["access-control-allow-origin"]), (204, shop))
            self.assertIn("POST", head["access-control-allow-methods"])
            status, head, _ = d.http("POST", "/message", json.dumps({"text": "你好"}), {"Origin": shop})
            self.assertEqual((status, head["access-control-allow-origin"]), (200, shop))
            for origin in ("https://evil.example", "null", "x" * 1000):
                self.assertEqual(d.http("POST", "/message", json.dumps({"text": "你好"}), {"Origin": origin})[0], 403)
            self.assertNotIn("access-control-allow-origin",
                             d.http("OPTIONS", "/message", headers={"Origin": "https://evil.example"})[1])


if __name__ == "__main__":
    unittest.main()
