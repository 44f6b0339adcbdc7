#!/usr/bin/env bash
# What the simulation promises about itself.
#
#   check.sh same FOLDER         a seed gives the same hash each time
#   check.sh finds BUG FOLDER    a planted mistake is found within 60 seeds
set -euo pipefail

run=$(dirname "${BASH_SOURCE[0]}")/../simulate
export BANKSIA_BIN=${!#}

fail() {
  printf 'check: %s\n' "$1" >&2
  exit 1
}

case $1 in
  same)
    for seed in 3 5 8 17; do
      first=$("$run" --seed "$seed" | tail -n 1)
      [[ $first =~ ^seed\ $seed\ hash\ [0-9a-f]{16}$ ]] \
        || fail "no hash: $first"
      # Another environment moves everything in memory.
      second=$(PADDING=$(printf '%4000s' x) "$run" --seed "$seed" \
        | tail -n 1)
      [[ $first == "$second" ]] || fail "not the same: $first, $second"
      hashes+=("${first##* }")
    done
    distinct=$(printf '%s\n' "${hashes[@]}" | sort -u | wc -l)
    ((distinct == ${#hashes[@]})) || fail 'two seeds have one hash'
    ;;
  finds)
    code=0
    said=$("$run" --seeds 200 --plant "$2" 2>&1) || code=$?
    ((code == 1)) || fail "$2 is not found: exit $code: $said"
    grep -q '^the last events:$' <<<"$said" || fail "no events: $said"
    # No pipe: its reader may be through before its writer.
    printf '%s\n' "${said%%$'\n'*}"
    ;;
  *)
    fail "no such check: $1"
    ;;
esac
