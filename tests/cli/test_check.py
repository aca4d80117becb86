"""kefu check beyond one file's mistakes: what shadows what, the JSON Schema, and every mistake of the case files."""
import json
import os
import re
import unittest

import jsonschema
import yaml

from test_kefu import ROOT, Cli

SHADOWED = """languages: [zh]
entities:
  topic: {python: [Python]}
intents:
  everything:
    priority: 5
    when: {keywords: [课程, Python]}
    answer: 甲
  recommend:
    when:
      phrases: [推荐几门课程, 有没有<topic>课]
      keywords: {all: [课程], any: [推荐, 介绍]}
    answer: 乙
  refund:
    when: {keywords: [退款], regex: ['课程.*不要']}
    answer: 丙
"""


class Shadow(Cli):
    def test_an_intent_beaten_on_all_its_own_words_is_named_with_its_better(self):
        self.write("r.yaml", SHADOWED)
        self.assertEqual(self.kefu("check", "r.yaml").stdout,
                         "r.yaml:9:3: warning: intent 'recommend' never answers its own tests, phrases and keywords: 'everything' (line 5) "
                         "comes first each time; give it words of its own, or a higher priority than 5\n")
        self.assertEqual(self.kefu("check", "r.yaml", lang="zh_CN.UTF-8").stdout,
                         "r.yaml:9:3: 警告：意图“recommend”在自己的测试、例句和关键词上从来轮不到：每次都先命中“everything”（第 5 行）；"
                         "请给它独有的说法，或把 priority 设得比 5 高\n")

    def test_one_word_of_its_own_is_enough(self):
        self.write("r.yaml", SHADOWED.replace("推荐几门课程", "学什么好呢"))
        self.assertEqual(self.kefu("check", "r.yaml").stdout, "")


    def test_a_phrase_that_a_rule_of_another_answers_is_named_with_the_words(self):
        rules = ("intents:\n  pay:\n    when: {keywords: [instalments]}\n    answer: monthly\n"
                 "  setup:\n    when: {phrases: [npm install fails, docker does not start, it is broken]}\n    answer: try\n")
        self.write("r.yaml", "languages: [en]\n" + rules)
        self.assertEqual(self.kefu("check", "r.yaml").stdout,
                         "r.yaml:7:22: warning: 'npm install fails' of 'setup' is answered by 'pay', whose keywords (line 4) find 'install' in it; "
                         "narrow those with all or none, or give 'setup' a higher priority than 0\n")
        self.assertEqual(self.kefu("check", "r.yaml", lang="zh_CN.UTF-8").stdout,
                         "r.yaml:7:22: 警告：“npm install fails”（意图“setup”的例句）会由“pay”回答：它的 keywords（第 4 行）命中了其中的“install”；"
                         "请用 all 或 none 收窄，或把“setup”的 priority 设得比 0 高\n")
        for mended in (rules.replace("{keywords: [instalments]}", "{keywords: {any: [instalments], none: [npm]}}"),
                       rules.replace("setup:\n", "setup:\n    priority: 1\n"),
                       rules.replace("{phrases:", "{keywords: [npm], phrases:")):
            self.write("r.yaml", "languages: [en]\n" + mended)
            self.assertEqual(self.kefu("check", "r.yaml").stdout, "")

    def test_phrases_can_be_beaten_by_phrases(self):
        self.write("r.yaml", "intents:\n  a: {when: {phrases: [怎么退款]}, answer: 甲}\n"
                             "  b: {priority: 3, when: {phrases: [怎么退款, 怎么退款呢, 想退款, 我要退款了, 退款怎么弄]}, answer: 乙}\n"
                             "  c: {when: {phrases: [你们在哪里, 发票怎么开, 课程打不开, 视频看不了]}, answer: 丙}\n"
                             "  d: {when: {phrases: [老师是谁, 证书怎么拿, 推荐几门课]}, answer: 丁}\n")
        self.assertIn("r.yaml:2:3: warning: intent 'a' never answers its own tests, phrases and keywords: 'b' (line 3)", self.kefu("check", "r.yaml").stdout)

    def test_rivals_are_asked_about_and_beat_nobody(self):
        self.write("r.yaml", "intents:\n  a: {when: {keywords: [退款]}, answer: 甲}\n  b: {when: {keywords: [退款]}, answer: 乙}\n"
                             "  c: {when: {phrases: [开发票]}, answer: 丙}\n")
        self.assertEqual(self.kefu("check", "r.yaml").stdout, "")


REGEXES = """intents:
  a:
    when: {regex: '(?:退款)?'}
    answer: 好
  b:
    when: {regex: '退(?:a+)+号'}
    answer: 好
  c: {when: {keywordz: 退款}, answer: 好}
"""


class WholeCheck(Cli):
    def test_regexes_are_tried_even_beside_errors(self):
        self.write("r.yaml", REGEXES)
        out = self.kefu("check", "r.yaml", code=1).stdout
        self.assertIn("r.yaml:3:20: warning: the regular expression matches the empty text, so it fires on every message; make some part of it required\n", out)
        self.assertRegex(out, r"r.yaml:6:20: warning: on \d+ of \d+ texts made to test it, e.g. .*; avoid a repetition inside a repetition\n")
        self.assertIn("r.yaml:8:14: error: unknown key 'keywordz' in intent 'c'; did you mean 'keywords'?\n", out)
        out = self.kefu("check", "r.yaml", code=1, lang="zh_CN.UTF-8").stdout
        self.assertIn("r.yaml:3:20: 警告：正则表达式能匹配空文本，因此每条消息都会命中；请让其中一部分必须出现\n", out)
        self.assertRegex(out, r"r.yaml:6:20: 警告：在 \d+/\d+ 个测试文本上")

    def test_another_file_is_named_where_a_phrase_is_the_same(self):
        self.write("r.yaml", "include: more.yaml\nintents:\n  a: {when: {phrases: [怎么开发票]}, answer: 甲}\n")
        self.write("more.yaml", "intents:\n  b: {when: {phrases: [怎么开发票？]}, answer: 乙}\n")
        self.assertRegex(self.kefu("check", "r.yaml").stdout, r"phrase '怎么开发票？' is also in intent 'a' \(r\.yaml:3\)")


# What only the whole command sees: name, file, what it says in English and in Chinese.
WHOLE = [
    ("a regular expression that is wrong, in an entity", "entities:\n  order_no:\n    private: true\n    regex: '\\b20(\\d{12}\\b'\n"
     "intents:\n  a: {when: {keywords: [退款]}, answer: 好}\n", 1,
     "r.yaml:4:26: error: the regular expression is wrong at its end: a ( is not closed; add ), or write \\( for the character\n",
     "r.yaml:4:26: 错误：正则表达式的结尾有误：( 没有配对的 )；请补上 )，或用 \\( 表示该字符\n"),
    ("a regular expression that is wrong, in a rule", "intents:\n  a: {when: {regex: '退(款'}, answer: 好}\n", 1,
     "r.yaml:2:25: error: the regular expression is wrong at its end: a ( is not closed; add ), or write \\( for the character\n",
     "r.yaml:2:25: 错误：正则表达式的结尾有误：( 没有配对的 )；请补上 )，或用 \\( 表示该字符\n"),
    ("courses to be recommended from none", "intents:\n  a: {when: {keywords: [课程]}, do: recommend}\n", 0,
     "r.yaml:2:35: warning: 'recommend' has no courses to choose from; add some with 'kefu import courses'\n",
     "r.yaml:2:35: 警告：“recommend”没有课程可推荐；请用 kefu import courses 导入课程\n"),
    ("a test that reaches another intent", "intents:\n  a:\n    when: {keywords: [退款]}\n    answer: 甲\n    tests: [怎么退款, 怎么开发票]\n"
     "  b: {when: {keywords: [发票]}, answer: 乙}\n", 1,
     "r.yaml:5:19: error: test fails: '怎么开发票' reaches 'b', not 'a'; add a phrase or keyword for it\n",
     "r.yaml:5:19: 错误：测试不通过：「怎么开发票」命中的是「b」而不是「a」；请补充例句或关键词\n"),
]


class WholeCommand(Cli):
    def test_each_is_told_word_for_word_in_both_languages(self):
        self.write("none.csv", "id,title\n")
        self.kefu("import", "courses", "none.csv")
        for name, text, code, english, chinese in WHOLE:
            with self.subTest(name):
                self.write("r.yaml", text)
                self.assertEqual(self.kefu("check", "r.yaml", code=code).stdout, english)
                self.assertEqual(self.kefu("check", "r.yaml", code=code, lang="zh_CN.UTF-8").stdout, chinese)

    def test_a_file_that_is_too_large_is_not_read(self):
        with open(self.write("r.yaml", ""), "r+b") as f:
            f.truncate((64 << 20) + 1)
        self.assertEqual(self.kefu("check", "r.yaml", code=1).stdout, "r.yaml: error: cannot read 'r.yaml': it is larger than 64 MiB\n")
        self.assertEqual(self.kefu("check", "r.yaml", code=1, lang="zh_CN.UTF-8").stdout, "r.yaml: 错误：无法读取“r.yaml”：大于 64 MiB\n")

    def test_that_no_course_is_known_is_said_where_it_makes_tests_fail(self):
        self.write("r.yaml", "entities: {course: {from: kb.courses}}\nintents:\n  course:\n    when: {phrases: [<course>]}\n"
                             "    answer: 甲\n    tests: [Python入门]\n")
        self.assertIn("there is no database, so no course is known by name", self.kefu("check", "r.yaml", code=1).stderr)
        self.assertIn("没有找到数据库", self.kefu("check", "r.yaml", code=1, lang="zh_CN.UTF-8").stderr)
        self.courses()
        self.assertEqual(self.kefu("check", "r.yaml").stderr, "")

    def test_the_count_is_in_good_english(self):
        self.write("r.yaml", WHOLE[1][1])
        self.assertEqual(self.kefu("check", "r.yaml", code=1).stderr, "1 error, 0 warnings\n")


def read_text(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


class TextLoader(yaml.CSafeLoader):
    """YAML as an editor's language server reads it: typed scalars, no dates."""


TextLoader.yaml_implicit_resolvers = {k: [r for r in v if r[0] != "tag:yaml.org,2002:timestamp"]
                                      for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def keys_as_text(value):
    """JSON has no keys but text: `2:` of `after:` is "2"."""
    if isinstance(value, dict):
        return {("null" if k is None else str(k).lower() if isinstance(k, bool) else str(k)): keys_as_text(v) for k, v in value.items()}
    return [keys_as_text(v) for v in value] if isinstance(value, list) else value


class Schema(unittest.TestCase):
    """docs/intents.schema.json under a validator of JSON Schema that is not ours."""

    def setUp(self):
        schema = json.loads(read_text(os.path.join(ROOT, "docs/intents.schema.json")))
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)

    def errors(self, text):
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in self.validator.iter_errors(keys_as_text(yaml.load(text, TextLoader)))]

    def test_the_shipped_files_are_valid(self):
        names = ["intents.yaml", "tests/data/contract/intents.yaml", "tests/data/intents/contract.yaml"]
        names += [os.path.join("faq", n) for n in sorted(os.listdir(os.path.join(ROOT, "faq")))]
        for name in names:
            self.assertEqual(self.errors(read_text(os.path.join(ROOT, name))), [], name)

    def test_what_the_loader_takes_is_valid(self):
        for name, entity in {"a value called from": "{from: [来自], to: [到]}", "a value without more names": "{basic: , pro: 专业版, private: yes}",
                             "names of values beside options": "{values: {typos: [错字]}, private: 是, typos: off}",
                             "options that are values": "{private: [私教], typos: [错字]}"}.items():
            self.assertEqual(self.errors("entities: {e: " + entity + "}"), [], name)
        for condition in ("<days>", "not <days>", "<days> > 7", "<days>>=7", "<tone> ＝ 友好", "[<a> ≠ b c, not <b>]"):
            self.assertEqual(self.errors("intents: {a: {answer: [{if: " + condition + "}]}}"), [], condition)
        for condition in ("days > 7", "<>", "< days>", "<days> =", "<days> ==", "not <days> > 7", "<days> 7", "true", "{a: b}"):
            self.assertNotEqual(self.errors("intents: {a: {answer: [{if: " + condition + "}]}}"), [], condition)
        for action in ("menu", "{menu: [a, b]}", "{handoff: {team: 售后, note: {zh: 一, en: [x, y]}}}", "{handoff: }", "{say: {zh: 好, en: ok}}"):
            self.assertEqual(self.errors("intents: {a: {do: " + action + "}}"), [], action)

    def test_mistakes_of_form_are_refused(self):
        """Every file of mistakes.txt that YAML reads and whose error is one of keys or kinds of values."""
        of_form = r"unknown key|must be|is no language|missing-key"
        # Told by meaning, or by the loader's stricter reading: no schema sees them.
        beyond = {"an unknown language", "a mistyped language", "answer_at below ask_at", "a duplicate faq id", "an include that is missing",
                  "an include from the root"}
        refused, missed = 0, []
        for case in read_text(os.path.join(ROOT, "tests/data/intents/mistakes.txt")).split("\n=== ")[1:]:
            name, rest = case.split("\n", 1)
            text, said = rest.split("=> en\n", 1)
            said = said.split("=> zh\n")[0]
            if name in beyond or not re.search(r"error: .*(" + of_form + ")", said):
                continue
            try:
                found = self.errors(text)
            except (yaml.YAMLError, TypeError):
                continue
            refused += bool(found)
            if not found:
                missed.append(name)
        self.assertEqual(missed, [])
        self.assertGreaterEqual(refused, 15)


if __name__ == "__main__":
    unittest.main()
