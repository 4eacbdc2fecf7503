#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: what a network that is trained on streams is worth on streams of
# people it never met, in three folds: each exit, and the area under accuracy over
# cost.
#
#   pipelines/stream-folds.sh words FSDD FOLDER [option=value ...]
#   pipelines/stream-folds.sh activity HAPT FOLDER [option=value ...]
#
# words: three times two of six, in quiet and in noise 10 dB below the words.
# activity: three times six of 23.  Each beside the windowed network of the same
# size, on the same streams, at the same hop.
# FSDD, HAPT: as for train.sh.  FOLDER: for models and logs; what is there is not
# trained again.  Options go to mxtrainsink.
set -eu
[ $# -ge 3 ] || exec "$(dirname "$0")/usage.sh" "$0"
kind=$1
data=$(realpath "$2")
mkdir -p "$3"
out=$(realpath "$3")
shift 3
cd "$(dirname "$0")/.."
. pipelines/environment.sh
. pipelines/sensors.sh

# learn MODEL COMMAND ...: unless it is there.
learn() {
  model=$1
  shift
  [ -s "$model" ] || "$@" >"$model.log" 2>&1 || {
    tail -5 "$model.log" >&2
    exit 1
  }
}

# table NAME DATA [property=value ...]: of $model, at its last line the area, which
# is of all windows, the table of what is nearest to each example's centre.
table() {
  echo "$1"
  recordings=$2
  shift 2
  pipelines/evaluate.sh "$recordings" "$model" "$@"
  gst-launch-1.0 mxdatasetsrc location="$recordings" "$@" ! ${FILTER:-identity} ! \
    mxclassify model-file="$model" all-exits=true post-messages=false \
      ${SETTINGS:-} ! mxevalsink location="$out/report.json" >/dev/null
  sed -n 's/^    "area": \([^,]*\),/\1/p' "$out/report.json" |
    awk '{ printf "area %26.2f %%\n", 100 * $1 }'
}

words() {
  heard="subjects=$1 mode=continuous shuffle=true seed=7 level=-26"
  noise="mxperturb recipe=none noise-probability=1 noise-white=1 noise-pink=1
    noise-brown=0 snr-low=10 snr-high=10 seed=9"
  people=$1
  shift
  windowed=$out/$people-windowed.safetensors
  streamed=$out/$people.safetensors
  SOURCE="exclude-subjects=$people" learn "$streamed" \
    pipelines/train-words-stream.sh "$data" "$streamed" "$@"
  table "$people" "$data" $heard gain-low=-12 gain-high=12
  FILTER=$noise table "$people, noise 10 dB below" "$data" $heard \
    gap-level-low=-10 gap-level-high=-10
  SOURCE="exclude-subjects=$people" learn "$windowed" \
    pipelines/train.sh digits "$data" "$windowed" "$@"
  export SETTINGS=hop=100000000
  table "$people, windowed" "$data" $heard gain-low=-12 gain-high=12
  FILTER=$noise table "$people, windowed, noise 10 dB below" "$data" $heard \
    gap-level-low=-10 gap-level-high=-10
  unset SETTINGS
}

activity() {
  people=$1
  shift
  windowed=$out/$people-windowed.safetensors
  streamed=$out/$people.safetensors
  export EPOCHS=25
  SOURCE="exclude-subjects=$people mode=continuous gap-low=0 gap-high=0" \
    ARCHITECTURE=models/activity-stream.json learn "$streamed" \
    pipelines/train.sh activity "$data" "$streamed" "$@"
  table "$people" "$out/joined" subjects="$people"
  SOURCE="exclude-subjects=$people" learn "$windowed" \
    pipelines/train.sh activity "$data" "$windowed" "$@"
  SETTINGS=hop=260000000 table "$people, windowed" "$out/joined" \
    subjects="$people"
}

case $kind in
  words) sensor digits ;;
  activity)
    sensor activity
    [ -s "$out/joined/manifest.csv" ] ||
      pipelines/join-windows.py "$data" "$out/joined" >/dev/null
    ;;
  *) exec "$(dirname "$0")/usage.sh" "$0" ;;
esac
for fold in $folds; do
  "$kind" "$fold" "$@"
done
