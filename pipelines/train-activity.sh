#!/bin/sh
# You will see: a network learn what a person with a phone at the waist does, by
# consistent exit training, in one pipeline.
#
#   pipelines/train-activity.sh FOLDER MODEL [option=value ...]
#
# FOLDER: windows of 128 samples, six channels at 50 Hz, with manifest.csv (the
# raw recordings of HAPT, UCI no. 341; models/activity.md says how they were cut).
# The rest as in train-digits.sh, but SOURCE is split=train and EPOCHS 6.
set -eu
[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
model=$(realpath "$2")
shift 2
cd "$(dirname "$0")/.."
pipelines/build.sh
seed=${SEED:-1}

# Mean and standard deviation of each channel over the training people, as in
# models/activity.json: what a lost channel reads, and what noise refers to.
rest="<0.8072,0.03831,0.08405,0.005724,-0.003992,-0.008186>"
scale="<0.4153,0.4038,0.3458,0.412,0.4177,0.2622>"

exec meson devenv -C build gst-launch-1.0 \
  mxdatasetsrc location="$data" ${SOURCE:-split=train} epochs="${EPOCHS:-6}" \
    shuffle=true seed="$seed" ! tee name=t \
  t. ! queue ! train.clean \
  t. ! queue ! mxperturb recipe=motion rest="$rest" scale="$scale" \
    seed="$seed" ! train.perturbed \
  mxtrainsink name=train seed="$seed" location="$model" \
    architecture="${ARCHITECTURE:-$PWD/models/activity.json}" "$@"
