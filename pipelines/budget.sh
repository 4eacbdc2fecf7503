#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# You will see: what a mean cost to hold (the property `budget`) costs in
# accuracy on labelled recordings, beside the whole network and beside a fixed
# threshold of the same cost, which nobody knows beforehand.
#
#   pipelines/budget.sh DATA MODEL [property=value ...]
#
# Nine evaluations for each budget: some 15 seconds for 1000 recordings.  It is
# held within 2 % from 350 windows on.  As evaluate.sh; BUDGETS: the fractions
# (.3 .5 .8).
set -eu
. "$(dirname "$0")/evaluation.sh"

# measure PROPERTIES [property=value ...]: sets accuracy and cost, in per cent.
measure() {
  evaluate "$@"
  accuracy=$(percent accuracy)
  cost=$(percent mean-cost)
}

percent() {
  number "$1" | awk '{ printf "%.3f", 100 * $1 }'
}

row() {
  printf "%-26s %7.1f %% %8.2f %% %+8.2f\n" "$1" "$cost" "$accuracy" \
    "$(echo "$accuracy $best" | awk '{ print $1 - $2 }')"
}

# The threshold that costs $1 per cent, by halving its logit; leaves accuracy and
# cost.
find_threshold() {
  wanted=$1
  shift
  low=-2 high=14
  for step in 1 2 3 4 5 6 7 8; do
    middle=$(echo "$low $high" | awk '{ print ($1 + $2) / 2 }')
    threshold=$(echo "$middle" | awk '{ printf "%.6f", 1 / (1 + exp(-$1)) }')
    measure "exit-threshold=$threshold" "$@"
    if echo "$cost $wanted" | awk '{ exit !($1 < $2) }'; then
      low=$middle
    else
      high=$middle
    fi
  done
}

echo "                              cost   accuracy  against last"
measure "policy=last" "$@"
best=$accuracy
row "last exit"
measure "max-exit=1" "$@"
row "first exit"
for budget in ${BUDGETS:-.3 .5 .8}; do
  measure "budget=$budget" "$@"
  row "budget $budget"
  find_threshold "$cost" "$@"
  row "... threshold $threshold"
done
