#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: the manifest of a Free Spoken Digit Dataset as it is published,
# files recordings/7_jackson_32.wav, so that mxdatasetsrc knows word, speaker and
# split (recordings 0 to 4 of each speaker and digit are the test).
#
#   pipelines/fsdd-manifest.sh FSDD > FSDD/manifest.csv
set -eu
case ${1:--} in -*) exec "$(dirname "$0")/usage.sh" "$0" ;; esac
[ -d "$1/recordings" ] || {
  echo "$0: $1/recordings: no such folder" >&2
  exit 1
}
cd "$1"
echo path,label,split,subject
ls recordings | sort | awk -F '[_.]' '
  BEGIN { split("zero one two three four five six seven eight nine", word, " ") }
  /^[0-9]_[a-z]+_[0-9]+\.wav$/ {
    printf "recordings/%s,%s,%s,%s\n", $0, word[$1 + 1],
      $3 < 5 ? "test" : "train", $2
  }'
