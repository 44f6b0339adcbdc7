#!/usr/bin/env bash
# Committed predictions a second through the writer actor against a bare loop
# of prepared statements over the same rows; alternating pairs.
#
#   bench/store.sh [PAIRS] [CYCLES] [WINDOW]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_program "$build_folder/bin/bench_store"
scratch_folder
"$build_folder/bin/bench_store" "$scratch" "$@"
