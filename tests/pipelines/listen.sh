#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# What a user reads who listens to live sources with the scripts, and how they
# end.  Needs gst-launch-1.0 and the environment of `meson test`.
set -eu

folder=$(mktemp -d)
listener=
trap 'test -z "$listener" || kill "$listener" 2>/dev/null; rm -rf "$folder"' EXIT
motion=$folder/motion.raw
port=$((20000 + $$ % 20000))

fail() {
  echo "FAILED: $*" >&2
  sed 's/^/  | /' "$folder/said" >&2
  exit 1
}

# Of what was run last.
says() {
  grep -q -- "$1" "$folder/said" || fail "nothing says \"$1\""
}

# refuses WORDS SCRIPT [WORD...]: a slip of the user's, before anything runs.
refuses() {
  words=$1
  shift
  status=0
  "$MX_PIPELINES/$@" >"$folder/said" 2>&1 </dev/null || status=$?
  [ $status = 2 ] || fail "$* ends with $status"
  says "$words"
}

# begin SCRIPT [WORD...]: in the background, until it listens.
begin() {
  : >"$folder/said"
  "$MX_PIPELINES/$@" >"$folder/said" 2>&1 3>&- &
  listener=$!
  await "^Listening"
}

# await WORDS: until that is said.
await() {
  for i in $(seq 1200); do
    grep -q -- "$1" "$folder/said" && return
    kill -0 "$listener" 2>/dev/null || break
    sleep .1
  done
  grep -q -- "$1" "$folder/said" || fail "it does not say \"$1\""
}

# ends [STATUS]: of what was begun.
ends() {
  status=0
  wait "$listener" || status=$?
  listener=
  [ $status = "${1:-0}" ] || fail "it ends with $status"
}

# The answers: time, label, confidence, exit.
answers() {
  grep ' s  .* of ' "$folder/said" || true
}

# 256 frames, three windows of the model of motion: a phone that lies still.
frame='\000\000\000\000\000\000\000\000\000\000\200\077'
frame="$frame"'\000\000\000\000\000\000\000\000\000\000\000\000'
for i in $(seq 256); do
  printf "$frame"
done >"$motion"

refuses 'option "prot"; there are: port' listen-udp.sh prot=5
refuses '"5000" is no option' listen-udp.sh 5000
refuses 'port=70000: expected a whole number from 1 to 65535' \
  listen-udp.sh port=70000
refuses 'rate=fast: expected a whole number' listen-tcp.sh rate=fast
refuses 'channels=0: expected a whole number' listen-tcp.sh channels=0
refuses 'format=F33: expected one of F32LE' listen-serial.sh device=- format=F33
refuses 'times=now: expected one of counted arrival' listen-udp.sh times=now
refuses 'model=/none: expected a model file' listen-tcp.sh model=/none
refuses 'device=/none: expected a device' listen-serial.sh device=/none
refuses 'You will see' listen-serial.sh
refuses 'source=oss: expected one of auto' listen-microphone.sh source=oss
refuses 'device=hw:0: whose' listen-microphone.sh device=hw:0
for script in listen-microphone.sh listen-udp.sh listen-tcp.sh listen-serial.sh
do
  refuses 'You will see' $script --help
done
# Nor do those that take no options take one for a file, or for a package.
for script in build.sh quickstart.sh deadline-under-load.sh curves.sh \
  fsdd-manifest.sh
do
  refuses "pipelines/$script" $script --help
done
! "$MX_PIPELINES/fsdd-manifest.sh" "$folder" >"$folder/said" 2>&1 ||
  fail "a manifest of nothing"
says "$folder/recordings: no such folder"

# A stream of bytes, to its end.
"$MX_PIPELINES/listen-serial.sh" device=- <"$motion" >"$folder/said" 2>&1 ||
  fail "bytes end with $?"
says "^3 windows; "
answers >"$folder/expected"
[ "$(wc -l <"$folder/expected")" = 3 ] || fail "three answers were expected"

# A file and a named pipe are no different.
mkfifo "$folder/pipe"
cat "$motion" >"$folder/pipe" &
"$MX_PIPELINES/listen-serial.sh" device="$folder/pipe" >"$folder/said" 2>&1 ||
  fail "a pipe ends with $?"
answers | cmp - "$folder/expected" || fail "a pipe is heard otherwise"

# A property of mxclassify; a wrong one; too few channels.
"$MX_PIPELINES/listen-serial.sh" device="$motion" -- max-exit=1 \
  >"$folder/said" 2>&1 || fail "a property ends with $?"
says " 1 of 4 "
! "$MX_PIPELINES/listen-serial.sh" device="$motion" -- depth=1 \
  >"$folder/said" 2>&1 || fail "a wrong property is no failure"
says 'no property "depth"'
! "$MX_PIPELINES/listen-serial.sh" device="$motion" channels=3 \
  >"$folder/said" 2>&1 || fail "three channels are no failure"
says "the stream has 3 channels, the model needs 6"

# A machine without any network may not even have this.
if [ -r /proc/net/fib_trie ] && ! grep -qF 127.0.0.1 /proc/net/fib_trie; then
  echo "There is no 127.0.0.1: TCP and UDP are not tested." >&2
  exit 77
fi

# A connection: the answers come while it is open, and it ends with it.
begin listen-tcp.sh address=127.0.0.1 port=$port
(cat "$motion"; await '^ *2.56 s') |
  gst-launch-1.0 -q fdsrc fd=0 ! tcpclientsink host=127.0.0.1 port=$port \
  >/dev/null
ends
answers | cmp - "$folder/expected" || fail "a connection is heard otherwise"

# Packets: the sender falls silent, Ctrl-C ends it all.
begin listen-udp.sh address=127.0.0.1 port=$port
gst-launch-1.0 -q filesrc location="$motion" blocksize=240 ! \
  udpsink host=127.0.0.1 port=$port sync=false >/dev/null
await '^(nothing came for 2 s)'
kill -TERM "$listener"
ends
says "^3 windows; "
answers | cmp - "$folder/expected" || fail "packets are heard otherwise"

# Nobody ever sent anything.
begin listen-udp.sh address=127.0.0.1 port=$port
kill -TERM "$listener"
ends 1
says "^No answer came."

# A microphone: here, a tone.
GST_PLUGIN_FEATURE_RANK=audiotestsrc:1000
export GST_PLUGIN_FEATURE_RANK
begin listen-microphone.sh rate=16000 channels=1 -- hop=500000000
await '^ *1.00 s'
kill -TERM "$listener"
ends
says " windows; "
