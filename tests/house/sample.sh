#!/bin/sh
# The sample academy as a newcomer meets it: its data are imported without a bad row, its rules are
# checked without a warning, and every conversation of tests/chat goes as it is written.
#
#	sample.sh SOURCE KEFU
set -eu
export LC_ALL=C.UTF-8 # what is looked for below is English
source=$1
kefu=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
db=$folder/kefu.db

say() {
	echo "$*" >&2
	exit 1
}

cd "$source"
python3 sample/events.py --courses sample/courses.csv >"$folder/events.csv"
python3 sample/events.py --courses sample/courses.csv | cmp - "$folder/events.csv" ||
	say "sample/events.py: the same seed gave other events"
for kind in courses events; do
	file=sample/courses.csv
	[ $kind = events ] && file=$folder/events.csv
	"$kefu" import $kind "$file" --db "$db" >"$folder/said"
	grep -q ' 0 bad rows' "$folder/said" || say "$(cat "$folder/said")"
done
said=$("$kefu" check intents.yaml --db "$db" 2>&1) || say "$said"
case $said in
*': warning: '*) say "$said" ;;
esac
"$kefu" replay tests/chat --db "$db"
