#!/usr/bin/env python3
"""The table of neighbours beside scipy and scikit-learn, and what answers and events cost: one alternating run, medians.

    recommender_bench.py [BUILD_FOLDER] [--rounds 3] [--small]

All times are processor time. The peers (Debian's python3-scipy, python3-sklearn) make cosine neighbours, the plain thing; they do
a share of the items and are scaled up, for they would take hours. Euclidean is what a naive recommender does.
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
SETS = (  # name, users, items, events, near, share of the items that peers do: scipy, scikit-learn
    ("sparse: 1M learners, 100k courses, 10M events", 1000000, 100000, 10000000, 100, .02, .0005),
    ("dense: 6,040 learners, 3,700 courses, 1M events", 6040, 3700, 1000000, 300, 1, .1),
)
SMALL = (("small: 50k learners, 10k courses, 500k events", 50000, 10000, 500000, 100, .2, .02),)
ROWS = (("answer_p50_us", "ten best of a profile of 50, item stage", "us"),
        ("taste_items_p50_us", "  scores of all courses, item stage", "us"),
        ("taste_p50_us", "  the same with the user stage", "us"),
        ("recommend_p50_us", "recommend() as a whole", "us"),
        ("event_p50_us", "one event into the loom", "us"),
        ("publish_1_ms", "publish a table after 1 event", "ms"),
        ("publish_100_ms", "  after 100 events", "ms"),
        ("publish_1000_ms", "  after 1,000 events", "ms"))


def ours(build, options):
    out = subprocess.run([os.path.join(build, "reco_load"), "--rounds", "1", *options], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True, check=True)
    return json.loads(out.stdout)


def peer(folder, near, name, share):
    out = subprocess.run([PYTHON, os.path.join(HERE, "recommender_peers.py"), folder, str(near), name, str(share)],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if out.returncode:
        print(f"  {name}: {out.stderr.strip().splitlines()[-1]}")
        return None
    return float(out.stdout)


def compare(build, rounds, name, users, items, events, near, scipy_share, sklearn_share):
    folder = tempfile.mkdtemp(prefix="kefu-reco-")
    options = ["--users", str(users), "--items", str(items), "--events", str(events), "--near", str(near)]
    peers = {"scipy": scipy_share, "cosine": sklearn_share, "euclidean": sklearn_share}
    took, got = {p: [] for p in peers}, []
    try:
        for i in range(rounds):
            got.append(ours(build, options + (["--save", folder] if i == 0 else [])))
            for p, share in peers.items():
                if (seconds := peer(folder, near, p, share)) is not None:
                    took[p].append(seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    def middle(key):
        return statistics.median(g[key] for g in got)

    print(f"\n{name}")
    one, two = middle("build_1_cpu_ms") / 1e3, middle("build_2_cpu_ms") / 1e3
    print(f"  {'kefu, one thread / two threads (by the clock)':<48} {one:10.2f} / {two:.2f} ({middle('build_2_ms') / 1e3:.2f}) s")
    for p, label in (("scipy", "scipy A^T A and top-k"), ("cosine", "sklearn NearestNeighbors cosine, brute"),
                     ("euclidean", "sklearn NearestNeighbors euclidean, brute")):
        if took[p]:
            s = statistics.median(took[p])
            print(f"  {label:<48} {s:10.2f} s   {s / two:9.1f} x")
    n = middle("interactions")
    print(f"  {'memory: loom, an interaction':<48} {middle('loom_bytes') / n:10.1f} bytes")
    print(f"  {'memory: table, a course':<48} {middle('table_bytes') / items:10.1f} bytes")
    for key, label, unit in ROWS:
        print(f"  {label:<48} {middle(key):10.2f} {unit}")


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
