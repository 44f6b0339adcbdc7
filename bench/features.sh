#!/usr/bin/env bash
# Features: each bar added and all features of prices and volumes asked for after
# it, on one core, against pandas (python3-pandas), which computes the same
# columns of the same daily bars all at once: over two years of one symbol, over
# 25 and over a series that is far longer than any, where its fixed cost a column
# is gone. Processor time of both, alternating pairs, the median of their ratio.
# Fails when the columns are not the same.
#
#   bench/features.sh [PAIRS] [BARS…]
#
# The ratio is the peer's time over ours: above 1 we are faster. Bars of 30
# minutes, whose changes over hours no daily column has, follow without a peer.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

pairs=${1:-5}
sizes=("${@:2}")
((${#sizes[@]} > 0)) || sizes=(504 6300 500000)
program=$build_folder/bin/bench_features
need_program "$program"
# Debian's package belongs to Debian's interpreter, not to another in the PATH.
python=/usr/bin/python3
if ! "$python" -c 'import pandas' 2>/dev/null; then
  printf 'banksia-skip: no peer: apt-get install python3-pandas\n'
  exit 0
fi
scratch_folder

ours() { "$program" run "$1" >"$scratch/ours"; }
theirs() { "$python" "$repository/bench/features_pandas.py" "$scratch/bars.csv" >"$scratch/theirs"; }
seconds_in() { awk '$1 == "seconds" { print $2 }' "$1"; }
rate() { awk -v n="$1" -v s="$2" 'BEGIN { printf "%.2f", n / s / 1e6 }'; }

# Counts are equal, sums but for rounding: a running deviation of pandas keeps
# 8 digits or so.
same_columns() {
  awk '
  $1 == "seconds" { next }
  NR == FNR { count[$1] = $2; sum[$1] = $3; next }
  {
    ++compared
    d = $3 - sum[$1]
    size = ($3 < 0 ? -$3 : $3) + 1
    if (!($1 in count) || $2 != count[$1] || d > 1e-6 * size || -d > 1e-6 * size) {
      printf "%s differs: %s %s, by pandas %s %s\n", $1, $2, $3, count[$1], sum[$1]
      bad = 1
    }
    delete count[$1]
  }
  END {
    for (name in count) { printf "%s is missing\n", name; bad = 1 }
    if (bad || compared == 0) exit 1
    printf "%d columns agree\n", compared
  }' "$scratch/theirs" "$scratch/ours"
}

measure() {
  local bars=$1 pair our_times=() their_times=() ratios=() half_hours=()
  "$program" write "$bars" >"$scratch/bars.csv"
  for ((pair = 0; pair < pairs; ++pair)); do
    if ((pair % 2 == 0)); then ours "$bars" && theirs; else theirs && ours "$bars"; fi
    our_times+=("$(seconds_in "$scratch/ours")")
    their_times+=("$(seconds_in "$scratch/theirs")")
    ratios+=("$(awk -v a="${their_times[-1]}" -v b="${our_times[-1]}" 'BEGIN { print a / b }')")
    "$program" intraday "$bars" >"$scratch/half_hours"
    half_hours+=("$(seconds_in "$scratch/half_hours")")
  done
  printf '%s bars: ' "$bars"
  same_columns
  printf 'daily bars        %s M bars/s\n' "$(rate "$bars" "$(median "${our_times[@]}")")"
  printf 'pandas            %s M bars/s\n' "$(rate "$bars" "$(median "${their_times[@]}")")"
  printf 'ratio             %.1f\n' "$(median "${ratios[@]}")"
  printf 'half-hours        %s M bars/s\n' "$(rate "$bars" "$(median "${half_hours[@]}")")"
}

for size in "${sizes[@]}"; do
  measure "$size"
done
