#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

# The examples of docs/ hear ten words in ten seconds, each in its way, and print the
# same.  Needs the environment of `meson test`.
#
#   examples.sh APPLICATION                      the one in C
#   examples.sh APPLICATION PYTHON SCRIPT WAY    that in Python beside it
set -eu

recording=$MX_PIPELINES/data/digits.wav
model=$MX_MODELS/digits.safetensors
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "FAILED: $*" >&2
  cat "$folder/said" >&2
  exit 1
}

app=$1
# Without the header.
tail -c +45 "$recording" >"$folder/samples"
timeout 100 "$app" "$folder/samples" 8000 "$model" >"$folder/said" || fail "it ends with $?"

if [ $# = 1 ]; then
  heard=$(awk '{ print $3 }' "$folder/said" | tr '\n' ' ')
  [ "$heard" = "seven two nine zero four one eight six three five " ] ||
    fail "it hears $heard"

  # With the built-in model: windows of a second, each tenth of a second.
  timeout 100 "$app" >"$folder/said" || fail "it ends with $? on a tone"
  [ "$(grep -c "exit . of 4" "$folder/said")" = 6 ] || fail "a tone is not six windows"

  # Half a window: the result is an event.
  head -c 8000 "$folder/samples" >"$folder/short"
  timeout 100 "$app" "$folder/short" >"$folder/said" || fail "it ends with $?"
  [ "$(grep -c "exit . of 4" "$folder/said")" = 1 ] || fail "half a window is lost"

  ! timeout 100 "$app" "$folder/absent" >"$folder/said" 2>&1 ||
    fail "an absent file is no error"
  exit 0
fi

"$2" -c 'import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst' || {
  echo "skipped: Python has no GStreamer"
  exit 77
}
mv "$folder/said" "$folder/expected"
timeout 100 "$2" "$3" "$recording" "$4" "$model" >"$folder/said" || fail "it ends with $?"
diff "$folder/expected" "$folder/said" || fail "they do not print the same"
! timeout 100 "$2" "$3" "$folder/absent" "$4" >"$folder/said" 2>&1 ||
  fail "an absent file is no error"
