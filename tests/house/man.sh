#!/bin/sh
# Fails when kefud.8 does not list the settings as daemon/settings.tbl has them, or mandoc finds fault.
# Usage: man.sh SOURCE_FOLDER          compare
#        man.sh SOURCE_FOLDER --write  bring the page up to date
set -eu
cd "${1:?usage: man.sh SOURCE_FOLDER [--write]}"
page=man/kefud.8
begin='^\.\\" settings.tbl begins$'
end='^\.\\" settings.tbl ends$'
new=$(mktemp)
trap 'rm -f "$new"' EXIT

settings() {
	awk '
	function argument(kind, name) {
		if (kind == "INT") return "Ar number"
		if (name == "listen") return "Ar host : Ns Ar port"
		if (name == "record") return "Ar folder"
		if (name == "speech-in" || name == "speech-out") return "Ar command"
		if (name == "origins" || name == "proxies" || name == "speech-langs") return "Ar list"
		if (name == "identity-key" || name == "api-key") return "Ar secret"
		return "Ar file"
	}
	/^SETTING_/ {
		kind = $0
		sub(/^SETTING_/, "", kind)
		sub(/\(.*/, "", kind)
		n = split($0, quoted, "\"")   # the strings are quoted[2], quoted[4], …
		name = quoted[2]
		help = quoted[n - 1]
		arg = argument(kind, name)
		if (kind == "CHOICE") {
			arg = "Cm " quoted[6]
			gsub(/\|/, " | ", arg)
		}
		printf ".It Fl -%s %s\n%s%s.\n", name, arg, toupper(substr(help, 1, 1)), substr(help, 2)
		if (kind == "INT") {
			split(quoted[3], number, /, */)
			printf "Default: %s; from %s to %s.\n", number[2], number[3], number[4]
		} else if (quoted[4] != "") {
			printf "Default: %s.\n", quoted[4]
		}
	}' daemon/settings.tbl
}

sed -n "1,/$begin/p" "$page" >"$new"
settings >>"$new"
sed -n "/$end/,\$p" "$page" >>"$new"
if [ "${2:-}" = --write ]; then
	cp "$new" "$page"
	exit
fi
[ "$(settings | grep -c '^\.It')" -gt 10 ]
diff -u "$page" "$new" || {
	echo "$page is behind daemon/settings.tbl: run tests/house/man.sh . --write"
	exit 1
}
if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning "$page"
fi
