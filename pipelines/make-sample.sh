#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# Makes data/digits.wav and data/digits.csv: ten spoken digits in ten seconds,
# one in each, by ten synthetic voices.  Needs espeak-ng and sox.
# The same versions of both make the same file.
set -eu

out=$(dirname "$0")/data
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
rate=8000
level=-26 # dBFS, RMS of each word
margin=0.06 # s of silence that must remain at both ends of a second

# word voice pitch (0-99) speed (words a minute)
words='seven en-us+m3 40 150
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

start=0
echo 'start,label' >"$tmp/digits.csv"
echo "$words" >"$tmp/words"
while read -r word voice pitch speed; do
  make_word "$word" "$voice" "$pitch" "$speed" "$start"
  echo "$start,$word" >>"$tmp/digits.csv"
  start=$((start + 1))
done <"$tmp/words"

(cd "$tmp" && sox -D 0.wav 1.wav 2.wav 3.wav 4.wav 5.wav 6.wav 7.wav 8.wav \
  9.wav digits.wav)
mkdir -p "$out"
cp "$tmp/digits.wav" "$tmp/digits.csv" "$out"
soxi "$out/digits.wav"
