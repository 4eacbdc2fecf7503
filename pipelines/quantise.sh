#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: a model in floats made one of 8 bits, by the ranges of what its
# convolutions take in on recordings, and the sizes of both files.
#
#   pipelines/quantise.sh DATA MODEL LOCATION [property=value ...]
#
# DATA: a folder or manifest; further words are properties of mxdatasetsrc, for
# example split=train.  LOCATION: the model to write.
set -eu
[ $# -ge 3 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
model=$(realpath "$2")
location=$(realpath -m "$3")
shift 3
cd "$(dirname "$0")/.."
. pipelines/environment.sh

gst-launch-1.0 \
  mxdatasetsrc location="$data" "$@" ! \
  mxquantisesink model-file="$model" location="$location"
wc -c "$model" "$location"
