#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Installs what is missing, builds, runs all tests; the last line counts them.
set -eu
cd "$(dirname "$0")/.."

MESON_OPTIONS="-Dtests=enabled ${MESON_OPTIONS:-}" pipelines/build.sh check

status=0
meson test -C build --no-rebuild --print-errorlogs "$@" || status=$?

# One JSON object a line, one line a test program.
count() {
  grep -Eo '"result": "[A-Z]+"' build/meson-logs/testlog.json |
    grep -Ec "\"($1)\"" || true
}
passed=$(count 'OK|EXPECTEDFAIL')
skipped=$(count 'SKIP')
failed=$(count 'FAIL|ERROR|TIMEOUT|INTERRUPT|UNEXPECTEDPASS')
if [ "$skipped" != 0 ]; then
  echo "Skipped, docs/contributing.md says what they need:" \
    $(sed -n '/"result": "SKIP"/s/.*"name": "[^"]* \/ \([^"]*\)".*/\1/p' \
      build/meson-logs/testlog.json)
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$status" = 0 ] && [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
