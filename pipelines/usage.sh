#!/bin/sh
# Prints the comment at the head of a script, which is its manual: for the other
# scripts, when they are called with too few words.
#
#   pipelines/usage.sh SCRIPT
sed -n '2,/^set/ { /^set/d; s/^# \{0,1\}//; p }' "$1" >&2
exit 2
