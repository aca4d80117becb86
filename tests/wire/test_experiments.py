"""Experiments from the rules to the verdict: who is in which variant, what it changes, what is recorded."""
import json
import os
import sqlite3
import subprocess
import unittest

from kefud import BUILD, RULES, Daemon, wait_for

EXPERIMENTS = """
settings:
  experiments:
    tone: {variants: {control: 50, friendly: 50}, outcome: helpful}
    reco: {variants: {control: 50, diverse: 50}, set: {diverse: {recommend.diversity: 0.5}}, outcome: purchase}
"""
HELLO = "    answer: {zh: 您好！, en: Hello!}\n"
TONES = """    answer:
      - if: <tone> = friendly
        zh: 嗨！
      - zh: 您好！
"""
WITH = RULES.replace("entities:", EXPERIMENTS + "entities:", 1).replace(HELLO, TONES)


def rows(d, query, *args):
    with sqlite3.connect(d.db) as db:
        return db.execute(query, args).fetchall()


def settled(d):
    return wait_for(lambda: d.metric("kefu_writes_queued") == 0)


def variants(d, experiment):
    """{learner: variant}"""
    return dict(rows(d, "SELECT l.name, a.variant FROM exposures e JOIN arms a ON a.id = e.arm "
                        "JOIN learners l ON l.id = e.learner WHERE a.experiment = ?", experiment))


def eval_ab(d, *options):
    out = subprocess.run([os.path.join(BUILD, "kefu"), "eval", "ab", "--db", d.db, "--json", *options],
                         check=True, capture_output=True, text=True)
    return {e["experiment"]: e for e in json.loads(out.stdout)["experiments"]}


class Experiments(unittest.TestCase):
    def test_the_variant_decides_the_answer_and_stays_over_a_restart(self):
        d = Daemon(rules=WITH).start()
        said = {}
        for i in range(24):
            _, answer = d.json("POST", "/message", json.dumps({"text": "你好", "user": f"u{i}"}))
            said[f"u{i}"] = answer["text"]
        self.assertEqual(set(said.values()), {"嗨！", "您好！"})
        self.assertTrue(settled(d))
        met = variants(d, "tone")
        self.assertEqual(met, {u: "friendly" if t == "嗨！" else "control" for u, t in said.items()})
        d.stop()
        with Daemon(folder=d.folder) as again:
            for user, text in said.items():
                _, answer = again.json("POST", "/message", json.dumps({"text": "你好", "user": user}))
                self.assertEqual(answer["text"], text, user)
            self.assertTrue(settled(again))
            self.assertEqual(variants(again, "tone"), met)
        subprocess.run(["rm", "-rf", d.folder], check=True)

    def test_from_the_list_to_the_verdict(self):
        with Daemon(rules=WITH) as d:
            lines = []
            for i in range(60):
                _, answer = d.json("GET", f"/recommend?user_id=u{i}&n=2")
                if i % 3 == 0:
                    lines.append({"user": f"u{i}", "course": answer["courses"][0]["id"], "type": "purchase"})
            self.assertTrue(settled(d))
            status, _ = d.json("POST", "/events", "\n".join(map(json.dumps, lines)))
            self.assertEqual(status, 200)
            met = variants(d, "reco")
            self.assertEqual(len(met), 60)
            self.assertEqual(variants(d, "tone"), {})
            result = eval_ab(d, "--experiment", "reco")["reco"]
            self.assertEqual(result["outcome"], "purchase")
            bought = {line["user"] for line in lines}
            for v in result["variants"]:
                users = {u for u, name in met.items() if name == v["variant"]}
                self.assertEqual(v["exposed"], len(users))
                self.assertEqual(v["converted"], len(users & bought))
                self.assertEqual(v["lists"]["given"], len(users))
                self.assertEqual(v["lists"]["purchased"], len(users & bought))
            self.assertEqual(result["verdict"], "keep_running")
            self.assertFalse(result["srm_alarm"])

    def test_a_guest_is_in_a_variant_and_feedback_counts_for_it(self):
        with Daemon(rules=WITH) as d:
            ws = d.ws()
            ws.hello()
            reply = ws.ask("你好", "a")
            ws.send_json({"type": "feedback", "id": "f", "seq": reply["seq"], "helpful": True})
            ws.expect("ack", to="f")
            self.assertTrue(settled(d))
            (name, variant), = variants(d, "tone").items()
            self.assertTrue(name.startswith("guest:"))
            counts = {v["variant"]: v["converted"] for v in eval_ab(d)["tone"]["variants"]}
            self.assertEqual(counts[variant], 1)
            self.assertEqual(sum(counts.values()), 1)

    def test_a_variant_is_recorded_once_a_conversation_and_again_when_the_rules_change(self):
        with Daemon(rules=WITH) as d:
            ws = d.ws()
            ws.hello()
            for i in range(5):
                ws.ask("你好", f"a{i}")
            self.assertTrue(settled(d))
            before = d.metric("kefu_rows_committed_total")
            ws.ask("你好", "b")
            self.assertTrue(settled(d))
            # Two rows of talk and the session, none of the experiment.
            self.assertEqual(d.metric("kefu_rows_committed_total"), before + 3)
            d.write_rules(WITH.replace("control: 50, friendly: 50", "control: 0, friendly: 100"))
            self.assertTrue(d.wait_metric("kefu_reloads_total", 1))
            self.assertEqual(ws.ask("你好", "c")["text"], "嗨！")
            self.assertTrue(settled(d))
            plans = [p for p, in rows(d, "SELECT plan FROM arms WHERE experiment = 'tone'")]
            self.assertIn("control 0, friendly 100", plans)

    def test_wrong_shares_are_refused_and_the_old_rules_serve_on(self):
        with Daemon(rules=WITH) as d:
            d.write_rules(WITH.replace("control: 50, friendly: 50", "control: 50, friendly: 40"))
            self.assertTrue(d.wait_metric("kefu_reload_failures_total", 1))
            self.assertIn("add up to 90", d.log_text())
            ws = d.ws()
            ws.hello()
            self.assertIn(ws.ask("你好", "a")["text"], ("嗨！", "您好！"))


if __name__ == "__main__":
    unittest.main()
