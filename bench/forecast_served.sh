#!/usr/bin/env bash
# Forecasts of 2,200 symbols from end to end: a question to the node's gate, over
# TLS to banksia-ml and back, beside the same model in one process; and the
# memory of banksia-ml.
#
#   bench/forecast_served.sh [ROUNDS]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rounds=${1:-30}
served=$build_folder/bin/bench_forecast_served
alone=$build_folder/bin/bench_forecast
program=$build_folder/bin/banksia-ml
need_program "$served"
need_program "$alone"
need_program "$program"
scratch_folder
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

# figure FILE NAME
figure() {
  awk -v name="$2" '$1 == name { print $2; found = 1 } END { exit !found }' "$1"
}

for kind in mlp ensemble; do
  mkdir "$scratch/$kind"
  "$served" "$kind" 2200 "$rounds" "$scratch/$kind" "$program" >"$scratch/served"
  "$alone" make "$kind" "$scratch/$kind.model"
  "$alone" serve "$scratch/$kind.model" 2200 "$rounds" >"$scratch/alone"
  printf '%-10s 2,200 symbols: end to end %.1f ms (first %.1f, slowest %.1f), in one process %.1f (%.1f of the processor); banksia-ml resident %.0f MB\n' \
    "$kind" "$(figure "$scratch/served" forecast_ms)" "$(figure "$scratch/served" first_ms)" \
    "$(figure "$scratch/served" slowest_ms)" "$(figure "$scratch/alone" forecast_ms)" "$(figure "$scratch/alone" cpu_ms)" \
    "$(figure "$scratch/served" resident_mb)"
done
