"""The people beside the bot: the queue, who takes what, what is said, and what a kill must not lose."""
import json
import os
import signal
import subprocess
import threading
import unittest

from kefud import BUILD, RULES, Closed, Daemon, WebSocket, handshake
from staff import Staff
from test_resume import KEY, jwt

ORDER = "20260301123456"


class Desk(WebSocket):
    """A page at the desk."""

    def __init__(self, daemon, staff, hello=True, online=True, **options):
        self.staff, self.staff_name = staff, staff.name
        options = {"path": "/admin/ws", "protocol": "kefu.desk.v1", "origin": f"http://127.0.0.1:{daemon.port}",
                   "extra": [f"Cookie: kefu_staff={staff.cookie}"]} | options
        super().__init__(daemon.port, **options)
        if hello:
            self.send_json({"type": "hello"})
            self.desk = self.expect("desk")
            self.waiting = [c["session"] for c in self.desk["chats"] if c["state"] == "queued"]
        if hello and online:
            self.send_json({"type": "presence", "state": "online"})
            self.expect("agents")

    def do(self, kind, session=None, **fields):
        self.send_json({"type": kind, **({"session": session} if session else {}), **fields})

    def chat(self, session, **fields):
        """The next word on that conversation that says so."""
        while True:
            c = self.expect("chat")["chat"]
            if c["session"] == session and all(c.get(k) == v for k, v in fields.items()):
                return c

    def take(self, session):
        self.do("take", session)
        return self.chat(session, state="agent")

    def say(self, session, text, id):
        self.do("say", session, id=id, text=text)
        return self.expect("done", id=id)

    def lines(self, session, since=0):
        """All lines after `since`. Live ones may come before them, and again with them."""
        self.do("open", session, since=since)
        self.frames.clear()
        self.expect("opened", session=session)
        found = {f["line"]["n"]: f["line"] for f in self.frames if f["type"] == "line" and f["session"] == session}
        return [found[n] for n in sorted(found) if n > since]

    def texts(self, session):
        return [l["text"] for l in self.lines(session)]

    def newcomer(self, *known):
        """The next conversation that waits and is none of those, nor waited when this page came (there is still news of
        what an earlier test left waiting)."""
        while True:
            c = self.expect("chat")["chat"]
            if c["state"] == "queued" and c["session"] not in (*known, *self.waiting):
                return c["session"]


def refused(daemon, status, **options):
    """The status of an upgrade that is not to be."""
    options = {"path": "/admin/ws", "protocol": "kefu.desk.v1", "origin": f"http://127.0.0.1:{daemon.port}"} | options
    raw = daemon.raw()
    raw.send(handshake(daemon.port, **options))
    got = int(raw.read_until(b"\r\n\r\n").split()[1])
    raw.close()
    assert got == status, (got, status)


class Learner(WebSocket):
    def __init__(self, daemon, **fields):
        super().__init__(daemon.port)
        self.token = self.hello(**fields)["session"]

    def wants_a_person(self, id="h"):
        self.ask("转人工", id)
        return self.expect("agent")

    def tell(self, text, id):
        self.send_json({"type": "message", "id": id, "text": text})
        return self.expect("ack", to=id)


def only(chats):
    assert len(chats) == 1, chats
    return chats[0]


class Shared(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(options=["--connections-per-ip", "1000", "--identity-key", KEY]).__enter__()
        cls.lin = Staff(cls.daemon, "lin", role="agent")
        cls.wu = Staff(cls.daemon, "wu", role="agent")

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None, None, None)


class Door(Shared):
    def test_only_people_of_the_desk_from_its_own_page_come_in(self):
        cookie = [f"Cookie: kefu_staff={self.lin.cookie}"]
        viewer = Staff(self.daemon, "vera", role="viewer")
        refused(self.daemon, 401)
        refused(self.daemon, 401, extra=["Cookie: kefu_staff=" + "0" * 64])
        refused(self.daemon, 403, extra=[f"Cookie: kefu_staff={viewer.cookie}"])
        refused(self.daemon, 403, extra=cookie, origin="http://elsewhere.example")
        refused(self.daemon, 403, extra=cookie, origin=None)
        refused(self.daemon, 400, extra=cookie, protocol="kefu.v1")
        refused(self.daemon, 400, path="/ws", protocol="kefu.desk.v1")
        desk = Desk(self.daemon, self.lin)
        self.assertIn(b"Sec-WebSocket-Protocol: kefu.desk.v1", desk.response)
        self.assertEqual(desk.desk["me"]["name"], "lin")
        desk.close()

    def test_whoever_signs_out_is_cut(self):
        he = Staff(self.daemon, "he", role="agent")
        desk = Desk(self.daemon, he)
        he.post("logout")
        self.assertEqual(desk.closed(), 1008)

    def test_frames_that_are_none_are_told_and_change_nothing(self):
        desk = Desk(self.daemon, self.lin)
        for frame in ("[]", "{", '{"type":"fly"}', '{"type":"take"}', '{"type":"take","session":"abc"}',
                      '{"type":"presence","state":"asleep"}',
                      json.dumps({"type": "say", "session": "0" * 32, "id": "a", "text": " "}),
                      json.dumps({"type": "transfer", "session": "0" * 32})):
            desk.send_text(frame)
            self.assertIn(desk.expect("error")["code"], ("bad_json", "bad_frame"), frame)
        desk.do("take", "0" * 32)
        self.assertEqual(desk.expect("error")["code"], "gone")
        desk.close()


class Talk(Shared):
    def setUp(self):
        self.desk = Desk(self.daemon, self.lin)
        self.learner = Learner(self.daemon)

    def tearDown(self):
        self.learner.close()
        self.desk.close()

    def queue(self):
        state = self.learner.wants_a_person()
        self.assertEqual(state["state"], "queued")
        return self.desk.newcomer()

    def test_a_learner_waits_is_taken_talks_and_is_given_back(self):
        self.learner.ask(f"我要退款，订单 {ORDER}", "r")
        session = self.queue()
        chat = self.desk.take(session)
        self.assertEqual((chat["agent"], chat["learner_online"]), ("lin", True))
        self.assertEqual(chat["last"]["side"], "learner", "not what the bot said to it")
        joined = self.learner.expect("agent", state="joined")
        self.assertEqual(joined["name"], "lin")
        lines = self.desk.lines(session)
        self.assertEqual([l["n"] for l in lines], list(range(1, len(lines) + 1)))
        self.assertIn(f"我要退款，订单 {ORDER}", [l["text"] for l in lines if l["side"] == "learner"])
        self.learner.tell("你好，在吗", "m1")
        line = self.desk.expect("line")["line"]
        self.assertEqual((line["side"], line["text"]), ("learner", "你好，在吗"))
        told = self.desk.expect("chat")["chat"]
        self.assertEqual((told["last"]["side"], told["last"]["text"], told["unread"]), ("learner", "你好，在吗", chat["unread"] + 1))
        self.desk.say(session, "在的，请讲", "a1")
        said = self.learner.expect("agent_message")
        self.assertEqual((said["text"], said["name"]), ("在的，请讲", "lin"))
        self.assertEqual([f for f in self.learner.frames if f["type"] == "reply" and f.get("to") == "m1"], [])
        self.desk.do("close", session)
        self.desk.expect("gone", session=session)
        self.assertEqual(self.learner.expect("agent")["state"], "closed")
        self.assertEqual(self.learner.ask("你好", "after")["intent"], "hello")
        seqs = [f["seq"] for f in self.learner.frames if "seq" in f]
        self.assertEqual(seqs, sorted(set(seqs)))

    def test_the_same_words_said_again_are_said_once(self):
        session = self.queue()
        self.desk.take(session)
        for _ in range(3):
            self.desk.say(session, "稍等", "once")
        self.desk.say(session, "好了", "end")
        self.learner.expect("agent_message", text="好了")
        self.assertEqual(len([f for f in self.learner.frames if f.get("text") == "稍等"]), 1)
        self.learner.tell("嗯", "m")
        self.learner.tell("嗯", "m")
        self.learner.tell("再见", "m2")
        texts = self.desk.texts(session)
        self.assertEqual((texts.count("嗯"), texts.count("稍等")), (1, 1))

    def test_notes_stay_with_the_staff(self):
        session = self.queue()
        self.desk.take(session)
        self.desk.do("note", session, id="n1", text="老学员")
        self.desk.expect("done", id="n1")
        self.desk.say(session, "您好", "a")
        self.learner.expect("agent_message", text="您好")
        self.assertNotIn("老学员", json.dumps(self.learner.frames, ensure_ascii=False))
        self.assertIn("老学员", self.desk.texts(session))

    def test_while_waiting_the_bot_says_what_it_knows_for_sure(self):
        session = self.queue()
        self.assertEqual(self.learner.ask("怎么开发票？", "f")["source"], "faq")
        self.learner.tell("我的电脑昨天泡水了", "m")
        texts = self.desk.texts(session)
        self.assertIn("怎么开发票？", texts)

    def test_a_learner_stops_waiting(self):
        session = self.queue()
        self.learner.send_json({"type": "click", "id": "c", "value": "取消排队"})
        self.learner.expect("ack", to="c")
        self.assertEqual(self.learner.expect("agent")["state"], "left")
        self.desk.expect("gone", session=session)
        self.assertEqual(self.learner.ask("你好", "after")["intent"], "hello")

    def test_words_are_masked_on_the_disk_once_nobody_has_the_conversation(self):
        import sqlite3
        session = self.queue()
        self.desk.take(session)
        self.learner.tell(f"订单是 {ORDER}", "o")

        def on_disk():
            with sqlite3.connect(self.daemon.db) as db:
                return json.dumps(db.execute("SELECT text, raw FROM desk_lines WHERE session = ?", (session,)).fetchall() +
                                  db.execute("SELECT text, NULL FROM talk WHERE session = ? AND side = 0", (session,))
                                  .fetchall())
        self.assertIn(ORDER, on_disk())
        self.desk.do("close", session)
        self.desk.expect("gone", session=session)
        self.assertNotIn(ORDER, on_disk())

    def test_typing_is_shown_both_ways(self):
        session = self.queue()
        self.desk.take(session)
        self.learner.expect("agent", state="joined")
        self.desk.do("typing", session)
        self.assertEqual(self.learner.expect("typing"), {"type": "typing", "who": "agent"})
        self.learner.send_json({"type": "typing"})
        self.assertEqual(self.desk.expect("typing")["session"], session)


class Beside(Shared):
    """What the page asks beside the conversation."""

    def waiting(self, *said):
        desk, learner = Desk(self.daemon, self.lin), Learner(self.daemon)
        self.addCleanup(desk.close)
        self.addCleanup(learner.close)
        for i, text in enumerate(said):
            learner.ask(text, f"s{i}")
        learner.wants_a_person()
        return desk, learner, desk.newcomer()

    def test_the_learner_in_numbers(self):
        desk, learner, session = self.waiting("你好")
        for name, more in (("view", {}), ("purchase", {}), ("study", {"progress": 0.4, "minutes": 10})):
            learner.send_json({"type": "event", "id": name, "name": name, "course": "py101", **more})
            learner.expect("ack", to=name)
        who = self.lin.get("desk/learner?session=" + session)
        course = only(who["courses"])
        self.assertEqual((course["id"], course["title"], course["owned"], course["completed"], course["progress"]),
                         ("py101", "Python入门", True, False, 0.4))
        self.assertEqual(who["intents"], ["human", "hello"])
        self.assertEqual(who["earlier"], [])
        self.lin.get("desk/learner?session=abc", 400)
        self.lin.get("desk/learner?session=" + "0" * 32, 404)

    def test_what_could_be_answered_to_the_last_words(self):
        desk, learner, session = self.waiting()
        desk.take(session)
        learner.expect("agent", state="joined")
        learner.tell("发票怎么开", "m")
        found = self.lin.get("desk/suggest?session=" + session)
        self.assertEqual(found["q"], "发票怎么开")
        first = found["suggestions"][0]
        self.assertEqual((first["kind"], first["id"], first["title"], first["text"]),
                         ("faq", "invoice", "怎么开发票？", "订单页点「申请开票」。"))
        self.assertGreater(first["score"], 0)
        self.assertEqual([s["id"] for s in self.lin.get(f"desk/suggest?session={session}&q=hello")["suggestions"]][:1],
                         ["hello"])

    def test_ready_answers_are_ones_own_or_shared(self):
        put = self.lin.post("desk/canned", {"title": "问候", "text": "您好，我是小李", "lang": "zh"})
        shared = self.lin.post("desk/canned", {"title": "再见", "text": "祝学习愉快", "shared": True})
        mine = {c["id"]: c for c in self.lin.get("desk/canned")["canned"]}
        self.assertEqual((mine[put["id"]]["text"], mine[put["id"]]["mine"]), ("您好，我是小李", True))
        wus = {c["id"]: c for c in self.wu.get("desk/canned")["canned"]}
        self.assertNotIn(put["id"], wus)
        self.assertFalse(wus[shared["id"]]["mine"])
        self.wu.post("desk/canned", {"id": shared["id"], "title": "x", "text": "y"}, 404)
        self.wu.post("desk/canned", {"id": shared["id"], "delete": True}, 404)
        self.lin.post("desk/canned", {"id": put["id"], "title": "问候", "text": "您好"})
        self.lin.post("desk/canned", {"id": shared["id"], "delete": True})
        left = {c["id"]: c["text"] for c in self.lin.get("desk/canned")["canned"]}
        self.assertEqual(left, {put["id"]: "您好"})
        self.lin.post("desk/canned", {"title": "", "text": "y"}, 400)
        Staff(self.daemon, "vivi", role="viewer").get("desk/canned", 403)

    def test_a_conversation_is_passed_to_a_person_and_to_a_team(self):
        desk, learner, session = self.waiting()
        wu = Desk(self.daemon, self.wu)
        self.addCleanup(wu.close)
        desk.take(session)
        desk.do("transfer", session, to="nobody")
        self.assertEqual(desk.expect("error")["code"], "not_there")
        desk.do("transfer", session, to="wu", note="要发票")
        chat = wu.chat(session, agent="wu")
        self.assertEqual(chat["note"], "要发票")
        self.assertEqual(learner.expect("agent", name="wu")["state"], "joined")
        desk.do("say", session, id="late", text="还是我")
        self.assertEqual(desk.expect("error")["code"], "not_yours")
        wu.do("transfer", session, team="财务")
        self.assertEqual(desk.chat(session, state="queued")["team"], "财务")
        again = learner.expect("agent", state="queued")
        self.assertEqual(again["team"], "财务")
        self.assertGreaterEqual(again["position"], 1)

    def test_one_who_is_away_may_be_relieved_and_only_then(self):
        desk, learner, session = self.waiting()
        wu = Desk(self.daemon, self.wu)
        self.addCleanup(wu.close)
        desk.take(session)
        wu.do("take", session)
        self.assertEqual(wu.expect("error")["code"], "taken")
        desk.do("presence", state="away")
        wu.chat(session, agent_away=True)
        wu.do("take", session)
        self.assertEqual(wu.chat(session, agent="wu")["agent_away"], False)
        self.assertEqual(learner.expect("agent", name="wu")["state"], "joined")

    def test_everybody_who_waits_hears_when_they_move_up(self):
        desk, first, one = self.waiting()
        second = Learner(self.daemon)
        self.addCleanup(second.close)
        place = second.wants_a_person()["position"]
        self.assertGreaterEqual(place, 2)
        desk.take(one)
        moved = second.expect("agent")
        self.assertEqual((moved["state"], moved["position"], "seq" in moved), ("queued", place - 1, False))

    def test_what_was_read_is_no_longer_unread(self):
        desk, learner, session = self.waiting()
        desk.take(session)
        learner.expect("agent", state="joined")
        learner.tell("一", "m1")
        learner.tell("二", "m2")
        lines = desk.lines(session)
        desk.do("read", session, line=lines[-1]["n"])
        self.assertEqual(desk.chat(session)["unread"], 0)
        learner.tell("三", "m3")
        desk.do("read", session, line=lines[-1]["n"])
        desk.do("presence", state="away")
        self.assertEqual(desk.chat(session)["unread"], 1)


    def test_who_comes_back_while_waiting_hears_their_place(self):
        desk, learner, session = self.waiting()
        learner.close()
        self.assertFalse(desk.chat(session, learner_online=False)["learner_online"])
        back = self.daemon.ws()
        self.addCleanup(back.close)
        back.hello(session=learner.token, since=99)
        place = back.expect("agent")
        self.assertEqual((place["state"], "seq" in place), ("queued", False))
        self.assertGreaterEqual(place["position"], 1)
        self.assertTrue(desk.chat(session, learner_online=True))

    def test_who_signs_in_meanwhile_is_shown_as_who_they_are(self):
        desk, learner, session = self.waiting()
        learner.send_json({"type": "hello", "identity": jwt("u42"), "page": "/pay"})
        chat = desk.chat(session, user="u42")
        self.assertEqual((chat["logged_in"], chat["page"]), (True, "/pay"))

    def test_what_people_took_over_is_in_the_numbers(self):
        before = self.lin.get("stats")["totals"]
        desk, learner, session = self.waiting()
        desk.take(session)
        after = self.lin.get("stats")["totals"]
        self.assertEqual((after["taken"] - before["taken"], after["left"]), (1, before["left"]))
        self.assertGreaterEqual(after["waited_s"], 0)


class OverHttp(Shared):
    def test_words_for_a_person_are_accepted_and_reach_them(self):
        desk = Desk(self.daemon, self.lin)
        self.addCleanup(desk.close)
        _, reply = self.daemon.json("POST", "/message", json.dumps({"text": "转人工", "id": "h"}))
        session = desk.newcomer()
        desk.take(session)
        body = json.dumps({"session": reply["session"], "text": "在吗", "id": "m"})
        status, heard = self.daemon.json("POST", "/message", body)
        self.assertEqual((status, heard["type"], heard["session"]), (202, "agent", reply["session"]))
        self.assertEqual(desk.expect("line")["line"]["text"], "在吗")
        self.daemon.json("POST", "/message", body)  # again: the acknowledgement, and no second line
        self.assertEqual(desk.texts(session).count("在吗"), 1)


class Race(Shared):
    def test_two_people_never_get_the_same_conversation(self):
        desks = [Desk(self.daemon, self.lin), Desk(self.daemon, self.wu)]
        watch = Desk(self.daemon, Staff(self.daemon, "watch", role="agent"))
        won = []
        for i in range(40):
            learner = Learner(self.daemon)
            learner.wants_a_person()
            session = watch.newcomer()
            threads = [threading.Thread(target=d.do, args=("take", session)) for d in desks]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
            told = []
            for d in desks:
                while True:
                    f = d.receive()
                    if f["type"] == "error":
                        told.append(f["code"])
                        break
                    if f["type"] == "chat" and f["chat"]["session"] == session and f["chat"]["agent"] == d.staff_name:
                        told.append("mine")
                        break
            self.assertEqual(sorted(told), ["mine", "taken"])
            won.append(told.index("mine"))
            name = learner.expect("agent", state="joined")["name"]
            self.assertEqual(name, desks[won[-1]].staff_name)
            desks[won[-1]].do("close", session)
            watch.expect("gone", session=session)
            learner.close()
        for d in [*desks, watch]:
            d.close()


class Kill(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon().start()
        self.folder = self.daemon.folder
        self.lin = Staff(self.daemon, "lin", role="agent")

    def tearDown(self):
        subprocess.run(["rm", "-rf", self.folder], check=True)

    def again(self, *options):
        self.assertEqual(self.daemon.stop(), 0)
        return Daemon(folder=self.folder, options=options).start()

    def kill(self):
        self.daemon.process.send_signal(signal.SIGKILL)
        self.daemon.process.wait()
        self.daemon.process.stdout.close()
        return Daemon(folder=self.folder)

    def test_what_was_acknowledged_in_either_direction_outlives_kill_9_once(self):
        desk, learner = Desk(self.daemon, self.lin), Learner(self.daemon)
        learner.wants_a_person()
        session = desk.newcomer()
        desk.take(session)
        learner.expect("agent", state="joined")
        learner.tell("第一句", "m1")
        desk.say(session, "回答一", "a1")
        learner.expect("agent_message", text="回答一")
        seen = learner.frames[-1]["seq"]
        learner.close()
        desk.say(session, "回答二", "a2")
        with self.kill() as again:
            desk = Desk(again, self.lin)
            chat = only(desk.desk["chats"])
            self.assertEqual((chat["session"], chat["state"], chat["agent"]), (session, "agent", "lin"))
            texts = desk.texts(session)
            self.assertEqual((texts.count("第一句"), texts.count("回答一")), (1, 1))
            desk.say(session, "回答二", "a2")  # said again after the kill: done again, not said twice
            desk.say(session, "回答三", "a3")
            back = again.ws()
            self.assertTrue(back.hello(session=learner.token, since=seen)["resumed"])
            back.expect("agent_message", text="回答三")
            got = [f["text"] for f in back.frames if f["type"] == "agent_message"]
            self.assertEqual(got, ["回答二", "回答三"])
            back.send_json({"type": "message", "id": "m1", "text": "第一句"})
            back.expect("ack", to="m1")
            back.send_json({"type": "message", "id": "m2", "text": "第二句"})
            back.expect("ack", to="m2")
            texts = desk.texts(session)
            self.assertEqual(texts.count("第一句"), 1)

    def test_killed_in_the_middle_of_a_quarrel_nothing_acknowledged_is_lost_or_doubled(self):
        d = self.daemon = self.again("--rate", "100000")
        desk, learner = Desk(d, self.lin), Learner(d)
        learner.wants_a_person()
        session = desk.newcomer()
        desk.take(session)
        learner.expect("agent", state="joined")
        said, acked, seen = set(), set(), 0

        def write(ws, kind, prefix, name, stop, extra):
            for i in range(400):
                try:
                    ws.send_json({"type": kind, "id": f"{prefix}{i}", "text": f"{name} {i}", **extra})
                    stop.wait(0.002)
                except OSError:
                    return

        stop = threading.Event()
        threads = [threading.Thread(target=write, args=(desk, "say", "a", "agent", stop, {"session": session})),
                   threading.Thread(target=write, args=(learner, "message", "m", "learner", stop, {}))]
        for t in threads:
            t.start()
        while len(said) < 60:
            f = desk.receive()
            if f["type"] == "done":
                said.add(f["id"])
        d.process.send_signal(signal.SIGKILL)
        stop.set()
        for t in threads:
            t.join()
        for ws, kind, into, key in ((desk, "done", said, "id"), (learner, "ack", acked, "to")):
            try:
                while True:
                    f = ws.receive()
                    if f["type"] == kind:
                        into.add(f[key])
            except (Closed, OSError):
                pass
        acked |= {f["to"] for f in learner.frames if f["type"] == "ack"}
        heard = [f["text"] for f in learner.frames if f["type"] == "agent_message"]
        seen = max(f["seq"] for f in learner.frames if "seq" in f)
        with self.kill() as again:
            desk = Desk(again, self.lin)
            texts = desk.texts(session)
            for i in acked:
                self.assertEqual(texts.count(f"learner {i[1:]}"), 1, i)
            for i in said:
                self.assertEqual(texts.count(f"agent {i[1:]}"), 1, i)
            desk.say(session, "the end", "end")
            back = again.ws()
            back.hello(session=learner.token, since=seen)
            back.expect("agent_message", text="the end")
            heard += [f["text"] for f in back.frames if f["type"] == "agent_message"]
            self.assertEqual(len(heard), len(set(heard)))
            for i in said:
                self.assertIn(f"agent {i[1:]}", heard)

    def test_those_who_wait_wait_in_their_order_after_kill_9(self):
        desk = Desk(self.daemon, self.lin)
        order = []
        for _ in range(4):
            learner = Learner(self.daemon)
            learner.wants_a_person()
            order.append(desk.newcomer(*order))
            learner.close()
        with self.kill() as again:
            chats = Desk(again, self.lin).desk["chats"]
            self.assertEqual([(c["session"], c["position"]) for c in chats],
                             [(s, i + 1) for i, s in enumerate(order)])
            self.assertEqual(again.metric("kefu_desk_queued"), 4)


class Hours(unittest.TestCase):
    def test_outside_the_hours_a_message_is_left_and_a_reload_opens(self):
        closed = "\nsettings: {timezone: UTC, hours: [2020-01-01 09:00-10:00, 2090-01-02 09:00-10:00]}\n"
        with Daemon(rules=RULES + closed) as d:
            desk = Desk(d, Staff(d, "lin", role="agent"))
            self.assertEqual(desk.desk["hours"], {"open": False, "opens": None})  # not within a year
            learner = Learner(d)
            self.assertEqual(learner.wants_a_person()["state"], "offline")
            d.write_rules(RULES + closed.replace("2020-01-01", "daily"). replace("09:00-10:00", "00:00-24:00"))
            self.assertTrue(d.wait_metric("kefu_reloads_total", 1))
            self.assertTrue(desk.expect("hours")["hours"]["open"])
            state = learner.wants_a_person("again")
            self.assertEqual((state["state"], state["position"]), ("queued", 1))

    def test_the_next_opening_is_told(self):
        import datetime
        now = datetime.datetime.now(datetime.timezone.utc)
        day = (now + datetime.timedelta(days=2)).strftime("%Y-%m-%d")
        with Daemon(rules=RULES + f"\nsettings: {{timezone: '+08:00', hours: ['{day} 09:00-10:00']}}\n") as d:
            state = Learner(d).wants_a_person()
            self.assertEqual((state["state"], state["opens"]), ("offline", f"{day}T01:00:00.000Z"))


LEAVE = RULES.replace("  hello:\n", """  leave_message:
    when: {keywords: [留言]}
    ask: {left_question: {zh: 什么问题？, en: What?}, left_contact: {zh: 怎么联系？, en: How to reach you?}}
    do: {handoff: {note: <left_contact> <left_question>, offline: leave_message}}
    answer: {zh: 留言收到了。, en: Thank you.}
  hello:
""")


class Recorded(unittest.TestCase):
    def test_a_recording_with_people_in_it_replays(self):
        d = Daemon(rules=LEAVE)
        d.options += ["--record", os.path.join(d.folder, "rec")]
        os.mkdir(os.path.join(d.folder, "rec"))
        d.own_folder = False
        with d:
            left = Learner(d)
            left.wants_a_person()
            left.ask("视频打不开", "q")
            left.ask("微信 learner_2026", "c")
            desk, learner = Desk(d, Staff(d, "lin", role="agent")), Learner(d)
            learner.ask("你好", "a")
            learner.wants_a_person()
            session = desk.newcomer()
            learner.ask("怎么开发票？", "b")
            learner.tell("我的电脑昨天泡水了", "c")
            desk.take(session)
            learner.expect("agent", state="joined")
            learner.tell(f"订单 {ORDER}", "d")
            desk.say(session, "好的", "s")
            desk.do("release", session)
            learner.expect("agent", state="left")
            learner.ask("退款", "e")
            learner.ask(ORDER, "f")
        run = subprocess.run([os.path.join(BUILD, "kefu"), "replay", os.path.join(d.folder, "rec"), "--intents", d.rules_path,
                              "--db", d.db], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertRegex(run.stdout, r"(?m)^2 transcripts, \d+ turns: 2 passed, 0 failed, 0 skipped")
        with open(os.path.join(d.folder, "rec", os.listdir(os.path.join(d.folder, "rec"))[0]), encoding="utf-8") as f:
            self.assertNotIn(ORDER, f.read())
        subprocess.run(["rm", "-rf", d.folder], check=True)


class Left(unittest.TestCase):
    def test_a_message_left_is_asked_for_told_and_answered_when_its_learner_comes_back(self):
        with Daemon(rules=LEAVE) as d:
            learner = Learner(d)
            asked = learner.ask("转人工", "h")
            self.assertTrue(asked["text"].endswith("什么问题？"), asked)
            self.assertEqual(learner.expect("agent")["state"], "offline")
            self.assertEqual(learner.ask("视频打不开", "q")["text"], "怎么联系？")
            self.assertEqual(learner.ask("微信 learner_2026", "c")["text"], "留言收到了。")
            seen = learner.ask("你好", "more")["seq"]
            learner.close()
            desk = Desk(d, Staff(d, "lin", role="agent"))
            chat = only(desk.desk["chats"])
            self.assertEqual((chat["state"], chat["note"]), ("left", "微信 learner_2026 视频打不开"))
            self.assertEqual(d.metric("kefu_handoffs_total"), 1)
            desk.take(chat["session"])
            desk.say(chat["session"], "已经帮您处理好了", "a")
            desk.do("close", chat["session"])
            desk.expect("gone")
            back = d.ws()
            back.hello(session=learner.token, since=seen)
            said = back.expect("agent_message")
            self.assertEqual((said["text"], said["name"]), ("已经帮您处理好了", "lin"))
            self.assertEqual(back.expect("agent")["state"], "closed")
            self.assertEqual([f["type"] for f in back.frames if f["type"] == "agent_message"], ["agent_message"])


class Gone(unittest.TestCase):
    """With a second instead of half a minute to come back."""

    def setUp(self):
        self.daemon = Daemon(options=["--desk-seconds", "1"]).__enter__()
        self.desk = Desk(self.daemon, Staff(self.daemon, "lin", role="agent"))
        self.learner = Learner(self.daemon)
        self.learner.wants_a_person()
        self.session = self.desk.newcomer()

    def tearDown(self):
        self.daemon.__exit__(None, None, None)

    def test_those_who_wait_need_not_when_everybody_has_gone(self):
        self.desk.do("presence", state="away")
        self.learner.expect("agent", state="offline")
        self.assertEqual(self.desk.chat(self.session, state="left")["position"], 0)

    def test_what_somebody_had_who_does_not_come_back_is_taken_over(self):
        self.desk.take(self.session)
        self.learner.expect("agent", name="lin")
        wu = Desk(self.daemon, Staff(self.daemon, "wu", role="agent"))
        self.desk.close()
        chat = wu.chat(self.session, agent_away=True)
        self.assertEqual((chat["state"], chat["agent"]), ("agent", "lin"))
        self.learner.tell("还在吗", "m")
        wu.take(self.session)
        self.learner.expect("agent", name="wu")
        self.assertIn("还在吗", wu.texts(self.session))

    def test_who_comes_back_has_everything_as_it_was(self):
        self.desk.take(self.session)
        self.desk.close()
        back = Desk(self.daemon, self.desk.staff, online=False)
        chat = only(back.desk["chats"])
        self.assertEqual((chat["state"], chat["agent"]), ("agent", "lin"))
        back.say(self.session, "我回来了", "a")
        self.learner.expect("agent_message", text="我回来了")


class Nobody(unittest.TestCase):
    def test_with_nobody_there_the_message_waits(self):
        with Daemon() as d:
            learner = Learner(d)
            self.assertEqual(learner.wants_a_person()["state"], "offline")
            learner.ask("你好", "more")
            desk = Desk(d, Staff(d, "lin", role="agent"))
            chat = only(desk.desk["chats"])
            self.assertEqual(chat["state"], "left")
            texts = desk.texts(chat["session"])
            self.assertIn("转人工", texts)
            desk.take(chat["session"])
            learner.expect("agent", state="joined")
            desk.say(chat["session"], "您好，我来了", "a")
            learner.expect("agent_message", text="您好，我来了")


if __name__ == "__main__":
    unittest.main()
