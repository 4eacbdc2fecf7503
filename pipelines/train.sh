#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: a network learn from recordings by consistent exit training, in
# one pipeline; loss and accuracy of each exit, time left, then the model file.
#
#   pipelines/train.sh SENSOR DATA MODEL [option=value ...]
#
# SENSOR: digits, speech (words), activity (a phone's motion), ecg or emg; what is
# known of each is in sensors.sh.  DATA: a folder with manifest.csv; the cards in
# models/ tell where the recordings come from and how they were cut
# (fsdd-manifest.sh makes that of the digits).  MODEL: the file to write.  Options
# go to mxtrainsink.
# The environment gives SOURCE, properties of mxdatasetsrc, in place of split=train
# or, for digits, of nothing, that is all recordings, and none is left to test
# with: for example exclude-subjects=theo; EPOCHS, SEED (1) and ARCHITECTURE
# (models/SENSOR.json); PERTURB, properties of mxperturb on top of its recipe.
set -eu
[ $# -ge 3 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$2")
model=$(realpath "$3")
name=$1
shift 3
cd "$(dirname "$0")/.."
. pipelines/environment.sh
. pipelines/sensors.sh
sensor "$name"
seed=${SEED:-1}

exec gst-launch-1.0 \
  mxdatasetsrc location="$data" ${SOURCE-$source} epochs="${EPOCHS:-$epochs}" \
    shuffle=true seed="$seed" $pad ! tee name=t \
  t. ! queue ! train.clean \
  t. ! queue ! $(perturbed "$recipe" ${PERTURB:-} seed="$seed") ! train.perturbed \
  mxtrainsink name=train seed="$seed" location="$model" \
    architecture="${ARCHITECTURE:-$architecture}" $options "$@"
