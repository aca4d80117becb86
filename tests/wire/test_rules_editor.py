"""Changing the rules at /admin/api/: checks, saving, conflicts, versions, going back."""
import json
import os
import stat
import subprocess
import threading
import unittest

from kefud import RULES, Daemon, wait_for
from staff import Staff, add

FAQ = """
faq:
  - id: hours
    q: 你们几点上班？
    a: {zh: 九点。, en: At nine.}
"""


class Editor(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon(rules=None, options=["--connections-per-ip", "1000"])
        self.write("intents.yaml", RULES + "include: [faq/*.yaml]\n")
        self.write("faq/hours.yaml", FAQ)
        self.write("secret.yaml", "password: hunter2\n")
        self.daemon.__enter__()
        self.lin = Staff(self.daemon, "lin", role="editor")

    def tearDown(self):
        self.daemon.__exit__(None, None, None)

    def path(self, name):
        return os.path.join(self.daemon.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as f:
            return f.read()

    def file(self, path="intents.yaml"):
        return self.lin.get("file?path=" + path)

    def save(self, text, path="intents.yaml", base=None, status=200, **more):
        base = base or self.file(path)["version"]
        return self.lin.put("file", {"path": path, "text": text, "base": base, **more}, status)

    def serial(self):
        return self.lin.get("status")["serial"]

    def served(self, text):
        return wait_for(lambda: self.says("你好") == text)

    def says(self, text):
        return self.daemon.json("POST", "/message", json.dumps({"text": text}))[1]["text"]

    # ---- files ----

    def test_the_files_of_the_rules_are_listed_and_read(self):
        files = self.lin.get("files")["files"]
        self.assertEqual([f["path"] for f in files], ["intents.yaml", "faq/hours.yaml"])
        self.assertEqual([f["main"] for f in files], [True, False])
        got = self.file("faq/hours.yaml")
        self.assertEqual(got["text"], FAQ)
        self.assertEqual(got["version"], files[1]["version"])
        self.assertTrue(got["writable"])

    def test_no_other_file_can_be_named(self):
        version = self.file()["version"]
        for path in ("secret.yaml", "kefu.db", "../intents.yaml", "./intents.yaml", "faq/../intents.yaml", "/etc/passwd",
                     self.path("secret.yaml"), "faq/hours.yaml/", "", "intents.yaml\u0001", "%69ntents.yaml", "faq/",
                     "faq//hours.yaml", "FAQ/hours.yaml", "x" * 900):
            with self.subTest(path=path):
                quoted = path.replace("%", "%25").replace("\u0001", "%01")
                self.assertEqual(self.lin.ask("GET", "file?path=" + quoted)[0], 404)
                self.assertEqual(self.lin.ask("GET", "history?path=" + quoted)[0], 404)
                status, _ = self.lin.ask("PUT", "file", {"path": path, "text": "x", "base": version})
                self.assertIn(status, (400, 404))
                self.assertIn(self.lin.ask("POST", "check", {"path": path, "text": "x"})[0], (400, 404))
                self.assertIn(self.lin.ask("POST", "rollback", {"path": path})[0], (400, 404))
        self.assertEqual(self.read("secret.yaml"), "password: hunter2\n")

    # ---- check ----

    def check(self, text, path="intents.yaml", **more):
        return self.lin.post("check", {"path": path, "text": text, **more})

    def test_a_check_says_what_the_command_would_and_changes_nothing(self):
        self.assertEqual(self.check(self.read("intents.yaml"))["errors"], 0)
        got = self.check(self.read("intents.yaml").replace("keywords: [你好", "keyword: [你好"))
        self.assertGreater(got["errors"], 0)
        d = [d for d in got["diagnostics"] if d["code"] == "unknown-key"][0]
        self.assertEqual((d["level"], d["file"]), ("error", "intents.yaml"))
        self.assertIn("keywords", d["text"])
        self.assertIn("keyword: [你好", self.read("intents.yaml").replace("keywords: [你好", "keyword: [你好").split("\n")[d["line"] - 1])
        self.assertEqual(self.read("faq/hours.yaml"), FAQ)
        self.assertEqual(self.serial(), 1)

    def test_a_check_sees_the_other_files_and_runs_the_tests_of_the_rules(self):
        doubled = self.check(FAQ.replace("hours", "invoice"), "faq/hours.yaml")
        self.assertGreater(doubled["errors"], 0)
        tested = self.check(RULES.replace("when: {keywords: [你好, hello]}", "when: {keywords: [你好, hello]}\n    tests: [退款]"))
        self.assertEqual([d["code"] for d in tested["diagnostics"] if d["level"] == "error"], ["test-fails"])

    def test_words_come_in_the_language_of_the_page(self):
        bad = RULES.replace("keywords: [你好", "keyword: [你好")
        zh, en = (" ".join(d["text"] for d in self.check(bad, ui=ui)["diagnostics"]) for ui in ("zh", "en"))
        self.assertRegex(zh, "[一-鿿]{3}")
        self.assertRegex(en, "did you mean")

    def test_hostile_texts_are_refused_in_time(self):
        deep, bomb = "a: " + "[" * 100_000, "a: &a [x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b]\n"
        for text in (deep, bomb, "", "\t- x", "x" * 1_000_000, "{" * 5000, "intents: " * 1000):
            with self.subTest(text=text[:20]):
                self.assertGreater(self.check(text)["errors"], 0)

    def test_while_someone_types_only_the_newest_text_is_checked(self):
        texts = [RULES + f"  # {'x' * 200_000}{i}\n" for i in range(12)]
        codes = []

        def one(i):
            codes.append(self.lin.ask("POST", "check", {"path": "intents.yaml", "text": texts[i]})[0])

        threads = [threading.Thread(target=one, args=(i,)) for i in range(len(texts))]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(set(codes) - {200, 409}, set())
        self.assertIn(200, codes)

    # ---- save ----

    def test_a_saved_file_is_served_and_has_a_version(self):
        text = self.read("intents.yaml").replace("您好！", "早上好！")
        got = self.save(text, comment="morning")
        self.assertEqual(self.read("intents.yaml"), text)
        self.assertEqual(got["version"], self.file()["version"])
        self.assertTrue(self.served("早上好！"))
        newest = self.lin.get("history?path=intents.yaml")["versions"][0]
        self.assertEqual((newest["id"], newest["who"], newest["comment"], newest["current"]),
                         (got["id"], "lin", "morning", True))
        self.assertEqual(self.lin.get(f"version?id={got['id']}")["text"], text)
        self.assertEqual(newest["bytes"], len(text.encode()))

    def test_an_included_file_is_saved_where_it_is(self):
        self.save(FAQ.replace("九点", "十点"), "faq/hours.yaml")
        self.assertIn("十点", self.read("faq/hours.yaml"))
        self.assertTrue(wait_for(lambda: "十点" in self.says("你们几点上班")))

    def test_rules_with_mistakes_are_not_saved(self):
        before = self.read("intents.yaml")
        problem = self.save(before.replace("keywords: [你好", "keyword: [你好"), status=422, ui="en")
        self.assertEqual(problem["code"], "has-errors")
        self.assertGreater(problem["errors"], 0)
        self.assertEqual(problem["diagnostics"][0]["file"], "intents.yaml")
        self.assertEqual(self.read("intents.yaml"), before)
        self.save(FAQ.replace("hours", "invoice"), "faq/hours.yaml", status=422)
        self.assertEqual(self.read("faq/hours.yaml"), FAQ)

    def test_of_two_who_edit_the_second_sees_what_the_first_wrote(self):
        base = self.file()["version"]
        mine, theirs = (self.read("intents.yaml").replace("您好！", word) for word in ("我的", "她的"))
        self.save(theirs, base=base)
        problem = self.save(mine, base=base, status=409)
        self.assertEqual((problem["code"], problem["text"]), ("conflict", theirs))
        self.save(mine, base=problem["version"])
        self.assertEqual(self.read("intents.yaml"), mine)

    def test_an_edit_on_the_disk_is_a_conflict_too(self):
        base = self.file()["version"]
        self.write("intents.yaml", self.read("intents.yaml") + "# by hand\n")
        self.assertIn("# by hand", self.save(RULES, base=base, status=409)["text"])

    def test_many_who_save_at_once_lose_nothing(self):
        texts = [self.read("intents.yaml") + f"# {i}\n" for i in range(8)]
        base, codes = self.file()["version"], []

        def one(i):
            codes.append(self.lin.ask("PUT", "file", {"path": "intents.yaml", "text": texts[i], "base": base})[0])

        threads = [threading.Thread(target=one, args=(i,)) for i in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(sorted(codes), [200] + [409] * 7)
        self.assertIn(self.read("intents.yaml"), texts)

    def test_mode_and_link_stay_as_they_were_and_nothing_is_left_beside(self):
        os.rename(self.path("faq/hours.yaml"), self.path("real.yaml"))
        os.symlink("../real.yaml", self.path("faq/hours.yaml"))
        os.chmod(self.path("real.yaml"), 0o640)
        self.save(FAQ.replace("九点", "十点"), "faq/hours.yaml")
        self.assertTrue(os.path.islink(self.path("faq/hours.yaml")))
        self.assertIn("十点", self.read("real.yaml"))
        self.assertEqual(stat.S_IMODE(os.stat(self.path("real.yaml")).st_mode), 0o640)
        self.assertEqual([f for f in os.listdir(self.daemon.folder) if ".kefu-" in f], [])

    def test_a_file_that_cannot_be_written_is_said_and_nothing_is_noted(self):
        os.rename(self.path("faq/hours.yaml"), self.path("hours.txt"))
        os.symlink("../hours.txt", self.path("faq/hours.yaml"))
        base = self.file("faq/hours.yaml")["version"]
        before = len(self.lin.get("history?path=faq/hours.yaml")["versions"])
        subprocess.run(["chattr", "+i", self.path("hours.txt")], stderr=subprocess.DEVNULL)
        try:
            status, problem = self.lin.ask("PUT", "file", {"path": "faq/hours.yaml", "text": FAQ + "# x\n", "base": base})
        finally:
            subprocess.run(["chattr", "-i", self.path("hours.txt")], stderr=subprocess.DEVNULL)
        if status == 200:
            self.skipTest("this file system has no immutable files")
        self.assertEqual((status, problem["code"]), (500, "not-saved"))
        self.assertEqual(self.read("hours.txt"), FAQ)
        self.assertEqual(len(self.lin.get("history?path=faq/hours.yaml")["versions"]), before)

    def test_bodies_of_the_wrong_shape_are_named(self):
        for body, name in (({}, "path"), ({"path": "intents.yaml", "text": 5, "base": "x"}, "text"),
                           ({"path": "intents.yaml", "text": "x"}, "base"), ({"path": 1}, "path"),
                           ({"path": "intents.yaml", "text": "x", "base": "x", "comment": "长" * 501}, "comment")):
            with self.subTest(body=body):
                self.assertEqual(self.lin.put("file", body, 400)["parameter"], name)
        for body in ({}, {"id": "x"}, {"id": 1.5}, {"id": None}):
            with self.subTest(body=body):
                self.lin.post("rollback", body, 400)

    def test_a_large_file_is_taken_from_who_is_signed_in_only(self):
        text = RULES + "".join(f"  - {{id: q{i}, q: 第{i}个问题是什么, a: {'好' * 40}}}\n" for i in range(3000))
        self.assertGreater(len(text.encode()), 400_000)
        self.save(text)
        stranger = Staff(self.daemon)
        stranger.cookie = "a" * 64
        self.assertEqual(stranger.request("PUT", "file", {"text": text})[0], 413)
        self.assertEqual(self.lin.request("PUT", "file", headers={"Content-Length": str(9 << 20)}, raw=b"x")[0], 413)

    # ---- versions ----

    def test_going_back_to_a_version_and_to_the_one_before(self):
        original = self.read("intents.yaml")
        first = self.save(original.replace("您好！", "一"))["id"]
        self.save(original.replace("您好！", "二"))
        got = self.lin.post("rollback", {"path": "intents.yaml"})
        self.assertEqual(got["from"], first)
        self.assertTrue(self.served("一"))
        ids = [v["id"] for v in self.lin.get("history?path=intents.yaml")["versions"]]
        self.assertEqual(len(ids), 4)
        self.lin.post("rollback", {"id": ids[-1]})  # as it was found
        self.assertEqual(self.read("intents.yaml"), original)

    def test_a_file_broken_by_hand_is_mended_by_going_back(self):
        good = self.read("intents.yaml")
        self.assertTrue(wait_for(lambda: self.lin.get("history?path=intents.yaml")["versions"]))
        self.write("intents.yaml", good.replace("keywords: [你好", "keyword: [你好"))
        self.assertTrue(wait_for(lambda: not self.lin.get("status")["last_try"]["ok"]))
        tried = self.lin.get("status")["last_try"]
        self.assertIn("unknown-key", [d["code"] for d in tried["diagnostics"]])
        self.assertIn("unknown" if "unknown" in tried["error"] else "intents.yaml", tried["error"])
        self.assertEqual(self.says("你好"), "您好！")
        self.assertGreater(self.daemon.metric("kefu_reload_errors"), 0)
        self.assertTrue(self.daemon.json("GET", "/readyz")[1]["rules_error"])
        self.lin.post("rollback", {"path": "intents.yaml"})
        self.assertEqual(self.read("intents.yaml"), good)
        self.assertTrue(wait_for(lambda: self.lin.get("status")["last_try"]["ok"]))
        self.assertEqual(self.daemon.metric("kefu_reload_errors"), 0)
        self.assertEqual(self.daemon.json("GET", "/readyz")[1]["rules_error"], "")

    def test_what_is_wrong_is_told_in_either_language(self):
        self.write("intents.yaml", self.read("intents.yaml").replace("keywords: [你好", "keyword: [你好"))
        self.assertTrue(wait_for(lambda: not self.lin.get("status")["last_try"]["ok"]))
        tried = self.lin.get("status")["last_try"]
        said = {lang: self.lin.get(f"problems?ui={lang}") for lang in ("zh", "en")}
        self.assertEqual(said[tried["lang"]]["errors"], tried["errors"])
        keys = ("level", "file", "line", "col", "code")
        zh, en = ([{k: d[k] for k in keys} for d in said[lang]["diagnostics"]] for lang in ("zh", "en"))
        self.assertEqual(zh, en)
        for d in said["zh"]["diagnostics"]:
            self.assertRegex(d["text"], "[\u4e00-\u9fff]")
        self.assertIn("unknown key", " ".join(d["text"] for d in said["en"]["diagnostics"]))

    def test_two_files_broken_by_hand_are_mended_one_after_the_other(self):
        good = {name: self.read(name) for name in ("intents.yaml", "faq/hours.yaml")}
        self.assertTrue(wait_for(lambda: self.lin.get("history?path=faq/hours.yaml")["versions"]))
        self.write("intents.yaml", good["intents.yaml"].replace("keywords: [你好", "keyword: [你好"))
        self.write("faq/hours.yaml", FAQ.replace("  - id", "  - idd"))
        self.assertTrue(wait_for(lambda: self.lin.get("status")["last_try"]["errors"] >= 2))
        self.lin.post("rollback", {"path": "faq/hours.yaml"})
        self.assertEqual(self.read("faq/hours.yaml"), FAQ)
        self.save(self.read("intents.yaml") + "# still wrong\n", status=422)
        self.save(FAQ + "# good, but it was good before: not now\n", "faq/hours.yaml", status=422)
        self.save(good["intents.yaml"] + "# mended\n")
        self.assertTrue(wait_for(lambda: self.lin.get("status")["last_try"]["ok"]))

    def test_good_edits_by_hand_are_versions_and_bad_ones_are_not(self):
        good = self.read("intents.yaml")
        self.assertTrue(wait_for(lambda: self.lin.get("history?path=intents.yaml")["versions"]))
        self.write("intents.yaml", good.replace("您好！", "手改"))
        self.assertTrue(wait_for(lambda: len(self.lin.get("history?path=intents.yaml")["versions"]) == 2))
        self.write("intents.yaml", "nonsense")
        self.assertTrue(wait_for(lambda: not self.lin.get("status")["last_try"]["ok"]))
        versions = self.lin.get("history?path=intents.yaml")["versions"]
        self.assertEqual([v["who"] for v in versions], ["", ""])
        self.assertEqual([v["current"] for v in versions], [False, False])
        self.lin.post("rollback", {"path": "intents.yaml"})
        self.assertIn("手改", self.read("intents.yaml"))

    def test_history_comes_in_pages(self):
        original = self.read("intents.yaml")
        for i in range(5):
            self.save(original + f"# {i}\n")
        page = self.lin.get("history?path=intents.yaml&limit=2")
        self.assertTrue(page["more"])
        rest = self.lin.get(f"history?path=intents.yaml&before={page['versions'][-1]['id']}")
        self.assertFalse(rest["more"])
        ids = [v["id"] for v in page["versions"] + rest["versions"]]
        self.assertEqual(len(ids), 6)
        self.assertEqual(ids, sorted(ids, reverse=True))
        self.lin.get("history?path=intents.yaml&limit=x", 400)
        self.lin.get("version?id=999999", 404)

    # ---- reload, roles, log ----

    def test_reading_again_is_asked_for(self):
        serial = self.lin.post("reload", status=202)["serial"]
        self.assertTrue(wait_for(lambda: self.serial() > serial))

    def test_each_role_may_do_what_the_table_says(self):
        add(self.daemon, "v", "viewer")
        add(self.daemon, "g", "agent")
        for name in ("v", "g"):
            one = Staff(self.daemon, name)
            for method, path, body in (("POST", "check", {}), ("PUT", "file", {}), ("POST", "rollback", {}), ("POST", "reload", {})):
                status, problem = one.ask(method, path, body)
                self.assertEqual((status, problem["code"], problem["needs"]), (403, "role", "editor"))
            one.get("files")
            one.get("file?path=intents.yaml")
            one.get("history?path=intents.yaml")
        self.assertEqual(self.lin.ask("GET", "audit")[1]["needs"], "admin")

    def test_the_log_says_who_did_what(self):
        got = self.save(self.read("intents.yaml") + "# x\n")
        self.lin.post("reload", status=202)
        Staff(self.daemon).login("lin", "wrong password")
        boss = Staff(self.daemon, "boss", role="admin")
        entries = boss.get("audit")["entries"]
        self.assertEqual([(e["who"], e["what"]) for e in entries[:6]],
                         [("boss", "login"), (entries[1]["who"], "staff-add"), ("lin", "login-failed"), ("lin", "reload"),
                          ("lin", "file-save"), ("lin", "login")])
        self.assertEqual(entries[4]["detail"], f"intents.yaml {got['id']}")
        self.assertEqual(entries[4]["from"], "127.0.0.1")
        page = boss.get(f"audit?before={entries[3]['id']}&limit=1&who=lin")
        self.assertEqual((page["entries"][0]["what"], page["more"]), ("file-save", True))


if __name__ == "__main__":
    unittest.main()
