#!/usr/bin/env bash
# Runs the benchmarks: tests/bench/run.sh BUILD_FOLDER [NAME…]; NAME: text, match, turn, kb, ws, …
set -euo pipefail
build=$1
shift
cd "$(dirname "$0")/../.."
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
	for program in "$build"/bench_*; do
		[ -f "$program" ] && [ -x "$program" ] && names+=("${program##*/bench_}")
	done
	for script in tests/bench/*_bench.py; do
		[ -f "$script" ] && name=${script##*/} && names+=("${name%_bench.py}")
	done
fi
for name in "${names[@]}"; do
	printf '\n== %s ==\n' "$name"
	if [ -x "$build/bench_$name" ]; then
		"$build/bench_$name"
	elif [ -f "tests/bench/${name}_bench.py" ]; then
		python3 "tests/bench/${name}_bench.py" "$build"
	else
		printf 'no benchmark %s\n' "$name" >&2
		exit 2
	fi
done
