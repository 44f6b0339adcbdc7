#!/usr/bin/env bash
# The table of what answers while a part is away is what the test of it expects.
#   degradation.sh DEGRADED PAGE
set -euo pipefail
degraded=$1
page=$2

written=$(mktemp)
trap 'rm -f "$written"' EXIT
python3 "$degraded" --table >"$written"
found=$(sed -n '/^| away |/,/^$/{/^|/p}' "$page")
if ! diff -u <(printf '%s\n' "$found") "$written"; then
  printf '%s differs from the test: put there what this prints:\n' "$page"
  printf '  tests/chaos/degraded.py --table\n'
  exit 1
fi
