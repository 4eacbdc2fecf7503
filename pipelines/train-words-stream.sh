#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: a network learn words in a stream, and that there is none, by
# consistent exit training, in one pipeline.
#
#   pipelines/train-words-stream.sh FOLDER MODEL [option=value ...]
#
# FOLDER: recordings of one word each, with manifest.csv, as in train.sh;
# they are strung together, with gaps of faint noise or digital silence between
# them, which become the class "nothing".  MODEL: the file to write.  Options go to
# mxtrainsink.  The environment gives SOURCE, EPOCHS (14), SEED (1) and ARCHITECTURE
# (models/words-stream.json) as in train.sh.
set -eu
[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
model=$(realpath "$2")
shift 2
cd "$(dirname "$0")/.."
. pipelines/environment.sh
seed=${SEED:-1}

# Noise relative to the level of the stream, RMS 0.05 or -26 dB, in the gaps too;
# the front end follows the level, so there is no gain to be perturbed.  Noise 70 dB
# below and more is digital silence in 16 bits.
exec gst-launch-1.0 \
  mxdatasetsrc location="$data" ${SOURCE:-} epochs="${EPOCHS:-14}" \
    shuffle=true seed="$seed" mode=continuous level=-26 gain-low=-6 \
    gain-high=6 gap-level-low=-90 ! tee name=t \
  t. ! queue ! train.clean \
  t. ! queue ! mxperturb recipe=speech gain-probability=0 scale="<0.05>" \
    seed="$seed" ! train.perturbed \
  mxtrainsink name=train seed="$seed" location="$model" \
    background-label=nothing \
    architecture="${ARCHITECTURE:-$PWD/models/words-stream.json}" "$@"
