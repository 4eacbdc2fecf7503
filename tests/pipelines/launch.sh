#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# What a user at the command line reads, and what a script sees as exit code.
# Needs gst-launch-1.0 and the environment of `meson test`.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
model=$folder/tones.safetensors

fail() {
  echo "FAILED: $*" >&2
  sed 's/^/  | /' "$folder/said" >&2
  exit 1
}

launch() {
  timeout 200 gst-launch-1.0 "$@" >"$folder/said" 2>&1
}

# Of what was launched last.
says() {
  grep -q -- "$1" "$folder/said" || fail "nothing says \"$1\""
}

tone() {
  mkdir -p "$folder/data/$1"
  launch audiotestsrc freq="$2" num-buffers=1 samplesperbuffer=2400 ! \
    audio/x-raw,rate=8000,channels=1 ! wavenc ! \
    filesink location="$folder/data/$1/$2.wav"
}

for pitch in 200 250 300 350; do
  tone low $pitch
  tone high ${pitch}0
done
cat >"$folder/tones.json" <<'END'
{
  "input": {"rate": 8000, "channels": 1, "window": 2400},
  "front-end": {"kind": "log-mel", "bands": 20, "mean": -7, "std": 1.5},
  "stages": [{
    "layers": [{"kind": "conv1d", "filters": 8, "kernel": 3}, {"kind": "relu"}],
    "exit": [{"kind": "pool"}, {"kind": "dense"}]
  }]
}
END

train() {
  launch mxdatasetsrc location="$folder/data" epochs=10 ! tee name=t \
    t. ! queue ! train.clean \
    t. ! queue ! mxperturb ! train.perturbed \
    mxtrainsink name=train location="$model" batch-size=4 warm-up=2 \
      learning-rate=0.05 architecture="$folder/tones.json"
}

# A training succeeds and says what it wrote.
train || fail "training ended with $?"
says "Progress: (training) epoch 10/10  example 8/8 "
says "wrote $model"

# An evaluation succeeds and says how many were right.
launch mxdatasetsrc location="$folder/data" ! mxclassify model-file="$model" ! \
  mxevalsink || fail "evaluation ended with $?"
says "8 of 8 labelled examples right"

# The answers are a table.
launch -m filesrc location="$folder/data/low/200.wav" ! decodebin ! \
  mxclassify model-file="$model" ! fakesink || fail "classifying ended with $?"
"$MX_PIPELINES/table.awk" <"$folder/said" >"$folder/table"
mv "$folder/table" "$folder/said"
says "^  0.00 s  low .* 1 of 1 "
says "^1 windows; "

# So are those of the built-in model, a line for each word that stands.
launch -m filesrc location="$MX_PIPELINES/data/words.wav" ! decodebin ! \
  mxclassify ! fakesink || fail "classifying words ended with $?"
"$MX_PIPELINES/table.awk" <"$folder/said" >"$folder/table"
mv "$folder/table" "$folder/said"
says "^191 windows; in [0-9]* nothing; "
awk '$2 == "s" { print $3 }' "$folder/said" >"$folder/heard"
sed '1d; s/.*,//' "$MX_PIPELINES/data/words.csv" |
  cmp - "$folder/heard" || fail "other words are heard"

# Samples in the unit of a model pass without a word, those far from it do not.
wobble() {
  launch audiotestsrc wave=square freq=.5 volume=1 num-buffers=10 \
    samplesperbuffer=64 ! \
    "audio/x-raw,format=F32LE,rate=50,channels=6,channel-mask=(bitmask)0x0" ! \
    volume volume="$1" ! \
    mxclassify model-file="$MX_PIPELINES/../models/activity.safetensors" ! fakesink
}
wobble 1 || fail "a sensor in its unit ended with $?"
if grep WARNING "$folder/said"; then
  fail "a sensor in its unit is warned of"
fi
wobble 10 || fail "a sensor in another unit ended with $?"
says "receives samples in another unit than model \"activity\" was trained on?"

# A model that is none fails the command.
if launch audiotestsrc ! mxclassify model-file="$folder/tones.json" ! fakesink
then
  fail "a bad model is no failure"
fi
says "^ERROR: .*The model cannot be loaded: $folder/tones.json: found"

# So does a recording that is none; the model before it stays.
cp "$model" "$folder/before"
echo "no sound" >"$folder/data/low/zz.wav"
if train; then
  fail "a bad recording is no failure"
fi
says "^ERROR: .*Could not decode $folder/data/low/zz.wav"
cmp "$model" "$folder/before" || fail "the model is another"
