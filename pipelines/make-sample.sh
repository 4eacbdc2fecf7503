#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Makes data/digits.wav and data/digits.csv: ten spoken digits in ten seconds,
# one in each, by ten synthetic voices; and data/words.wav and data/words.csv: the
# same as a stream, a second between one and the next, faint noise throughout.
# Needs espeak-ng and sox.
# The same versions of both make the same file.
set -eu

out=$(dirname "$0")/data
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
rate=8000
level=-26 # dBFS, RMS of each word
noise=-66 # dBFS, RMS, of the stream
margin=0.06 # s of silence that must remain at both ends of a second

# word voice pitch (0-99) speed (words a minute)
words='seven en-gb+m3 40 150
two en-gb+f2 55 140
nine en-gb-scotland+m1 35 145
zero en-us+f4 60 150
four en-gb-x-rp+m7 30 140
one en-029+f1 50 150
eight en-us+m5 55 135
six en-gb+m2 25 140
three en-gb-x-gbclan+f3 65 145
five en-us+f5 45 140'

fail () {
  echo "make-sample: $*" >&2
  exit 1
}

# $1: an expression.  Prints its value; a comparison's is 1 or 0.
calc () {
  awk "BEGIN { print ($1) }"
}

# sox's own statistics: the value of a line that begins with $2.
stat_of () {
  sox "$1" -n stats 2>&1 | sed -n "s/^$2 *\(-\{0,1\}[0-9.]*\).*/\1/p"
}

# A word at the middle of one second: silence around it cut off, at its level.
make_word () {
  espeak-ng -v "$2" -p "$3" -s "$4" -w "$tmp/raw.wav" "$1"
  sox -D "$tmp/raw.wav" -r $rate -c 1 -b 32 "$tmp/cut.wav" \
    silence 1 0.005 0.3% reverse silence 1 0.005 0.3% reverse
  gain=$(calc "$level - $(stat_of "$tmp/cut.wav" 'RMS lev dB')")
  peak=$(stat_of "$tmp/cut.wav" 'Pk lev dB')
  [ "$(calc "$peak + $gain < 0")" = 1 ] || fail "$1 would clip"
  length=$(soxi -s "$tmp/cut.wav")
  before=$(((rate - length) / 2))
  after=$((rate - length - before))
  [ "$(calc "$before > $margin * $rate")" = 1 ] ||
    fail "$1 ($length frames) does not lie inside its second"
  sox -D "$tmp/cut.wav" -b 16 "$tmp/$5.wav" \
    gain "$gain" pad "${before}s" "${after}s"
  [ "$(soxi -s "$tmp/$5.wav")" = $rate ] || fail "$1 is not one second"
}

# The words with half a second on either side, and noise.  sox's chance is the same
# each time (-R).
make_stream () {
  for i in 0 1 2 3 4 5 6 7 8 9; do
    sox -D "$tmp/$i.wav" "$tmp/wide$i.wav" pad 0.5 0.5
  done
  (cd "$tmp" && sox -D wide[0-9].wav apart.wav)
  length=$(soxi -s "$tmp/apart.wav")
  sox -R -D -n -r $rate -c 1 -b 32 "$tmp/white.wav" \
    synth "${length}s" whitenoise
  gain=$(calc "$noise - $(stat_of "$tmp/white.wav" 'RMS lev dB')")
  sox -D "$tmp/white.wav" "$tmp/noise.wav" gain "$gain"
  sox -D -m -v 1 "$tmp/apart.wav" -v 1 "$tmp/noise.wav" -b 16 "$tmp/words.wav"
}

start=0
echo 'start,label' >"$tmp/digits.csv"
echo 'start,label' >"$tmp/words.csv"
echo "$words" >"$tmp/words"
while read -r word voice pitch speed; do
  make_word "$word" "$voice" "$pitch" "$speed" "$start"
  echo "$start,$word" >>"$tmp/digits.csv"
  echo "$(calc "2 * $start + 0.5"),$word" >>"$tmp/words.csv"
  start=$((start + 1))
done <"$tmp/words"

(cd "$tmp" && sox -D [0-9].wav digits.wav)
make_stream
mkdir -p "$out"
for name in digits words; do
  cp "$tmp/$name.wav" "$tmp/$name.csv" "$out"
  soxi "$out/$name.wav"
done
