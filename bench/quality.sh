#!/usr/bin/env bash
# Speed of the quality rules, online and of whole series, on one core, over
# recorded daily bars 1997 to 2022, against a rolling median over the same rows.
#
#   bench/quality.sh [DATA] [PAIRS]
#
# The peer does far less: it shows what reading the rows with a small window
# costs at the least.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

data=${1:-$repository/../shared/data}
pairs=${2:-5}
folder=market/asx_raw_daily_1997-2022
need_program "$build_folder/bin/bench_quality"
need_data "$data" "$folder"
exec "$build_folder/bin/bench_quality" "$pairs" "$data/$folder"/*.csv
