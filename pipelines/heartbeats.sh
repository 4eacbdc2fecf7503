#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: which heartbeats of continuous recordings a model finds, how soon,
# and how often it answers for nothing: window by window, where any that hears a beat
# may find it, and as answers that stand for 0.1 s, each for one beat, whose middle is
# within its radius.
#
#   pipelines/heartbeats.sh RECORDINGS MODEL [property=value ...]
#
# RECORDINGS: a folder of NAME.wav, each with NAME_beats.csv, a line for each beat:
# its sample from 0, its time in seconds, its symbol, its class.  MODEL: for example
# models/ecg.safetensors.  Further words are properties of mxclassify.  The
# environment gives
#   HOP      from one window to the next, in ns (50 ms)
#   CLASSES  what the model knows; beats of others have no label
#            (normal,premature_ventricular)
#   RADIUS   a beat is an event from so many seconds before its peak to as many
#            behind it (.1)
#   REPORT   where the JSON report goes
# Needs python3 for the table.
set -eu
[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
model=$(realpath "$2")
shift 2
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
classes=${CLASSES:-normal,premature_ventricular}
report=$(realpath -m "${REPORT:-$folder/report.json}")
cd "$(dirname "$0")/.."
. pipelines/environment.sh

echo path,label >"$folder/manifest.csv"
echo path,start_s,end_s,label >"$folder/labels.csv"
for beats in "$data"/*_beats.csv; do
  [ -e "$beats" ] || { echo "$data: no *_beats.csv" >&2; exit 1; }
  recording=${beats%_beats.csv}.wav
  echo "$recording," >>"$folder/manifest.csv"
  # Where two beats are nearer than their radii, the first ends in the middle.
  tr -d '\r' <"$beats" | awk -F, -v path="$recording" -v radius="${RADIUS:-.1}" \
    -v classes=",$classes," '
    function put(end) {
      printf "%s,%.6f,%.6f,%s\n", path, begin, end, label
    }
    NR > 1 {
      middle = (time + $2) / 2
      apart = NR == 2 || $2 - time >= 2 * radius
      if (NR > 2) put(apart ? time + radius : middle)
      time = $2
      label = index(classes, "," $4 ",") ? $4 : ""
      begin = apart ? time - radius : middle
      if (begin < 0) begin = 0
    }
    END { put(time + 1e-3) }' >>"$folder/labels.csv"
done

gst-launch-1.0 -q \
  mxdatasetsrc location="$folder" ! \
  mxclassify model-file="$model" hop="${HOP:-50000000}" post-messages=false "$@" ! \
  mxevalsink location="$report" predictions="$folder/predictions.jsonl" >/dev/null

python3 pipelines/heartbeats.py "$report" "$folder/predictions.jsonl" \
  "${RADIUS:-.1}" "$classes"
