#!/usr/bin/env bash
# soak.sh lists each run of its table, without a complaint, and knows no other.
#   soak.sh SOAK
set -euo pipefail
soak=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$soak" >"$work/out" 2>"$work/err" </dev/null
if [[ -s $work/err ]]; then
  printf 'it complains: %s\n' "$(<"$work/err")"
  exit 1
fi
named=$(grep -c '^[a-z-]*|[^|]*|[^|]*|.' "$soak")
listed=$(grep -c '^  [a-z]' "$work/out")
if ((named == 0 || named != listed)); then
  printf '%s of %s runs are listed: a script is missing or cannot be run\n' \
    "$listed" "$named"
  exit 1
fi
code=0
"$soak" nonsense >"$work/out" 2>"$work/err" </dev/null || code=$?
if ((code != 2)) || ! grep -q 'no long run of that name: nonsense' "$work/err"; then
  printf 'an unknown name: exit %s, %s\n' "$code" "$(<"$work/err")"
  exit 1
fi
printf '%s runs are listed\n' "$listed"
