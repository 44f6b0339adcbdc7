#!/usr/bin/env bash
# Headlines a second through the lexicon's scorer on one thread, against a plain
# pass that lower-cases and hashes the words of the same text; alternating pairs.
#
#   bench/sentiment.sh [PAIRS] [HEADLINES]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_program "$build_folder/bin/bench_sentiment"
"$build_folder/bin/bench_sentiment" "$@"
