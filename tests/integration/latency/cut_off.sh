#!/usr/bin/env bash
# A query that takes longer than its request has: cut off (cut_off.py).
#   cut_off.sh BINARY_DIR
set -euo pipefail
binaries=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../demo_node.sh"
needs python3 curl

mkdir -p "$folder/data"
"$binaries/bench_latency_rows" "$folder/data/trading_predictions.db" 600000 \
  >"$work/made" 2>"$work/node.log" || fail "no database"

# A clock that stands nearly still: nobody writes meanwhile.
environment=production
start_node price_source=store clock=accelerated clock_speed=0.001 ml=off \
  prediction_interval_minutes=1 simulation_interval_minutes=30 reads_per_minute=0
python3 "$here/cut_off.py" "http://$(address dashboard)" \
  || fail "cut_off.py failed"
drain_node
