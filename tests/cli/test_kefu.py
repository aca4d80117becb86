"""The kefu command as people use it: what it prints, and how it exits."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "wire"))
from kefud import BUILD, COURSES, RULES, Daemon  # noqa: E402

KEFU = os.path.join(BUILD, "kefu")


class Cli(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="kefu-cli-")
        self.write("intents.yaml", RULES)
        self.write("courses.csv", COURSES)

    def tearDown(self):
        shutil.rmtree(self.folder)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as f:
            return f.read()

    def kefu(self, *args, code=0, text=None, lang="C.UTF-8"):
        run = subprocess.run([KEFU, *args], cwd=self.folder, input=text, capture_output=True, text=True, timeout=120,
                             env={**os.environ, "LC_ALL": lang})
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        self.assertNotIn("Sanitizer", run.stderr)
        return run

    def courses(self):
        self.kefu("import", "courses", "courses.csv")


class Frame(Cli):
    def test_help_names_every_command_and_each_has_help(self):
        out = self.kefu("--help").stdout
        names = re.findall(r"^  (\w+) ", out, re.M)
        for name in ("check", "ask", "chat", "replay", "import", "recommend", "eval"):
            self.assertIn(name, names)
        for name in names:
            self.assertIn("usage: kefu", self.kefu(name, "--help").stdout)

    def test_a_wrong_command_or_option_names_the_right_one(self):
        self.assertIn("did you mean 'replay'", self.kefu("repaly", code=2).stderr)
        self.assertIn("did you mean --intents", self.kefu("ask", "--intent", "x", "y", code=2).stderr)
        self.assertIn("needs a value", self.kefu("ask", "--lang", code=2).stderr)
        self.kefu(code=2)


class Check(Cli):
    def test_a_clean_file_says_nothing(self):
        run = self.kefu("check", "intents.yaml")
        self.assertEqual(run.stdout, "")

    def test_mistakes_come_in_gcc_style_with_their_mend(self):
        self.write("intents.yaml", RULES.replace("keywords: [你好", "keyword: [你好"))
        out = self.kefu("check", "intents.yaml", code=1).stdout
        self.assertRegex(out, r"(?m)^intents\.yaml:\d+:\d+: error: unknown key 'keyword' in .*; did you mean 'keywords'\?$")

    def test_mistakes_are_said_in_chinese_where_the_locale_is(self):
        self.write("intents.yaml", RULES.replace("keywords: [你好", "keyword: [你好"))
        self.assertRegex(self.kefu("check", "intents.yaml", code=1, lang="zh_CN.UTF-8").stdout, "[\u4e00-\u9fff]{4}")

    def test_json_is_for_editors(self):
        self.write("intents.yaml", RULES.replace("priority: 10", "priority: high"))
        d = json.loads(self.kefu("check", "--format=json", "intents.yaml", code=1).stdout)
        self.assertEqual(d["errors"], 1)
        self.assertEqual(d["diagnostics"][0]["level"], "error")
        self.assertGreater(d["diagnostics"][0]["line"], 1)

    def test_the_rules_own_tests_are_run(self):
        rules = RULES.replace("    answer: {zh: 您好！", "    tests: [你好呀, {say: 我要退款, not: hello}]\n    answer: {zh: 您好！")
        self.write("intents.yaml", rules)
        self.kefu("check", "intents.yaml")
        self.write("intents.yaml", rules.replace("你好呀", "再见了"))
        self.assertIn("test fails: '再见了'", self.kefu("check", "intents.yaml", code=1).stdout)

    def test_slots_of_tests_are_checked(self):
        rules = RULES.replace("    ask: {order_no", "    tests: [{say: 退款 20260301123456, slots: {order_no: '20260301123456'}}]\n    ask: {order_no")
        self.write("intents.yaml", rules)
        self.kefu("check", "intents.yaml")
        self.write("intents.yaml", rules.replace("order_no: '20260301123456'", "order_no: '1'"))
        self.assertIn("order_no", self.kefu("check", "intents.yaml", code=1).stdout)

    def test_a_missing_file_is_an_error_and_no_file_a_usage_mistake(self):
        self.assertIn("none.yaml", self.kefu("check", "none.yaml", code=1).stdout)
        self.kefu("check", code=2)


class Ask(Cli):
    FIELDS = {"text", "lang", "tokens", "intent", "score", "source", "slots", "reply", "candidates", "why"}

    def test_json_has_the_contract_fields(self):
        a = json.loads(self.kefu("ask", "--json", "我要退款").stdout)
        self.assertEqual(set(a), self.FIELDS)
        self.assertEqual((a["text"], a["intent"], a["score"], a["source"]), ("我要退款", "refund", 1, "rule"))
        self.assertEqual(set(a["reply"]), {"text", "buttons", "courses"})
        self.assertTrue(a["tokens"] and a["candidates"] and a["why"])
        self.assertEqual(set(a["candidates"][0]), {"intent", "score", "source"})

    def test_faq_and_fallback_are_told_apart(self):
        self.assertEqual(json.loads(self.kefu("ask", "--json", "怎么开发票").stdout)["intent"], "faq:invoice")
        self.assertIsNone(json.loads(self.kefu("ask", "--json", "量子纠缠的香蕉").stdout)["intent"])

    def test_lines_are_sessions_of_their_own_or_one(self):
        text = "我要退款\n20260301123456\n"
        apart = [json.loads(l) for l in self.kefu("ask", "--json", "-", text=text).stdout.splitlines()]
        self.assertEqual([a["source"] for a in apart], ["rule", "fallback"])
        one = [json.loads(l) for l in self.kefu("ask", "--json", "--session", "-", text=text).stdout.splitlines()]
        self.assertEqual([a["source"] for a in one], ["rule", "slot"])
        self.assertEqual(one[1]["slots"], {"order_no": "20260301123456"})

    def test_a_line_each_also_for_empty_and_broken_lines(self):
        run = subprocess.run([KEFU, "ask", "--json", "-"], cwd=self.folder, capture_output=True, timeout=60,
                             input=b"\n\xff\xfe\n" + b"a" * 100_000 + b"\n\xe4\xbd\xa0\xe5\xa5\xbd")
        self.assertEqual(run.returncode, 0, run.stderr)
        lines = [json.loads(l) for l in run.stdout.decode("utf-8").splitlines()]
        self.assertEqual(len(lines), 4)
        self.assertEqual(lines[3]["intent"], "hello")

    def test_why_shows_the_place_and_the_words(self):
        out = self.kefu("ask", "--why", "我要退款").stdout
        self.assertRegex(out, r"intents\.yaml:\d+")
        self.assertIn("退款", out)

    def test_bad_rules_are_said_and_nothing_is_answered(self):
        self.write("intents.yaml", "intents: [")
        run = self.kefu("ask", "x", code=1)
        self.assertEqual(run.stdout, "")
        self.assertIn("intents.yaml:", run.stderr)


class Chat(Cli):
    def test_a_talk_with_a_click_by_number(self):
        out = self.kefu("chat", text="我要退款\n20260301123456\n1\n/why\n/quit\n").stdout
        self.assertIn("请告诉我订单号", out)
        self.assertIn("已提交（20260301123456）。", out)
        self.assertIn("1) 转人工", out)
        self.assertIn("human", out)


class Import(Cli):
    def test_courses_and_events_are_imported_once(self):
        self.assertIn("5 courses saved", self.kefu("import", "courses", "courses.csv").stdout)
        self.write("events.csv", "user,course,type,value,at\n1,py101,purchase,1,2026-03-01T10:00:00Z\n1,js101,view,1,2026-03-02\n")
        self.assertIn("2 events saved", self.kefu("import", "events", "events.csv").stdout)
        self.kefu("import", "events", "events.csv")
        got = json.loads(self.kefu("recommend", "--user", "1", "--json").stdout)
        self.assertNotIn("py101", [c["id"] for c in got["courses"]])

    def test_bad_rows_are_named_counted_and_left_out(self):
        self.courses()
        self.write("events.csv", "user,course,type,value,at\n1,py101,dance,1,2026-03-01\n1,py101,view,1,2026-03-01\n,py101,view,1,2026-03-01\n")
        run = self.kefu("import", "events", "events.csv", code=1)
        self.assertIn("events.csv:2:", run.stderr)
        self.assertIn("events.csv:4:", run.stderr)
        self.assertIn("1 events saved, 2 bad rows", run.stdout)

    def test_bad_rows_are_told_in_chinese_where_the_locale_or_the_option_is(self):
        self.courses()
        rows = "user,course,type,value,at\n1,py101,dance,1,\n,py101,view,1,\n1,py101,view,-3,\n1,py101,view,1,soon\n1,py101,rate,9,\n1\n"
        said = ["不认识的 type“dance”；请写 ", "user 是空的；请填写 user 的 id", "value “-3”不是大于等于 0 的数字", "at“soon”不是时间；请写 ",
                "评分的 value 必须是 1 到 5", "这一行有 1 个字段，第一行却有 5 列"]
        for day, (options, lang) in enumerate((((), "zh_CN.UTF-8"), (("--lang", "zh"), "C.UTF-8"))):
            self.write("e.csv", rows + f"1,py101,view,1,2026-03-0{day + 1}\n")
            run = self.kefu("import", "events", "e.csv", *options, code=1, lang=lang)
            for i, words in enumerate(said):
                self.assertRegex(run.stderr, rf"(?m)^e\.csv:{i + 2}:\d+: 错误：{re.escape(words)}")
            self.assertIn("e.csv：保存了 1 行（events），6 行有错", run.stdout)
        self.write("e.csv", rows)
        self.assertIn("type 'dance' is unknown", self.kefu("import", "events", "e.csv", "--lang", "en", code=1, lang="zh_CN.UTF-8").stderr)

    def test_formats_are_told_by_the_ending_or_given(self):
        self.write("c.jsonl", json.dumps({"id": "x1", "title": "T", "price": 5}) + "\n")
        self.kefu("import", "courses", "c.jsonl")
        self.write("c.txt", "id\ttitle\nx2\tT2\n")
        self.kefu("import", "courses", "c.txt", code=2)
        self.kefu("import", "courses", "--format", "tsv", "c.txt")
        self.kefu("import", "dragons", "c.txt", code=2)

    def test_a_missing_file_is_said(self):
        self.assertIn("none.csv", self.kefu("import", "courses", "none.csv", code=1).stderr)


class Recommend(Cli):
    def test_json_is_the_shape_of_the_http_call(self):
        self.courses()
        r = json.loads(self.kefu("recommend", "--user", "7", "--query", "Python", "-n", "2", "--json").stdout)
        self.assertEqual((r["user_id"], r["query"], len(r["courses"])), ("7", "Python", 2))
        self.assertEqual({"id", "title", "description", "price", "score", "reason"} - set(r["courses"][0]), set())

    def test_words_that_match_nothing_are_said(self):
        self.courses()
        self.assertIn("no course matches", self.kefu("recommend", "--query", "xyzzyplugh").stdout)

        self.assertRegex(self.kefu("recommend", "--query", "xyzzyplugh").stdout, "there are: 英语, .*编程")
        self.assertIn("没有课程与这些词相关；现有类别：编程", self.kefu("recommend", "--query", "xyzzyplugh", "--lang", "zh").stdout)

    def ids(self, *args):
        return [c["id"] for c in json.loads(self.kefu("recommend", *args, "--json").stdout)["courses"]]

    def test_filters_and_several_courses_to_resemble(self):
        self.courses()
        self.assertEqual(self.ids("--format", "音频"), ["en101"])
        self.assertEqual(self.ids("--level", "进阶"), ["py201"])
        self.assertEqual(sorted(self.ids("--max-price", "79")), ["en101", "ph101"])
        self.assertEqual(self.ids("--category", "摄影", "--language", "zh"), ["ph101"])
        self.assertEqual(self.ids("--like", "py101", "--like", "py201"), self.ids("--like", "py101,py201"))
        self.assertIn("[audio]", self.kefu("recommend", "--format", "audio").stdout)

    def test_prices_have_a_least_and_an_order(self):
        self.courses()
        self.assertEqual(self.ids("--query", "python", "--min-price", "100"), ["py201"])
        self.assertEqual(self.ids("--query", "python", "--order", "price"), ["py101", "py201"])

    def test_filters_that_leave_nothing_say_so_and_show_the_nearest(self):
        self.courses()
        said = self.kefu("recommend", "--query", "python", "--max-price", "0", "--lang", "en").stdout
        self.assertIn("no course fits; without the price the nearest are:\n 1. py101", said)
        self.assertIn("没有符合条件的课程；不限形式时最接近的：",
                      self.kefu("recommend", "--query", "python", "--format", "live", "--lang", "zh").stdout)
        self.assertEqual(self.ids("--query", "python", "--max-price", "0"), [])

    def test_wrong_filters_are_a_usage_mistake(self):
        self.courses()
        for option, value in (("--level", "hard"), ("--format", "hologram"), ("--max-price", "cheap"),
                              ("--min-price", "-1"), ("--order", "dear")):
            self.assertIn(option, self.kefu("recommend", option, value, code=2).stderr)

    def test_a_dismissed_course_is_left_out(self):
        self.courses()
        self.write("events.csv", "user,course,type\n1,py101,dismiss\n")
        self.kefu("import", "events", "events.csv")
        self.assertNotIn("py101", self.ids("--user", "1"))
        self.assertIn("py101", self.ids("--user", "2"))

    def test_without_a_database_the_way_is_shown(self):
        self.assertIn("kefu import", self.kefu("recommend", code=2).stderr)

    def test_courses_are_alike_by_their_vectors(self):
        self.courses()
        self.assertNotIn("en101", self.ids("--like", "ph101"))
        self.write("v.jsonl", "".join(json.dumps({"id": i, "name": "image", "vector": v}) + "\n" for i, v in (
            ("ph101", [1, 0.1, 0]), ("en101", [1, 0, 0.1]), ("js101", [-1, 1, 0]), ("py101", [-1, -1, 0]))))
        self.assertIn("4 vectors saved", self.kefu("import", "vectors", "v.jsonl").stdout)
        self.assertEqual(self.ids("--like", "ph101")[0], "en101")
        self.assertEqual(json.loads(self.kefu("vectors", "--json").stdout),
                         [{"name": "image", "dim": 3, "courses": 4, "weight": 0.5}])
        self.kefu("vectors", "weigh", "image", "0")
        self.assertIn("weight 0", self.kefu("vectors").stdout)
        self.assertNotIn("en101", self.ids("--like", "ph101"))
        self.kefu("vectors", "weigh", "image", "heavy", code=2)
        self.kefu("vectors", "weigh", "sound", "1", code=1)
        self.kefu("vectors", "drop", "image")
        self.assertIn("kefu import vectors", self.kefu("vectors").stdout)

    def test_vectors_of_another_length_are_named_with_file_and_line(self):
        self.write("v.csv", "id,name,vector\npy101,text,1 2 3\njs101,text,1 2\n")
        self.assertIn("v.csv:3:0: error: vectors 'text' have 3 numbers, this one has 2",
                      self.kefu("import", "vectors", "v.csv", code=1).stderr)


GOOD = """transcript: good
tags: [smoke]
turns:
  - user: 我要退款
    bot: {intent: refund, says: 请告诉我*, source: rule}
  - user: "20260301123456"
    bot: {slots: {order_no: "20260301123456"}, buttons: [转人工], says: "/已提交.*/"}
  - click: 转人工
    bot: {intent: human, does: {handoff: 客服}, not_says: 抱歉}
"""


class Replay(Cli):
    def test_what_holds_passes(self):
        self.write("t/good.yaml", GOOD)
        self.assertIn("1 transcripts, 3 turns: 1 passed, 0 failed", self.kefu("replay", "t").stdout)

    def test_differences_are_classed_and_placed(self):
        self.write("t/bad.yaml", GOOD.replace("intent: refund", "intent: human").replace("handoff: 客服", "handoff: 售后")
                   .replace("says: 请告诉我*", "says: 您好").replace('order_no: "2', 'order_no: "3'))
        out = self.kefu("replay", "t", code=1).stdout
        for class_ in ("intent", "action", "slots", "text"):
            self.assertRegex(out, rf"t/bad\.yaml:\d+:\d+: {class_}: ")
        self.assertLess(out.index(": intent:"), out.index(": action:"))
        self.assertLess(out.index(": action:"), out.index(": slots:"))

    def test_lost_and_gained_are_told_apart(self):
        self.write("t/a.yaml", "turns:\n  - {user: 量子纠缠的香蕉, bot: {intent: refund}}\n  - {user: 你好, bot: {intent: null}}\n")
        out = self.kefu("replay", "t", code=1).stdout
        self.assertIn(": lost: ", out)
        self.assertIn(": gained: ", out)

    def test_bad_files_are_a_usage_mistake_with_a_place(self):
        self.write("t/a.yaml", "turns:\n  - {usr: 你好}\n  - {user: 你好, bot: {sayz: x}}\n")
        err = self.kefu("replay", "t", code=2).stderr
        self.assertRegex(err, r"t/a\.yaml:2:\d+: error: unknown key 'usr'; did you mean 'user'")
        self.assertRegex(err, r"t/a\.yaml:3:\d+: error: unknown key 'sayz'; did you mean 'says'")
        self.kefu("replay", "nowhere", code=2)
        self.kefu("replay", code=2)

    def test_reports_are_junit_and_json(self):
        self.write("t/good.yaml", GOOD)
        self.write("t/bad.yaml", GOOD.replace("transcript: good", 'transcript: "b<a>d & co"').replace("intent: refund", "intent: human"))
        self.kefu("replay", "t", "--junit", "r.xml", "--json", "r.json", code=1)
        suite = ET.fromstring(self.read("r.xml"))
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("2", "1"))
        self.assertEqual(suite.find("testcase/failure/..").get("name"), "b<a>d & co")
        report = json.loads(self.read("r.json"))
        self.assertEqual((report["transcripts"], report["failed"], report["classes"]["intent"]), (2, 1, 1))

    def test_tags_choose(self):
        self.write("t/good.yaml", GOOD)
        self.write("t/other.yaml", GOOD.replace("[smoke]", "[slow]").replace("intent: refund", "intent: human"))
        self.kefu("replay", "t", "--tags", "smoke")
        self.kefu("replay", "t", "--tags", "slow,x", code=1)
        self.kefu("replay", "t", "--tags", "none", code=2)

    def test_the_same_transcripts_pass_over_the_wire(self):
        path = self.write("t/good.yaml", GOOD)
        with Daemon() as d:
            out = self.kefu("replay", "--url", f"ws://127.0.0.1:{d.port}/ws", path).stdout
        self.assertIn("1 passed, 0 failed", out)
        self.assertIn("do not show over the wire", out)

    def test_a_daemon_that_is_not_there_is_said(self):
        path = self.write("t/good.yaml", GOOD)
        self.assertIn("cannot connect", self.kefu("replay", "--url", "ws://127.0.0.1:1/ws", path, code=1).stderr)


class Sample(Cli):
    """The rules, courses and conversations that are shipped."""

    def setUp(self):
        super().setUp()
        self.db = os.path.join(self.folder, "sample.db")
        self.kefu("import", "courses", os.path.join(ROOT, "sample/courses.csv"), "--db", self.db)
        events = subprocess.run([sys.executable, os.path.join(ROOT, "sample/events.py"), "--courses",
                                 os.path.join(ROOT, "sample/courses.csv")], check=True, capture_output=True, text=True).stdout
        self.write("events.csv", events)
        self.kefu("import", "events", "events.csv", "--db", self.db)

    def test_the_shipped_rules_have_no_mistakes(self):
        run = self.kefu("check", os.path.join(ROOT, "intents.yaml"), "--db", self.db)
        self.assertNotRegex(run.stdout, ": (error|warning): ")

    def test_the_shipped_conversations_pass_in_process(self):
        self.kefu("replay", "--intents", os.path.join(ROOT, "intents.yaml"), "--db", self.db, os.path.join(ROOT, "tests/chat"))

    def test_the_shipped_conversations_pass_over_the_wire(self):
        d = Daemon(rules=None, courses=None, options=["--rate", "100000", "--connections-per-ip", "1000"])
        d.rules_path, d.db = os.path.join(ROOT, "intents.yaml"), self.db
        with d:
            self.kefu("replay", "--url", f"ws://127.0.0.1:{d.port}/ws", os.path.join(ROOT, "tests/chat"))


class Experiments(Cli):
    COUNTS = ("experiment\tvariant\texposed\tconverted\n"
              "reco\tcontrol\t5000\t500\nreco\tdiverse\t5000\t640\n"
              "tone\tcontrol\t2000\t200\ntone\tfriendly\t2000\t250\n")

    def test_counts_are_judged_in_plain_words_of_either_language(self):
        self.write("counts.tsv", self.COUNTS)
        out = self.kefu("eval", "ab", "counts.tsv").stdout
        self.assertIn("=> variant diverse wins over control by 2.80 points", out)
        self.assertIn("=> keep running: nothing is certain yet", out)
        self.assertIn("95 % interval +1.56 to +4.05", out)
        out = self.kefu("eval", "ab", "--experiment", "reco", "counts.tsv", lang="zh_CN.UTF-8").stdout
        self.assertIn("=> 方案 diverse 胜出", out)
        self.assertNotIn("tone", out)

    def test_json_has_every_number(self):
        self.write("counts.tsv", self.COUNTS)
        tone = json.loads(self.kefu("eval", "ab", "--json", "counts.tsv").stdout)["experiments"][1]
        friendly = tone["variants"][1]
        self.assertAlmostEqual(friendly["z"], 2.5019554168, places=9)
        self.assertAlmostEqual(friendly["p"], 0.0123509477, places=9)
        self.assertAlmostEqual(friendly["sequential_p"], 0.1864927700, places=9)
        self.assertAlmostEqual(friendly["relative"], 0.25)
        self.assertEqual((tone["verdict"], tone["winner"], tone["srm_alarm"]), ("keep_running", None, False))
        self.assertEqual(tone["needed_per_variant"], 14751)

    def test_what_cannot_be_judged_is_said(self):
        self.write("counts.tsv", self.COUNTS + "tone\tb\t5\t6\n")
        self.assertIn("counts.tsv:6:", self.kefu("eval", "ab", "counts.tsv", code=1).stderr)
        self.assertIn("no experiment 'x'", self.kefu("eval", "ab", "--experiment", "x", "counts.tsv", code=2).stderr)
        self.assertIn("do not go together", self.kefu("eval", "ab", "--days", "3", "counts.tsv", code=2).stderr)
        self.assertIn("no database", self.kefu("eval", "ab", code=2).stderr)
        self.courses()
        self.assertIn("Nobody has met", self.kefu("eval", "ab").stdout)
        self.assertIn("--outcome is", self.kefu("eval", "ab", "--outcome", "x", code=2).stderr)
        self.assertIn("is no time", self.kefu("eval", "ab", "--since", "x", code=2).stderr)

    def test_ask_says_which_variant_answered(self):
        self.write("intents.yaml", RULES.replace("entities:", "settings:\n  experiments:\n    tone: {variants: {control: 0, "
                   "b: 100}, set: {b: {margin: 0.1}}}\nentities:", 1))
        self.assertIn("experiment tone: variant b", self.kefu("ask", "--user", "u1", "--why", "你好").stdout)
        self.assertNotIn("tone", self.kefu("ask", "--why", "你好").stdout)


if __name__ == "__main__":
    unittest.main()
