#!/usr/bin/awk -f
# Reads what `gst-launch-1.0 -m` prints, writes the answers of mxclassify as a
# table.  live=1: says when it begins to listen, and when a sender falls silent.

function field(name,    rest) {
  if (!match($0, "[, ]" name "=\\([a-z0-9]+\\)"))
    return ""
  rest = substr($0, RSTART + RLENGTH)
  sub(/^"/, "", rest)
  sub(/[",;].*/, "", rest)
  return rest
}

# Two threads of gst-launch-1.0 may write into one line.
match($0, /.(ERROR|WARNING): from element/) { $0 = substr($0, RSTART + 1) }

/^(ERROR|WARNING)/ {
  print
  if (live && /AutoAudioSrc.*Failed to connect/)
    print "(This may be silence now: name the source, for example source=alsa.)"
  fflush()
  if (!live || !/preroll/)
    next
}

live && /^Pipeline is (live|PREROLLING)/ {
  print "Listening; Ctrl-C ends."
  fflush()
}

/ GstUDPSrcTimeout, / {
  if (!silent++)
    printf "(nothing came for %g s)\n", field("timeout") / 1e9
  fflush()
}

/ mxclassify, / {
  silent = 0
  if (!n++)
    printf "    time  heard%*s confidence  exit      cost saved\n",
      live ? 14 : 8, ""
  macs = field("macs")
  full = field("macs-full")
  saved = 1 - macs / full
  total += macs
  total_full += full
  bar = substr("####################", 1, int(20 * saved + .5))
  printf "%6.2f s  %-*s %9.1f %%  %d of %d   %3.0f %%  %s\n",
    field("timestamp") / 1e9, live ? 18 : 12, field("label"), 100 * field("confidence"),
    field("exit"), field("exits"), 100 * saved, bar
  fflush()
}

# gst-launch-1.0 may have said why before this line or behind it, or never end.
live && /^ERROR: pipeline doesn.t want to preroll/ { if (failed++) exit }

END {
  if (failed)
    exit 3
  if (!n) {
    print "No answer came."
    exit 1
  }
  printf "\n%d windows; %.0f %% of the computation of the full network saved.\n",
    n, 100 * (1 - total / total_full)
}
