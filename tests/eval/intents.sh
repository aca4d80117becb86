#!/bin/sh
# Fails when `kefu eval intents` falls under its floors on public sets, or says different things twice.
# The sets are not part of the project: KEFU_EVAL_DATA names their folder; without it the test is
# skipped (77). Floors are two points under what was measured, so that noise passes.
# Usage: intents.sh KEFU SOURCE_FOLDER
set -eu
kefu=${1:?usage: intents.sh KEFU SOURCE_FOLDER}
data=${KEFU_EVAL_DATA:-${2:?usage: intents.sh KEFU SOURCE_FOLDER}/../shared/data/nlu}
if [ ! -d "$data" ]; then
	echo "skipped: no data; KEFU_EVAL_DATA names no folder"
	exit 77
fi
ran=0
bad=0

# FILE MEASURE FLOOR [OPTION…]
floor() {
	[ -f "$data/$1" ] || return 0
	file=$data/$1
	measure=$2
	least=$3
	shift 3
	got=$("$kefu" eval intents --json "$@" "$file" | sed "s/.*\"$measure\":\([0-9.e-]*\).*/\1/")
	ran=$((ran + 1))
	echo "$file $* $measure $got (floor $least)"
	awk "BEGIN { exit !($got >= $least) }" </dev/null || {
		echo "below the floor"
		bad=$((bad + 1))
	}
}

floor massive_zh/data.tsv accuracy 0.828
floor massive_en/data.tsv accuracy 0.846
floor clinc150/data.tsv in_scope_accuracy 0.879
floor clinc150/data.tsv oos_recall 0.844
floor clinc150/data.tsv in_scope_accuracy 0.912 --rule accuracy
floor clinc150/data.tsv oos_recall 0.522 --rule accuracy
floor banking77/data.tsv accuracy 0.901
floor banking77/data.tsv accuracy 0.768 --train train_10
floor nlu_eval_corpora/askubuntu.tsv micro_f1 0.915
floor nlu_eval_corpora/chatbot.tsv micro_f1 0.961
floor nlu_eval_corpora/webapps.tsv micro_f1 0.793
floor hint3/curekart.v2.tsv accuracy 0.745

if [ "$ran" -eq 0 ]; then
	echo "skipped: none of the sets is in $data"
	exit 77
fi
set=$data/nlu_eval_corpora/askubuntu.tsv
if [ -f "$set" ]; then
	strip='s/"\(train_s\|decisions_per_s\)":[^,]*,//g'
	[ "$("$kefu" eval intents --json "$set" | sed "$strip")" = \
		"$("$kefu" eval intents --json "$set" | sed "$strip")" ]
fi
[ "$bad" -eq 0 ]
