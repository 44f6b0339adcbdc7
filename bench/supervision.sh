#!/usr/bin/env bash
# What supervision costs.
#
#   bench/supervision.sh [PAIRS] [ROUNDS]
#
# restart: from a crash to the first reply of the replacement, ready handshake
#   on, no pause, reports written to files by both sides; against OTP's supervisor that restarts a gen_server
#   (erlang-base, installed when it is missing), alternating; the figures are
#   the medians of the pairs' ratios.
# messages: a supervised actor against a bare CAF actor, 25 alternating pairs.
# scale: start and stop of 10,000 children, bytes beside a bare CAF actor.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

pairs=${1:-9}
rounds=${2:-2000}
program=$build_folder/bin/bench_supervision
need_program "$program"
command -v erl >/dev/null || install_packages erlang-base
scratch_folder
erlc -o "$scratch" "$repository"/bench/supervision{,_worker}.erl

typical=()
slow=()
for ((i = 1; i <= pairs; ++i)); do
  for side in $( ((i % 2)) && echo "ours theirs" || echo "theirs ours"); do
    if [[ $side == ours ]]; then
      read -r our_p50 our_p99 < <("$program" restart "$rounds" "$scratch")
    else
      read -r their_p50 their_p99 < <(cd "$scratch" \
        && erl -noshell -noinput -run supervision main "$rounds" \
          2>/dev/null </dev/null)
    fi
  done
  typical+=("$(awk "BEGIN { print $our_p50 / $their_p50 }")")
  slow+=("$(awk "BEGIN { print $our_p99 / $their_p99 }")")
  printf 'pair %d: ours p50 %.1f us, p99 %.1f us; OTP p50 %.1f us, p99 %.1f us\n' \
    "$i" "$our_p50" "$our_p99" "$their_p50" "$their_p99"
done
printf 'crash to first reply, ours over OTP: p50 %.2f, p99 %.2f (medians of %d pairs)\n' \
  "$(median "${typical[@]}")" "$(median "${slow[@]}")" "$pairs"
"$program" messages
"$program" scale
