#!/usr/bin/env python3
"""What kefud holds in memory with many rules, and after many reloads.

    memory_bench.py [BUILD_FOLDER] [--rules 5000] [--faq 5000] [--reloads 1000] [--words FILE]

A file is made (tests/bench/made_file.h), a real kefud serves it, a learner talks, and the file is loaded again and
again, each time with one rule edited. Private memory is what is this process's own (Anonymous in
/proc/PID/smaps_rollup: heap, machine code of regexes, stacks, written pages of libraries). Pages of mapped files
(the program with its dictionary, libraries, the database) stand beside it: the system can drop them and read them again.
"peak" is the most that was resident, files and all, since the line before: old and new snapshot at once.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MIB = 1024.0  # KiB


def resident(pid):
    """KiB of this process's own, KiB of mapped files as they are on disk."""
    own = everything = 0
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as f:
        for line in f:
            words = line.split()
            if words[0] == "Anonymous:":
                own = int(words[1])
            elif words[0] == "Rss:":
                everything = int(words[1])
    return own, everything - own


def peak(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM:"))


def forget_peak(pid):
    with open(f"/proc/{pid}/clear_refs", "w", encoding="utf-8") as f:
        f.write("5")


class Kefud:
    def __init__(self, build, rules, folder):
        self.log = open(os.path.join(folder, "log"), "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [os.path.join(build, "kefud"), "--listen", "127.0.0.1:0", "--intents", rules,
             "--db", os.path.join(folder, "kefu.db"), "--rate", "100000", "--rate-seconds", "1"],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if "http://" not in line:
            raise SystemExit(f"kefud did not start; see {self.log.name}")
        self.url = line[line.index("http://"):].strip()
        self.pid = self.process.pid

    def serial(self):
        with urllib.request.urlopen(self.url + "readyz", timeout=60) as r:
            return json.load(r)["rules"]

    def rest(self):
        """Until no reload is under way or due, and what it left behind is tidied up."""
        serial = None
        while serial != self.serial():
            serial = self.serial()
            time.sleep(4)

    def talk(self, lines):
        session = None
        for text in lines:
            body = {"text": text, **({"session": session} if session else {})}
            request = urllib.request.Request(self.url + "message", json.dumps(body).encode(),
                                             {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=60) as r:
                session = json.load(r)["session"]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process.stdout.close()
        self.log.close()


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("build", nargs="?", default=os.path.join(ROOT, "build", "release"))
    a.add_argument("--rules", default="5000")
    a.add_argument("--faq", default="5000")
    a.add_argument("--reloads", type=int, default=1000)
    a.add_argument("--words", help="texts to take words from, a line each")
    o = a.parse_args()
    maker = [os.path.join(o.build, "bench_reload"), "--rules", o.rules, "--faq", o.faq,
             *(["--words", o.words] if o.words else [])]
    folder = tempfile.mkdtemp(prefix="kefu-bench-")
    path = os.path.join(folder, "intents.yaml")
    subprocess.run([*maker, "--write", path], cwd=ROOT, check=True)
    subprocess.run([*maker, "--rounds", "0"], cwd=ROOT, check=True)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(os.path.join(ROOT, "tests", "bench", "messages.txt"), encoding="utf-8") as f:
        lines = f.read().split("\n")[:-1]
    kefud = Kefud(o.build, path, folder)

    def row(name):
        kefud.rest()
        own, files = resident(kefud.pid)
        print(f"{name:<16}{own / MIB:>10.1f}{files / MIB:>10.1f}{peak(kefud.pid) / MIB:>10.1f}", flush=True)
        forget_peak(kefud.pid)

    try:
        print(f"\n{'MiB':<16}{'private':>10}{'files':>10}{'peak':>10}")
        row("started")
        kefud.talk(lines)
        row("after talk")
        for i in range(1, o.reloads + 1):
            with open(path + ".new", "w", encoding="utf-8") as f:
                f.write(text.replace("2 个工作日", f"{i} 个工作日", 1))
            before = kefud.serial()
            os.replace(path + ".new", path)
            while kefud.serial() == before:
                time.sleep(0.01)
            if i in (1, 2, 10, 100, 300, 1000) or i == o.reloads:
                row(f"{i} reload{'s' if i > 1 else ''}")
        kefud.talk(lines)
        row("after talk")
    finally:
        kefud.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
