#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: what a sensor on a serial line does, a line for each window,
# until it is unplugged or Ctrl-C.  Any other stream of bytes will do.
#
#   pipelines/listen-serial.sh device=/dev/ttyACM0 [option=value ...]
#                              [-- property=value ...]
#
#   device    a serial device, a named pipe, a file; - is the standard input
#   baud      of a serial device (115200)
#   start     text that is sent to a serial device at the beginning (none)
#   rate      samples a second (50)        channels  in each frame (6)
#   format    of each number (F32LE)
#   model     a model file (models/activity.safetensors)
#
# The stream is frames, nothing else; see listen-udp.sh for their bytes.  Its
# first byte must be the first of a frame: let the sender wait for `start`, or
# for its reset, which opening the device is to many boards.  To try it:
#
#   python3 -c "if True:
#     import struct,sys,time
#     while True:
#       sys.stdout.buffer.write(struct.pack('<6f', 1, 0, 0, 0, 0, 0))
#       sys.stdout.flush(); time.sleep(.02)" | pipelines/listen-serial.sh device=-
set -eu
. "$(dirname "$0")/listening.sh"

device= baud=115200 start= rate=50 channels=6 format=F32LE
model=$here/../models/activity.safetensors
take_options "device baud start rate channels format model" "$@"
[ -n "$device" ] || exec "$here/usage.sh" "$0"
check_number baud 50 10000000
check_samples

if [ "$device" = - ]; then
  exec 3<&0
elif [ ! -r "$device" ] || [ -d "$device" ]; then
  complain "device=$device: expected a device, a pipe or a file that can be read"
elif [ -c "$device" ] && [ -w "$device" ] && stty -F "$device" clocal 2>/dev/null
then
  # Without a modem nothing would ever open; settings last while it is open.
  exec 3<>"$device"
  stty raw -echo clocal -hupcl -crtscts "$baud" <&3 2>/dev/null ||
    complain "baud=$baud: $device knows no such speed"
  printf %s "$start" >&3
else
  exec 3<"$device"
fi
# Not filesrc: it would wait until it has a block of 4096 bytes.
listen fdsrc fd=3 ! "$caps" ! rawaudioparse use-sink-caps=true
