#!/bin/sh
# You will see: a network learn spoken digits by consistent exit training, in
# one pipeline; loss and accuracy of each exit, time left, then the model file.
#
#   pipelines/train-digits.sh FOLDER MODEL [option=value ...]
#
# FOLDER: the Free Spoken Digit Dataset with the manifest.csv that
# fsdd-manifest.sh makes.  MODEL: the file to write.  Options go to mxtrainsink.
# The environment gives SOURCE, further properties of mxdatasetsrc, for example
# exclude-subjects=theo: without it, all recordings are trained on, and none is
# left to test with; EPOCHS (13), SEED (1) and ARCHITECTURE (models/digits.json).
set -eu
[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
model=$(realpath "$2")
shift 2
cd "$(dirname "$0")/.."
pipelines/build.sh
seed=${SEED:-1}

exec meson devenv -C build gst-launch-1.0 \
  mxdatasetsrc location="$data" ${SOURCE:-} epochs="${EPOCHS:-13}" \
    shuffle=true seed="$seed" pad-to=1000000000 ! tee name=t \
  t. ! queue ! train.clean \
  t. ! queue ! mxperturb recipe=speech seed="$seed" ! train.perturbed \
  mxtrainsink name=train seed="$seed" location="$model" \
    architecture="${ARCHITECTURE:-$PWD/models/digits.json}" "$@"
