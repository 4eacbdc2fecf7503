#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: the activity model adapt to one new person from two minutes of
# labelled windows, and what that is worth on the rest of the person's time.
#
#   pipelines/adapt-activity.sh HAPT SUBJECT MODEL [option=value ...]
#
# HAPT: as in train.sh.  SUBJECT: a person of its split test, for example
# s16.  MODEL: where the adapted model goes.  Further words are properties of
# mxtrainsink.  In the order of time, of each activity the first 6 windows (15 s)
# are learnt from, the next 2 choose the epoch, all later ones are the test.
set -eu
[ $# -ge 3 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
subject=$2
model=$(realpath "$3")
shift 3
cd "$(dirname "$0")/.."
. pipelines/environment.sh
. pipelines/sensors.sh
sensor activity
seed=${SEED:-1}
start=$PWD/models/activity.safetensors
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

# Columns: path,label,split,subject,seconds,experiment,start_sample.
{
  echo path,label,split,subject
  sed 1d "$data/manifest.csv" | tr -d '\r' | sort -t, -k6,6n -k7,7n |
    awk -F, -v subject="$subject" -v data="$data" '$4 == subject {
      n = ++heard[$2]
      split_name = n <= 6 ? "train" : n <= 8 ? "valid" : "test"
      printf "%s/%s,%s,%s,%s\n", data, $1, $2, split_name, $4
    }'
} >"$folder/manifest.csv"

gst-launch-1.0 -q \
  mxdatasetsrc location="$folder" split=train,valid epochs="${EPOCHS:-40}" \
    shuffle=true seed="$seed" ! tee name=t \
  t. ! queue ! train.clean \
  t. ! queue ! $(perturbed "$recipe" seed="$seed") ! train.perturbed \
  mxtrainsink name=train seed="$seed" location="$model" model-file="$start" \
    batch-size=16 learning-rate=0.001 warm-up=5 checkpoint-interval=0 "$@"

echo "before"
pipelines/evaluate.sh "$folder" "$start" split=test
echo "after"
pipelines/evaluate.sh "$folder" "$model" split=test
