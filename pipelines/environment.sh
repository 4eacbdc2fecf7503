# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Scripts in the top folder read it with `.`: builds, and lets commands find the
# elements, unless they do already (meson devenv, or a test).

if [ -z "${MESON_DEVENV:-}" ]; then
  pipelines/build.sh
  set +u
  eval "$(meson devenv -C build --dump)"
  set -u
fi
