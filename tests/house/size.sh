#!/bin/sh
# Fails on a file of more than 500 lines or a function of more than 55 (from its `{` to its `}`, as
# clang-format leaves them: both alone at column 0). Exceptions stand in size.allow, one a line:
#	PATH            why the file may be longer
#	PATH:FUNCTION   why the function may be
# An exception that is no longer needed fails too.
# Usage: size.sh SOURCE_FOLDER
set -eu
cd "${1:?usage: size.sh SOURCE_FOLDER}"

find daemon intents kb web tests \( -name '*.c' -o -name '*.h' \) | LC_ALL=C sort |
	xargs awk -v allow=tests/house/size.allow '
function complain(key, text) {
	if (key in allowed) {
		used[key] = 1
		return
	}
	print text
	bad++
}
BEGIN {
	while ((getline line < allow) > 0) {
		split(line, part, /[ \t]+/)
		if (line !~ /^#/ && part[1] != "")
			allowed[part[1]] = 1
	}
}
FNR == 1 {
	name = ""
	inside = 0
	files++
}
/^[A-Za-z_].*\(/ && !/;[ \t]*$/ {
	name = $0
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
}
/^\{$/ {
	inside = FNR
}
/^\}/ && inside {
	n = FNR - inside + 1
	functions++
	lengths[n]++
	if (n > 55)
		complain(FILENAME ":" name, sprintf("%s:%d: %s has %d lines, more than 55", FILENAME, inside, name, n))
	inside = 0
}
FNR == 501 {
	complain(FILENAME, FILENAME ": more than 500 lines")
}
END {
	for (key in allowed)
		if (!(key in used)) {
			print "tests/house/size.allow: " key " needs no exception any more"
			bad++
		}
	for (n = 1; sum * 2 < functions; n++)
		sum += lengths[n]
	printf "%d files, %d functions (median %d lines), %d too long\n", files, functions, n - 1, bad
	exit bad > 0 || functions < 100
}'
