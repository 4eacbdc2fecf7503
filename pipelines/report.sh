#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: an HTML page with what mxevalsink found, one model beside another.
#
#   pipelines/report.sh REPORT.json [REPORT.json ...] > report.html
#
# REPORT.json: what mxevalsink wrote to its property location; with mxclassify
# all-exits=true the page has every exit and every threshold too.  Models are
# called as their files.  Needs python3, and nothing else.
set -eu
[ $# -ge 1 ] || exec "$(dirname "$0")/usage.sh" "$0"
command -v python3 >/dev/null || {
  echo "$0: python3 is not installed." >&2
  exit 1
}
exec python3 "$(dirname "$0")/report.py" "$@"
