#!/usr/bin/env python3
"""From a database file of many events to the first answer: time by part, and the most memory.

    start_bench.py [BUILD_FOLDER] [--users 1000000] [--items 100000] [--events 10000000]

Made-up learners (tests/bench/made_learners.h) are imported with kefu import, a million rows a file, into a temporary
folder; some 1.5 GB of disk for 10 million events, given back at the end.
"""
import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

RULES = "version: 1\nintents:\n  hello:\n    when: {keywords: [你好]}\n    answer: 您好！\n"


def children_cpu():
    t = os.times()
    return t.children_user + t.children_system


def say(name, value, unit, asked=""):
    print(f"{name:<46} {value:12,.2f} {unit:<7} {'asked: ' + asked if asked else ''}".rstrip(), flush=True)


def import_all(build, folder, db):
    rows, clock, cpu = 0, time.monotonic(), children_cpu()
    for path in sorted(glob.glob(os.path.join(folder, "events-*.csv")), key=lambda p: int(re.findall(r"\d+", p)[-1])):
        with open(path, "rb") as f:
            rows += sum(chunk.count(b"\n") for chunk in iter(lambda: f.read(1 << 20), b"")) - 1
        subprocess.run([os.path.join(build, "kefu"), "import", "events", path, "--db", db], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.unlink(path)
    say("kefu import events: rows", rows, "")
    say("  by the clock", rows / (time.monotonic() - clock), "rows/s")
    say("  by the processor", rows / (children_cpu() - cpu), "rows/s")
    say("database", sum(os.path.getsize(p) for p in glob.glob(db + "*")) / 2**20, "MiB")


def memory(pid, field):
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(field + r":\s+(\d+)", f.read()).group(1)) / 1024


def start(build, folder, db):
    rules, log = os.path.join(folder, "intents.yaml"), os.path.join(folder, "log")
    with open(rules, "w", encoding="utf-8") as f:
        f.write(RULES)
    clock, cpu = time.monotonic(), children_cpu()
    with open(log, "wb") as out:
        p = subprocess.Popen([os.path.join(build, "kefud"), "--listen", "127.0.0.1:0", "--intents", rules, "--db", db],
                             stdout=subprocess.PIPE, stderr=out, text=True)
    line = p.stdout.readline()
    url = re.search(r"http://\S+", line)
    if url:
        base = url.group(0).rstrip("/")
        urllib.request.urlopen(base + "/recommend?user_id=user0000042&n=10").read()
        took = time.monotonic() - clock
        peak, now = memory(p.pid, "VmHWM"), memory(p.pid, "VmRSS")
    p.terminate()
    p.wait(timeout=60)
    p.stdout.close()
    with open(log, encoding="utf-8") as f:
        text = f.read()
    if not url:
        raise SystemExit("kefud did not start\n" + text)
    read, ready = re.search(r"learners read in ([\d.]+) s, all ready in ([\d.]+) s", text).groups()
    say("kefud: all events to profiles", float(read), "s")
    say("  the rest: courses, words, table of neighbours", float(ready) - float(read), "s")
    say("  from the command to the first answer", took, "s", "<= 15")
    say("  the same by the processor", children_cpu() - cpu, "s")
    say("  most memory while starting", peak, "MiB")
    say("  memory when started", now, "MiB")
    lines = re.findall(r"reading what learners did: .*", text)
    say("  lines of progress", len(lines), "", ">= 1")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", nargs="?", default="build/release")
    parser.add_argument("--users", default="1000000")
    parser.add_argument("--items", default="100000")
    parser.add_argument("--events", default="10000000")
    a = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="kefu-start-")
    try:
        if shutil.disk_usage(folder).free < 4 * 2**30:
            raise SystemExit("start_bench: less than 4 GB free in " + folder)
        db = os.path.join(folder, "kefu.db")
        subprocess.run([os.path.join(a.build, "reco_load"), "--users", a.users, "--items", a.items, "--events", a.events,
                        "--files", folder], check=True)
        subprocess.run([os.path.join(a.build, "kefu"), "import", "courses", os.path.join(folder, "courses.csv"), "--db",
                        db], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        import_all(a.build, folder, db)
        start(a.build, folder, db)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
