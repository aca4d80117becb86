#!/usr/bin/env python3
"""The table of neighbours beside scipy and scikit-learn, and what answers and events cost: one alternating run, medians.

    recommender_bench.py [BUILD_FOLDER] [--rounds 3] [--small]

Tables by the clock, all of them allowed two processors; the rest is processor time of one. The peers (Debian's python3-scipy,
python3-sklearn) make cosine neighbours, the plain thing; scipy does all items, scikit-learn a share of them, drawn anew each round,
and is scaled up, for it would take hours.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
SETS = (  # name, users, items, events, near, share of the items that scikit-learn does
    ("sparse: 1M learners, 100k courses, 10M events", 1000000, 100000, 10000000, 100, .002),
    ("dense: 6,040 learners, 3,700 courses, 1M events", 6040, 3700, 1000000, 300, .1),
)
SMALL = (("small: 50k learners, 10k courses, 500k events", 50000, 10000, 500000, 100, .02),)
ROWS = (  # figure, label, unit, what is asked of it on the sparse set
    ("answer_p50_us", "ten best of a profile of 50, item stage", "us", "<= 25"),
    ("taste_items_p50_us", "  scores of all courses, item stage", "us", ""),
    ("taste_p50_us", "  the same with the user stage", "us", ""),
    ("recommend_p50_us", "recommend() as a whole", "us", "<= 500"),
    ("event_p50_us", "one event into the loom", "us", "<= 100"),
    ("publish_1_ms", "publish a table after 1 event", "ms", ""),
    ("publish_100_ms", "  after 100 events", "ms", ""),
    ("publish_1000_ms", "  after 1,000 events", "ms", ""),
)


def ours(build, options):
    out = subprocess.run([os.path.join(build, "reco_load"), "--rounds", "1", *options], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True, check=True)
    return json.loads(out.stdout)


def peer(folder, near, name, share, seed):
    out = subprocess.run([PYTHON, os.path.join(HERE, "recommender_peers.py"), folder, str(near), name, str(share), str(seed)],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if out.returncode:
        print(f"  {name}: {out.stderr.strip().splitlines()[-1]}")
        return None
    return float(out.stdout)


def say(label, value, unit, asked=""):
    print(f"  {label:<48} {value:10.2f} {unit:<10} {'asked: ' + asked if asked else ''}".rstrip(), flush=True)


def measure(build, rounds, users, items, events, near, share):
    """The figures of each round of ours, and the seconds of each of the peers; in turn."""
    folder = tempfile.mkdtemp(prefix="kefu-reco-")
    options = ["--users", str(users), "--items", str(items), "--events", str(events), "--near", str(near)]
    took, got = {"scipy": [], "cosine": []}, []
    try:
        for i in range(rounds):
            got.append(ours(build, options + (["--save", folder] if i == 0 else [])))
            for p, part in (("scipy", 1), ("cosine", share)):
                if (seconds := peer(folder, near, p, part, i)) is not None:
                    took[p].append(seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return got, took


def compare(build, rounds, name, users, items, events, near, share):
    got, took = measure(build, rounds, users, items, events, near, share)
    sparse = items == SETS[0][2]

    def middle(key):
        return statistics.median(g[key] for g in got)

    print(f"\n{name}; {rounds} rounds in turn, medians")
    ours_s = middle("build_2_ms") / 1e3
    say("kefu: table, two threads, by the clock", ours_s, "s", "<= 1.55" if sparse else "")
    say("  by the processors", middle("build_2_cpu_ms") / 1e3, "s")
    say("  on one", middle("build_1_ms") / 1e3, "s")
    for p, label, asked in (("scipy", "scipy A^T A and top-k, two processes", ">= 4 x"),
                            ("cosine", "scikit-learn cosine, brute, two processors", ">= 8 x")):
        if took[p]:
            say(label, statistics.median(took[p]), "s")
            say("  beside kefu", statistics.median(s / (g["build_2_ms"] / 1e3) for s, g in zip(took[p], got)), "x",
                asked if sparse else "")
    n = middle("interactions")
    say("memory: loom, an interaction", middle("loom_bytes") / n, "bytes")
    say("memory: table, a course", middle("table_bytes") / items, "bytes")
    for key, label, unit, asked in ROWS:
        say(label, middle(key), unit, asked if sparse else "")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", nargs="?", default="build/release")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", action="store_true")
    a = parser.parse_args()
    for s in SMALL if a.small else SETS:
        compare(a.build, a.rounds, *s)
    print("\nexact search in vectors: ./dev bench vectors; from a file to the first answer: ./dev bench start")


if __name__ == "__main__":
    sys.exit(main())
