#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: what the model hears at the microphone, a line for each word, or for
# each window of a model that hears windows one by one, until Ctrl-C.
#
#   pipelines/listen-microphone.sh [option=value ...] [-- property=value ...]
#
#   source    auto, alsa, pulse or pipewire (auto: what GStreamer prefers)
#   device    of alsa (plughw:1,0) or pulse (a name from `pactl list sources`),
#             or a target-object of pipewire; none: the default one
#   rate, channels    to ask of the device; none: its own, which does no harm
#   model     a model file; none: the built-in one, of spoken digits in a stream
#
# Properties are those of mxclassify, for example exit-threshold=0.9 for more
# certainty and more computing.
set -eu
. "$(dirname "$0")/listening.sh"

source=auto device= rate= channels= model=
take_options "source device rate channels model" "$@"
check_word source auto alsa pulse pipewire
[ -z "$device" ] || [ "$source" != auto ] ||
  complain "device=$device: whose? expected source=alsa, pulse or pipewire too"
[ -z "$rate" ] || check_number rate 1 10000000
[ -z "$channels" ] || check_number channels 1 64
check_model

caps="audio/x-raw${rate:+,rate=$rate}${channels:+,channels=$channels}"
case $source in
  auto) set -- autoaudiosrc ;;
  pipewire) set -- pipewiresrc ${device:+target-object="$device"} ;;
  *) set -- "${source}src" ${device:+device="$device"} ;;
esac
listen "$@" ! "$caps"
