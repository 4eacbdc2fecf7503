#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: the same network trained by four objectives (supervised,
# augmented, self-distillation, consistent-exit) on the same data in the same
# pipeline, and what its exits are worth on people it never heard or saw, as
# recorded and spoilt.  Tables and plots of several sensors.
#
#   pipelines/results.sh FOLDER SET=DATA [SET=DATA ...]
#
# FOLDER: for models, logs, reports, tables and plots.  What is there is not made
# again, so a run that was interrupted goes on where it stopped; make another
# folder for other settings.
# SET: digits, speech, activity, ecg or emg; speech-mean, activity-mean, ecg-mean:
# with exit heads of the mean alone; emg-raw: without the envelope.  DATA: as in
# train.sh, with the columns path, label, split and subject in this order.
#   digits  three folds of two test speakers each, no validation people
#   others  test people by their split; of the training people, sorted, every
#           fifth, from the one of the seed's number (from 0) on, is validated
#           with: temperatures and thresholds come from them, training does not
#           know them; or folds
# The environment gives
#   LABELS      "all few" or one of them (all): few is a tenth of the digits'
#               labels, ten of each class of the others
#   SEEDS       so many for each fold (1); the tables need 3
#   OBJECTIVES  which, with options of mxtrainsink behind commas; with few labels
#               also few-labels, that is consistent-exit with hard targets
#   RATE        learning rate of all that have none behind commas (of train.sh)
#   STEPS       of each training (300; digits 400, ecg 200)
#   PERTURB     what training perturbs with, on top (see train.sh)
#   SPOIL       one more way to spoil recordings: what it is called, and properties
#               of mxperturb
#   BASELINES   labelled: with few labels, objectives that learn nothing from
#               windows without one get none, and 64 with one a step; else 32
#               of 96 have none
#   DIGITS      another architecture than models/digits.json, for example
#               tests/bench/network-a.json
#   WIDTH       half: of all convolutions of the digits' network
#   FOLDS       of the digits (1 2 3) or of activity, too, then without validation
#               people; 0: of any set, by its split
# Four sets with all and few labels and three seeds take an hour or more on two
# cores.  Needs python3 for the tables.
set -eu
[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
mkdir -p "$1"
out=$(realpath "$1")
shift
for pair in "$@"; do
  shift
  set -- "$@" "${pair%%=*}=$(realpath "${pair#*=}")"
done
digits=$(realpath "${DIGITS:-$(dirname "$0")/../models/digits.json}")
cd "$(dirname "$0")/.."
. pipelines/environment.sh
commit=$(git describe --always --dirty --exclude '*' 2>/dev/null || echo unknown)
. pipelines/sensors.sh
. pipelines/stages.sh

objectives_of() {
  echo "${OBJECTIVES:-supervised augmented self-distillation consistent-exit \
    ${1:+few-labels}}"
}

# run SET DATA FEW SEED: all objectives.
run() {
  for objective in $(objectives_of "$3"); do
    if [ "$1" = digits ] || [ -n "${FOLDS:-}" ]; then
      for fold in ${FOLDS:-1 2 3}; do
        run_fold "$1" "$2" "$3" "$objective" "$fold" $(($4 + 1))
      done
    else
      run_people "$1" "$2" "$3" "$objective" "$4"
    fi
  done
}

for seed in $(seq 0 $((${SEEDS:-1} - 1))); do
  for labels in ${LABELS:-all}; do
    few=
    [ "$labels" = all ] || few=few-
    for pair in "$@"; do
      run "${pair%%=*}" "${pair#*=}" "$few" "$seed"
    done
  done
done

for labels in ${LABELS:-all}; do
  few=
  [ "$labels" = all ] || few=few-
  stems=
  for pair in "$@"; do
    stems="$stems $few$(stem_of "${pair%%=*}")"
  done
  python3 pipelines/results.py "$out" "$(objectives_of "$few")" $stems
done >"$out/tables.part"
mv "$out/tables.part" "$out/tables.txt"
cat "$out/tables.txt"
awk '{ seconds += $1 }
  END { printf "%d stages took %.0f minutes\n", NR, seconds / 60 }' "$out/durations"
