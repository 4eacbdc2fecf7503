#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: live sound of which each window must be answered in time. In the
# middle third other processes load the machine: the depth falls, QoS messages
# say so, and when the load goes the depth comes back. Not a sample is lost.
#
#   pipelines/deadline-under-load.sh [seconds]    30, at least 3
#
# The table comes when it is over.  DEADLINE: in ns (5 ms); HOP: from window to
# window, in ns (20 ms); LOAD: busy processes for each processor (32); PLOT: an
# SVG file to draw.
set -eu
case ${1:-} in -*) exec "$(dirname "$0")/usage.sh" "$0" ;; esac
seconds=${1:-30}
deadline=${DEADLINE:-5000000}
plot=${PLOT:+$(realpath "$PLOT")}
cd "$(dirname "$0")/.."
pipelines/build.sh

rate=48000
chunk=240 # samples a buffer: 5 ms
folder=$(mktemp -d)
busy=""
quieten() {
  [ -z "$busy" ] || kill $busy 2>/dev/null || true
  busy=""
}
trap 'quieten; rm -rf "$folder"' EXIT INT TERM

# What arrives is counted in a file; it waits for the clock as a sound card does.
meson devenv -C build -w . gst-launch-1.0 -m \
  audiotestsrc is-live=true wave=white-noise samplesperbuffer=$chunk \
    num-buffers=$((seconds * rate / chunk)) ! \
  audio/x-raw,format=S16LE,rate=$rate,channels=2 ! \
  mxclassify model-file="$PWD/models/digits.safetensors" policy=last hop="${HOP:-20000000}" deadline="$deadline" \
    qos=true attach-meta=false ! \
  filesink location="$folder/arrived" sync=true qos=true \
  >"$folder/said" 2>&1 &
pipeline=$!

third=$((seconds / 3))
echo "$seconds s of live sound, loaded from second $third to $((2 * third)) ..." >&2
# The first answer comes when the stream is a second old.
until grep -q " mxclassify, " "$folder/said"; do
  kill -0 $pipeline || { cat "$folder/said" >&2; exit 1; }
  sleep .05
done
sleep $((third - 1))
for i in $(seq $((${LOAD:-32} * $(nproc)))); do
  sh -c 'while :; do :; done' &
  busy="$busy $!"
done
sleep $third
quieten
wait $pipeline || { cat "$folder/said" >&2; exit 1; }

echo "  time  windows  mean exit  limited  QoS messages  latest    computing"
awk -v third=$third -v plot="$plot" '
  function field(name) {
    if (!match($0, "[, ]" name "=\\([a-z0-9]+\\)-?[a-z0-9.]+"))
      return 0
    return substr($0, RSTART + length(name) + 2, RLENGTH)
  }
  function number(name,    text) {
    text = field(name)
    sub(/^[^)]*\)/, "", text)
    return text + 0
  }
  # A window is answered when it ends.
  function second() {
    return int((number("running-time") + number("duration")) / 1e9)
  }
  function x(at) { return 60 + 20 * at }
  function y(depth_there) { return 30 + 40 * (exits - depth_there) }
  function line(x1, y1, x2, y2, colour) {
    printf "<path d=\"M%d %dL%d %d\" stroke=\"%s\"/>\n", x1, y1, x2, y2, \
      colour >plot
  }
  function label(at_x, at_y, anchor, words) {
    printf "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n", at_x, \
      at_y, anchor, words >plot
  }
  # A step for each second: the mean of what was answered in it.
  function draw(    bottom, e, s) {
    bottom = y(.5)
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" " \
      "height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">\n" \
      "<title>Mean exit, second by second</title>\n" \
      "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n" \
      "<rect x=\"%d\" y=\"15\" width=\"%d\" height=\"%d\" fill=\"#eee\"/>\n",
      x(last + 1) + 30, bottom + 45, x(third), 20 * third, bottom - 15 >plot
    label(x(1.5 * third), bottom - 7, "middle", "machine under load")
    for (e = 1; e <= exits; e++) {
      line(x(0), y(e), x(last + 1), y(e), "#ccc")
      label(x(0) - 8, y(e) + 5, "end", "exit " e)
    }
    line(x(0), bottom, x(last + 1), bottom, "black")
    for (s = 0; s <= last + 1; s += 5) {
      line(x(s), bottom, x(s), bottom + 5, "black")
      label(x(s), bottom + 19, "middle", s)
    }
    label(x((last + 1) / 2), bottom + 37, "middle", "seconds")
    printf "<polyline fill=\"none\" stroke=\"#06c\" stroke-width=\"2\" " \
      "points=\"%s\"/>\n</svg>\n", steps >plot
  }
  / mxclassify, / {
    s = second()
    if (s > last) last = s
    n[s]++
    depth[s] += number("exit")
    time[s] += number("latency")
    if (/limited=\(boolean\)true/) limited[s]++
    exits = number("exits")
  }
  /"mxclassify.*\(qos\)/ {
    s = second()
    told[s]++
    late = number("jitter")
    if (late > latest[s]) latest[s] = late
  }
  END {
    for (s = 1; s <= last; s++) {
      if (!n[s]) continue
      mean = depth[s] / n[s]
      printf "%4d s %8d %10.2f %8d %13d %5.1f ms %9.2f ms  %s%s\n", s, n[s],
        mean, limited[s], told[s], latest[s] / 1e6, time[s] / n[s] / 1e6,
        substr("################", 1, int(4 * mean + .5)),
        (s >= third && s < 2 * third ? "  (load)" : "")
      steps = steps " " x(s) "," y(mean) " " x(s + 1) "," y(mean)
    }
    if (plot) draw()
  }' "$folder/said"
sent=$((seconds * rate / chunk * chunk))
arrived=$(($(wc -c <"$folder/arrived") / 4))
echo
echo "$sent samples of each channel were sent, $arrived arrived."
[ "$sent" = "$arrived" ]
