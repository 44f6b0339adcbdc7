#!/usr/bin/env bash
# Judging forecasts: one forecast beside the seven baselines, every figure with
# its interval, against one pass that adds up their log losses and successes.
# The samples are made by the program. Alternating pairs, the median of their
# ratio.
#
#   bench/evaluation.sh [PAIRS] [SAMPLES]
#
# The ratio is ours over the peer's: 1 is as fast, less is slower.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

program=$build_folder/bin/bench_evaluation
need_program "$program"
exec "$program" "$@"
