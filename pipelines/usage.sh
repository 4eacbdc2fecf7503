#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Prints the comment at the head of a script, which is its manual: for the other
# scripts, when they are called with too few words.
#
#   pipelines/usage.sh SCRIPT
sed -n '5,/^set/ { /^set/d; s/^# \{0,1\}//; p }' "$1" >&2
exit 2
