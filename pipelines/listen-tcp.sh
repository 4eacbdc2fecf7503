#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: what a phone or a microcontroller does that sends its samples
# over a TCP connection, a line for each window, until it closes the connection
# or Ctrl-C.
#
#   pipelines/listen-tcp.sh [option=value ...] [-- property=value ...]
#
#   port      to wait at (5000)            address   (0.0.0.0: from everywhere)
#   rate      samples a second (50)        channels  in each frame (6)
#   format    of each number (F32LE)
#   model     a model file (models/activity.safetensors)
#
# The connection carries frames, nothing else; see listen-udp.sh for their
# bytes.  To try it, from the same machine:
#
#   python3 -c "if True:
#     import socket,struct,time
#     s = socket.create_connection(('127.0.0.1', 5000))
#     while True:
#       s.sendall(struct.pack('<6f', 1, 0, 0, 0, 0, 0)); time.sleep(.02)"
#
# For one sender after the other: while pipelines/listen-tcp.sh; do :; done
set -eu
. "$(dirname "$0")/listening.sh"

port=5000 address=0.0.0.0 rate=50 channels=6 format=F32LE
model=$here/../models/activity.safetensors
take_options "port address rate channels format model" "$@"
check_number port 1 65535
check_samples

listen tcpserversrc host="$address" port="$port" ! "$caps" ! \
  rawaudioparse use-sink-caps=true
