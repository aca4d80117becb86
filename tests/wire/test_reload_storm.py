"""Rules change sixty times while learners talk: every message is answered once, by one set of rules."""
import json
import os
import re
import signal
import threading
import unittest

from kefud import RULES, Daemon, wait_for
from staff import Staff

RELOADS = 60


def rules(i):
    """A set of rules that says its number in two places of one reply."""
    return RULES.replace("answer: {zh: 您好！, en: Hello!}", f"answer: {{zh: 第{i}版, en: no {i}, buttons: [按钮{i}]}}")


class Learner(threading.Thread):
    """Says hello without a pause; a quarter of the time over HTTP."""

    def __init__(self, daemon, stop, http):
        super().__init__()
        self.daemon_, self.stop, self.http = daemon, stop, http
        self.seen, self.error = [], None

    def note(self, reply):
        text, button = (int(re.search(r"\d+", part)[0]) for part in (reply["text"], reply["buttons"][0]["title"]))
        assert text == button, reply
        self.seen.append(text)

    def talk(self):
        ws = self.daemon_.ws()
        ws.hello(lang="zh-CN")
        seq, i = ws.frames[-1]["seq"], 0
        while not self.stop.is_set():
            i += 1
            reply = ws.ask("你好", f"m{i}")
            seq += 1
            assert reply["seq"] == seq, (reply, seq)
            self.note(reply)
        ws.close()

    def post(self):
        while not self.stop.is_set():
            status, reply = self.daemon_.json("POST", "/message", json.dumps({"text": "你好", "lang": "zh"}))
            assert status == 200, reply
            self.note(reply)

    def run(self):
        try:
            self.post() if self.http else self.talk()
        except Exception as e:  # noqa: BLE001 - looked at by the test
            self.error = e


class Typist(threading.Thread):
    """Has one text after the other checked, as the editor of the page does: builds beside the reloads."""

    def __init__(self, staff, stop):
        super().__init__()
        self.staff, self.stop, self.checks, self.error = staff, stop, 0, None

    def run(self):
        try:
            while not self.stop.is_set():
                answer = self.staff.post("check", {"path": "intents.yaml", "text": rules(self.checks)})
                assert answer["errors"] == 0, answer
                self.checks += 1
        except Exception as e:  # noqa: BLE001 - looked at by the test
            self.error = e


class Storm(unittest.TestCase):
    def save_by_rename(self, d, i):
        with open(d.rules_path + ".new", "w", encoding="utf-8") as f:
            f.write(rules(i))
        os.rename(d.rules_path + ".new", d.rules_path)

    def save_in_place_and_hang_up(self, d, i):
        d.write_rules(rules(i))
        d.process.send_signal(signal.SIGHUP)

    def save_at_the_page(self, d, i):
        base = self.lin.get("file?path=intents.yaml")["version"]
        self.lin.put("file", {"path": "intents.yaml", "text": rules(i), "base": base})

    def save_nonsense_first(self, d, i):
        d.write_rules(rules(i).replace("keywords: [你好", "keyword: [你好"))
        self.assertTrue(wait_for(lambda: not self.lin.get("status")["last_try"]["ok"], 60))
        self.save_by_rename(d, i)

    def test_no_message_is_lost_or_answered_by_two_sets_of_rules(self):
        ways = (self.save_by_rename, self.save_in_place_and_hang_up, self.save_at_the_page, self.save_nonsense_first)
        with Daemon(rules=rules(0), options=["--rate", "100000", "--connections-per-ip", "1000"]) as d:
            self.lin = Staff(d, "lin", role="editor")
            stop = threading.Event()
            learners = [Learner(d, stop, http=i == 3) for i in range(4)]
            typist = Typist(self.lin, stop)
            for one in [*learners, typist]:
                one.start()
            for i in range(1, RELOADS + 1):
                checks = typist.checks
                ways[i % len(ways)](d, i)
                wait_for(lambda: all(one.error or i in one.seen[-1:] for one in learners) and  # noqa: B023
                         (typist.error or typist.checks > checks), 60)  # noqa: B023
                self.assertEqual([one.seen[-1:] for one in learners], [[i]] * len(learners), [one.error for one in learners])
            stop.set()
            for one in [*learners, typist]:
                one.join()
            self.assertIsNone(typist.error)
            self.assertGreaterEqual(typist.checks, RELOADS)
            for one in learners:
                self.assertIsNone(one.error)
                self.assertEqual(one.seen, sorted(one.seen))  # never back to older rules
                self.assertEqual(set(range(1, RELOADS + 1)) - set(one.seen), set())
            self.assertGreaterEqual(d.metric("kefu_snapshot_serial"), RELOADS + 1)
            self.assertGreaterEqual(d.metric("kefu_reload_failures_total"), RELOADS // 4)
            self.assertEqual(d.metric("kefu_errors_total"), 0)


if __name__ == "__main__":
    unittest.main()
