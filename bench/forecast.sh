#!/usr/bin/env bash
# Training steps and epochs against the same networks in Python PyTorch
# (python3-torch of Debian: the same library and BLAS), one thread each,
# alternating pairs; then forecasts of 2,200 symbols and the memory of a process
# that serves them.
#
#   bench/forecast.sh [PAIRS] [EPOCHS] [ROWS]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

pairs=${1:-5}
epochs=${2:-6}
rows=${3:-8192}
batch=256
# Debian's own: another python3 in the path does not see Debian's packages.
python=/usr/bin/python3
bench=$build_folder/bin/bench_forecast
need_program "$bench"
scratch_folder
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

# figure FILE NAME
figure() {
  awk -v name="$2" '$1 == name { print $2; found = 1 } END { exit !found }' "$1"
}

ours() {
  "$bench" train "$1" "$rows" "$batch" "$epochs" >"$scratch/ours"
}

peer() {
  "$python" "$repository/bench/forecast_peer.py" "$1" "$rows" "$batch" "$epochs" >"$scratch/peer"
}

compare() {
  local kind=$1 pair name
  local -A ratios=() mine=() theirs=()
  for ((pair = 0; pair < pairs; ++pair)); do
    if ((pair % 2 == 0)); then
      ours "$kind"
      peer "$kind"
    else
      peer "$kind"
      ours "$kind"
    fi
    for name in step_ms epoch_ms; do
      mine[$name]+=" $(figure "$scratch/ours" "$name")"
      theirs[$name]+=" $(figure "$scratch/peer" "$name")"
      ratios[$name]+=" $(awk -v a="$(figure "$scratch/ours" "$name")" \
        -v b="$(figure "$scratch/peer" "$name")" 'BEGIN { print a / b }')"
    done
  done
  for name in step_ms epoch_ms; do
    # Unquoted: one argument a figure.
    # shellcheck disable=SC2086
    printf '%-10s %-9s ours %10.3f   PyTorch %10.3f   ratio %.3f\n' "$kind" "$name" \
      "$(median ${mine[$name]})" "$(median ${theirs[$name]})" "$(median ${ratios[$name]})"
  done
}

if "$python" -c 'import torch' 2>/dev/null; then
  printf '%d pairs of %d epochs, %d rows, batches of %d, one thread\n' \
    "$pairs" "$epochs" "$rows" "$batch"
  compare mlp
  compare recurrent
else
  say "no PyTorch to compare with: apt install python3-torch: training is not compared"
fi

for kind in mlp ensemble; do
  "$bench" make "$kind" "$scratch/$kind.model"
  "$bench" serve "$scratch/$kind.model" 2200 30 >"$scratch/serve"
  printf '%-10s 2,200 symbols: %.1f ms (%.1f of the processor; first %.1f, slowest %.1f); one row %.2f ms; loads in %.1f ms; resident %.0f MB\n' \
    "$kind" "$(figure "$scratch/serve" forecast_ms)" "$(figure "$scratch/serve" cpu_ms)" "$(figure "$scratch/serve" first_ms)" \
    "$(figure "$scratch/serve" slowest_ms)" "$(figure "$scratch/serve" one_row_ms)" \
    "$(figure "$scratch/serve" load_ms)" "$(figure "$scratch/serve" resident_mb)"
done
