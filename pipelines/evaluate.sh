#!/bin/sh
# You will see: what each exit of a model is worth on labelled recordings, then
# what the model is worth when it leaves at the exit that suffices.
#
#   pipelines/evaluate.sh DATA MODEL [property=value ...]
#
# DATA: a folder or manifest; further words are properties of mxdatasetsrc, for
# example split=test or subjects=anna,ben, or, as one stream, mode=continuous
# level=-26.  THRESHOLD: of the last row (.8).  FILTER: an element before
# mxclassify, for example "mxperturb recipe=none noise-probability=1".
set -eu
[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
model=$(realpath "$2")
shift 2
cd "$(dirname "$0")/.."
pipelines/build.sh
report=$(mktemp)
trap 'rm -f "$report"' EXIT

# evaluate NAME [property=value ...]: one row of the table.
evaluate() {
  name=$1
  properties=$2
  shift 2
  meson devenv -C build gst-launch-1.0 \
    mxdatasetsrc location="$data" "$@" ! ${FILTER:-identity} ! \
    mxclassify model-file="$model" post-messages=false $properties ! \
    mxevalsink location="$report" >/dev/null
  awk -v name="$name" '
    # Members of the outermost object are indented by two blanks.
    /^  "[a-z0-9-]+": [0-9]/ {
      gsub(/[",:]/, "")
      value[$1] = $2
    }
    END {
      printf "%-15s %7d %8.2f %% %8.2f %% %8.1f %% %7.2f\n", name,
        value["labelled"], 100 * value["accuracy"], 100 * value["macro-f1"],
        100 * value["mean-cost"], value["mean-exit"]
    }' "$report"
}

echo "                      n   accuracy   macro-F1       cost    exit"
evaluate "exit 1" "policy=last max-exit=1" "$@"
exits=$(sed -n 's/^  "exits": \([0-9]*\).*/\1/p' "$report")
for exit in $(seq 2 "$exits"); do
  evaluate "exit $exit" "policy=last max-exit=$exit" "$@"
done
threshold=${THRESHOLD:-0.8}
evaluate "threshold $threshold" "exit-threshold=$threshold" "$@"
