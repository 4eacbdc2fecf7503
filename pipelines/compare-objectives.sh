#!/bin/sh
# You will see: the same network trained by three objectives (supervised,
# augmented, consistent-exit) on the same data in the same pipeline, and what
# its exits are worth on people it never heard or saw.  A quarter of an hour on
# two cores; a run that was interrupted goes on where it stopped.
#
#   pipelines/compare-objectives.sh FSDD HAPT FOLDER
#
# FSDD: spoken digits, six speakers; three folds of two test speakers each.
# HAPT: motion windows, test people by their split; three seeds.
# FOLDER: for models, logs and tables.  The environment gives
#   DIGITS  another architecture than models/digits.json, for example
#           tests/bench/network-a.json
#   WIDTH   half: of all convolutions of the digits' network
#   LABELS  few: a tenth of the digits' labels, ten for each activity; batches of
#           96 windows then, a third of them labelled, and consistent-exit with
#           soft targets and as in the preset few-labels
#   RUNS    which folds and seeds (1 2 3)
set -eu
[ $# -ge 3 ] || exec "$(dirname "$0")/usage.sh" "$0"
fsdd=$(realpath "$1")
hapt=$(realpath "$2")
mkdir -p "$3"
out=$(realpath "$3")
digits=$(realpath "${DIGITS:-$(dirname "$0")/../models/digits.json}")
cd "$(dirname "$0")/.."
pipelines/build.sh
runs=${RUNS:-1 2 3}
objectives="supervised augmented consistent-exit"
if [ "${WIDTH:-}" = half ]; then
  half=$out/$(basename "$digits" .json)-half.json
  awk '{
    while (match($0, /"filters": [0-9]+/)) {
      width = substr($0, RSTART + 11, RLENGTH - 11)
      printf "%s\"filters\": %d", substr($0, 1, RSTART - 1), width / 2
      $0 = substr($0, RSTART + RLENGTH)
    }
    print
  }' "$digits" >"$half"
  digits=$half
fi
few=
if [ "${LABELS:-}" = few ]; then
  few=few-
  objectives="$objectives few-labels"
fi

# What a row of the table sets: properties of mxtrainsink.  The preset few-labels
# is spelt out: meson takes a word that begins with @ for a file of words.
options_of() {
  [ -z "$few" ] || echo batch-size=96
  case $1 in
    few-labels) echo consistency-target=hard confidence-threshold=.8 ;;
    *) echo objective="$1" ;;
  esac
}

# row DATA NAME EVALUATE-ON TRAINING-COMMAND...: trains and evaluates once.
row() {
  data=$1
  name=$2
  test=$3
  shift 3
  if [ ! -s "$out/$name.txt" ]; then
    "$@" >"$out/$name.log" 2>&1 || { tail -5 "$out/$name.log" >&2; exit 1; }
    pipelines/evaluate.sh "$data" "$out/$name.safetensors" "$test" \
      >"$out/$name.part"
    mv "$out/$name.part" "$out/$name.txt"
  fi
  echo "$name $(awk 'NR > 1 { printf "%s ", $(NF - 6) " " $(NF - 4) }
    END { print $(NF - 2), $NF }' "$out/$name.txt")"
}

# Means over the rows of one objective.
mean() {
  awk -v name="$1" '{ for (i = 2; i <= NF; i++) sum[i] += $i; n = NF }
    END {
      printf "%-28s", name
      for (i = 2; i <= n; i++) printf " %6.2f", sum[i] / NR
      print ""
    }'
}

header="                             exit 1         exit 2         exit 3         exit 4         threshold .8
                               acc     F1     acc     F1     acc     F1     acc     F1     acc     F1   cost   exit"
for set in digits activity; do
  echo "$set, means of runs $runs (%)"
  echo "$header"
  for objective in $objectives; do
    for run in $runs; do
      architecture=models/activity.json
      [ $set = digits ] && architecture=$digits
      name=$few$(basename "$architecture" .json)-$objective-$run
      if [ $set = digits ]; then
        people=$(echo "george,jackson lucas,nicolas theo,yweweler" |
          cut -d' ' -f$run)
        labels=${few:+ labelled-fraction=.1 labelled-share=.3333}
        ARCHITECTURE="$digits" SOURCE="exclude-subjects=$people$labels" \
          EPOCHS=${few:+14} \
          row "$fsdd" "$name" "subjects=$people" pipelines/train-digits.sh \
          "$fsdd" "$out/$name.safetensors" $(options_of $objective)
      else
        labels=${few:+ labelled-per-class=10 labelled-share=.3333}
        SEED=$run SOURCE="split=train$labels" EPOCHS=${few:+7} \
          row "$hapt" "$name" split=test pipelines/train-activity.sh \
          "$hapt" "$out/$name.safetensors" $(options_of $objective)
      fi
    done >"$out/$few$set-$objective.rows"
    mean "$objective" <"$out/$few$set-$objective.rows"
  done
  echo
done
