"""kefu replay: every step and assertion, two rule files compared, expectations accepted, reports, recordings."""
import json
import os
import shutil
import subprocess
import unittest

from test_kefu import ROOT, RULES, Cli
from kefud import Daemon, WebSocket  # noqa: E402

EVERYTHING = """# What a transcript can say, all of it.
transcript: everything
tags: [all, smoke]
lang: zh
as: {user: u1, logged_in: true, page: /course/py101}
clock: 2026-03-01T10:00:00+08:00
seed: 7
turns:
  - user: 我要退款
    bot: {intent: [refund, human], not_intent: hello, says: [不是这句, 请告诉我*], source: rule, score: ">= 0.8", lang: zh, within: 5s}
  - user: "20260301123456"
    bot:
      says: /已提交.*20\\d{12}/
      not_says: 抱歉
      slots: {order_no: "20260301123456"}
      buttons: [转人工]
      context: null
  - event: {purchase: py101}
  - wait: 30s
  - user: 推荐几门课
    bot: {does: recommend, cards: 3, courses: {any: [js101, py201]}}
  - user: 怎么开发票
    bot: {faq: invoice}
  - user: 量子纠缠的香蕉
    bot: {intent: null, source: fallback}
  - reload: other.yaml
  - user: 你好
    bot: 换了规则
  - user: 转人工
    bot: {does: {handoff: 客服}}
  - agent: 您好，我是小李
  - user: 我要退款
    bot: silent
  - click: 转人工
    bot: silent
  - agent: {state: left}
  - user: 你好
    bot: [换了规则, 没换]
"""

HAND_WRITTEN = """# 手写的 —— every remark stays
transcript:   refund-late      # the name
tags: [ refund ,  smoke ]
turns:
  # first the wish
  - user: 我要退款
    bot: {intent: human, says: '您好'}   # wrong on purpose
  - user: "20260301123456"
    bot:
      says:            # any of these
        - 好的
        - 已收到

      buttons: [甲,   乙]   # two
      slots: {order_no: "1"}
      not_says: 抱歉
      score: '>= 2'

  - {user: 怎么开发票, bot: {faq: nothing}}
  - user: 量子纠缠的香蕉
    bot: "在的"
  - user: 你好
    bot: {intent: hello, says: 您好！}
"""

ACCEPTED = (HAND_WRITTEN.replace("intent: human, says: '您好'", "intent: refund, says: '请告诉我订单号'")
            .replace("\n        - 好的\n        - 已收到\n", "\n        已提交（20260301123456）。\n")
            .replace("[甲,   乙]", "[转人工]").replace('order_no: "1"', 'order_no: "20260301123456"')
            .replace("'>= 2'", "'>= 1.00'").replace("faq: nothing", "faq: invoice"))


class Replaying(Cli):
    def setUp(self):
        super().setUp()
        self.courses()
        self.write("other.yaml", RULES.replace("您好！", "换了规则"))

    def test_every_step_and_every_assertion_holds_where_it_should(self):
        self.write("t.yaml", EVERYTHING)
        self.assertIn("1 transcripts, 10 turns: 1 passed", self.kefu("replay", "t.yaml").stdout)

    def test_every_assertion_fails_where_it_should(self):
        for good, bad, class_ in (("intent: [refund, human]", "intent: hello", "intent"), ("not_intent: hello", "not_intent: refund", "intent"),
                                  ("[不是这句, 请告诉我*]", "[不是这句]", "text"), ("source: rule", "source: faq", "intent"),
                                  ('">= 0.8"', '"< 0.8"', "action"), ("lang: zh, within", "lang: en, within", "text"),
                                  ("within: 5s", "within: 0ms", "slower"), ("/已提交.*20", "/已提交.*21", "text"),
                                  ("not_says: 抱歉", "not_says: 已提交", "text"), ('order_no: "20', 'order_no: "30', "slots"),
                                  ("buttons: [转人工]", "buttons: []", "text"), ("context: null", "context: x", "context"),
                                  ("does: recommend", "does: handoff", "action"), ("cards: 3", "cards: 2", "action"),
                                  ("any: [js101, py201]", "any: [py101]", "action"), ("faq: invoice", "faq: other", "intent"),
                                  ("intent: null", "intent: hello", "lost"), ("bot: 换了规则", "bot: 没换", "text"),
                                  ("handoff: 客服", "handoff: 售后", "action"), ("[换了规则, 没换]", "silent", "gained"),
                                  ("bot: silent\n  - agent", "bot: 好\n  - agent", "lost")):
            self.write("t.yaml", EVERYTHING.replace(good, bad, 1))
            out = self.kefu("replay", "t.yaml", code=1).stdout
            self.assertRegex(out, rf"(?m)^t\.yaml:\d+:\d+: {class_}: everything: ", (good, bad))
            self.assertIn(f"{class_} 1, 1 transcripts", out, (good, bad))
            out = self.kefu("replay", "t.yaml", code=1, lang="zh_CN.UTF-8").stdout
            self.assertRegex(out, rf"(?m)^t\.yaml:\d+:\d+: {class_}（[^（）]+）: everything: ", (good, bad))
            self.assertRegex(out, rf"{class_}（[^（）]+） 1；1 份脚本", (good, bad))

    def test_events_of_one_conversation_reach_no_other(self):
        turns = "turns:\n  - event: {{purchase: {0}}}\n  - user: 推荐几门课\n    bot: {{not_says: x, cards: 3}}\n"
        for i, course in enumerate(("py101", "py201", "js101", "ph101")):
            self.write(f"t/{i}.yaml", f"as: {{user: u{i % 2}, logged_in: true}}\n" + turns.format(course))
        self.kefu("replay", "t", "-j", "1")
        self.kefu("replay", "t", "-j", "4")

    def test_agents_and_reloads_are_skipped_with_a_word_over_the_wire(self):
        path = self.write("t.yaml", "turns:\n  - user: 转人工\n  - agent: 您好\n  - user: 好\n    bot: silent\n")
        with Daemon() as d:
            out = self.kefu("replay", "--url", f"ws://127.0.0.1:{d.port}/ws", path).stdout
        self.assertIn("0 passed, 0 failed, 1 skipped", out)
        self.assertIn("skipped t.yaml: a person of the staff speaks in it", out.replace(path, "t.yaml"))

    def test_coverage_names_what_was_never_reached_and_what_is_shadowed(self):
        self.write("intents.yaml", RULES.replace("  hello:", "  later:\n    when: {keywords: [人工审核, 人工], regex: ['never']}\n    answer: x\n  hello:"))
        self.write("t.yaml", "turns:\n  - user: 转人工审核\n    bot: {intent: human}\n")
        out = self.kefu("replay", "t.yaml").stdout
        self.assertIn("coverage: 1 of 5 intents, 1 of 6 rules, 0 of 1 FAQ entries", out)
        self.assertIn("intents never reached: refund, recommend, later, hello", out)
        self.assertIn("FAQ entries never reached: invoice", out)
        self.assertIn("shadowed: later (hit 1 times, always beaten, first by human)", out)
        out = self.kefu("replay", "t.yaml", lang="zh_CN.UTF-8").stdout
        self.assertIn("覆盖：意图 1/5，规则 1/6，常见问题 0/1\n", out)
        self.assertIn("从未命中的意图：refund、recommend、later、hello\n", out)
        self.assertIn("总被盖过的意图：later（命中 1 次，每次都输给别的意图，先是 human）\n", out)
        self.assertIn("1 份脚本，1 轮：通过 1，不通过 0，跳过 0\n", out)
        self.kefu("replay", "t.yaml", "--json", "r.json")
        report = json.loads(self.read("r.json"))
        self.assertEqual([s["intent"] for s in report["shadowed"]], ["later"])
        self.assertIn({"intent": "later", "kind": "regex"}, [{k: r[k] for k in ("intent", "kind")} for r in report["rules_never_fired"]])


class Against(Cli):
    def compare(self, new, *options, code=1):
        self.write("new.yaml", new)
        return self.kefu("replay", "t", "--intents", "new.yaml", "--against", "intents.yaml", *options, code=code).stdout

    def setUp(self):
        super().setUp()
        self.write("t/a.yaml", "transcript: a\nseed: 1\nturns:\n  - user: 我要退款\n  - user: '20260301123456'\n  - user: 转人工\n")
        self.write("t/b.yaml", "transcript: b\nturns:\n  - {user: 你好}\n  - {user: 怎么开发票}\n  - {user: 量子纠缠的香蕉}\n")

    def test_the_same_rules_say_the_same(self):
        self.assertTrue(self.compare(RULES, code=0).endswith("6 same, 0 changed in 2 conversations\n"))

    def test_each_class_of_difference_is_told(self):
        variants = RULES.replace("您好！", "[您好！您好！, 欢迎光临。]")
        self.write("intents.yaml", variants)
        for edit, class_, shown in (
                (("keywords: [你好, hello]", "keywords: [早上好]"), "lost", "  > 你好\n  - hello: "),
                (("  hello:\n", "  hi:\n    when: {keywords: 你好}\n    priority: 1\n    answer: 嗨\n  hello:\n"), "intent", "  + hi: 嗨\n"),
                (("team: 客服", "team: 售后"), "action", "  - handoff: 客服\n  + handoff: 售后\n"),
                (("\\b20\\d{12}\\b", "20\\d{10}"), "slots", None),
                (("do: {handoff: {team: 客服}}", "do: {handoff: {team: 客服}}\n    then: {context: waiting}"), "context", "  - (none)\n  + waiting\n"),
                (("订单页点「申请开票」。", "打电话。"), "text", "  - 订单页点「申请开票」。\n  + 打电话。\n"),
                (("[您好！您好！, 欢迎光临。]", "[欢迎光临。, 您好！您好！]"), "variant", None),
                (("keywords: [你好, hello]", "keywords: [你好, hello, 香蕉]"), "gained", "  + hello: ")):
            out = self.compare(variants.replace(*edit))
            self.assertRegex(out, rf"(?m)^t/[ab]\.yaml:\d+:\d+: {class_}: [ab]: ", out)
            if shown:
                self.assertIn(shown, out)

    def test_the_order_does_not_depend_on_the_threads(self):
        for i in range(40):
            self.write(f"t/c{i}.yaml", "turns:\n  - user: 你好\n  - user: 转人工\n  - user: 怎么开发票\n")
        new = RULES.replace("您好！", "嗨").replace("team: 客服", "team: 售后")
        one = self.compare(new, "-j", "1")
        self.assertEqual(one, self.compare(new, "-j", "4"))
        self.assertIn("in 42 conversations", one)

    def test_options_that_contradict_are_a_usage_mistake(self):
        self.kefu("replay", "t", "--against", "intents.yaml", "--accept", code=2)
        self.kefu("replay", "t", "--against", "intents.yaml", "--url", "ws://127.0.0.1:1/ws", code=2)


class Accept(Cli):
    def test_expectations_become_what_was_got_and_nothing_else_changes(self):
        self.write("t.yaml", HAND_WRITTEN)
        run = self.kefu("replay", "t.yaml", "--accept")
        got = self.read("t.yaml")
        fallback = json.loads(self.kefu("ask", "--json", "量子纠缠的香蕉").stdout)["reply"]["text"]
        hello = json.loads(self.kefu("ask", "--json", "你好").stdout)["reply"]["text"]
        self.assertEqual(got.splitlines(), ACCEPTED.replace('"在的"', f'"{fallback}"').replace("says: 您好！", f"says: {hello}").splitlines())
        self.assertIn("8 expectations rewritten in 1 files", run.stdout)
        self.kefu("replay", "t.yaml")

    def test_line_ends_of_windows_stay(self):
        path = self.write("t.yaml", "")
        with open(path, "w", newline="", encoding="utf-8") as f:
            f.write(HAND_WRITTEN.replace("\n", "\r\n"))
        self.kefu("replay", "t.yaml", "--accept")
        with open(path, newline="", encoding="utf-8") as f:
            text = f.read()
        self.assertEqual(text.count("\n"), text.count("\r\n"))
        self.kefu("replay", "t.yaml")

    def test_what_must_not_be_is_never_accepted(self):
        text = "turns:\n  - user: 你好\n    bot: {not_intent: hello, within: 0ms}\n"
        self.write("t.yaml", text)
        self.assertIn("not_intent", self.kefu("replay", "t.yaml", "--accept", code=1).stdout)
        self.assertEqual(self.read("t.yaml"), text)


class Reports(Cli):
    def test_junit_is_valid_for_the_schema_whatever_is_in_it(self):
        self.write("t/a.yaml", 'transcript: "b<a>d & \\"co\\" \\x01"\nturns:\n  - {user: 你好, bot: {intent: refund, says: "]]> \\x02"}}\n')
        self.write("t/b.yaml", "turns:\n  - {user: 你好, bot: {intent: hello}}\n")
        self.kefu("replay", "t", "--junit", "r.xml", code=1)
        self.valid("r.xml")
        path = self.write("t/c.yaml", "turns:\n  - agent: 您好\n")
        with Daemon() as d:
            self.kefu("replay", "--url", f"ws://127.0.0.1:{d.port}/ws", path, "--junit", "s.xml")
        self.valid("s.xml")

    def test_the_schema_refuses_what_is_none(self):
        self.write("bad.xml", '<testsuite name="x" tests="1"><testcase name="a"/></testsuite>')
        self.assertNotEqual(self.lint("bad.xml").returncode, 0)

    def lint(self, name):
        return subprocess.run(["xmllint", "--noout", "--schema", os.path.join(ROOT, "tests/data/junit.xsd"), os.path.join(self.folder, name)],
                              capture_output=True, text=True)

    def valid(self, name):
        run = self.lint(name)
        self.assertEqual(run.returncode, 0, run.stderr)


class Recorded(Cli):
    """What a daemon recorded replays as it is."""

    def test_a_conversation_goes_round(self):
        folder = os.path.join(self.folder, "rec")
        with Daemon(options=["--record", folder]) as d:
            for words in (["我要退款", "我的单号是20260301123456", "怎么开发票", "推荐几门课"], ["量子纠缠的香蕉 \U0001f34c", "hello", "转人工", "13812345678 是我的电话"]):
                ws = d.ws()
                ws.send_json({"type": "hello", "lang": "zh-CN", "page": "/"})
                for i, text in enumerate(words):
                    ws.send_json({"type": "message", "id": f"m{i}", "text": text})
                    ws.reply(f"m{i}")
                ws.close()
            shutil.copy(d.db, os.path.join(self.folder, "kefu.db"))
        files = [os.path.join(folder, name) for name in os.listdir(folder)]
        text = "".join(self.read(os.path.relpath(f, self.folder)) for f in files)
        self.assertNotIn("20260301123456", text)
        self.assertNotIn("13812345678", text)
        self.assertEqual(text.count('"user":"'), 8 + text.count('"as":{"user":"'))
        out = self.kefu("replay", *files).stdout
        self.assertIn("2 transcripts, 8 turns: 2 passed, 0 failed, 0 skipped", out)
        out = self.kefu("replay", *files, "--against", "intents.yaml").stdout
        self.assertIn("8 same, 0 changed in 2 conversations", out)

    def test_json_of_other_programs_is_read_too(self):
        head = {"session": "s", "at": "2026-03-01T02:00:00Z", "lang": "", "as": {"user": "", "logged_in": False, "page": ""}, "seed": "1"}
        lines = [head, {"session": "s", "user": "你好 \U0001f600"}, {"session": "s", "bot": {"intent": "hello"}},
                 {"session": "s", "agent": {"state": "joined"}}, {"session": "s", "user": "你好"}, {"session": "s", "bot": "silent"}]
        self.write("r.jsonl", "\n".join(json.dumps(line) for line in lines))  # \ud83d\ude00 and all
        self.assertIn("2 turns: 1 passed", self.kefu("replay", "r.jsonl").stdout)
        self.assertIn("not JSON", self.kefu("replay", self.write("bad.jsonl", "{'a': 1}\n"), code=2).stderr)


if __name__ == "__main__":
    unittest.main()
