#!/bin/sh
# Fails when a header does not compile alone: it must include what it needs, and warn of nothing.
# Usage: headers.sh SOURCE_FOLDER COMPILER
set -eu
cd "${1:?usage: headers.sh SOURCE_FOLDER COMPILER}"
cc=${2:?usage: headers.sh SOURCE_FOLDER COMPILER}
n=0
bad=0

for header in $(find daemon intents kb web -name '*.h' | LC_ALL=C sort); do
	n=$((n + 1))
	# Twice: the guard is tested too.
	printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
		"$cc" -std=gnu17 -D_GNU_SOURCE -DKEFU_VERSION='"0"' -fsyntax-only -Wall -Wextra -Werror \
			-I. -Iintents -Idaemon -x c - || {
		echo "$header does not compile alone"
		bad=$((bad + 1))
	}
done
echo "$n headers, $bad bad"
[ "$bad" -eq 0 ] && [ "$n" -gt 20 ]
