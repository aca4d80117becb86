"""What learners asked in vain: in groups at /admin/api/, dealt with, and answered after a draft."""
import json
import os
import unittest

from kefud import RULES, Daemon, wait_for
from staff import Staff

MORE = """# kept by Lin
intents:
  certificate:   # of completion
    when:
      phrases:
        - 怎么拿到证书   # the plain one
    answer: {zh: 学完即可下载。, en: Finish it.}
"""
WRONG_NAME = ["证书上的名字写错了怎么改", "证书上名字写错了，怎么改？", "證書上的名字寫錯了怎麼改", "我证书上的名字写错了怎么改呀"]
OFFLINE = ["can I download the videos for offline viewing", "download a video for offline viewing!"]


class Unanswered(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon(rules=None, options=["--connections-per-ip", "1000"])
        self.write("intents.yaml", RULES + "include: [more/*.yaml]\n")
        self.write("more/certificate.yaml", MORE)
        self.daemon.__enter__()
        self.lin = Staff(self.daemon, "lin", role="editor")

    def tearDown(self):
        self.daemon.__exit__(None, None, None)

    def write(self, name, text):
        path = os.path.join(self.daemon.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def read(self, name):
        with open(os.path.join(self.daemon.folder, name), encoding="utf-8") as f:
            return f.read()

    def says(self, text):
        return self.daemon.json("POST", "/message", json.dumps({"text": text}))[1]["text"]

    def plant(self):
        """One conversation with an answer that did not help, two others."""
        ws = self.daemon.ws()
        ws.hello()
        ws.send_json({"type": "feedback", "id": "f", "seq": ws.ask("你好", "hi")["seq"], "helpful": False})
        for i, text in enumerate(WRONG_NAME):
            ws.ask(text, f"w{i}")
        ws.close()
        for text in OFFLINE:
            self.says(text)
        self.assertTrue(wait_for(lambda: self.groups()["messages"] == 7), self.groups())

    def groups(self, query=""):
        return self.lin.get("unanswered" + query)

    def group(self, text):
        return next(g for g in self.groups()["groups"] if g["text"] == text)

    # ---- groups ----

    def test_what_was_asked_in_vain_is_listed_in_groups(self):
        self.plant()
        got = self.groups()
        self.assertEqual([(g["count"], g["sessions"], g["lang"]) for g in got["groups"]],
                         [(4, 1, "zh"), (2, 2, "en"), (1, 1, "zh")])
        zh, en, down = got["groups"]
        self.assertEqual(zh["text"], WRONG_NAME[0])
        self.assertEqual(got["total"], 3)
        self.assertEqual(down["kinds"], {"fallback": 0, "ask": 0, "down": 1})
        self.assertEqual(down["suggest"]["intent"], "hello")
        self.assertTrue(zh["first"] <= zh["last"])
        for sample in zh["samples"]:
            self.assertIn(sample["text"], WRONG_NAME)
            self.assertEqual(len(sample["session"]), 32)
            turns = self.lin.get("conversation?session=" + sample["session"])["turns"]
            self.assertIn((sample["seq"], sample["text"]), [(t["seq"], t["text"]) for t in turns])

    def test_what_is_asked_for_must_hold(self):
        self.plant()
        for query, texts in (("?kind=down", ["你好"]), ("?lang=en", [OFFLINE[0]]), ("?min=3", [WRONG_NAME[0]]),
                             ("?limit=1", [WRONG_NAME[0]]), ("?since=9999999999999", [])):
            with self.subTest(query=query):
                self.assertEqual([g["text"] for g in self.groups(query)["groups"]], texts)
        self.assertEqual(self.groups("?limit=1")["total"], 3)
        for query in ("?kind=up", "?min=0", "?limit=501", "?since=x"):
            with self.subTest(query=query):
                self.lin.get("unanswered" + query, 400)

    def test_private_values_are_masked(self):
        self.says("把手机号换成13812345678行不行呀")
        self.assertTrue(wait_for(lambda: self.groups()["groups"]))
        group, = self.groups()["groups"]
        self.assertIn("138****5678", group["text"])
        self.assertNotIn("13812345678", json.dumps(group))
        problem = self.lin.post("draft", {"group": group["id"], "kind": "phrase", "intent": "hello"}, 400)
        self.assertIn("masked", problem["detail"])

    # ---- dealing with them ----

    def test_an_ignored_group_stays_away_and_one_that_is_done_till_it_is_asked_again(self):
        self.plant()
        zh, en = self.group(WRONG_NAME[0])["id"], self.group(OFFLINE[0])["id"]
        self.assertEqual(self.lin.post("unanswered", {"group": zh, "state": "ignored"})["messages"], 4)
        self.lin.post("unanswered", {"group": en, "state": "done"})
        self.assertEqual([g["text"] for g in self.groups()["groups"]], ["你好"])
        self.says("请问证书上的名字写错了怎么改")
        self.says(OFFLINE[1])
        self.assertTrue(wait_for(lambda: self.groups()["total"] == 2))
        self.assertEqual([g["count"] for g in self.groups()["groups"] if g["lang"] == "en"], [1])
        self.lin.post("unanswered", {"group": zh, "state": "open"})
        self.assertEqual(self.group(WRONG_NAME[0])["count"], 5)
        for body, status in (({"group": zh, "state": "gone"}, 400), ({"group": "x", "state": "done"}, 400),
                             ({"group": "0" * 16, "state": "done"}, 404), ({}, 400)):
            with self.subTest(body=body):
                self.lin.post("unanswered", body, status)

    # ---- drafts ----

    def test_after_a_draft_the_same_message_is_answered(self):
        self.plant()
        self.assertNotEqual(self.says(WRONG_NAME[0]), "学完即可下载。")
        draft = {"group": self.group(WRONG_NAME[0])["id"], "kind": "phrase", "intent": "certificate"}
        before = self.lin.get("file?path=more/certificate.yaml")["version"]
        seen = self.lin.post("draft", draft | {"preview": True})
        self.assertEqual((seen["path"], seen["line"], seen["version"]), ("more/certificate.yaml", 7, before))
        self.assertIn(f"\n+        - {WRONG_NAME[0]}\n", seen["diff"])
        self.assertNotIn("id", seen)
        self.assertEqual(self.read("more/certificate.yaml"), MORE)
        got = self.lin.post("draft", draft)
        self.assertEqual(got["diff"], seen["diff"])
        self.assertEqual(self.read("more/certificate.yaml"),
                         MORE.replace("plain one\n", f"plain one\n        - {WRONG_NAME[0]}\n"))
        self.assertEqual(got["version"], self.lin.get("file?path=more/certificate.yaml")["version"])
        newest = self.lin.get("history?path=more/certificate.yaml")["versions"][0]
        self.assertEqual((newest["id"], newest["who"], newest["comment"]), (got["id"], "lin", "phrase: " + WRONG_NAME[0]))
        self.assertTrue(wait_for(lambda: self.says(WRONG_NAME[0]) == "学完即可下载。"))
        self.assertEqual(self.lin.post("draft", draft | {"kind": "test"})["errors"], 0)

    def test_a_new_entry_and_another_wording_of_it_are_answered(self):
        self.plant()
        body = {"group": self.group(OFFLINE[0])["id"], "kind": "faq", "id": "offline",
                "answer": {"zh": "可以下载。", "en": "Tap the arrow."}}
        self.assertEqual(self.lin.post("draft", body)["path"], "intents.yaml")
        self.assertTrue(self.read("intents.yaml").startswith(RULES))
        self.assertTrue(wait_for(lambda: self.says(OFFLINE[0]) == "Tap the arrow."))
        self.lin.post("draft", {"kind": "phrase", "id": "offline", "text": "没有网络的时候怎么看"})
        self.assertTrue(wait_for(lambda: self.says("没有网络的时候怎么看") == "可以下载。"))

    def test_what_would_not_be_taken_is_refused_and_nothing_changes(self):
        self.plant()
        group = {"group": self.group(WRONG_NAME[0])["id"]}
        before = self.read("intents.yaml")
        for body, status in (({"kind": "test", "intent": "hello"}, 422),
                             ({"kind": "phrase", "intent": "hello", "text": "<nothing>的课"}, 422),
                             ({"kind": "phrase", "intent": "nobody"}, 404), ({"kind": "phrase", "id": "nobody"}, 404),
                             ({"kind": "phrase"}, 400), ({"kind": "poem", "intent": "hello"}, 400),
                             ({"kind": "faq"}, 400), ({"kind": "faq", "answer": {}}, 400),
                             ({"kind": "faq", "answer": ["x"]}, 400), ({"kind": "faq", "answer": {"zh": 1}}, 400),
                             ({"kind": "faq", "id": "invoice", "answer": "x"}, 400), ({"kind": 1}, 400),
                             ({"group": "0" * 16, "kind": "phrase", "intent": "hello"}, 404),
                             ({"group": "", "kind": "phrase", "intent": "hello"}, 400)):
            for preview in (True, False):
                with self.subTest(body=body, preview=preview):
                    self.lin.post("draft", group | body | {"preview": preview}, status)
        self.assertEqual(self.read("intents.yaml"), before)
        self.assertEqual(self.read("more/certificate.yaml"), MORE)

    # ---- who ----

    def test_editors_may_and_others_may_not(self):
        wang = Staff(self.daemon, "wang", role="agent")
        for method, path in (("GET", "unanswered"), ("POST", "unanswered"), ("POST", "draft")):
            with self.subTest(path=path):
                status, problem = wang.ask(method, path, {} if method == "POST" else None)
                self.assertEqual((status, problem.get("needs")), (403, "editor"))
        self.assertFalse({"unanswered", "draft"} & set(wang.get("me")["may"]))
        self.assertTrue({"unanswered", "draft"} <= set(self.lin.get("me")["may"]))

    def test_what_was_done_is_in_the_log(self):
        self.plant()
        self.lin.post("unanswered", {"group": self.group("你好")["id"], "state": "ignored"})
        self.lin.post("draft", {"kind": "phrase", "intent": "certificate", "text": "补发证书"})
        root = Staff(self.daemon, "root", role="admin")
        entries = [(e["who"], e["what"]) for e in root.get("audit")["entries"]]
        self.assertIn(("lin", "group-ignored"), entries)
        self.assertIn(("lin", "file-save"), entries)


if __name__ == "__main__":
    unittest.main()
