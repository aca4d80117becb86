"""Lists of courses: each has an id, and what comes of it is kept with it, also over a kill -9."""
import json
import signal
import sqlite3
import subprocess
import unittest

from kefud import Daemon, wait_for


def rows(d, query, *args):
    with sqlite3.connect(d.db) as db:
        return db.execute(query, args).fetchall()


def settled(d):
    return wait_for(lambda: d.metric("kefu_writes_queued") == 0)


def of_list(d, list_id):
    """{course: {what: time}} of one list."""
    found = rows(d, "SELECT i.name, shown, clicked, dismissed, enrolled, purchased FROM list_courses c "
                    "JOIN items i ON i.id = c.item WHERE list = ? ORDER BY place", int(list_id, 16))
    names = ("shown", "clicked", "dismissed", "enrolled", "purchased")
    return {row[0]: {n: v for n, v in zip(names, row[1:]) if v is not None} for row in found}


class Lists(unittest.TestCase):
    def test_a_reply_with_courses_has_a_list_and_one_without_has_none(self):
        with Daemon() as d:
            ws = d.ws()
            ws.hello()
            reply = ws.ask("推荐", "a")
            self.assertRegex(reply["list"], "^[0-9a-f]{16}$")
            self.assertNotIn("list", ws.ask("你好", "b"))
            self.assertNotEqual(ws.ask("推荐", "c")["list"], reply["list"])
            # The stored answer is the same one.
            self.assertEqual(ws.ask("推荐", "a")["list"], reply["list"])
            self.assertTrue(settled(d))
            self.assertEqual(list(of_list(d, reply["list"])), [c["id"] for c in reply["courses"]])
            self.assertEqual(rows(d, "SELECT count(*) FROM lists"), [(2,)])

    def test_what_comes_of_a_list_is_kept_with_it(self):
        with Daemon() as d:
            ws = d.ws()
            ws.hello()
            reply = ws.ask("推荐", "a")
            one, two, three = [c["id"] for c in reply["courses"]]
            event = {"type": "event", "list": reply["list"]}
            ws.send_json({**event, "id": "e1", "name": "shown", "courses": [one, two, three]})
            ws.send_json({**event, "id": "e2", "name": "click", "course": one})
            ws.send_json({**event, "id": "e3", "name": "dismiss", "course": two})
            ws.send_json({**event, "id": "e4", "name": "enroll", "course": one})
            ws.send_json({"type": "event", "id": "e5", "name": "purchase", "course": three})
            for name in ("dismiss", "undismiss"):
                ws.send_json({**event, "id": name, "name": name, "course": three})
            for i in ("e1", "e2", "e3", "e4", "e5", "dismiss", "undismiss"):
                ws.expect("ack", to=i)
            kept = of_list(d, reply["list"])
            self.assertEqual(set(kept[one]), {"shown", "clicked", "enrolled"})
            self.assertEqual(set(kept[two]), {"shown", "dismissed"})
            self.assertEqual(set(kept[three]), {"shown", "purchased"})
            # A click is a view of the course, too.
            self.assertEqual(rows(d, "SELECT count(*) FROM events WHERE type = 0"), [(1,)])

    def test_lists_over_http_have_an_id_and_purchases_find_them(self):
        with Daemon() as d:
            _, answer = d.json("GET", "/recommend?user_id=u1&n=2")
            self.assertRegex(answer["list"], "^[0-9a-f]{16}$")
            one, two = [c["id"] for c in answer["courses"]]
            self.assertTrue(settled(d))
            lines = [{"user": "u1", "course": one, "type": "click", "list": answer["list"]},
                     {"user": "u1", "course": one, "type": "purchase"},
                     {"user": "u2", "course": two, "type": "enroll", "list": answer["list"]}]
            status, _ = d.json("POST", "/events", "\n".join(map(json.dumps, lines)))
            self.assertEqual(status, 200)
            kept = of_list(d, answer["list"])
            self.assertEqual(set(kept[one]), {"shown", "clicked", "purchased"})
            self.assertEqual(set(kept[two]), {"shown", "enrolled"})
            self.assertEqual(rows(d, "SELECT count(*) FROM events WHERE type = 0"), [(1,)])
            _, empty = d.json("GET", "/recommend?user_id=u1&query=zzzzzz")
            self.assertEqual(empty["courses"], [])
            self.assertNotIn("list", empty)

    def test_courses_given_by_message_count_as_shown_and_purchases_find_them(self):
        with Daemon() as d:
            status, reply = d.json("POST", "/message", json.dumps({"text": "推荐", "user": "u1"}))
            self.assertEqual(status, 200)
            one, two, three = [c["id"] for c in reply["courses"]]
            self.assertTrue(settled(d))
            self.assertEqual({c: set(what) for c, what in of_list(d, reply["list"]).items()},
                             {one: {"shown"}, two: {"shown"}, three: {"shown"}})
            d.json("POST", "/events", json.dumps({"user": "u1", "course": two, "type": "purchase"}))
            self.assertEqual(set(of_list(d, reply["list"])[two]), {"shown", "purchased"})

    def test_a_program_that_tells_what_was_shown_is_believed_course_by_course(self):
        with Daemon() as d:
            _, reply = d.json("POST", "/message", json.dumps({"text": "推荐", "user": "u1", "shown": False}))
            one, two, three = [c["id"] for c in reply["courses"]]
            self.assertTrue(settled(d))
            self.assertEqual([set(v) for v in of_list(d, reply["list"]).values()], [set(), set(), set()])
            lines = [{"user": "u1", "course": one, "type": "shown", "list": reply["list"], "at": 1767225600},
                     {"user": "u1", "course": two, "type": "shown", "list": reply["list"]},
                     {"user": "u1", "course": two, "type": "purchase"},
                     {"user": "u1", "course": three, "type": "purchase"}]
            status, answer = d.json("POST", "/events", "\n".join(map(json.dumps, lines)))
            self.assertEqual((status, answer["accepted"]), (200, 4))
            kept = of_list(d, reply["list"])
            self.assertEqual(kept[one], {"shown": 1767225600000})
            self.assertEqual(set(kept[two]), {"shown", "purchased"})
            self.assertEqual(kept[three], {})  # bought, but not because it was shown
            # To be shown is nothing that the learner did.
            self.assertEqual(rows(d, "SELECT count(*) FROM events WHERE type = 0"), [(0,)])
            self.assertEqual(d.metric("kefu_courses_shown_total"), 2)
            status, _ = d.json("POST", "/events", json.dumps(lines[0]))
            self.assertEqual(status, 200)

    def test_shown_needs_its_list_and_a_wrong_wish_is_named(self):
        with Daemon() as d:
            status, problem = d.json("POST", "/events", json.dumps({"user": "u", "course": "py101", "type": "shown"}))
            self.assertEqual(status, 400)
            self.assertIn("list", problem["errors"][0]["detail"])
            status, problem = d.json("POST", "/message", json.dumps({"text": "推荐", "shown": "later"}))
            self.assertEqual(status, 400)
            self.assertIn("shown", problem["detail"])

    def test_a_wrong_list_is_refused_and_an_unknown_one_is_not(self):
        with Daemon() as d:
            ws = d.ws()
            ws.hello()
            ws.send_json({"type": "event", "id": "e1", "name": "click", "course": "py101", "list": "nonsense"})
            self.assertEqual(ws.error("bad_event")["to"], "e1")
            ws.send_json({"type": "event", "id": "e2", "name": "shown", "course": "py101"})
            self.assertEqual(ws.error("bad_event")["to"], "e2")
            ws.send_json({"type": "event", "id": "e3", "name": "shown"})
            self.assertEqual(ws.error("bad_frame")["to"], "e3")
            ws.send_json({"type": "event", "id": "e4", "name": "click", "course": "py101", "list": "00000000000000ff"})
            ws.expect("ack", to="e4")
            status, problem = d.json("POST", "/events", json.dumps(
                {"user": "u", "course": "py101", "type": "view", "list": 7}))
            self.assertEqual(status, 400)
            self.assertIn("list", problem["errors"][0]["detail"])

    def test_marks_that_were_acknowledged_survive_kill_9(self):
        d = Daemon().start()
        ws = d.ws()
        ws.hello()
        reply = ws.ask("推荐", "a")
        ids = [c["id"] for c in reply["courses"]]
        ws.send_json({"type": "event", "id": "e1", "name": "shown", "courses": ids, "list": reply["list"]})
        ws.send_json({"type": "event", "id": "e2", "name": "click", "course": ids[0], "list": reply["list"]})
        ws.expect("ack", to="e1")
        ws.expect("ack", to="e2")
        d.process.send_signal(signal.SIGKILL)
        d.process.wait()
        d.process.stdout.close()
        kept = of_list(d, reply["list"])
        self.assertEqual([set(v) for v in kept.values()], [{"shown", "clicked"}, {"shown"}, {"shown"}])
        subprocess.run(["rm", "-rf", d.folder], check=True)

    def test_nothing_the_learner_said_is_kept_with_a_list(self):
        with Daemon() as d:
            ws = d.ws()
            ws.hello()
            ws.ask("推荐 13800138000 秘密", "a")
            self.assertTrue(settled(d))
            kept = str(rows(d, "SELECT * FROM lists") + rows(d, "SELECT * FROM list_courses"))
            self.assertNotIn("秘密", kept)
            self.assertNotIn("13800138000", kept)


if __name__ == "__main__":
    unittest.main()
