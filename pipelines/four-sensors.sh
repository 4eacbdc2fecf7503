#!/bin/sh
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
# About two hours on one core, which is all it uses.  Needs python3.
set -eu
[ $# -eq 5 ] || exec "$(dirname "$0")/usage.sh" "$0"
mkdir -p "$1"
folder=$(realpath "$1")
speech=$(realpath "$2") activity=$(realpath "$3")
ecg=$(realpath "$4") emg=$(realpath "$5")
cd "$(dirname "$0")/.."
page=$(realpath "${PAGE:-docs/results.md}")
beside=$(dirname "$page")/results
unset OBJECTIVES STEPS PERTURB

# runs SEEDS LABELS WHERE SET=DATA...: in a folder of the folder; other settings are
# those of results.sh.
runs() {
  seeds=$1 labels=$2 where=$folder/$3
  shift 3
  SEEDS=$seeds LABELS=$labels pipelines/results.sh "$where" "$@" >/dev/null
  {
    echo "# ${where#"$folder"/}${STEPS:+, $STEPS steps}${PERTURB:+, $PERTURB}"
    cat "$where/tables.txt"
  } >>"$folder/all.part"
}

rm -f "$folder/all.part"
runs 3 "all few" . speech="$speech" activity="$activity" ecg="$ecg" emg="$emg"

hard=few-labels soft=consistent-exit
# More seeds of the two sets that miss floors.
(
  export OBJECTIVES="augmented $soft $hard"
  runs 10 few . ecg="$ecg" emg="$emg"
)
# Heads and front ends; the envelope after half the steps, too.
(
  export OBJECTIVES=$soft
  runs 3 all heads speech-mean="$speech" ecg-mean="$ecg" emg-raw="$emg"
  export STEPS=150
  runs 3 all short emg="$emg" emg-raw="$emg"
)
(
  export OBJECTIVES=$hard
  runs 3 few heads speech-mean="$speech"
)
# What was tried: more steps, averaged weights, soft targets with the mask of hard.
(
  export OBJECTIVES="augmented $soft" STEPS=600
  runs 3 all long emg="$emg"
  export OBJECTIVES="augmented $hard"
  runs 3 few long emg="$emg"
  export STEPS=400
  runs 3 few long ecg="$ecg"
)
(
  export OBJECTIVES="$soft,average-weights=.98"
  runs 3 all . emg="$emg"
  export OBJECTIVES="$hard,average-weights=.98 $soft,confidence-threshold=.8"
  runs 3 few . ecg="$ecg"
)
# Perturbed as the recordings are spoilt by which floors are missed.
(
  export OBJECTIVES=$soft PERTURB="hum-probability=.5 hum=.5"
  runs 3 all hum-half emg="$emg"
  export PERTURB="hum-probability=1 hum=1"
  runs 3 all hum-always emg="$emg"
  export PERTURB=drop-probability=.1
  runs 3 all lead-1 ecg="$ecg"
  export PERTURB=drop-probability=.3
  runs 3 all lead-3 ecg="$ecg"
  export OBJECTIVES="augmented $soft" PERTURB="hum-probability=.5 hum=1"
  runs 3 all hum emg="$emg"
  export OBJECTIVES=$hard PERTURB=hum=.56
  runs 3 few hum ecg="$ecg"
  export OBJECTIVES="augmented $hard" PERTURB="hum=.56 snr-low=10"
  runs 3 few hum-noise ecg="$ecg"
)

echo "$(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" \
  >"$folder/machine"
python3 pipelines/resultpage.py "$folder" "$page"
mv "$folder/all.part" "$beside/tables.txt"
