"""kefu analyse unanswered: what was asked in vain, in groups, and drafts out of them."""
import json
import os
import sqlite3
import unittest

from test_kefu import RULES, Cli

DAY = 86_400_000
NOW = 1_772_330_000_000

CERTIFICATE = ["证书上的名字写错了怎么改", "证书上名字写错了，怎么改？", "證書上的名字寫錯了怎麼改", "我证书上的名字写错了怎么改呀"]
DOWNLOAD = ["can I download the videos for offline viewing", "Can I download videos for offline viewing??",
            "download a video for offline viewing"]


class Unanswered(Cli):
    def setUp(self):
        super().setUp()
        self.courses()
        self.seq = 1

    def said(self, text, source="fallback", session="a", at=NOW, helpful=None):
        self.seq += 1
        session = session * 32
        with sqlite3.connect(os.path.join(self.folder, "kefu.db")) as db:
            put = "INSERT INTO talk (session, user, seq, at, side, text, client_id, intent, source, score, json) " \
                  "VALUES (?, '', ?, ?, ?, ?, '', ?, ?, 0, ?)"
            db.execute(put, (session, self.seq, at, 0, text, "", "", ""))
            db.execute(put, (session, self.seq, at, 1, "reply", "", source, "{}"))
            if helpful is not None:
                db.execute("INSERT INTO feedback VALUES (?, ?, '', ?, ?)", (session, self.seq, helpful, at))

    def plant(self):
        for i, text in enumerate(CERTIFICATE):
            self.said(text, session="abcd"[i], at=NOW + i * DAY)
        for text in DOWNLOAD:
            self.said(text, "ask", session="e")
        self.said("你们的客服太慢", "rule", helpful=0)
        self.said("谢谢", "rule", helpful=1)

    def report(self, *options):
        return json.loads(self.kefu("analyse", "unanswered", "--json", *options).stdout)

    def texts(self, *options):
        return [g["text"] for g in self.report(*options)["groups"]]

    def test_those_who_ask_the_same_are_one_group(self):
        self.plant()
        got = self.report()
        self.assertEqual((got["total"], got["messages"]), (3, 8))
        zh, en, down = got["groups"]
        self.assertEqual((zh["count"], zh["sessions"], zh["lang"]), (4, 4, "zh"))
        self.assertEqual((zh["first"], zh["last"]), (NOW, NOW + 3 * DAY))
        self.assertEqual(zh["kinds"], {"fallback": 4, "ask": 0, "down": 0})
        self.assertEqual((en["count"], en["sessions"], en["lang"], en["kinds"]["ask"]), (3, 1, "en", 3))
        self.assertEqual((down["text"], down["kinds"]["down"]), ("你们的客服太慢", 1))
        self.assertTrue(set(s["text"] for s in zh["samples"]) <= set(CERTIFICATE))
        self.assertEqual(zh["samples"][0]["session"], "d" * 32)

    def test_what_is_asked_for_is_all_that_is_shown(self):
        self.plant()
        self.assertEqual(len(self.texts("--min", "2")), 2)
        self.assertEqual(self.texts("--lang", "en"), [DOWNLOAD[1]])
        self.assertEqual(self.texts("--kind", "down"), ["你们的客服太慢"])
        self.assertEqual(len(self.texts("--limit", "1")), 1)
        whole, late = self.report()["groups"][0], self.report("--since", str(NOW + 2 * DAY))["groups"][0]
        self.assertEqual((late["count"], late["id"]), (2, whole["id"]))

    def test_people_read_counts_samples_and_what_is_near(self):
        self.plant()
        self.said("发票", "ask")
        out = self.kefu("analyse", "unanswered").stdout
        self.assertIn("Asked in vain: 4 groups, 9 messages.", out)
        self.assertIn("messages: 4, conversations: 4 (4 not understood), 2026-03-01 – 2026-03-04, zh", out)
        self.assertIn("nearest: FAQ invoice", out)
        zh = self.kefu("analyse", "unanswered", lang="zh_CN.UTF-8").stdout
        self.assertIn("未能回答：4 组，9 条消息。", zh)

    def test_nothing_recorded_is_said(self):
        self.assertIn("nothing", self.kefu("analyse", "unanswered").stdout)

    def test_what_is_masked_stays_masked_and_is_no_draft(self):
        for tail in ("5678", "1234", "8888"):
            self.said(f"把我的手机号换成138****{tail}行不行")
        group, = self.report()["groups"]
        self.assertEqual(group["count"], 3)
        self.assertIn("138****", group["text"])
        before = self.read("intents.yaml")
        why = self.kefu("analyse", "unanswered", "--group", "1", "--draft", "phrase", "--intent", "human", code=2).stderr
        self.assertIn("masked", why)
        self.assertEqual(self.read("intents.yaml"), before)

    def asks(self, text):
        return json.loads(self.kefu("ask", "--json", text).stdout)["intent"]

    def test_a_drafted_phrase_goes_into_its_file_and_is_understood(self):
        self.write("intents.yaml", RULES + "include: [more/*.yaml]\n")
        more = "# kept by Lin\nintents:\n  certificate:   # of completion\n    when:\n      phrases:\n" \
               "        - 怎么拿到证书   # the plain one\n    answer: {zh: 学完即可下载。, en: Finish it.}\n"
        self.write("more/certificate.yaml", more)
        self.plant()
        self.assertIsNone(self.asks(CERTIFICATE[0]))
        out = self.kefu("analyse", "unanswered", "--group", "1", "--draft", "phrase", "--intent", "certificate").stdout
        self.assertTrue(out.startswith("more/certificate.yaml:7\n"), out)
        self.assertIn(f"\n+        - {CERTIFICATE[0]}\n", out)
        self.assertEqual(self.read("more/certificate.yaml"),
                         more.replace("plain one\n", f"plain one\n        - {CERTIFICATE[0]}\n"))
        self.assertEqual(self.read("intents.yaml"), RULES + "include: [more/*.yaml]\n")
        self.assertEqual(self.asks(CERTIFICATE[0]), "certificate")
        self.kefu("analyse", "unanswered", "--group", "1", "--draft", "test", "--intent", "certificate")
        self.assertIn("tests:", self.read("more/certificate.yaml"))
        self.kefu("check", "intents.yaml")

    def test_a_drafted_entry_answers(self):
        self.plant()
        group = self.report("--lang", "en")["groups"][0]["id"]
        out = json.loads(self.kefu("analyse", "unanswered", "--group", group, "--draft", "faq", "--id", "offline",
                                   "--answer", "In the app, yes: tap the arrow.", "--json").stdout)
        self.assertEqual(self.read("intents.yaml").split("\n")[out["line"] - 1].strip(), "- id: offline")
        self.assertTrue(self.read("intents.yaml").startswith(RULES))
        self.assertEqual(self.asks(DOWNLOAD[0]), "faq:offline")
        self.kefu("analyse", "unanswered", "--group", group, "--draft", "phrase", "--id", "offline", "--text",
                  "watch without a network")
        self.assertEqual(self.asks("watch without a network"), "faq:offline")

    def rows(self, query):
        with sqlite3.connect(os.path.join(self.folder, "kefu.db")) as db:
            return db.execute(query).fetchall()

    def test_drafts_and_marks_are_in_the_log_and_the_history_as_those_of_the_page_are(self):
        self.plant()
        group = self.report()["groups"][0]["id"]
        self.kefu("analyse", "unanswered", "--group", group, "--draft", "phrase", "--intent", "human", "--done")
        log = self.rows("SELECT origin, what, detail FROM audit ORDER BY id")
        self.assertEqual(log, [("command", "file-save", "intents.yaml 2"),
                               ("command", "group-done", f"{group} {CERTIFICATE[0]}")])
        who, = {row for row in self.rows("SELECT who FROM audit")}
        self.assertEqual(self.rows("SELECT path, who, comment, text FROM file_versions ORDER BY id"), [
            ("intents.yaml", "", "", RULES),
            ("intents.yaml", who[0], f"phrase: {CERTIFICATE[0]}", self.read("intents.yaml"))])

    def test_what_would_not_load_or_hold_is_refused(self):
        self.plant()
        before = self.read("intents.yaml")
        for options, code, words in (
                (["--draft", "test", "--intent", "human"], 1, "nothing was changed"),
                (["--draft", "phrase", "--intent", "human", "--text", "<nothing>的课"], 1, "nothing was changed"),
                (["--draft", "phrase", "--intent", "nobody"], 1, "no intent 'nobody'"),
                (["--draft", "phrase", "--id", "nobody"], 1, "no FAQ entry 'nobody'"),
                (["--draft", "faq", "--id", "invoice", "--answer", "x"], 1, "already"),
                (["--draft", "faq"], 2, "answer"), (["--draft", "phrase"], 2, "intent"),
                (["--draft", "poem", "--intent", "human"], 2, "phrase, faq or test")):
            with self.subTest(options=options):
                self.assertIn(words, self.kefu("analyse", "unanswered", "--group", "1", *options, code=code).stderr)
        self.assertIn("no group 9", self.kefu("analyse", "unanswered", "--group", "9", "--draft", "phrase", "--intent",
                                              "human", code=1).stderr)
        self.assertEqual(self.read("intents.yaml"), before)
        self.assertEqual(self.rows("SELECT count(*) FROM audit"), [(0,)])

    def test_what_is_ignored_does_not_come_back(self):
        self.plant()
        group = self.report()["groups"][0]["id"]
        self.kefu("analyse", "unanswered", "--group", "1", "--ignore")
        self.said("请问证书上的名字写错了怎么改", at=NOW + 400 * DAY)
        self.assertEqual(len(self.texts()), 2)
        self.kefu("analyse", "unanswered", "--group", group, "--open")
        self.assertEqual(self.report()["groups"][0]["count"], 5)

    def test_what_is_done_comes_back_when_it_is_asked_in_vain_again(self):
        self.plant()
        self.kefu("analyse", "unanswered", "--group", "1", "--done")
        self.assertNotIn(CERTIFICATE[0], self.texts())
        self.said(CERTIFICATE[1], at=NOW + 40 * 365 * DAY)
        self.assertEqual([g["count"] for g in self.report()["groups"] if g["lang"] == "zh"], [1, 1])

    def test_the_command_line_is_checked(self):
        for options in (["x"], ["--since", "soon"], ["--kind", "up"], ["--min", "0"], ["--ignore"],
                        ["--group", "1", "--ignore", "--done"], ["--draft", "phrase"]):
            with self.subTest(options=options):
                self.kefu("analyse", "unanswered", *options, code=2)
        self.kefu("analyse", code=2)
        self.kefu("analyse", "everything", code=2)


if __name__ == "__main__":
    unittest.main()
