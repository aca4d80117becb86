#!/usr/bin/env python3
"""kefud against a bare libwebsockets echo server: the same load, alternating rounds, medians.

    ws_bench.py [BUILD_FOLDER] [--rules FILE] [--rounds 3] [--seconds 3]

An echo reads no JSON, matches no rules and writes no database. The ratio says how much of the socket's own
speed is left when all of that is done.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LOADS = ((1, 1), (100, 1), (50, 16))  # connections, messages under way on each


class Server:
    def __init__(self, command, log):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        if "http://" not in line:
            raise SystemExit(f"{command[0]} did not start; see {log.name}")
        self.port = int(line.rsplit(":", 1)[1].strip().rstrip("/"))

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def measure(build, server, connections, depth, seconds):
    out = subprocess.run([os.path.join(build, "ws_load"), "--port", str(server.port), "--pid",
                          str(server.process.pid), "--connections", str(connections), "--depth", str(depth),
                          "--seconds", str(seconds)], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(out.stdout)


def row(name, runs):
    middle = {k: statistics.median(r[k] for r in runs) for k in runs[0]}
    print(f"  {name:<6}{middle['per_second']:>10.0f}/s   p50 {middle['p50_us']:>8.1f} µs   "
          f"p99 {middle['p99_us']:>8.1f} µs   server {middle['server_us']:>7.2f} µs/message")
    return middle


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("build", nargs="?", default=os.path.join(ROOT, "build", "release"))
    a.add_argument("--rules", default=os.path.join(ROOT, "intents.yaml"))
    a.add_argument("--rounds", type=int, default=3)
    a.add_argument("--seconds", type=float, default=3)
    o = a.parse_args()
    folder = tempfile.mkdtemp(prefix="kefu-bench-")
    log = open(os.path.join(folder, "log"), "w", encoding="utf-8")
    servers = {}
    try:
        servers["echo"] = Server([os.path.join(o.build, "echo_server"), "0"], log)
        servers["kefud"] = Server([os.path.join(o.build, "kefud"), "--listen", "127.0.0.1:0", "--intents", o.rules,
                                   "--db", os.path.join(folder, "kefu.db"), "--rate", "100000", "--rate-seconds", "1",
                                   "--connections-per-ip", "2000"], log)
        for connections, depth in LOADS:
            runs = {name: [] for name in servers}
            for _ in range(o.rounds):
                for name, server in servers.items():
                    runs[name].append(measure(o.build, server, connections, depth, o.seconds))
            print(f"{connections} connections, {depth} under way on each")
            middle = {name: row(name, r) for name, r in runs.items()}
            print(f"  kefud / echo: {middle['kefud']['per_second'] / middle['echo']['per_second']:.2f}")
    finally:
        for server in servers.values():
            server.stop()
        log.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
