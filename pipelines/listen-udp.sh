#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: what a phone or a microcontroller does that sends its samples in
# UDP packets, a line for each window, until Ctrl-C.
#
#   pipelines/listen-udp.sh [option=value ...] [-- property=value ...]
#
#   port      to listen at (5000)          address   (0.0.0.0: from everywhere)
#   rate      samples a second (50)        channels  in each frame (6)
#   format    of each number (F32LE)
#   times     counted: by the samples that came (the default); arrival: by the
#             clock, so that a pause of more than 40 ms ends the recording
#   model     a model file (models/activity.safetensors)
#
# A packet holds whole frames, nothing else: for the shipped model acceleration
# x, y, z in g, rotation x, y, z in rad/s, as floats of four bytes, the lowest
# first.  To try it, from the same machine:
#
#   python3 -c "if True:
#     import socket,struct,time
#     s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
#     while True:
#       s.sendto(struct.pack('<6f', 1, 0, 0, 0, 0, 0), ('127.0.0.1', 5000))
#       time.sleep(.02)"
set -eu
. "$(dirname "$0")/listening.sh"

port=5000 address=0.0.0.0 rate=50 channels=6 format=F32LE times=counted
model=$here/../models/activity.safetensors
take_options "port address rate channels format times model" "$@"
check_number port 1 65535
check_word times counted arrival
check_samples

stamp=false
[ $times = counted ] || stamp=true
listen udpsrc address="$address" port="$port" do-timestamp=$stamp \
  timeout=2000000000 caps="$caps" ! rawaudioparse use-sink-caps=true
