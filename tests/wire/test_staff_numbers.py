"""What the staff reads at /admin/api/: rules with their hits, conversations, numbers over time, trying out."""
import json
import sqlite3
import time
import unittest

from kefud import RULES, Daemon, wait_for
from staff import Staff


class Talked(unittest.TestCase):
    """A daemon with some conversations behind it."""

    @classmethod
    def setUpClass(cls):
        rules = RULES.replace("answer: {zh: 您好！, en: Hello!}", "answer: {zh: 您好！, en: Hello!}\n    tests: [你好]")
        cls.daemon = Daemon(rules=rules, options=["--rate", "100000", "--connections-per-ip", "1000"]).__enter__()
        cls.lin = Staff(cls.daemon, "lin", role="agent")
        cls.began = int(time.time() * 1000) - 1000
        ws = cls.daemon.ws()
        ws.hello(lang="zh-CN")
        ws.ask("我要退款", "a")
        ws.ask("订单号 20260301123456 谢谢", "b")
        seq = ws.ask("怎么开发票", "c")["seq"]
        ws.send_json({"type": "feedback", "seq": seq, "helpful": True, "id": "f"})
        ws.expect("ack", to="f")
        ws.close()
        ws = cls.daemon.ws()
        ws.hello(lang="en")
        ws.ask("Where is the 100%_sure \\ moon", "a")
        ws.ask("hello", "b")
        ws.ask("human", "c")
        ws.close()
        ws = cls.daemon.ws()
        ws.hello()  # looks, and says nothing
        ws.close()
        for i in range(3):
            body = {"text": "你好", "user": f"u{i}"}
            cls.daemon.http("POST", "/message", json.dumps(body))
        assert wait_for(lambda: cls.daemon.metric("kefu_writes_queued") == 0)

    @classmethod
    def tearDownClass(cls):
        cls.daemon.__exit__(None, None, None)

    def look(self, query=""):
        return self.lin.get("conversations" + query)["conversations"]

    # ---- rules ----

    def rules(self, query=""):
        return {r["name"]: r for r in self.lin.get("rules" + query)["rules"]}

    def test_rules_are_listed_with_their_places_and_words(self):
        got = self.rules()
        self.assertEqual(list(got), ["refund", "human", "recommend", "hello"])
        refund, human, hello = got["refund"], got["human"], got["hello"]
        self.assertEqual(refund["title"], {"zh": ["申请退款"], "en": ["Refund"]})
        self.assertEqual((refund["file"], human["priority"]), ("intents.yaml", 10))
        with open(self.daemon.rules_path, encoding="utf-8") as f:
            lines = f.read().split("\n")
        self.assertIn("refund:", lines[refund["line"] - 1])
        self.assertEqual(refund["blocks"][0]["kind"], "keywords")
        self.assertIn("退款", refund["blocks"][0]["any"])
        self.assertEqual(refund["asks"][0]["slot"], "order_no")
        self.assertEqual(human["do"], ["handoff"])
        self.assertEqual(hello["tests"][0]["say"], "你好")
        self.assertIsNone(hello["then"])
        self.assertIsNone(hello["only"]["logged_in"])

    def test_words_are_looked_for_in_what_people_wrote(self):
        self.assertEqual(list(self.rules("?q=HELLO")), ["hello"])
        self.assertEqual(list(self.rules("?q=%E9%80%80%E6%AC%BE")), ["refund"])  # 退款
        self.assertEqual(list(self.rules("?q=%E8%AF%B7%E5%91%8A%E8%AF%89")), ["refund"])  # a question of a slot
        for nothing in ("blocks", "keywords", "intents.yaml", "priority", "%22", "zzz"):
            self.assertEqual(self.rules("?q=" + nothing), {}, nothing)
        self.assertEqual(list(self.rules("?name=human")), ["human"])
        page = self.lin.get("rules?limit=1&offset=2")
        self.assertEqual((page["total"], page["matched"], page["rules"][0]["name"]), (4, 4, "recommend"))
        self.lin.get("rules?limit=0", 400)

    def test_hits_are_counted_and_outlive_a_restart(self):
        self.assertTrue(wait_for(lambda: self.rules()["hello"]["hits"] == 4))
        got = self.rules()
        self.assertEqual((got["refund"]["hits"], got["human"]["hits"], got["recommend"]["hits"]), (2, 1, 0))
        self.assertGreater(got["hello"]["last_hit"], self.began)
        self.assertIsNone(got["recommend"]["last_hit"])
        entry = self.lin.get("faq")["faq"][0]
        self.assertEqual((entry["id"], entry["hits"], entry["file"]), ("invoice", 1, "intents.yaml"))
        self.assertEqual(entry["question"], {"*": ["怎么开发票？"]})
        self.assertEqual(self.lin.get("faq?q=open%20the")["matched"], 1)
        self.assertEqual(self.lin.get("faq?q=nothing")["faq"], [])

    def test_trying_out_counts_and_keeps_nothing(self):
        before = (self.rules()["hello"]["hits"], self.daemon.metric("kefu_messages_total"), len(self.look()))
        for _ in range(3):
            self.lin.post("ask", {"text": "你好"})
        time.sleep(2.5)  # longer than counts wait in memory
        self.assertEqual((self.rules()["hello"]["hits"], self.daemon.metric("kefu_messages_total"), len(self.look())), before)

    # ---- asking ----

    def test_ask_gives_what_the_command_gives(self):
        got = self.lin.post("ask", {"text": "怎么退款", "ui": "zh"})
        for member in ("text", "lang", "tokens", "intent", "score", "source", "slots", "reply", "candidates", "why"):
            self.assertIn(member, got)
        self.assertEqual((got["intent"], got["reply"]["text"]), ("refund", "请告诉我订单号"))
        self.assertTrue(any("refund" in line for line in got["why"]))
        self.assertIn("结果", got["explain"])
        self.assertIn("outcome", self.lin.post("ask", {"text": "怎么退款", "ui": "en"})["explain"])

    def test_ask_goes_on_with_a_conversation(self):
        one = self.lin.post("ask", {"text": "我要退款", "user": "u1"})
        two = self.lin.post("ask", {"text": "20260301123456", "state": one["state"]})
        self.assertIn(two["source"], ("slot", "rule"))
        self.assertNotEqual(two["state"], one["state"])
        self.assertEqual(self.lin.post("ask", {"click": "faq:invoice"})["intent"], "faq:invoice")

    def test_ask_refuses_what_is_no_message(self):
        for body in ({}, {"text": ""}, {"text": 5}, {"text": "长" * 2001}, {"text": "x", "state": "\u0001nonsense"},
                     {"text": "x", "user": "u" * 201}):
            with self.subTest(body=str(body)[:40]):
                status, answer = self.lin.ask("POST", "ask", body)
                self.assertIn(status, (400, 413) if "state" not in body else (200, 400), answer)

    # ---- conversations ----

    def test_conversations_come_newest_first_without_those_who_said_nothing(self):
        got = self.look()
        self.assertEqual(len(got), 5)
        self.assertEqual([c["seen"] for c in got], sorted((c["seen"] for c in got), reverse=True))
        first = {c["first"]: c for c in got}
        english, chinese = first["Where is the 100%_sure \\ moon"], first["我要退款"]
        self.assertEqual((chinese["first"], chinese["last"], chinese["messages"], chinese["up"]), ("我要退款", "怎么开发票", 3, 1))
        self.assertEqual((english["messages"], english["unanswered"], english["handoffs"], english["lang"]), (3, 1, 1, "en"))
        self.assertGreaterEqual(chinese["started"], self.began)

    def test_they_are_found_by_words_and_by_what_came_of_them(self):
        def found(query):
            return [c["first"] for c in self.look(query)]

        moon = "Where is the 100%_sure \\ moon"
        self.assertEqual(found("?q=MOON"), [moon])
        self.assertEqual(found("?q=100%25_sure%20%5C"), [moon])
        self.assertEqual(found("?q=100%25x"), [])
        self.assertEqual(found("?q=%25"), [moon])
        self.assertEqual(found("?q=_"), [moon])
        self.assertEqual(found("?q=%E5%B7%B2%E6%8F%90%E4%BA%A4"), ["我要退款"])  # 已提交: what the bot said
        self.assertEqual(found("?intent=refund"), ["我要退款"])
        self.assertEqual(found("?intent=faq:invoice"), ["我要退款"])
        self.assertEqual(found("?source=fallback"), [moon])
        self.assertEqual(found("?unanswered=1"), [moon])
        self.assertEqual(found("?handoff=1"), [moon])
        self.assertEqual(found("?feedback=up"), ["我要退款"])
        self.assertEqual(found("?feedback=down"), [])
        self.assertEqual(found("?user=u1"), [])  # /message does not prove who somebody is
        self.assertEqual(found("?intent=hello&unanswered=1"), [moon])
        self.assertEqual(found("?intent=refund&unanswered=1"), [])

    def test_they_come_in_pages(self):
        seen, query = [], "?limit=2"
        while True:
            page = self.lin.get("conversations" + query)
            seen += [c["session"] for c in page["conversations"]]
            if not page["next"]:
                break
            query = "?limit=2&before=" + page["next"]
        self.assertEqual(len(seen), 5)
        self.assertEqual(seen, [c["session"] for c in self.look()])

    def test_wrong_filters_are_named(self):
        for query, name in (("?source=x", "source"), ("?feedback=x", "feedback"), ("?unanswered=yes", "unanswered"),
                            ("?before=x", "before"), ("?limit=201", "limit"), ("?q=" + "x" * 1500, "q"), ("?q=%ff", "q")):
            with self.subTest(query=query[:20]):
                self.assertEqual(self.lin.get("conversations" + query, 400)["parameter"], name)

    def test_one_conversation_is_read_whole_and_masked(self):
        session = self.look("?intent=refund")[0]["session"]
        got = self.lin.get("conversation?session=" + session)
        self.assertEqual([t["side"] for t in got["turns"]], ["bot"] + ["learner", "bot"] * 3)
        self.assertEqual(got["turns"][1]["text"], "我要退款")
        self.assertEqual(got["turns"][2]["intent"], "refund")
        self.assertEqual([t["helpful"] for t in got["turns"] if t["side"] == "bot"], [None, None, None, True])
        self.assertNotIn("20260301123456", json.dumps(got))
        self.assertFalse(got["more"])

    def test_a_handover_is_part_of_it(self):
        session = self.look("?handoff=1")[0]["session"]
        self.assertEqual(self.lin.get("conversation?session=" + session)["handoffs"][0]["team"], "客服")

    def test_there_is_no_other_way_in(self):
        self.lin.get("conversation", 400)
        self.lin.get("conversation?session=x", 400)
        self.lin.get("conversation?session=" + "0" * 32, 404)
        viewer = Staff(self.daemon, "v", role="viewer")
        self.assertEqual(viewer.get("conversations", 403)["needs"], "agent")
        self.assertEqual(viewer.get("conversation?session=" + "0" * 32, 403)["needs"], "agent")

    # ---- stats ----

    def test_numbers_over_time_add_up(self):
        got = self.lin.get(f"stats?from={self.began}&to={self.began + 600_000}&step=60")
        self.assertEqual(len(got["points"]), 10)
        totals = got["totals"]
        self.assertEqual({k: totals[k] for k in ("messages", "sessions", "answered", "asked", "fallbacks", "handoffs", "up", "down")},
                         {"messages": 9, "sessions": 5, "answered": 8, "asked": 0, "fallbacks": 1, "handoffs": 1, "up": 1, "down": 0})
        self.assertAlmostEqual(totals["answered_share"], 8 / 9)
        for name in ("messages", "answered", "fallbacks", "handoffs", "up", "down"):
            self.assertEqual(sum(p[name] for p in got["points"]), totals[name])
        self.assertEqual(got["points"][1]["at"] - got["points"][0]["at"], 60_000)
        self.assertEqual([(t["intent"], t["n"]) for t in got["intents"]], [("hello", 4), ("refund", 2), ("human", 1)])
        self.assertEqual(got["faq"], [{"id": "invoice", "n": 1}])

    def test_ranges_are_checked(self):
        day = self.lin.get("stats")
        self.assertEqual((day["step"], len(day["points"])), (3600, 24))
        for query, name in (("?from=5&to=5", "from"), ("?step=59", "step"), ("?step=x", "step"),
                            (f"?from=0&to={self.began}&step=60", "step"), ("?to=-1", "to"), (f"?to={10**19}", "to")):
            with self.subTest(query=query):
                self.assertEqual(self.lin.get("stats" + query, 400)["parameter"], name)


class Restart(unittest.TestCase):
    def test_numbers_outlive_a_restart(self):
        d = Daemon()
        with d:
            lin = Staff(d, "lin", role="agent")
            for i in range(5):
                d.json("POST", "/message", json.dumps({"text": "你好"}))
            began = int(time.time() * 1000) - 120_000
            d.stop()
            d.start()
            query = f"stats?from={began}&to={began + 600_000}&step=60"
            totals = lin.get(query)["totals"]  # the cookie is good still
            self.assertEqual((totals["messages"], totals["turns"]), (5, 10))  # 5 greetings are turns, too
            self.assertGreater(totals["p50_us"], 0)
            self.assertGreaterEqual(totals["p95_us"], totals["p50_us"])
            self.assertEqual(lin.get("rules?name=hello")["rules"][0]["hits"], 5)

    def test_a_question_that_takes_too_long_is_given_up(self):
        with Daemon() as d:
            lin = Staff(d, "lin", role="agent")
            with sqlite3.connect(d.db) as db:
                db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
                           "INSERT INTO sessions SELECT printf('%032d', i), '', 'zh', 2, i, '' FROM n")
                db.execute("INSERT INTO talk (session, user, seq, at, side, text, client_id, intent, source, score, json) "
                           "SELECT session, '', 2, seen, 0, 'text', '', '', '', 0, '' FROM sessions")
            status, answer = lin.ask("GET", "conversations?q=nothing")
            self.assertIn(status, (200, 503))  # 200: this machine is quick
            self.assertEqual(lin.get("conversations?limit=3")["conversations"][0]["first"], "text")


if __name__ == "__main__":
    unittest.main()
