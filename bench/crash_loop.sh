#!/usr/bin/env bash
# What a symbol that crashes all the time costs the others.
#
#   bench/crash_loop.sh [PAIRS] [CYCLES]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_program "$build_folder/bin/bench_crash_loop"
scratch_folder
cd "$scratch"
"$build_folder/bin/bench_crash_loop" "$@"
