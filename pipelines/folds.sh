#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: the sections Spoken digits and Folds of docs/results.md made anew: all
# their runs, by results.sh, on people never heard or seen in training, in three folds,
# and then their tables.
#
#   pipelines/folds.sh FOLDER FSDD HAPT
#
# FOLDER: for models, logs and reports.  What is there is not made again.  The others
# are data as in results.sh; the cards in models/ say where they come from.
# The environment gives PAGE (docs/results.md), whose tables are put between their
# markers.  About an hour on one core, which is all it uses.  Needs python3.
set -eu
[ $# -eq 3 ] || exec "$(dirname "$0")/usage.sh" "$0"
mkdir -p "$1"
folder=$(realpath "$1") digits=$(realpath "$2") activity=$(realpath "$3")
cd "$(dirname "$0")/.."
page=$(realpath "${PAGE:-docs/results.md}")

# runs WHERE SEEDS LABELS OBJECTIVES SET=DATA: in a folder of the folder; the rest of
# its environment is as results.sh has it, or as exported below.
runs() {
  where=$folder/$1 seeds=$2 labels=$3 objectives=$4
  shift 4
  OBJECTIVES=$objectives SEEDS=$seeds LABELS=$labels \
    pipelines/results.sh "$where" "$@" >/dev/null
}

every="supervised augmented consistent-exit"
# What is changed below, and nothing else.
export STEPS= PERTURB= RATE= BASELINES= SPOIL= FOLDS="1 2 3" WIDTH= DIGITS=
runs activity 3 few "$every few-labels" activity-mean="$activity"
runs activity 3 all "$every" activity-mean="$activity"
runs shipped 1 all "$every self-distillation" digits="$digits"
DIGITS=tests/bench/network-a.json
runs full 1 all "$every self-distillation" digits="$digits"
WIDTH=half
runs recipe 3 few "$every few-labels self-distillation" digits="$digits"
runs recipe 3 all "augmented consistent-exit" digits="$digits"
FOLDS=0
runs split 3 all "$every" digits="$digits"

echo "$(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" \
  >"$folder/machine"
python3 pipelines/folds.py "$folder" "$page"
