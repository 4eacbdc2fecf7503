#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Builds for ARM64 and runs the unit tests, all kernels among them, under qemu:
#
#   apt-get install gcc-aarch64-linux-gnu qemu-user-static
#   tests/cross/arm64.sh [argument of meson test ...]
#
# Makes build-arm64/ and, in it, a sysroot (600 MB, fetched once).
set -eu
cd "$(dirname "$0")/../.."

build=build-arm64
tests/cross/sysroot.sh arm64 "$build/sysroot"
printf "[constants]\nsysroot = '%s'\n" "$PWD/$build/sysroot" > "$build/where.ini"

# Typelibs are made by running what was built; orcc is this machine's.
[ -f "$build/build.ninja" ] ||
  meson setup "$build" --cross-file "$build/where.ini" \
    --cross-file tests/cross/arm64.ini -Dintrospection=disabled
meson compile -C "$build"

# qemu is slow; a test that runs twenty times longer still ends.
[ $# -gt 0 ] || set -- --suite unit
CK_TIMEOUT_MULTIPLIER=20 meson test -C "$build" --no-rebuild \
  --timeout-multiplier 20 --print-errorlogs "$@"
