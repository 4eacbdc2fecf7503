#!/bin/sh
# You will see: which heartbeats of continuous recordings a model finds, how soon,
# and how often it answers for nothing.
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
#   REPORT   where the JSON report goes, for report.sh
# Needs python3 for the table.
set -eu
[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
model=$(realpath "$2")
shift 2
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
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
    -v classes=",${CLASSES:-normal,premature_ventricular}," '
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
  mxevalsink location="$report" >/dev/null

python3 - "$report" "${RADIUS:-.1}" <<'END'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
events = report["events"]
minutes = 60 * events["hours"]
print(f"{report['labelled']} beats, the window nearest to each: "
      f"accuracy {100 * report['accuracy']:.1f} %, macro-F1 "
      f"{100 * report['macro-f1']:.1f} %, mean cost "
      f"{100 * report['mean-cost']:.1f} %")
print(f"{'events':<24} {'beats':>6} {'found':>6} {'false a minute':>15}")
for row in events["classes"]:
    print(f"{row['label']:<24} {row['count']:6} {row['found']:6} "
          f"{row['false'] / minutes:15.1f}")
delay = events["delay"]
print(f"from {sys.argv[2]} s before a beat to the end of the first window that "
      f"found it: median {delay['median'] / 1e6:.0f} ms, 95 % "
      f"{delay['quantile-95'] / 1e6:.0f} ms")
END
