#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: an HTML page with the curves of a training, from the log that
# mxtrainsink writes to its property log-location; also while it still runs.
#
#   pipelines/curves.sh LOG [LOG ...] > curves.html
#
# With log-interval the losses have a point every so many steps, else one each
# epoch.  Needs python3, and nothing else.
set -eu
case ${1:--} in -*) exec "$(dirname "$0")/usage.sh" "$0" ;; esac
command -v python3 >/dev/null || {
  echo "$0: python3 is not installed." >&2
  exit 1
}
exec python3 "$(dirname "$0")/curves.py" "$@"
