#!/usr/bin/awk -f
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Reads what `gst-launch-1.0 -m` prints, writes the answers of mxclassify as a
# table: a line for each window.  Where four windows or more share each moment, a
# line for each answer but "nothing" that stands for more than half a window: the
# window by which it does.
# live=1: says when it begins to listen, and when a sender falls silent.

function field(name,    rest) {
  if (!match($0, "[, ]" name "=\\([a-z0-9]+\\)"))
    return ""
  rest = substr($0, RSTART + RLENGTH)
  sub(/^"/, "", rest)
  sub(/[",;].*/, "", rest)
  return rest
}

function read_answer(    saved) {
  label = field("label")
  macs = field("macs")
  full = field("macs-full")
  total += macs
  total_full += full
  nothing += label == "nothing"
  first += field("exit") == 1
  saved = 1 - macs / full
  line = sprintf("%6.2f s  %-18s %9.1f %%  %d of %d", timestamp / 1e9, label,
    100 * field("confidence"), field("exit"), field("exits"))
  bar = sprintf("   %3.0f %%  %s", 100 * saved,
    substr("####################", 1, int(20 * saved + .5)))
}

function write_answer() {
  if (!header++)
    printf "    time  heard               confidence  exit%s\n",
      dense ? "" : "      cost saved"
  stood = label == standing ? stood + 1 : 1
  standing = label
  if (!dense)
    print line bar
  else if (stood == enough && label != "nothing")
    print line
  fflush()
}

function write_first() {
  if (!waits)
    return
  waits = 0
  write_answer()
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
  write_first()
  if (!silent++)
    printf "(nothing came for %g s)\n", field("timeout") / 1e9
  fflush()
}

/ mxclassify, / {
  silent = 0
  hop = field("timestamp") - timestamp
  timestamp = field("timestamp") + 0
  # How dense they are only the second one tells: the first one waits for it.
  if (++n == 2) {
    duration = field("duration") + 0
    dense = hop > 0 && duration >= 4 * hop
    enough = dense ? int(duration / hop / 2) + 1 : 1
  }
  write_first()
  read_answer()
  if (n == 1)
    waits = 1
  else
    write_answer()
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
  write_first()
  printf "\n%d windows; %s%.0f %% left at exit 1; %.0f %% of the computation of the full network saved.\n",
    n, nothing ? "in " nothing " nothing; " : "", 100 * first / n,
    100 * (1 - total / total_full)
}
