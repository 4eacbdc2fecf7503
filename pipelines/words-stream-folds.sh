#!/bin/sh
# You will see: what a network that is trained on streams of words is worth on
# streams of people it never heard, three times two of six, in quiet and in noise
# 10 dB below the words.
#
#   pipelines/words-stream-folds.sh FSDD FOLDER [option=value ...]
#
# FSDD: as for train.sh.  FOLDER: for models, logs and tables; what is
# there is not trained again.  Options go to mxtrainsink.
set -eu
[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
shift 2
cd "$(dirname "$0")/.."

stream="mode=continuous shuffle=true seed=7 level=-26"
noise="mxperturb recipe=none noise-probability=1 noise-white=1 noise-pink=1
  noise-brown=0 snr-low=10 snr-high=10 seed=9"

for people in george,jackson lucas,nicolas theo,yweweler; do
  model=$out/$people.safetensors
  if [ ! -s "$model" ]; then
    SOURCE="exclude-subjects=$people" pipelines/train-words-stream.sh \
      "$data" "$model" "$@" >"$out/$people.log" 2>&1 || {
      tail -5 "$out/$people.log" >&2
      exit 1
    }
  fi
  echo "$people"
  pipelines/evaluate.sh "$data" "$model" subjects="$people" $stream \
    gain-low=-12 gain-high=12
  echo "$people, noise 10 dB below"
  FILTER=$noise pipelines/evaluate.sh "$data" "$model" subjects="$people" \
    $stream gap-level-low=-10 gap-level-high=-10
done
