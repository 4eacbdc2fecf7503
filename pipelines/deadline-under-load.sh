#!/bin/sh
# You will see: live sound of which each window must be answered in time. In the
# middle third other processes load the machine: the depth falls, QoS messages
# say so, and when the load goes the depth comes back. Not a sample is lost.
#
#   pipelines/deadline-under-load.sh [seconds]    30, at least 3
#
# The table comes when it is over.  DEADLINE: in ns (5 ms); HOP: from window to window, in ns (20 ms); LOAD: busy
# processes for each processor (32); PLOT: an SVG file to draw.
set -eu
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
  mxclassify policy=last hop="${HOP:-20000000}" deadline="$deadline" \
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
      x = 40 + 20 * s
      points = points " " x "," 180 - 40 * mean
    }
    if (!plot) exit
    width = 60 + 20 * last
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" " \
      "height=\"210\" font-family=\"sans-serif\" font-size=\"12\">\n", \
      width >plot
    printf "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n" >plot
    printf "<rect x=\"%d\" y=\"10\" width=\"%d\" height=\"170\" " \
      "fill=\"#eee\"/>\n<text x=\"%d\" y=\"175\">load</text>\n", \
      40 + 20 * third, 20 * third, 45 + 20 * third >plot
    for (e = 1; e <= exits; e++)
      printf "<text x=\"5\" y=\"%d\">exit %d</text>\n", 184 - 40 * e, e >plot
    for (s = 0; s <= last; s += 5)
      printf "<text x=\"%d\" y=\"200\">%d s</text>\n", 34 + 20 * s, s >plot
    printf "<polyline fill=\"none\" stroke=\"#06c\" stroke-width=\"2\" " \
      "points=\"%s\"/>\n</svg>\n", points >plot
  }' "$folder/said"
sent=$((seconds * rate / chunk * chunk))
arrived=$(($(wc -c <"$folder/arrived") / 4))
echo
echo "$sent samples of each channel were sent, $arrived arrived."
[ "$sent" = "$arrived" ]
