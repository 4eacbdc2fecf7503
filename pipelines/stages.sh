# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# The stages of results.sh, which reads it with `.`: each makes one file in $out,
# unless it is there.

# once FILE COMMAND...: with a log beside the file, how long it took, and by what.
once() {
  made=$1
  shift
  [ ! -s "$made" ] || return 0
  began=$(date +%s)
  "$@" >"$made.log" 2>&1 </dev/null || {
    tail -5 "$made.log" >&2
    echo "$0: stopped making $made" >&2
    exit 1
  }
  echo "$(($(date +%s) - began)) $(basename "$made") $commit" >>"$out/durations"
}

# variant SET: of an architecture on stdin, by what stands behind the sensor.
variant() {
  case $1 in
    *-mean) sed 's/"mean+max"/"mean"/; s/, "segments": [0-9]*//' ;;
    *-raw)
      sed 's/"kind": "log-envelope".*/"kind": "raw",/
        s/"mean": -1.5/"mean": 0, "std": 0.1645/'
      ;;
    *)
      echo "$0: there is no set $1" >&2
      exit 2
      ;;
  esac
}

# halved ARCHITECTURE: all widths.
halved() {
  awk '{
    while (match($0, /"filters": [0-9]+/)) {
      width = substr($0, RSTART + 11, RLENGTH - 11)
      printf "%s\"filters\": %d", substr($0, 1, RSTART - 1), width / 2
      $0 = substr($0, RSTART + RLENGTH)
    }
    print
  }' "$1"
}

# stem_of SET: what the names of its files begin with.
stem_of() {
  case $1 in
    digits) echo "$(basename "$digits" .json)${WIDTH:+-$WIDTH}" ;;
    *) echo "$1" ;;
  esac
}

# set_of SET: as sensor, with the architecture of the set.
set_of() {
  sensor "${1%%-*}"
  steps=${STEPS:-$steps}
  changed=$out/$(stem_of "$1").json
  case $1 in
    digits)
      architecture=$digits
      [ "${WIDTH:-}" = half ] || return 0
      halved "$digits" >"$changed"
      ;;
    *-*) variant "$1" <"$architecture" >"$changed" ;;
    *) return 0 ;;
  esac
  architecture=$changed
}

# options_of OBJECTIVE FEW: properties of mxtrainsink, the last of a name in force.
# Of the preset few-labels what the others do not have.
options_of() {
  [ -z "${RATE:-}" ] || echo learning-rate="$RATE"
  [ -z "$2" ] || echo batch-size="$(batch_of "$1")"
  case ${1%%,*} in
    few-labels) echo consistency-target=hard confidence-threshold=.8 ;;
    *) echo objective="${1%%,*}" ;;
  esac
  case $1 in
    *,*) echo "${1#*,}" | tr ',' ' ' ;;
  esac
}

# With few labels a batch has 32 labelled windows and 64 without, or, for those
# objectives that learn nothing from the latter, 64 labelled and 32 without, or
# none; 32 a step last for twice as many steps as 64.
share_of() {
  case ${1%%,*}-${BASELINES:-} in
    consistent-exit-* | few-labels-*) echo .3333 ;;
    *-labelled) echo 1 ;;
    *) echo .6667 ;;
  esac
}

batch_of() {
  [ "$(share_of "$1")" = 1 ] && echo 64 || echo 96
}

# evaluate REPORT MODEL DATA FILTER SETTINGS [property=value ...]: one pass, all
# exits, all thresholds.  SETTINGS: of mxclassify.
evaluate() {
  report=$1 model=$2 data=$3 filter=$4 settings=$5
  shift 5
  once "$report" gst-launch-1.0 -q mxdatasetsrc location="$data" "$@" ! \
    $filter ! mxclassify model-file="$model" all-exits=true \
    post-messages=false $settings ! mxevalsink location="$report" \
    ${predictions:-}
}

# evaluate_spoilt SENSOR STEM PREFIX DATA [property=value ...]
evaluate_spoilt() {
  kind_of=$1 stem=$2 prefix=$3 data=$4
  shift 4
  sensor "$kind_of"
  spoilt "$kind_of" | while read -r kind filter; do
    evaluate "$stem.$prefix$kind.json" "$stem.safetensors" "$data" \
      "$filter seed=9" exit-threshold=.8 "$@"
  done
}

# examples_of DATA PEOPLE [SPLIT]: so many of all others than PEOPLE.
examples_of() {
  tr -d '\r' <"$1/manifest.csv" | awk -F, -v people="$2" -v split_is="${3:-}" '
    BEGIN {
      n = split(people, list, ",")
      while (n) without[list[n--]]
    }
    NR > 1 && (!split_is || $3 == split_is) && !($4 in without) { examples++ }
    END { print examples + 0 }'
}

# classes_of DATA SPLIT: so many labels.
classes_of() {
  tr -d '\r' <"$1/manifest.csv" |
    awk -F, -v split_is="$2" 'NR > 1 && $3 == split_is { print $2 }' |
    sort -u | wc -l
}

# epochs_of EXAMPLES LABELLED OBJECTIVE: that make about $steps; LABELLED: so many
# have a label, none: all.
epochs_of() {
  awk -v examples="$1" -v labelled="$2" -v share="$(share_of "$3")" \
    -v steps="$steps" 'BEGIN {
      per_epoch = examples / 64
      if (labelled && share < 1)
        per_epoch = (examples - labelled) / (1 - share) / 96
      else if (labelled)
        per_epoch = labelled / 64
      epochs = int(steps / per_epoch + .5)
      print epochs < 1 ? 1 : epochs
    }'
}

# few_of SET DATA EXAMPLES OBJECTIVE: sets labels, properties of mxdatasetsrc, and
# labelled, so many.
few_of() {
  if [ "$1" = digits ]; then
    labels=labelled-fraction=.1 labelled=$((($3 + 9) / 10))
  else
    labels=labelled-per-class=10 labelled=$((10 * $(classes_of "$2" train)))
  fi
  labels="$labels labelled-share=$(share_of "$4")"
}

# run_fold SET DATA FEW OBJECTIVE FOLD SEED: nobody is left to validate with.
run_fold() {
  set_of "$1"
  stem=$out/$3$(stem_of "$1")-$4-$5-$6
  if [ "$5" = 0 ]; then
    learnt=split=train test=split=test examples=$(examples_of "$2" "" train)
  else
    people=$(echo "$folds" | cut -d' ' -f"$5")
    [ -n "$people" ] || {
      echo "$0: there is no fold $5 of $1" >&2
      exit 2
    }
    learnt=exclude-subjects=$people test=subjects=$people
    examples=$(examples_of "$2" "$people")
  fi
  labels= labelled=
  [ -z "$3" ] || few_of "$1" "$2" "$examples" "$4"
  # The whole window is noisy, not the word alone.
  test="$test ${pad:+$pad pad-position=centre}"
  ARCHITECTURE=$architecture SOURCE="$learnt $labels" SEED=$6 \
    EPOCHS=$(epochs_of "$examples" "$labelled" "$4") once "$stem.safetensors" \
    pipelines/train.sh "${1%%-*}" "$2" "$stem.safetensors" $(options_of "$4" "$3")
  evaluate "$stem.clean.json" "$stem.safetensors" "$2" identity \
    exit-threshold=.8 $test
  evaluate_spoilt "${1%%-*}" "$stem" "" "$2" $test
}

# people_of DATA SEED: validation people, comma-separated.
people_of() {
  tr -d '\r' <"$1/manifest.csv" | awk -F, 'NR > 1 && $3 == "train" { print $4 }' |
    LC_ALL=C sort -u | awk -v seed="$2" '(NR - 1) % 5 == seed % 5' | paste -sd,
}

# run_people SET DATA FEW OBJECTIVE SEED
run_people() {
  kind_of=${1%%-*}
  stem=$out/$3$1-$4-1-$5
  set_of "$1"
  valid=$(people_of "$2" "$5")
  examples=$(examples_of "$2" "$valid" train)
  labels= labelled=
  [ -z "$3" ] || few_of "$1" "$2" "$examples" "$4"
  ARCHITECTURE=$architecture SEED=$5 \
    SOURCE="split=train exclude-subjects=$valid $labels" \
    EPOCHS=$(epochs_of "$examples" "$labelled" "$4") once "$stem.trained.safetensors" \
    pipelines/train.sh "$kind_of" "$2" "$stem.trained.safetensors" \
    $(options_of "$4" "$3")
  once "$stem.safetensors" env LOCATION="$stem.safetensors" \
    pipelines/calibrate.sh "$2" "$stem.trained.safetensors" subjects="$valid"
  evaluate "$stem.valid.json" "$stem.safetensors" "$2" identity \
    exit-threshold=.8 subjects="$valid"
  evaluate "$stem.clean.json" "$stem.safetensors" "$2" identity \
    exit-threshold=.8 split=test
  predictions=predictions=$stem.agreement.jsonl
  evaluate "$stem.agreement.json" "$stem.safetensors" "$2" identity \
    agreement-target=.98 split=test
  predictions=
  evaluate "$stem.sufficient.json" "$stem.safetensors" "$2" identity \
    "$(sufficient "$stem.valid.json")" split=test
  evaluate_spoilt "$kind_of" "$stem" "" "$2" split=test
  evaluate_spoilt "$kind_of" "$stem" valid- "$2" subjects="$valid"
}

# sufficient REPORT: settings of mxclassify that are the cheapest within half a
# point of the last exit in that report.
sufficient() {
  python3 -c 'if True:
    import json, sys
    with open(sys.argv[1], encoding="utf-8") as file:
        threshold = json.load(file)["curve"]["sufficient"]["threshold"]
    print("policy=last" if threshold is None else f"exit-threshold={threshold}")
    ' "$1"
}
