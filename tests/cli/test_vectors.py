"""From ready tables to an answer: tools/vectors.py makes a file, the rules name it, kefu understands with it."""
import array
import os
import struct
import subprocess
import sys
import unittest

from test_kefu import ROOT, Cli

MAKER = os.path.join(ROOT, "tools", "vectors.py")
RULES = """
settings: {vectors: words.kv}
intents:
  refund: {when: {phrases: [money back, please refund]}, answer: {zh: 可以退。, en: You can.}}
  video: {when: {phrases: [video stutters]}, answer: {zh: 换个清晰度。, en: Lower the quality.}}
"""
# Four directions that words differ in; what follows the word is its rank or count.
TABLES = {
    "en": [("the", 1, (0, 0, 9, 0)), ("money", 2, (9, 1, 1, 0)), ("refund", 3, (9, 0, 0, 0)), ("back", 4, (6, 0, 3, 0)),
           ("video", 5, (0, 9, 0, 0)), ("stutters", 6, (0, 8, 1, 1)), ("weather", 7, (0, 0, 2, 9))],
    "zh": [("的", 900, (0, 0, 9, 0)), ("退款", 50, (9, 1, 0, 0)), ("视频", 40, (1, 9, 0, 0)), ("天气", 30, (0, 0, 1, 9))],
}


class Vectors(Cli):
    def tables(self):
        for name, rows in TABLES.items():
            self.write(f"tables/{name}.vocab.tsv", "".join(f"{word}\t{number}\n" for word, number, _ in rows))
            for ending, data in ((".i8", array.array("b", [x * 10 for row in rows for x in row[2]]).tobytes()),
                                 (".scale.f32", struct.pack(f"<{len(rows)}f", *[0.1] * len(rows)))):
                with open(os.path.join(self.folder, "tables", name + ending), "wb") as f:
                    f.write(data)

    def make(self, *options):
        return subprocess.run([sys.executable, "-B", MAKER, "tables", "tables", "words.kv", *options],
                              cwd=self.folder, capture_output=True, text=True, timeout=60)

    def ask(self, text):
        return self.kefu("ask", "--json", text).stdout

    def setUp(self):
        super().setUp()
        self.write("intents.yaml", RULES)
        self.tables()

    def test_an_english_example_answers_a_chinese_message(self):
        run = self.make("--directions", "0")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("7 + 4 words", run.stdout)
        self.kefu("check", "intents.yaml")
        self.assertIn('"intent":"refund"', self.ask("我要退款"))
        self.assertIn('"intent":"video"', self.ask("视频"))
        self.assertNotIn('"intent":"video"', self.ask("天气").split('"candidates"')[0])
        self.assertIn("refund", self.kefu("ask", "--why", "我要退款").stdout)

    def made(self):
        with open(os.path.join(self.folder, "words.kv"), "rb") as f:
            return f.read()

    def test_the_same_tables_give_the_same_bytes(self):
        self.make()
        first = self.made()
        self.make()
        self.assertEqual(first, self.made())

    def test_without_the_file_the_rules_are_refused_at_the_place_that_names_it(self):
        said = self.kefu("check", "intents.yaml", code=1)
        self.assertIn("intents.yaml:2:21: error: cannot use the word vectors 'words.kv': No such file",
                      said.stdout + said.stderr)
        said = self.kefu("check", "intents.yaml", code=1, lang="zh_CN.UTF-8")
        self.assertIn("没有这个文件", said.stdout + said.stderr)

    def test_a_file_cut_short_is_refused(self):
        self.make()
        path = os.path.join(self.folder, "words.kv")
        with open(path, "r+b") as f:
            f.truncate(os.path.getsize(path) - 1)
        said = self.kefu("check", "intents.yaml", code=1)
        self.assertIn("cut short or damaged", said.stdout + said.stderr)

    def test_eval_takes_the_file_and_names_a_wrong_one(self):
        self.make("--directions", "0")
        rows = "split\tlabel\ttext\n" + "train\trefund\trefund money\ntrain\tvideo\tvideo stutters\n" * 3
        self.write("set.tsv", rows + "test\trefund\t退款\ntest\tvideo\t视频\n")
        self.assertIn("accuracy 1.0000", self.kefu("eval", "intents", "set.tsv", "--vectors", "words.kv").stdout)
        self.assertIn("intents.yaml: it is no file of word vectors",
                      self.kefu("eval", "intents", "set.tsv", "--vectors", "intents.yaml", code=2).stderr)


if __name__ == "__main__":
    unittest.main()
