#!/bin/sh
# Fails on an include that crosses the house's walls:
#   - a layer includes only itself and what lies below it (siblings never include each other);
#   - a third-party header is included in its home only, and never by a header of ours;
#   - what is included exists.
# Usage: includes.sh SOURCE_FOLDER
set -eu
cd "${1:?usage: includes.sh SOURCE_FOLDER}"

find daemon intents kb web -name '*.[ch]' -not -path '*/build/*' | LC_ALL=C sort |
	xargs grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]' /dev/null |
	awk '
function layer_of(path) {
	if (path ~ /^intents\/text\//) return "text"
	if (path ~ /^intents\//) return "intents"
	if (path ~ /^kb\//) return "kb"
	if (path ~ /^web\//) return "web"
	if (path ~ /^daemon\/bot\//) return "bot"
	if (path ~ /^daemon\/net\//) return "net"
	if (path ~ /^daemon\/tool\/kefu\.c$/) return "kefu"
	if (path ~ /^daemon\/tool\//) return "tool"
	if (path == "daemon/main.c") return "kefud"
	if (path ~ /^daemon\//) return "core"
	return "?"
}
function exists(path,   line, there) {
	there = (getline line < path) >= 0
	close(path)
	return there
}
# Where the compiler would find it: beside the file, or from a folder of the include path.
function resolve(file, name,   folder) {
	folder = file
	sub(/[^\/]*$/, "", folder)
	if (exists(folder name)) return folder name
	if (exists("intents/" name)) return "intents/" name
	if (exists(name)) return name
	if (exists("daemon/" name)) return "daemon/" name
	return ""
}
function complain(file, line, what) {
	printf "%s:%s: %s\n", file, line, what
	bad++
}
BEGIN {
	below["text"] = " text "
	below["intents"] = " text intents "
	below["kb"] = " text kb "
	below["web"] = " text web "
	below["bot"] = " text intents kb bot "
	below["core"] = " text intents kb bot core "
	below["net"] = " text intents kb bot core web net "
	below["tool"] = " text intents kb bot core tool "
	below["kefu"] = below["tool"]
	below["kefud"] = below["net"]

	home["libwebsockets.h"] = "^daemon/net/[a-z_]+\\.[ch]$"
	home["ev.h"] = "^daemon/net/[a-z_]+\\.[ch]$"
	home["sqlite3.h"] = "^kb/store[a-z_]*\\.c$"
	home["yaml.h"] = "^intents/node\\.c$"
	home["pcre2.h"] = "^intents/regex\\.c$"
	home["jansson.h"] = "^(daemon/json|kb/rows_json)\\.c$"
	home["utf8proc.h"] = "^intents/text/"
	home["sodium.h"] = "^daemon/secret\\.c$"
	home["openssl/evp.h"] = "^daemon/public_key\\.c$"
	home["openssl/pem.h"] = "^daemon/public_key\\.c$"
	home["uthash.h"] = "\\.c$"
	home["utlist.h"] = "\\.c$"
}
{
	split($0, part, ":")
	file = part[1]
	line = part[2]
	system_header = $0 ~ /include[ \t]*</
	name = $0
	sub(/^[^"<]*["<]/, "", name)
	sub(/[">].*$/, "", name)
	if (system_header) {
		if (name in home && file !~ home[name])
			complain(file, line, "<" name "> does not belong here; its home is " home[name])
		seen++
		next
	}
	if (name ~ /^(normal|pinyin)_table\.h$/) # made at build time
		next
	target = resolve(file, name)
	if (target == "") {
		complain(file, line, "\"" name "\" is in no folder of the include path")
		next
	}
	if (index(below[layer_of(file)], " " layer_of(target) " ") == 0)
		complain(file, line, layer_of(file) " must not include \"" name "\" of " layer_of(target))
	seen++
}
END {
	printf "%d includes, %d over a wall\n", seen, bad
	exit bad > 0 || seen < 100
}'
