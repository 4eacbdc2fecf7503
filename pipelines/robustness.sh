#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: what a model still knows of recordings that are spoilt more and more:
# accuracy of each exit, depth and cost against the level of noise, gain, clipping
# and, where there are several, lost channels, and how far electrodes around a limb
# are turned; a table and an HTML page.
#
#   pipelines/robustness.sh SENSOR DATA MODEL FOLDER [property=value ...]
#
# SENSOR: digits, speech, activity, ecg or emg: how large its signals are
# (sensors.sh).  DATA, MODEL: as for evaluate.sh.  FOLDER: for the reports and
# robustness.html.  Further words are properties of mxdatasetsrc, for example
# split=test.  SETTINGS: properties of mxclassify.
set -eu
[ $# -ge 4 ] || exec "$(dirname "$0")/usage.sh" "$0"
kind=$1
data=$(realpath "$2")
model=$(realpath "$3")
mkdir -p "$4"
out=$(realpath "$4")
shift 4
cd "$(dirname "$0")/.."
. pipelines/environment.sh
. pipelines/sensors.sh
sensor "$kind"
reports=

# measure FILE FILTER CONDITION LEVEL [property=value ...]: of mxdatasetsrc.
measure() {
  made=$out/$1.json
  filter=$2
  condition=$3
  level=$4
  shift 4
  gst-launch-1.0 mxdatasetsrc location="$data" ${pad:-} "$@" ! $filter ! \
    mxclassify model-file="$model" all-exits=true post-messages=false \
      ${SETTINGS:-} ! \
    mxevalsink location="$made" title="$(basename "$model" .safetensors)" \
      ${condition:+condition="\"$condition\"" level="$level"} >/dev/null
  reports="$reports $made"
  awk -v condition="${condition:-as it is}" -v level="$level" '
    /^  "(accuracy|mean-cost|mean-exit)":/ { gsub(/[",:]/, ""); n[$1] = $2 }
    END {
      printf "%-34s %8s %9.2f %% %9.1f %% %7.2f\n", condition, level,
        100 * n["accuracy"], 100 * n["mean-cost"], n["mean-exit"]
    }' "$made"
}

# sweep NAME CONDITION LEVELS CHANGE [property=value ...]: CHANGE: properties of
# mxperturb, LEVEL standing for each of the levels.
sweep() {
  name=$1
  unit=$2
  levels=$3
  change=$4
  shift 4
  for level in $levels; do
    filter=$(echo "$change" | sed "s/LEVEL/$level/g")
    measure "$name$level" "$(perturbed none $filter)" "$unit" "$level" "$@"
  done
}

gains="-12 -6 -3 3 6 12"
clips="1 2 3 6 12"
case $kind in
  digits | speech)
    gains="-30 -20 -10 10 20 30"
    clips="3 6 12 20 30"
    ;;
esac
echo "                                      level    accuracy        cost    exit"
measure plain identity "" "" "$@"
sweep noise "white noise, signal to noise in dB" "0 5 10 15 20 30" \
  "noise-probability=1 noise-white=1 noise-pink=0 noise-brown=0
   snr-low=LEVEL snr-high=LEVEL" "$@"
sweep gain "gain, dB" "$gains" \
  "gain-probability=1 gain-low=LEVEL gain-high=LEVEL" "$@"
sweep clipped "clipped, dB below the peak" "$clips" \
  "clip-probability=1 clip-low=LEVEL clip-high=LEVEL" "$@"
# Of one channel none can be lost.
case $kind in
  digits | speech) ;;
  *)
    sweep lost "lost, share of channels" "0.1 0.2 0.3 0.4 0.5" \
      "drop-probability=LEVEL" "$@"
    ;;
esac
[ "$kind" != emg ] ||
  sweep turned "turned, electrodes at most" "1 2 3 4" \
    "channel-shift-probability=1 channel-shift=LEVEL" "$@"
gst-multiexit-report-1.0 $reports >"$out/robustness.html"
echo "$out/robustness.html"
