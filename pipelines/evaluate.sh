#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: what each exit of a model is worth on labelled recordings, then
# what the model is worth when it leaves at the exit that suffices.
#
#   pipelines/evaluate.sh DATA MODEL [property=value ...]
#
# DATA: a folder or manifest; further words are properties of mxdatasetsrc, for
# example split=test or subjects=anna,ben, or, as one stream, mode=continuous
# level=-26.  THRESHOLD: of the last row (.8).  SETTINGS: further properties of
# mxclassify.  FILTER: an element before it, for example "mxperturb recipe=none
# noise-probability=1".
set -eu
. "$(dirname "$0")/evaluation.sh"

# row NAME PROPERTIES [property=value ...]: one row of the table.
row() {
  name=$1
  shift
  evaluate "$@"
  awk -v name="$name" -v labelled="$(number labelled)" \
    -v accuracy="$(number accuracy)" -v f1="$(number macro-f1)" \
    -v cost="$(number mean-cost)" -v exit_depth="$(number mean-exit)" 'BEGIN {
      printf "%-15s %7d %8.2f %% %8.2f %% %8.1f %% %7.2f\n", name, labelled,
        100 * accuracy, 100 * f1, 100 * cost, exit_depth
    }'
}

echo "                      n   accuracy   macro-F1       cost    exit"
row "exit 1" "policy=last max-exit=1" "$@"
exits=$(number exits)
for exit in $(seq 2 "$exits"); do
  row "exit $exit" "policy=last max-exit=$exit" "$@"
done
threshold=${THRESHOLD:-0.8}
row "threshold $threshold" "exit-threshold=$threshold" "$@"
