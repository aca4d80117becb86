#!/bin/sh
# Fails when `kefu eval recommender` falls under its floors on public sets, or says different things
# twice. The sets are not part of the project: KEFU_EVAL_DATA names their folder; without it the test
# is skipped (77). Floors are a hundredth or two under what was measured, so that rounding passes.
# Usage: recommender.sh KEFU SOURCE_FOLDER
set -eu
kefu=${1:?usage: recommender.sh KEFU SOURCE_FOLDER}
data=${KEFU_EVAL_DATA:-${2:?usage: recommender.sh KEFU SOURCE_FOLDER}/../shared/data/recsys}
ran=0
bad=0

# FOLDER CUT [OPTION…]: the object, on one line
ask() {
	set_of=$data/$1
	cut=$2
	shift 2
	"$kefu" eval recommender --json --train "$set_of/train.tsv" --test "$set_of/test.tsv" --k "$cut" "$@"
}

# OBJECT full|sampled MEASURE CUT FLOOR
floor() {
	part=${1#*\"$2\":}
	part=${part%%\"mrr\"*}
	value=$(echo "$part" | sed "s/.*\"$3\":{[^}]*\"$4\":\([0-9.e-]*\).*/\1/")
	ran=$((ran + 1))
	echo "$2 $3@$4 $value (floor $5)"
	awk "BEGIN { exit !($value >= $5) }" </dev/null || {
		echo "below the floor"
		bad=$((bad + 1))
	}
}

if [ -f "$data/mooc_seq/train.tsv" ]; then
	got=$(ask mooc_seq 10 --negatives "$data/mooc_seq/negatives.tsv")
	floor "$got" full hr 10 0.288
	floor "$got" full ndcg 10 0.180
	floor "$got" sampled ndcg 10 0.553
	again=$(ask mooc_seq 10 --negatives "$data/mooc_seq/negatives.tsv")
	strip='s/"fit_s":[^,}]*//'
	[ "$(echo "$got" | sed "$strip")" = "$(echo "$again" | sed "$strip")" ]
fi
if [ -f "$data/mooc_set/train.tsv" ]; then
	got=$(ask mooc_set 20)
	floor "$got" full recall 20 0.136
	floor "$got" full ndcg 20 0.139
fi
if [ "$ran" -eq 0 ]; then
	echo "skipped: no data; KEFU_EVAL_DATA names no folder with the sets"
	exit 77
fi
[ "$bad" -eq 0 ]
