#!/usr/bin/env bash
# A node on years of predictions: every list, page by page and filtered, and every
# count, compared with a calculation from the tables. How long answers take is
# bench/latency.sh's; here no list may make a query that reads a table whole.
#   latency.sh BINARY_DIR
set -euo pipefail
binaries=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../demo_node.sh"
needs python3 sqlite3 curl

database=$folder/data/trading_predictions.db
mkdir -p "$folder/data"
"$binaries/bench_latency_rows" "$database" 100000 >"$work/made" 2>"$work/node.log" \
  || fail "no database"

# A clock that stands nearly still: what is read is then what is compared.
environment=production
start_node price_source=store clock=accelerated clock_speed=0.001 ml=off \
  prediction_interval_minutes=1 simulation_interval_minutes=30 reads_per_minute=0
python3 "$here/latency.py" "$database" "http://$(address dashboard)" \
  || fail "latency.py failed"
drain_node
