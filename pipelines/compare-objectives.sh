#!/bin/sh
# You will see: the same network trained by four objectives (supervised,
# augmented, self-distillation, consistent-exit) on the same data in the same
# pipeline, and what its exits are worth on people it never heard or saw, as
# recorded and spoilt.  Ten minutes for each seed on two cores; a run that was
# interrupted goes on where it stopped.
#
#   pipelines/compare-objectives.sh FSDD HAPT FOLDER
#
# FSDD: spoken digits, six speakers; three folds of two test speakers each.
# HAPT: motion windows, test people by their split.
# FOLDER: for models, logs and reports.  The environment gives
#   DIGITS      another architecture than models/digits.json, for example
#               tests/bench/network-a.json
#   WIDTH       half: of all convolutions of the digits' network
#   LABELS      few: a tenth of the digits' labels, ten for each activity
#   SEEDS       so many for each fold (1); the tables need 3
#   SETS        of "digits activity"
#   FOLDS       of the digits (1 2 3)
#   OBJECTIVES  which, and few-labels, that is consistent-exit with hard targets
# Needs python3 for the tables.
set -eu
[ $# -ge 3 ] || exec "$(dirname "$0")/usage.sh" "$0"
fsdd=$(realpath "$1")
hapt=$(realpath "$2")
mkdir -p "$3"
out=$(realpath "$3")
digits=$(realpath "${DIGITS:-$(dirname "$0")/../models/digits.json}")
cd "$(dirname "$0")/.."
pipelines/build.sh
objectives=${OBJECTIVES:-supervised augmented self-distillation consistent-exit}
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
[ "${LABELS:-}" != few ] || few=few-

# Mean and standard deviation of each channel, as in train-activity.sh.
rest="<0.8072,0.03831,0.08405,0.005724,-0.003992,-0.008186>"
scale="<0.4153,0.4038,0.3458,0.412,0.4177,0.2622>"

# What a run sets: properties of mxtrainsink.  The preset few-labels is spelt
# out: meson takes a word that begins with @ for a file of words.
options_of() {
  [ -z "$few" ] || echo batch-size=96
  case $1 in
    few-labels) echo consistency-target=hard confidence-threshold=.8 ;;
    *) echo objective="$1" ;;
  esac
}

# With few labels a batch has 32 labelled windows and 64 without, or, for those
# objectives that learn nothing from the latter, 64 labelled; the unlabelled
# ones, each once an epoch, then last for twice as many steps.
share_of() {
  case $1 in
    consistent-exit | few-labels) echo .3333 ;;
    *) echo .6667 ;;
  esac
}

# epochs_of OBJECTIVE EPOCHS: of those with few labels as many as make the steps
# of EPOCHS with a third labelled.
epochs_of() {
  case $1 in
    consistent-exit | few-labels) echo "$2" ;;
    *) echo $(($2 / 2)) ;;
  esac
}

# measure NAME KIND DATA FILTER [property=value ...]: one pass, all exits, all
# thresholds.
measure() {
  report=$out/$1.$2.json
  model=$out/$1.safetensors
  data=$3
  filter=$4
  shift 4
  [ -s "$report" ] || meson devenv -C build -w . gst-launch-1.0 -q \
    mxdatasetsrc location="$data" "$@" ! $filter ! \
    mxclassify model-file="$model" all-exits=true exit-threshold=.8 \
      post-messages=false ! \
    mxevalsink location="$report" >/dev/null
}

# train NAME COMMAND...: unless it was done before.
train() {
  log=$out/$1.log
  [ -s "$out/$1.safetensors" ] || {
    shift
    "$@" >"$log" 2>&1 || { tail -5 "$log" >&2; exit 1; }
  }
}

noise="mxperturb recipe=none seed=9 noise-probability=1 noise-brown=0"
white="$noise noise-white=1 noise-pink=0"
pink="$noise noise-white=0 noise-pink=1"

# run_digits OBJECTIVE FOLD SEED
run_digits() {
  people=$(echo "george,jackson lucas,nicolas theo,yweweler" | cut -d' ' -f"$2")
  name=$few$(basename "$digits" .json)-$1-$2-$3
  labels= epochs=13
  if [ -n "$few" ]; then
    labels=" labelled-fraction=.1 labelled-share=$(share_of "$1")"
    epochs=$(epochs_of "$1" 14)
  fi
  ARCHITECTURE=$digits SOURCE="exclude-subjects=$people$labels" EPOCHS=$epochs \
    SEED=$3 train "$name" pipelines/train-digits.sh "$fsdd" \
    "$out/$name.safetensors" $(options_of "$1")
  # The whole window is noisy, not the word alone.
  test="subjects=$people pad-to=1000000000 pad-position=centre"
  measure "$name" clean "$fsdd" identity $test
  measure "$name" white-10 "$fsdd" "$white snr-low=10 snr-high=10" $test
  measure "$name" white-0 "$fsdd" "$white snr-low=0 snr-high=0" $test
  measure "$name" pink-10 "$fsdd" "$pink snr-low=10 snr-high=10" $test
}

# run_activity OBJECTIVE SEED
run_activity() {
  name=${few}activity-$1-1-$2
  labels= epochs=6
  if [ -n "$few" ]; then
    labels=" labelled-per-class=10 labelled-share=$(share_of "$1")"
    epochs=$(epochs_of "$1" 6)
  fi
  SOURCE="split=train$labels" EPOCHS=$epochs SEED=$2 train "$name" \
    pipelines/train-activity.sh "$hapt" "$out/$name.safetensors" \
    $(options_of "$1")
  measure "$name" clean "$hapt" identity split=test
  measure "$name" noise-5 "$hapt" "$white scale=$scale snr-low=5 snr-high=5" \
    split=test
  measure "$name" lost-2 "$hapt" \
    "mxperturb recipe=none seed=9 drop-probability=.3333 rest=$rest" split=test
  measure "$name" rotated-20 "$hapt" \
    "mxperturb recipe=none seed=9 rotation-probability=1 rotation=20" split=test
}

for seed in $(seq "${SEEDS:-1}"); do
  for set in ${SETS:-digits activity}; do
    folds=1
    [ "$set" = activity ] || folds=${FOLDS:-1 2 3}
    for fold in $folds; do
      for objective in $objectives; do
        if [ "$set" = digits ]; then
          run_digits "$objective" "$fold" "$seed"
        else
          run_activity "$objective" "$seed"
        fi
      done
    done
  done
done
for set in ${SETS:-digits activity}; do
  stem=$few$set
  [ "$set" = activity ] || stem=$few$(basename "$digits" .json)
  python3 pipelines/objectives.py "$out/$stem" $objectives
done
