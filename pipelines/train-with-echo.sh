#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: a network learn spoken digits by consistent exit training, with
# GStreamer's own filters, echo and low-pass, as the perturbation: any filter
# that keeps the number of samples will do.
#
#   pipelines/train-with-echo.sh FOLDER MODEL [option=value ...]
#
# Everything as in train.sh with digits; PERTURBATION gives other elements.
set -eu
[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
model=$(realpath "$2")
shift 2
cd "$(dirname "$0")/.."
. pipelines/environment.sh
seed=${SEED:-1}

# A room: the first echo after 60 ms.  A telephone: nothing above 3 kHz.
room="audioecho max-delay=60000000 delay=60000000 intensity=0.5 feedback=0.4"
telephone="audiocheblimit mode=low-pass cutoff=3000 poles=8"

exec gst-launch-1.0 \
  mxdatasetsrc location="$data" ${SOURCE:-} epochs="${EPOCHS:-13}" \
    shuffle=true seed="$seed" pad-to=1000000000 ! tee name=t \
  t. ! queue ! train.clean \
  t. ! queue ! ${PERTURBATION:-$room ! $telephone} ! train.perturbed \
  mxtrainsink name=train seed="$seed" location="$model" \
    architecture="${ARCHITECTURE:-$PWD/models/digits.json}" "$@"
