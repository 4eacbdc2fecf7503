#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Installs what is missing from the distribution and builds into build/.
# The other scripts call it; a second run needs no network and builds nothing.
#
#   pipelines/build.sh [package ...]    further packages to have installed
set -eu
case ${1:-} in -*) exec "$(dirname "$0")/usage.sh" "$0" ;; esac
cd "$(dirname "$0")/.."

packages="gcc libc6-dev meson ninja-build pkg-config
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
  libjson-glib-dev liborc-0.4-dev liborc-0.4-dev-bin
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good"

missing=""
for package in $packages "$@"; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null |
    grep -qx installed || missing="$missing $package"
done

if [ -n "$missing" ]; then
  echo "Installing:$missing" >&2
  as_root=""
  [ "$(id -u)" = 0 ] || as_root=sudo
  export DEBIAN_FRONTEND=noninteractive
  # Shown only if it goes wrong.
  log=$(mktemp)
  if ! { $as_root apt-get update &&
         $as_root apt-get install -y --no-install-recommends $missing; } \
       >"$log" 2>&1; then
    cat "$log" >&2
    echo "Could not install$missing (see above)." >&2
    exit 1
  fi
  rm -f "$log"
fi

[ -f build/build.ninja ] || echo "Building into build/" >&2

# MESON_OPTIONS: for example -Dwerror=true.  A tree that was configured before
# gets them too, and looks again for what has just been installed.
mkdir -p build
log=build/build.log
{
  if [ ! -f build/build.ninja ]; then
    meson setup build ${MESON_OPTIONS:-}
  elif [ -n "$missing${MESON_OPTIONS:-}" ]; then
    meson setup --reconfigure build ${MESON_OPTIONS:-}
  fi && meson compile -C build
} >$log 2>&1 || {
  cat $log >&2
  exit 1
}
