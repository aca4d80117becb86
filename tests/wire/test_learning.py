"""What is learned while the daemon runs: at once for the learner, soon for all, and the same after a restart."""
import json
import os
import random
import signal
import subprocess
import threading
import unittest
import urllib.parse

from kefud import BUILD, Daemon, wait_for

COURSES = "id,title,category\n" + "".join(f"c{i:02},课程 {i},类 {i % 4}\n" for i in range(40))
TYPES = ["view", "view", "enroll", "purchase", "complete", "study", "rate", "dismiss", "undismiss"]


class Events:
    """A stream of events as platforms send them, in order of time."""

    def __init__(self, seed):
        self.random, self.at = random.Random(seed), 1_700_000_000_000

    def one(self, user=None):
        r = self.random
        self.at += r.randrange(0, 2000)
        kind = r.choice(TYPES)
        e = {"user": user or f"u{int(r.paretovariate(.7)) % 60}", "course": f"c{int(r.paretovariate(.6)) % 42:02}",
             "type": kind, "at": self.at}
        if kind == "rate":
            e["value"] = r.randint(1, 5)
        if kind == "study":
            e["progress"] = r.random()
        return e

    def many(self, n, **options):
        return [self.one(**options) for _ in range(n)]


def post(d, events):
    status, answer = d.json("POST", "/events", "\n".join(json.dumps(e) for e in events))
    assert status == 200, answer


def settled(d):
    """Every event that was told is in the table of neighbours."""
    return wait_for(lambda: d.metric("kefu_recommender_pending_events") == 0, 60)


def answer(d, user):
    status, body = d.json("GET", "/recommend?n=40&user_id=" + urllib.parse.quote(user))
    assert status == 200, body
    return [(c["id"], c["score"], c["reason"]) for c in body["courses"]]


def answers(d):
    return {u: answer(d, u) for u in [f"u{i}" for i in range(60)] + ["guest", "late"]}


def tool(d, *arguments):
    subprocess.run([os.path.join(BUILD, "kefu"), *arguments, "--db", d.db], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, timeout=120)


def import_events(d, events):
    path = os.path.join(d.folder, "more.jsonl")
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(json.dumps(e) + "\n" for e in events)
    tool(d, "import", "events", path, "--format", "jsonl")


class Restart(unittest.TestCase):
    def same_after_kill(self, d):
        self.assertTrue(settled(d), d.http("GET", "/metrics")[2])
        before = answers(d)
        d.process.kill()
        d.process.wait()
        d.process.stdout.close()
        d.start()
        after = answers(d)
        for user in before:
            self.assertEqual(before[user], after[user], user)

    def test_answers_are_the_same_after_kill_9(self):
        with Daemon(courses=COURSES) as d:
            stream = Events(1)
            for round in range(4):
                for size in (1, 40, 3, 200):
                    post(d, stream.many(size))
                self.same_after_kill(d)
            self.assertGreater(len({str(a) for a in answers(d).values()}), 20)

    def test_so_they_are_after_events_that_came_late_or_twice(self):
        with Daemon(courses=COURSES) as d:
            stream = Events(2)
            events = stream.many(300)
            post(d, events)
            post(d, events[:50])
            late = stream.many(60)
            for e in late[::2]:
                e["at"] -= 400_000
            post(d, late)
            post(d, stream.many(30))
            self.same_after_kill(d)
            same_time = stream.many(40)
            for e in same_time:
                e["at"] = stream.at
            post(d, same_time)
            self.same_after_kill(d)

    def test_and_after_events_told_while_everything_is_read_anew(self):
        with Daemon(courses=COURSES) as d:
            stream, stop, lock, wrong = Events(3), threading.Event(), threading.Lock(), []

            def tell():
                while not stop.is_set():
                    with lock:
                        events = stream.many(5)
                        try:
                            post(d, events)
                        except AssertionError as e:
                            wrong.append(e)

            thread = threading.Thread(target=tell)
            thread.start()
            other = Events(4)
            for i in range(3):
                other.at += 10_000_000 * (i + 1)
                import_events(d, other.many(50))
                d.process.send_signal(signal.SIGHUP)
            self.assertTrue(d.wait_metric("kefu_reloads_total", 1))
            stop.set()
            thread.join()
            self.assertEqual(wrong, [])
            self.same_after_kill(d)


class Live(unittest.TestCase):
    def test_the_next_answer_knows_an_event(self):
        with Daemon(courses=COURSES) as d:
            post(d, Events(5).many(400))
            self.assertTrue(settled(d))
            for user in ("u1", "new"):
                first = answer(d, user)[0][0]
                post(d, [{"user": user, "course": first, "type": "purchase"}])
                self.assertNotIn(first, [c[0] for c in answer(d, user)])
            ws = d.ws()
            self.assertGreater(d.metric("kefu_recommender_serial"), 0)
            ws.close()

    def test_what_others_take_becomes_a_neighbour_without_a_reload(self):
        with Daemon(courses=COURSES) as d:
            reloads = d.metric("kefu_reloads_total")
            post(d, [{"user": f"p{i}", "course": c, "type": "purchase", "at": 1_700_000_000_000 + i * 10 + k}
                     for i in range(20) for k, c in enumerate(("c07", "c31"))])
            post(d, [{"user": "late", "course": "c07", "type": "purchase"}])
            self.assertTrue(settled(d))
            self.assertEqual(answer(d, "late")[0][0], "c31")
            self.assertEqual(d.metric("kefu_reloads_total"), reloads)
            self.assertEqual(d.json("GET", "/readyz")[1]["recommender_pending"], 0)


class OtherPrograms(unittest.TestCase):
    def test_an_import_is_noticed(self):
        with Daemon(courses=COURSES) as d:
            serial = d.metric("kefu_recommender_serial")
            import_events(d, [{"user": f"p{i}", "course": c, "type": "purchase", "at": 1_700_000_000_000 + i * 10 + k}
                              for i in range(20) for k, c in enumerate(("c07", "c31"))])
            self.assertTrue(d.wait_metric("kefu_recommender_serial", serial + 1, 60))
            post(d, [{"user": "late", "course": "c07", "type": "purchase"}])
            self.assertTrue(settled(d))
            self.assertEqual(answer(d, "late")[0][0], "c31")

    def test_new_courses_are_noticed_with_what_was_done_in_them_before(self):
        with Daemon(courses=COURSES) as d:
            post(d, [{"user": f"p{i}", "course": c, "type": "purchase", "at": 1_700_000_000_000 + i * 10 + k}
                     for i in range(20) for k, c in enumerate(("c07", "brand-new"))])
            post(d, [{"user": "late", "course": "c07", "type": "purchase"}])
            self.assertTrue(settled(d))
            self.assertNotIn("brand-new", [c[0] for c in answer(d, "late")])
            path = os.path.join(d.folder, "new.csv")
            with open(path, "w", encoding="utf-8") as f:
                f.write("id,title\nbrand-new,全新课程\n")
            tool(d, "import", "courses", path)
            self.assertTrue(wait_for(lambda: answer(d, "late")[0][0] == "brand-new", 60))

    def test_vectors_that_are_weighed_or_dropped_are_noticed(self):
        with Daemon(courses=COURSES) as d:
            path = os.path.join(d.folder, "image.jsonl")
            with open(path, "w", encoding="utf-8") as f:
                f.writelines(json.dumps({"id": f"c{i:02}", "name": "image", "vector": [1, i, i * i]}) + "\n" for i in range(40))
            for change in (("import", "vectors", path), ("vectors", "weigh", "image", "2"), ("vectors", "drop", "image")):
                before = d.metric("kefu_reloads_total")
                tool(d, *change)
                self.assertTrue(d.wait_metric("kefu_reloads_total", before + 1, 60), change)

    def test_a_learner_who_is_forgotten_is_forgotten_by_the_daemon(self):
        with Daemon(courses=COURSES) as d:
            post(d, [{"user": "u1", "course": "c07", "type": "purchase"}])
            self.assertTrue(settled(d))
            self.assertNotIn("c07", [c[0] for c in answer(d, "u1")])
            tool(d, "forget", "--user", "u1")
            self.assertTrue(wait_for(lambda: "c07" in [c[0] for c in answer(d, "u1")], 60))


if __name__ == "__main__":
    unittest.main()
