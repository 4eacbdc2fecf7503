#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: the section Four sensors of docs/results.md made anew: all its runs,
# by results.sh, on four sensors, with all and with few labels, with other heads and
# front ends, with other steps and perturbations, and then its tables and plots.
#
#   pipelines/four-sensors.sh FOLDER SPEECH ACTIVITY ECG EMG
#
# FOLDER: for models, logs and reports.  What is there is not made again.  The others
# are data as in results.sh; the cards in models/ say where they come from.
# The environment gives PAGE (docs/results.md), whose tables are put between their
# markers; plots and all that was measured, as text, go into results/ beside it.
# About three hours on one core, which is all it uses.  Needs python3.
set -eu
[ $# -eq 5 ] || exec "$(dirname "$0")/usage.sh" "$0"
mkdir -p "$1"
folder=$(realpath "$1")
speech=$(realpath "$2") activity=$(realpath "$3")
ecg=$(realpath "$4") emg=$(realpath "$5")
cd "$(dirname "$0")/.."
page=$(realpath "${PAGE:-docs/results.md}")
beside=$(dirname "$page")/results

# runs WHERE SEEDS LABELS OBJECTIVES SET=DATA...: in a folder of the folder; what is
# empty is as results.sh has it, and so is the rest of its environment.
runs() {
  where=$folder/$1 what=${1#.} seeds=$2 labels=$3 objectives=$4
  shift 4
  OBJECTIVES=$objectives SEEDS=$seeds LABELS=$labels \
    pipelines/results.sh "$where" "$@" >/dev/null
  {
    echo "# ${what:-four sensors}, $labels labels${STEPS:+, $STEPS steps}${PERTURB:+, $PERTURB}"
    cat "$where/tables.txt"
  } >>"$folder/all.part"
}

rm -f "$folder/all.part"
# What the tables name as changed, and nothing else.
export STEPS= PERTURB= RATE=
runs . 3 "all few" "" speech="$speech" activity="$activity" ecg="$ecg" emg="$emg"

soft=consistent-exit hard=few-labels
# More seeds of the two sets that miss floors, and hard targets by other settings.
runs . 10 few "augmented $soft $hard" ecg="$ecg" emg="$emg"
averaged=teacher-average=.98 unsure=confidence-threshold=0
others="$hard,$averaged $hard,$unsure $hard,$averaged,$unsure"
runs . 5 few "augmented $hard $others" speech="$speech" activity="$activity"
runs . 10 few "augmented $hard $others" ecg="$ecg" emg="$emg"

# Heads and front ends; segments and the envelope also after 150 steps.
runs heads 3 all $soft speech-mean="$speech" ecg-mean="$ecg" emg-raw="$emg"
runs heads 3 few $hard speech-mean="$speech"
STEPS=150
runs short 3 all $soft ecg="$ecg" ecg-mean="$ecg" emg="$emg" emg-raw="$emg"

# More steps, averaged weights, soft targets with the mask of hard.
STEPS=600
runs long 3 all "augmented $soft" emg="$emg"
runs long 3 few "augmented $hard" emg="$emg"
STEPS=400
runs long 3 few "augmented $hard" ecg="$ecg"
STEPS=
runs . 3 all "$soft,average-weights=.98" emg="$emg"
runs . 3 few "$hard,average-weights=.98 $soft,confidence-threshold=.8" ecg="$ecg"

# Perturbed more as those recordings are spoilt that miss floors.
PERTURB="snr-low=6"
runs emg-noise 3 all "augmented $soft" emg="$emg"
runs emg-noise 10 few "augmented $hard" emg="$emg"
PERTURB="hum-probability=.25 hum=1 snr-low=6"
runs emg-noise-hum 3 all "augmented $soft" emg="$emg"
PERTURB="hum-probability=.25 hum=1"
runs emg-hum-rare 3 all $soft emg="$emg"
PERTURB="hum-probability=.5 hum=.5"
runs emg-hum-half 3 all $soft emg="$emg"
PERTURB="hum-probability=.5 hum=1"
runs emg-hum 3 all "augmented $soft" emg="$emg"
PERTURB="hum-probability=.5 hum=1 snr-low=6"
runs emg-hum-noise 3 all $soft emg="$emg"
PERTURB="hum-probability=1 hum=1"
runs emg-hum-always 3 all $soft emg="$emg"
for tenths in 1 3 5; do
  PERTURB=drop-probability=.$tenths
  runs ecg-lead-$tenths 3 all $soft ecg="$ecg"
done
PERTURB="hum=.56"
runs ecg-hum 3 few "augmented $hard" ecg="$ecg"
PERTURB="hum=.56 snr-low=10"
runs ecg-hum-noise 10 few "augmented $hard" ecg="$ecg"
runs ecg-hum-noise 3 all $soft ecg="$ecg"

echo "$(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" \
  >"$folder/machine"
python3 pipelines/resultpage.py "$folder" "$page"
mv "$folder/all.part" "$beside/tables.txt"
