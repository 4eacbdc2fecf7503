#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers

# leaks.sh PROGRAM ARGUMENT...: fails as the program does, and where an object of
# GStreamer outlives gst_deinit() in it or in a program that it starts.
set -u
logs=$(mktemp -d)
trap 'rm -r "$logs"' EXIT

status=0
GST_DEBUG_FILE=$logs/%p.log "$@" || status=$?
# The tracer announces the fields of such a line, too.
if cat "$logs"/* 2>/dev/null | grep 'object-alive, ' |
  grep -v 'new format string'; then
  echo "these objects were never freed" >&2
  exit 1
fi
exit "$status"
