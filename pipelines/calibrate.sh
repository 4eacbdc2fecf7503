#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: a model calibrated on recordings it was not trained on, that is
# how far the confidence of each exit may be believed and what thresholds cost,
# and written with that into it.
#
#   pipelines/calibrate.sh DATA MODEL [property=value ...]
#
# DATA: a folder or manifest; further words are properties of mxdatasetsrc, for
# example subjects=anna,ben: people of whom neither training nor test knows.
# Without labels (labelled-fraction=0) thresholds follow a new person, and
# temperatures stay.  LOCATION: the model to write, if not MODEL itself.
set -eu
[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
model=$(realpath "$2")
location=$(realpath -m "${LOCATION:-$2}")
shift 2
fitted_on="$(basename "$data") $*"
cd "$(dirname "$0")/.."
. pipelines/environment.sh

exec gst-launch-1.0 \
  mxdatasetsrc location="$data" "$@" ! \
  mxclassify model-file="$model" all-exits=true post-messages=false ! \
  mxcalibratesink model-file="$model" location="$location" \
    fitted-on="$fitted_on"
