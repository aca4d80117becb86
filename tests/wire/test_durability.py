"""What happens when things go wrong around the daemon: kill -9, full and locked disks, bad files, reloads."""
import json
import os
import resource
import signal
import sqlite3
import subprocess
import threading
import unittest

from kefud import BUILD, RULES, Daemon, wait_for


class Durable(unittest.TestCase):
    def test_acknowledged_events_survive_kill_9(self):
        d = Daemon().start()
        acked = []
        for i in range(60):
            status, _ = d.json("POST", "/events", json.dumps({"user": f"k{i}", "course": "py101", "type": "purchase"}))
            if status == 200:
                acked.append(f"k{i}")
        d.process.send_signal(signal.SIGKILL)
        d.process.wait()
        again = Daemon(folder=d.folder)
        with again:
            for user in acked:
                got = [c["id"] for c in again.json("GET", f"/recommend?user_id={user}&n=10")[1]["courses"]]
                self.assertNotIn("py101", got, user)
        with sqlite3.connect(d.db) as db:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchone()[0], "ok")
        d.process.stdout.close()
        self.assertGreater(len(acked), 0)
        subprocess.run(["rm", "-rf", d.folder], check=True)

    def test_a_session_is_resumed_after_kill_9(self):
        d = Daemon().start()
        ws = d.ws()
        session = ws.hello()["session"]
        first = ws.ask("我要退款", "a")
        self.assertTrue(d.wait_metric("kefu_rows_committed_total", 2))
        self.assertTrue(wait_for(lambda: d.metric("kefu_writes_queued") == 0))
        d.process.send_signal(signal.SIGKILL)
        d.process.wait()
        with Daemon(folder=d.folder) as again:
            ws = again.ws()
            w = ws.hello(session=session, since=1)
            self.assertTrue(w["resumed"])
            self.assertEqual(ws.expect("reply")["text"], first["text"])
            self.assertEqual(ws.ask("20260301123456", "b")["source"], "slot")
            self.assertGreater(ws.frames[-1]["seq"], first["seq"])
        d.process.stdout.close()
        subprocess.run(["rm", "-rf", d.folder], check=True)

    def test_a_locked_database_does_not_stop_the_talk(self):
        with Daemon() as d:
            ws = d.ws()
            ws.hello()
            db = sqlite3.connect(d.db, timeout=60)
            db.isolation_level = None
            self.assertTrue(wait_for(lambda: d.metric("kefu_writes_queued") == 0))
            db.execute("BEGIN IMMEDIATE")
            for i in range(10):
                self.assertEqual(ws.ask("你好", f"l{i}")["intent"], "hello")
            ws.send_json({"type": "event", "id": "e", "name": "view", "course": "py101"})
            self.assertEqual(ws.ask("你好", "after")["intent"], "hello")
            self.assertFalse([f for f in ws.frames if f["type"] == "ack"])
            db.execute("COMMIT")
            db.close()
            self.assertEqual(ws.expect("ack")["to"], "e")

    def test_a_full_disk_refuses_what_it_cannot_keep_and_goes_on_talking(self):
        with Daemon(rlimit=None) as d:
            pass
        size = os.path.getsize
        d = Daemon()
        limit = size(d.db) + 200_000
        with Daemon(folder=d.folder, rlimit={resource.RLIMIT_FSIZE: limit}) as full:
            ws = full.ws()
            ws.hello()
            refused = 0
            for i in range(400):
                body = "\n".join(json.dumps({"user": f"f{i}-{k}", "course": "py101", "type": "view"}) for k in range(50))
                status, _ = full.json("POST", "/events", body)
                refused += status >= 500
                if refused > 2:
                    break
            self.assertGreater(refused, 0)
            self.assertEqual(ws.ask("你好", "still")["intent"], "hello")
            self.assertIn("disk", full.log_text())
        with sqlite3.connect(d.db) as db:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchone()[0], "ok")
        subprocess.run(["rm", "-rf", d.folder], check=True)


class Start(unittest.TestCase):
    def refused(self, d, *words):
        d.start(wait=False)
        code = d.process.wait(60)
        d.process.stdout.close()
        text = d.log_text()
        self.assertNotEqual(code, 0)
        self.assertNotIn("Sanitizer", text)
        for word in words:
            self.assertIn(word, text)
        subprocess.run(["rm", "-rf", d.folder], check=True)
        return text

    def test_a_missing_rules_file_is_named(self):
        self.refused(Daemon(rules=None), "intents.yaml")

    def test_every_mistake_of_the_rules_is_printed(self):
        text = self.refused(Daemon(rules=RULES.replace("keywords: [你好", "keyword: [你好").replace("priority: 10", "priority: x")))
        self.assertEqual(text.count(": error: "), 2, text)

    def test_a_file_that_is_no_database_is_refused_and_left_alone(self):
        d = Daemon(courses=None)
        with open(d.db, "wb") as f:
            f.write(b"this is not a database, but somebody's notes\n" * 100)
        with open(d.db, "rb") as f:
            before = f.read()
        d.start(wait=False)
        self.assertNotEqual(d.process.wait(60), 0)
        d.process.stdout.close()
        self.assertIn("database", d.log_text())
        with open(d.db, "rb") as f:
            self.assertEqual(f.read(), before)
        subprocess.run(["rm", "-rf", d.folder], check=True)

    def test_an_address_in_use_is_said(self):
        with Daemon() as d:
            other = Daemon()
            other.start(wait=False)
            other.process.kill()
            other.process.wait()
            other.process.stdout.close()
            run = subprocess.run([os.path.join(BUILD, "kefud"), "--listen", f"127.0.0.1:{d.port}", "--intents",
                                  other.rules_path, "--db", other.db], capture_output=True, text=True, timeout=60)
            self.assertNotEqual(run.returncode, 0)
            self.assertIn(str(d.port), run.stderr)
            subprocess.run(["rm", "-rf", other.folder], check=True)

    def test_wrong_settings_are_named(self):
        for options, word in ((["--rate", "0"], "rate"), (["--rat", "5"], "rate"), (["--listen", "nowhere"], "listen"),
                              (["--loop", "magic"], "loop")):
            with self.subTest(options=options):
                run = subprocess.run([os.path.join(BUILD, "kefud"), *options], capture_output=True, text=True, timeout=60)
                self.assertNotEqual(run.returncode, 0)
                self.assertIn(word, run.stderr)


class Reload(unittest.TestCase):
    def serial(self, d):
        return d.metric("kefu_snapshot_serial")

    def test_a_saved_file_is_served_at_once(self):
        with Daemon() as d:
            ws = d.ws()
            self.assertEqual(ws.ask("你好", "a")["text"], "您好！")
            d.write_rules(RULES.replace("您好！", "早上好！"))
            self.assertTrue(d.wait_metric("kefu_snapshot_serial", 2))
            self.assertEqual(ws.ask("你好", "b")["text"], "早上好！")

    def test_an_editor_that_renames_is_noticed_and_so_is_sighup(self):
        with Daemon() as d:
            new = d.rules_path + ".new"
            with open(new, "w", encoding="utf-8") as f:
                f.write(RULES.replace("您好！", "改名保存"))
            os.rename(new, d.rules_path)
            self.assertTrue(d.wait_metric("kefu_snapshot_serial", 2))
            self.assertEqual(d.ws().ask("你好")["text"], "改名保存")
            serial = self.serial(d)
            d.process.send_signal(signal.SIGHUP)
            self.assertTrue(d.wait_metric("kefu_snapshot_serial", serial + 1))

    def test_a_bad_file_never_takes_the_good_one_down(self):
        deep = "a: " + "[" * 200_000
        bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\n"
        bad = [RULES.replace("keywords: [你好", "keyword: [你好"), deep, bomb, RULES + RULES, "\xff\xfe", "", "\t- x",
               RULES.replace("[退款, refund]", "[退款").replace("title: {zh: 申请退款", "title: {zh: 申请退款"),
               RULES.replace("when: {keywords: [你好, hello]}", "when: {regex: '(unclosed'}")]
        with Daemon() as d:
            ws = d.ws()
            for i, text in enumerate(bad):
                with self.subTest(i=i):
                    failures = d.metric("kefu_reload_failures_total")
                    with open(d.rules_path, "wb") as f:
                        f.write(text.encode("latin-1") if text == "\xff\xfe" else text.encode())
                    d.process.send_signal(signal.SIGHUP)
                    self.assertTrue(d.wait_metric("kefu_reload_failures_total", failures + 1))
                    self.assertEqual(ws.ask("你好", f"c{i}")["text"], "您好！")
            os.unlink(d.rules_path)
            failures = d.metric("kefu_reload_failures_total")
            d.process.send_signal(signal.SIGHUP)
            self.assertTrue(d.wait_metric("kefu_reload_failures_total", failures + 1))
            self.assertEqual(ws.ask("你好", "gone")["text"], "您好！")
            d.write_rules(RULES.replace("您好！", "回来了"))
            d.process.send_signal(signal.SIGHUP)
            self.assertTrue(wait_for(lambda: d.ws().ask("你好")["text"] == "回来了"))

    def test_a_catastrophic_regex_is_stopped_and_counted(self):
        rules = RULES.replace("when: {keywords: [你好, hello]}", "when: {regex: '^(a+)+$', keywords: [你好]}")
        with Daemon(rules=rules) as d:
            ws = d.ws()
            self.assertEqual(ws.ask("a" * 60 + "!", "a")["source"], "fallback")
            self.assertGreater(d.metric("kefu_regex_limit_hits_total"), 0)
            self.assertEqual(ws.ask("你好", "b")["intent"], "hello")

    def test_no_message_is_lost_while_rules_change_under_load(self):
        with Daemon(options=["--rate", "100000"]) as d:
            stop, answers, errors = threading.Event(), [], []

            def talk():
                try:
                    ws, i = d.ws(), 0
                    while not stop.is_set():
                        i += 1
                        answers.append(ws.ask("你好", f"t{i}")["text"])
                    ws.close()
                except Exception as e:  # noqa: BLE001 - reported below
                    errors.append(e)

            threads = [threading.Thread(target=talk) for _ in range(3)]
            for t in threads:
                t.start()
            for i in range(8):
                serial = self.serial(d)
                d.write_rules(RULES.replace("您好！", f"第{i}版"))
                self.assertTrue(d.wait_metric("kefu_snapshot_serial", serial + 1))
            stop.set()
            for t in threads:
                t.join()
            self.assertEqual(errors, [])
            self.assertTrue(set(answers) <= {"您好！"} | {f"第{i}版" for i in range(8)}, set(answers))


if __name__ == "__main__":
    unittest.main()
