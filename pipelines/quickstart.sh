#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: spoken digits in a stream, what the built-in model heard, when, at
# which exit it was sure, and what that saved.
#
#   pipelines/quickstart.sh [recording]    any file that GStreamer decodes
set -eu
case ${1:-} in -*) exec "$(dirname "$0")/usage.sh" "$0" ;; esac
recording=$(realpath "${1:-$(dirname "$0")/data/words.wav}")
cd "$(dirname "$0")/.."

pipelines/build.sh
echo "meson devenv -C build gst-launch-1.0 -m filesrc location=$recording ! decodebin ! mxclassify ! fakesink | pipelines/table.awk"
echo
meson devenv -C build gst-launch-1.0 -m \
  filesrc location="$recording" ! decodebin ! mxclassify ! fakesink |
  pipelines/table.awk
