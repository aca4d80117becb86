#!/bin/sh
# Runs the browser tests: run.sh BUILD_FOLDER [test file ...]. What npm brings goes into the build folder.
set -eu

if [ -n "${KEFU_NO_BROWSER:-}" ]; then
	echo "skipped: KEFU_NO_BROWSER is set"
	exit 77
fi
build=$(cd "$1" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
modules=$build/browser

mkdir -p "$modules"
if ! cmp -s "$here/package-lock.json" "$modules/installed.json"; then
	cp "$here/package.json" "$here/package-lock.json" "$modules/"
	(cd "$modules" && npm ci --no-audit --no-fund --loglevel=error)
	cp "$here/package-lock.json" "$modules/installed.json"
fi

[ $# -gt 0 ] || set -- "$here"/*.test.js
KEFU_BUILD=$build NODE_PATH=$modules/node_modules exec node --test "$@"
