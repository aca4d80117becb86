"""A guest who signs in: all that was done before is the learner's, at once, on the disk, after a crash, and nobody else's."""
import hashlib
import hmac
import json
import os
import random
import sqlite3
import subprocess
import time
import unittest

from kefud import BUILD, Daemon, wait_for
from test_experiments import WITH, eval_ab
from test_identity import SECRET, base64url
from test_learning import answer, settled

COURSES = "id,title,category\n" + "".join(f"c{i:02},课程 {i},类 {i % 4}\n" for i in range(30))


def jwt(user):
    parts = {"alg": "HS256"}, {"sub": user, "exp": int(time.time()) + 600}
    body = b".".join(base64url(json.dumps(part).encode()) for part in parts)
    return (body + b"." + base64url(hmac.new(SECRET.encode(), body, hashlib.sha256).digest())).decode()


def daemon(**options):
    return Daemon(courses=COURSES, options=["--identity-key", SECRET], **options)


def rows(d, query, *args):
    with sqlite3.connect(d.db) as db:
        return db.execute(query, args).fetchall()


def owners(d, session):
    """Who has what of a session, as {what: names}; a guest has no name in the first four."""
    by_session = {table: rows(d, f"SELECT DISTINCT user FROM {table} WHERE session = ?", session)
                  for table in ("talk", "sessions", "feedback", "handoffs")}
    by_name = {table: rows(d, f"SELECT DISTINCT l.name FROM {table} t JOIN learners l ON l.id = t.learner")
               for table in ("events", "lists", "exposures")}
    return {what: sorted(name for name, in found) for what, found in {**by_session, **by_name}.items()}


def hash_of(d):
    (session,), = rows(d, "SELECT session FROM sessions ORDER BY seen DESC LIMIT 1")
    return session


def written(d):
    return wait_for(lambda: d.metric("kefu_writes_queued") == 0)


def behave(ws):
    """One of everything that is kept of a guest; the list that was given."""
    reply = ws.ask("推荐", "m1")
    one, two, three = [c["id"] for c in reply["courses"]]
    ws.send_json({"type": "event", "id": "e1", "name": "shown", "list": reply["list"], "courses": [one, two, three]})
    ws.send_json({"type": "event", "id": "e2", "name": "click", "list": reply["list"], "course": one})
    ws.send_json({"type": "event", "id": "e3", "name": "dismiss", "list": reply["list"], "course": two})
    ws.send_json({"type": "feedback", "id": "f1", "seq": reply["seq"], "helpful": True})
    for id in ("e1", "e2", "e3", "f1"):
        ws.expect("ack", to=id)
    ws.ask("转人工", "m2")
    return one, two, three


def kill(d):
    d.process.kill()
    d.process.wait()
    d.process.stdout.close()


ALL = ("talk", "sessions", "feedback", "handoffs", "events", "lists", "exposures")


class Case(unittest.TestCase):
    def ws(self, d):
        ws = d.ws()
        self.addCleanup(ws.close)
        return ws


class Guests(Case):
    def begin(self, d):
        ws = self.ws(d)
        session = ws.hello(lang="zh")["session"]
        self.seen = behave(ws)
        self.assertTrue(written(d))
        return ws, session, hash_of(d)

    def check_learners(self, d, session, user):
        self.assertEqual(owners(d, session), {what: [user] for what in ALL})

    def test_all_that_a_guest_did_is_the_learners_when_the_welcome_comes(self):
        with daemon(rules=WITH) as d:
            ws, token, session = self.begin(d)
            guest = f"guest:{session[:16]}"
            self.assertEqual(owners(d, session), {what: [""] if what in ALL[:4] else [guest] for what in ALL})
            before = rows(d, "SELECT count(*) FROM events") + rows(d, "SELECT count(*) FROM list_courses")
            welcome = ws.hello(identity=jwt("u1"))
            self.assertTrue(welcome["resumed"])
            self.assertEqual(welcome["session"], token)
            self.check_learners(d, session, "u1")
            # Somebody of the staff was asked for, and now sees who asks.
            self.assertEqual(rows(d, "SELECT user, logged_in FROM desk_chats"), [("u1", 1)])
            self.assertEqual(rows(d, "SELECT count(*) FROM events") + rows(d, "SELECT count(*) FROM list_courses"), before)
            self.assertEqual(rows(d, "SELECT count(*) FROM learners"), [(1,)])
            # What is said from now on, and said again.
            ws.ask("你好", "m3")
            ws.hello(identity=jwt("u1"))
            self.assertTrue(written(d))
            self.check_learners(d, session, "u1")
            # A purchase later finds the list that the guest was given.
            event = {"user": "u1", "course": self.seen[0], "type": "purchase"}
            self.assertEqual(d.json("POST", "/events", json.dumps(event))[0], 200)
            self.assertEqual(rows(d, "SELECT count(*) FROM list_courses WHERE purchased IS NOT NULL"), [(1,)])

    def test_the_first_answer_after_the_sign_in_knows_what_the_guest_looked_at(self):
        with daemon() as d:
            events = [{"user": f"p{i}", "course": c, "type": "purchase", "at": 1_700_000_000_000 + i * 10 + k}
                      for i in range(20) for k, c in enumerate(("c07", "c21"))]
            self.assertEqual(d.json("POST", "/events", "\n".join(map(json.dumps, events)))[0], 200)
            self.assertTrue(settled(d))
            reloads, readings = d.metric("kefu_reloads_total"), d.log_text().count("are read anew")
            for i in range(5):
                ws = self.ws(d)
                ws.hello(lang="zh")
                frames = [{"type": "event", "name": "view", "course": "c07"}, {"type": "event", "name": "dismiss", "course": "c11"},
                          {"type": "hello", "identity": jwt(f"new{i}")}, {"type": "message", "id": "m", "text": "推荐"}]
                for frame in frames:  # in one go: nothing is waited for
                    ws.send_json(frame)
                courses = ws.reply("m")["courses"]
                self.assertEqual(courses[0]["id"], "c21")
                self.assertIn("课程 7", courses[0]["reason"])
                self.assertEqual(answer(d, f"new{i}")[0][0], "c21")
                self.assertNotIn("c11", [c[0] for c in answer(d, f"new{i}")])
            # Without reading everything anew.
            self.assertTrue(settled(d))
            self.assertEqual(d.metric("kefu_reloads_total"), reloads)
            self.assertEqual(d.log_text().count("are read anew"), readings)

    def test_kill_9_in_the_middle_leaves_all_of_it_the_guests_or_all_the_learners(self):
        dice, seen = random.Random(9), set()
        for i in range(14):
            with daemon(rules=WITH) as d:
                ws, token, session = self.begin(d)
                ws.send_json({"type": "hello", "identity": jwt("u1")})
                if i == 0:
                    ws.expect("welcome")
                elif i > 1:
                    time.sleep(dice.random() * .012)
                kill(d)
                d.start()
                found = owners(d, session)
                is_learners = found["events"] == ["u1"]
                self.assertTrue(is_learners or i != 0)
                seen.add(is_learners)
                name = ("u1", "u1") if is_learners else ("", f"guest:{session[:16]}")
                self.assertEqual(found, {what: [name[what not in ALL[:4]]] for what in ALL})
                ws = self.ws(d)
                self.assertTrue(ws.hello(session=token, since=2, identity=jwt("u1"))["resumed"])
                self.check_learners(d, session, "u1")
                self.assertEqual(rows(d, "SELECT count(*) FROM events"), [(2,)])
        self.assertIn(True, seen)

    def test_answers_are_the_same_after_a_restart(self):
        with daemon() as d:
            dice = random.Random(4)
            users = [f"u{i}" for i in range(12)]
            for round in range(2):
                for i in range(25):
                    ws = self.ws(d)
                    ws.hello()
                    for _ in range(dice.randrange(5)):
                        ws.send_json({"type": "event", "name": dice.choice(["view", "view", "dismiss", "enroll"]),
                                      "course": f"c{int(dice.paretovariate(.6)) % 32:02}"})
                    if dice.random() < .8:
                        ws.hello(identity=jwt(dice.choice(users)))
                        ws.send_json({"type": "event", "name": "view", "id": "after", "course": f"c{dice.randrange(30):02}"})
                        ws.expect("ack", to="after")
                    self.assertTrue(written(d) and settled(d))
                before = {u: answer(d, u) for u in users + ["nobody"]}
                kill(d)
                d.start()
                for u in before:
                    self.assertEqual(before[u], answer(d, u), u)
            self.assertGreater(len({str(a) for a in before.values()}), 6)

    def test_so_they_are_when_more_sign_in_than_a_popular_course_can_tell_apart(self):
        with daemon() as d:
            old = [{"user": f"p{i}", "course": c, "type": "view", "at": 1_700_000_000_000 + i * 1000 + k}
                   for i in range(1300) for k, c in enumerate(("c07", f"c{i % 25:02}"))]
            self.assertEqual(d.json("POST", "/events", "\n".join(map(json.dumps, old)))[0], 200)
            tokens = []
            for i in range(80):
                ws = d.ws()
                tokens.append(ws.hello()["session"])
                ws.send_json({"type": "event", "id": "e", "name": "view", "course": "c07"})
                ws.expect("ack", to="e")
                ws.close()
            self.assertTrue(written(d))
            kill(d)
            d.start()
            for i, token in enumerate(tokens):
                ws = d.ws()
                self.assertTrue(ws.hello(session=token, since=1, identity=jwt(f"p{1299 - i}"))["resumed"])
                ws.close()
            self.assertTrue(written(d) and settled(d))
            users = ["p1299", "p1225", "p1000", "p7", "nobody"]
            before = {u: answer(d, u) for u in users}
            kill(d)
            d.start()
            for u in users:
                self.assertEqual(before[u], answer(d, u), u)

    def test_over_http_too_and_after_a_restart(self):
        with daemon() as d:
            def say(text, **more):
                status, body = d.json("POST", "/message", json.dumps({"text": text, **more}))
                self.assertEqual(status, 200, body)
                return body
            session = say("推荐")["session"]
            self.assertTrue(written(d))
            hash = hash_of(d)
            kill(d)
            d.start()
            say("推荐", session=session)
            self.assertEqual(say("推荐", session=session, identity=jwt("u1"), id="x")["to"], "x")
            self.assertTrue(written(d))
            found = owners(d, hash)
            self.assertEqual([found[what] for what in ("talk", "sessions", "lists")], [["u1"]] * 3)
            self.assertEqual(d.json("POST", "/message", json.dumps(
                {"text": "你好", "session": session, "identity": jwt("u2")}))[0], 404)


class Others(Case):
    def test_a_session_goes_to_one_learner_and_never_on_to_another(self):
        with daemon(rules=WITH) as d:
            ws = self.ws(d)
            token = ws.hello(lang="zh")["session"]
            behave(ws)
            self.assertTrue(written(d))
            session = hash_of(d)
            other = self.ws(d)
            other.hello()
            other.send_json({"type": "event", "id": "o", "name": "view", "course": "c03"})
            other.expect("ack", to="o")
            ws.hello(identity=jwt("ann"))
            before = owners(d, session)
            # The same page, then another one with ann's token; once while she is there, once from the database.
            for attempt in ("same", "other", "restarted"):
                if attempt == "other":
                    ws = self.ws(d)
                elif attempt == "restarted":
                    kill(d)
                    d.start()
                    ws = self.ws(d)
                hello = {"identity": jwt("bob"), **({} if attempt == "same" else {"session": token})}
                ws.send_json({"type": "hello", **hello})
                self.assertEqual(ws.error()["code"], "bad_session")
                self.assertNotEqual(ws.expect("welcome")["session"], token)
                self.assertTrue(written(d))
                self.assertEqual(owners(d, session), before)
                self.assertEqual(rows(d, "SELECT count(*) FROM learners WHERE name = 'bob'"), [(0,)])
            # The other guest has what is his.
            self.assertEqual(before["events"], sorted(["ann", *[n for n in before["events"] if n.startswith("guest:")]]))
            self.assertEqual(len(before["events"]), 2)

    def test_two_who_sign_in_at_once_do_not_share(self):
        with daemon() as d:
            for i in range(10):
                ws = self.ws(d)
                token = ws.hello()["session"]
                ws.send_json({"type": "event", "id": "e", "name": "view", "course": "c05"})
                ws.expect("ack", to="e")
                both = [self.ws(d), self.ws(d)]
                for n, one in enumerate(both):
                    one.send_json({"type": "hello", "session": token, "identity": jwt(f"w{i}-{n}")})
                answers = [one.receive() for one in both]
                kinds = sorted(f["type"] if f["type"] == "welcome" else f["code"] for f in answers)
                self.assertEqual(kinds, ["bad_session", "welcome"])
                winner = [f["type"] for f in answers].index("welcome")
                self.assertTrue(written(d))
                names = [n for n, in rows(d, "SELECT DISTINCT l.name FROM events e JOIN learners l ON l.id = e.learner")]
                self.assertIn(f"w{i}-{winner}", names)
                self.assertNotIn(f"w{i}-{1 - winner}", names)

    def test_a_name_that_a_program_gave_is_not_the_guest(self):
        with daemon() as d:
            _, first = d.json("POST", "/message", json.dumps({"text": "推荐", "user": "carl"}))
            status, _ = d.json("POST", "/message", json.dumps(
                {"text": "推荐", "session": first["session"], "identity": jwt("dora")}))
            self.assertEqual(status, 200)
            self.assertTrue(written(d))
            self.assertEqual(sorted(rows(d, "SELECT DISTINCT l.name FROM lists t JOIN learners l ON l.id = t.learner")),
                             [("carl",), ("dora",)])


class Afterwards(Case):
    def test_it_is_exported_and_forgotten_with_the_learner(self):
        with daemon(rules=WITH) as d:
            ws = self.ws(d)
            ws.hello(lang="zh")
            seen = behave(ws)
            ws.hello(identity=jwt("u1"))
            ws.ask("你好", "m3")
            self.assertTrue(written(d))

            def kefu(*args):
                return subprocess.run([os.path.join(BUILD, "kefu"), *args, "--user", "u1", "--db", d.db], check=True,
                                      capture_output=True, text=True).stdout
            export = json.loads(kefu("export"))
            self.assertEqual([(e["type"], e["course"]) for e in export["events"]], [("view", seen[0]), ("dismiss", seen[1])])
            self.assertEqual([len(export[what]) for what in ("sessions", "feedback", "handoffs", "recommendations")], [1, 1, 1, 3])
            self.assertEqual({e["experiment"] for e in export["experiments"]}, {"reco", "tone"})
            self.assertIn("转人工", [m["text"] for m in export["messages"]])
            kefu("forget")
            for table in ("events", "talk", "sessions", "feedback", "handoffs", "lists", "list_courses", "exposures", "learners"):
                self.assertEqual(rows(d, f"SELECT count(*) FROM {table}"), [(0,)], table)

    def test_an_experiment_counts_the_person_once(self):
        with daemon(rules=WITH) as d:
            for i in range(12):
                ws = self.ws(d)
                ws.hello(lang="zh")
                ws.ask("你好", "a")
                ws.hello(identity=jwt(f"u{i}"))
                ws.ask("你好", "b")
            self.assertTrue(written(d))
            result = eval_ab(d)["tone"]
            self.assertEqual(sum(v["exposed"] for v in result["variants"]), 12)
            self.assertEqual(rows(d, "SELECT count(*) FROM exposures"), [(12,)])


if __name__ == "__main__":
    unittest.main()
