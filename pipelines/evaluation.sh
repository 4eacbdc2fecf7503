# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# What budget.sh and evaluate.sh share: they read it with `.`.  It takes the
# first two of their words, DATA and MODEL; what is left are properties of
# mxdatasetsrc.

[ $# -ge 2 ] || exec "$(dirname "$0")/usage.sh" "$0"
data=$(realpath "$1")
model=$(realpath "$2")
shift 2
cd "$(dirname "$0")/.."
. pipelines/environment.sh
report=$(mktemp)
trap 'rm -f "$report"' EXIT

# evaluate PROPERTIES [property=value ...]: of mxclassify, of mxdatasetsrc.
evaluate() {
  properties=$1
  shift
  gst-launch-1.0 \
    mxdatasetsrc location="$data" "$@" ! ${FILTER:-identity} ! \
    mxclassify model-file="$model" post-messages=false ${SETTINGS:-} \
      $properties ! \
    mxevalsink location="$report" >/dev/null
}

# number NAME: of the last evaluation.  Members of the outermost object are
# indented by two blanks.
number() {
  sed -n "s/^  \"$1\": \([0-9][^,]*\).*/\1/p" "$report"
}
