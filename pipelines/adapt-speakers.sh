#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: a model that learnt digits from four speakers go on with
# recordings of two others that nobody labelled; what that is worth on other
# recordings of these two, and that it never makes the model worse on labelled
# ones that were held out.  Three folds.
#
#   pipelines/adapt-speakers.sh FSDD FOLDER [option=value ...]
#
# FSDD: as for train.sh.  FOLDER: for models, logs and reports; what is
# there is not made again.  Options go to mxtrainsink in the second training.
# ARCHITECTURE (models/digits.json), EPOCHS (13) and SEED (1) as there; the second
# training has 8 epochs of half labelled, half new recordings, and beside it, for
# what more steps alone are worth, 4 of labelled ones only (about as many steps).
#
# Of the four speakers, what is split test in FSDD (50 recordings each) is held
# out.  Of the two, recordings of even number are adapted to, odd ones tested.
set -eu
[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
shift 2
architecture=$(realpath "${ARCHITECTURE:-$(dirname "$0")/../models/digits.json}")
cd "$(dirname "$0")/.."
. pipelines/environment.sh
seed=${SEED:-1}

# manifest PEOPLE: who is what.
# Columns of FSDD's: path,label,split,subject,seconds; paths end in _NUMBER.wav.
manifest() {
  echo path,label,split,subject
  sed 1d "$data/manifest.csv" | tr -d '\r' |
    awk -F, -v people="$1" -v data="$data" '{
      split(people, pair, ",")
      number = $1
      sub(/.*_/, "", number)
      if ($4 != pair[1] && $4 != pair[2])
        part = $3 == "test" ? "valid" : "train"
      else if (number % 2)
        part = "test"
      else {
        part = "new"
        $2 = ""
      }
      printf "%s/%s,%s,%s,%s\n", data, $1, $2, part, $4
    }'
}

# adapt MODEL SOURCE [option=value ...]: goes on from $start.  The preset
# another-source, spelt out: it would override options.
adapt() {
  model=$1
  source=$2
  shift 2
  gst-launch-1.0 \
    mxdatasetsrc location="$folder" $source shuffle=true seed="$seed" \
      pad-to=1000000000 ! tee name=t \
    t. ! queue ! train.clean \
    t. ! queue ! mxperturb recipe=speech seed="$seed" ! train.perturbed \
    mxtrainsink name=train seed="$seed" model-file="$start" location="$model" \
      consistency-target=hard confidence-threshold=.95 learning-rate=.0005 \
      log-location="$model.jsonl" "$@"
}

# row NAME MODEL SPLIT: evaluates once.
row() {
  report=$2.$3.json
  [ -s "$report" ] || gst-launch-1.0 -q \
    mxdatasetsrc location="$folder" split="$3" ! \
    mxclassify model-file="$2" all-exits=true exit-threshold=.8 \
      post-messages=false ! \
    mxevalsink location="$report" >/dev/null
  python3 - "$1" "$report" <<'END'
import json, sys
report = json.load(open(sys.argv[2], encoding="utf-8"))
exits = "".join(f"{100 * e['accuracy']:7.1f}" for e in report["all-exits"])
print(f"  {sys.argv[1]:<22}{exits}{100 * report['curve']['area']:8.1f}"
      f"{100 * report['accuracy']:8.1f}{100 * report['mean-cost']:7.1f}")
END
}

# once MODEL COMMAND...: with a log beside the model.
once() {
  [ -s "$1" ] && return
  log=$1.log
  shift
  "$@" >"$log" 2>&1 || { tail -5 "$log" >&2; exit 1; }
}

for people in george,jackson lucas,nicolas theo,yweweler; do
  folder=$out/$people
  mkdir -p "$folder"
  manifest "$people" >"$folder/manifest.csv"
  start=$folder/start.safetensors
  adapted=$folder/adapted.safetensors
  ARCHITECTURE=$architecture SOURCE=split=train SEED=$seed once "$start" \
    pipelines/train.sh digits "$folder" "$start"
  once "$adapted" adapt "$adapted" \
    "split=train,valid,new labelled-share=.5 epochs=8" "$@"
  longer=$folder/labels-alone.safetensors
  once "$longer" adapt "$longer" "split=train,valid epochs=4" "$@"
  echo "$people           exit 1 ... last (%)      area  acc .8  cost"
  for split in valid test; do
    row "$split, before" "$start" $split
    row "$split, labels alone" "$longer" $split
    row "$split, adapted" "$adapted" $split
  done
done
