"""A day of recorded conversations against two rule files: kefu replay --against.

    replay_bench.py BUILD_FOLDER [TURNS]

The learners' messages are those of tests/chat and the wordings of the sample's FAQ and rules, in made-up
conversations of one to twelve messages, recorded as kefud --record does. The old rules are the sample's; the new ones
lack an intent and have another answer. Prints the time by the clock and of the processors.
"""
import datetime
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def messages():
    """What learners say in the sample's tests: texts of `user:`, of `also:` and of phrases without a capture."""
    found = []
    for folder, pattern in (("tests/chat", r"user: (.+)$"), ("faq", r"also: \[(.+)\]$"), (".", r"phrases: \[(.+)\]$")):
        for name in sorted(os.listdir(os.path.join(ROOT, folder))):
            if not name.endswith(".yaml"):
                continue
            with open(os.path.join(ROOT, folder, name), encoding="utf-8") as f:
                for line in re.findall(pattern, f.read(), re.M):
                    parts = [line.split(", bot:")[0].strip(" }")] if folder == "tests/chat" else line.split(", ")
                    found += [p.strip("\"'") for p in parts if "<" not in p]
    return found


def record(path, turns):
    """Conversations in the form of docs/recordings.md, interleaved as a daemon's are."""
    rng, said = random.Random(7), messages()
    talks, done, at = [], 0, datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
    bot = {"intent": "refund", "says": "请告诉我订单号，我帮您看一下。", "source": "rule", "lang": "zh", "slots": {"course": "Python入门"},
           "buttons": ["查看退款进度", "转人工"], "courses": [], "does": {}, "context": ""}
    with open(path, "w", encoding="utf-8") as f:
        def put(session, **members):
            when = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            f.write(json.dumps({"session": session, "at": when, **members}, ensure_ascii=False, separators=(",", ":")) + "\n")

        while done < turns:
            at += datetime.timedelta(milliseconds=800)
            if len(talks) < 200:
                session = f"{rng.getrandbits(64):016x}"
                talks.append([session, rng.randint(1, 12)])
                put(session, lang="zh-CN", **{"as": {"user": "", "logged_in": rng.random() < .5, "page": "/"}}, seed=str(rng.getrandbits(64)))
            talk = rng.choice(talks)
            put(talk[0], user=rng.choice(said))
            put(talk[0], bot=bot, score=1, us=48)
            done += 1
            talk[1] -= 1
            if talk[1] == 0:
                talks.remove(talk)
    return len(said)


def rules(folder):
    """The sample's rules, and the same after an edit."""
    for name in ("old", "new"):
        os.makedirs(os.path.join(folder, name))
        os.symlink(os.path.join(ROOT, "faq"), os.path.join(folder, name, "faq"))
    with open(os.path.join(ROOT, "intents.yaml"), encoding="utf-8") as f:
        text = f.read()
    paths = [os.path.join(folder, name, "intents.yaml") for name in ("old", "new")]
    for path, edit in zip(paths, (text, re.sub(r"\bcomplaint\b", "complaint_box", text.replace("人工客服", "人工坐席")))):
        with open(path, "w", encoding="utf-8") as f:
            f.write(edit)
    return paths


def main():
    kefu, turns = os.path.abspath(os.path.join(sys.argv[1], "kefu")), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
        recording = os.path.join(folder, "recording.jsonl")
        wordings = record(recording, turns)
        old, new = rules(folder)
        began = time.monotonic()
        run = subprocess.run([kefu, "replay", recording, "--intents", new, "--against", old], cwd=folder, capture_output=True, text=True)
        wall = time.monotonic() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        if run.returncode > 1:
            sys.exit(run.stderr)
        print(f"{turns} recorded turns ({wordings} wordings, {os.path.getsize(recording) / 1e6:.1f} MB), two rule files of "
              f"{os.path.getsize(old) / 1e3:.0f} kB, {len(os.sched_getaffinity(0))} cores")
        print(f"{wall:.2f} s by the clock, {used.ru_utime + used.ru_stime:.2f} s of processors, {used.ru_maxrss / 1024:.0f} MB")
        print(run.stdout.strip().splitlines()[-1])


main()
