# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# What the listen-*.sh scripts share: they read it with `.`.  Options are words
# name=value; what stands behind -- are properties of mxclassify.

here=$(cd "$(dirname "$0")" && pwd)
me=$(basename "$0")

complain() {
  echo "$me: $*" >&2
  exit 2
}

# take_options NAMES WORD...: sets the variable of each option that is given.
take_options() {
  known=$1
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    name=${1%%=*}
    case $1 in
      -h | --help | help) exec "$here/usage.sh" "$0" ;;
      *=*) ;;
      *) complain "\"$1\" is no option; expected name=value, names: $known" ;;
    esac
    case $name in
      '' | *[!a-z]*) complain "\"$1\": expected name=value, names: $known" ;;
    esac
    case " $known " in
      *" $name "*) ;;
      *) complain "there is no option \"$name\"; there are: $known" ;;
    esac
    eval "$name=\${1#*=}"
    shift
  done
  [ $# = 0 ] || shift
  properties=$*
}

# check_number NAME FROM TO
check_number() {
  eval "value=\$$1"
  case $value in
    '' | *[!0-9]* | ??????????*) ;;
    *) [ "$value" -lt "$2" ] || [ "$value" -gt "$3" ] || return 0 ;;
  esac
  complain "$1=$value: expected a whole number from $2 to $3"
}

# check_word NAME WORD...
check_word() {
  name=$1
  shift
  eval "value=\$$name"
  case $value in
    *[!A-Za-z0-9]*) ;;
    ?*) case " $* " in *" $value "*) return 0 ;; esac ;;
  esac
  complain "$name=$value: expected one of $*"
}

# The model as a whole path, because listen() leaves this folder.
check_model() {
  [ -n "$model" ] || return 0
  [ -f "$model" ] && [ -r "$model" ] ||
    complain "model=$model: expected a model file that can be read"
  model=$(realpath "$model")
}

# Raw bytes do not say what they are: the caps do.  Without the mask of zero,
# six channels would be the six loudspeakers of a cinema.
check_samples() {
  check_number rate 1 10000000
  check_number channels 1 64
  check_word format F32LE F32BE F64LE F64BE S8 U8 S16LE S16BE U16LE U16BE \
    S24LE S24BE S32LE S32BE U32LE U32BE
  check_model
  caps="audio/x-raw,format=$format,rate=$rate,channels=$channels"
  caps="$caps,layout=interleaved,channel-mask=(bitmask)0x0"
}

# The element that is installed, or found by `meson devenv` or `meson test`; if
# there is none, the one of this tree.  The variables are those of `meson
# devenv`, which itself would die of Ctrl-C before the pipeline has ended.
find_element() {
  # Not --exists, which wants the version of GStreamer itself.
  if ! gst-inspect-1.0 mxclassify >/dev/null 2>&1; then
    (cd "$here/.." && pipelines/build.sh)
    root=$(cd "$here/.." && pwd)
    GST_PLUGIN_PATH=$root/build/gst/elements${GST_PLUGIN_PATH:+:$GST_PLUGIN_PATH}
    GST_REGISTRY=$root/build/registry.dat
    export GST_PLUGIN_PATH GST_REGISTRY
  fi
}

# One line for each answer, at once: mawk would wait for a whole block of them.
show() {
  case $(awk -W version 2>&1 </dev/null) in
    mawk*) exec awk -W interactive -v live=1 -f "$here/table.awk" ;;
    *) exec awk -v live=1 -f "$here/table.awk" ;;
  esac
}

# listen WORD...: runs a source, as for gst-launch-1.0, into mxclassify until
# its end.  Ctrl-C, or a signal to the script, is the end of the stream too: the
# answers that are due still come, then the sum.
listen() {
  find_element
  set -- "$@" ! mxclassify ${model:+model-file="$model"} $properties ! fakesink
  echo "gst-launch-1.0 -e -m $*"
  echo
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  mkfifo "$folder/said"
  # Only this script hears a signal to all of them, as Ctrl-C is; but
  # gst-launch-1.0 hears Ctrl-C in spite of that.
  trap '' INT TERM HUP
  show <"$folder/said" &
  table=$!
  gst-launch-1.0 -e -m "$@" >"$folder/said" 2>&1 &
  launched=$!
  trap 'kill -INT $launched 2>/dev/null' TERM HUP
  # A signal ends `wait`, not the pipeline; the table ends with the pipeline.
  status=0
  wait $table || status=$?
  while kill -0 $table 2>/dev/null; do
    status=0
    wait $table || status=$?
  done
  trap '' TERM HUP
  # Up to 1.22 it may not end after an error at the start.
  [ $status != 3 ] || kill -KILL $launched 2>/dev/null || true
  wait $launched 2>/dev/null || status=1
  exit $status
}
