#!/usr/bin/env bash
# A node on years of predictions: every list, page by page and filtered, and every
# count, compared with a calculation from the tables. How long answers take is
# bench/latency.sh's; here no list may make a query that reads a table whole.
#   latency.sh BINARY_DIR
set -euo pipefail
binaries=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../levels/demo_node.sh"
needs python3 sqlite3 curl

database=$folder/data/trading_predictions.db
mkdir -p "$folder/data"
"$binaries/bench_latency_rows" "$database" 100000 >"$work/made" 2>"$work/node.log" \
  || fail "no database"

# A clock that stands nearly still: what is read is then what is compared.
"$binaries/banksia" run --data-dir "$folder" --set price_source=store \
  --set clock=accelerated --set clock_speed=0.001 --set ml=off \
  --set prediction_interval_minutes=1 --set simulation_interval_minutes=30 \
  --set reads_per_minute=0 --set prediction_port=0 --set evaluation_port=0 \
  --set ml_port=0 --set data_port=0 --set dashboard_port=0 --set node_port=0 \
  >>"$work/node.log" 2>&1 </dev/null &
node=$!
until_done 60 "the node listens" test -s "$folder/run/node.json"
until_done 60 "the node is ready" \
  curl -sf -o "$work/ready" "http://$(address dashboard)/readyz"
python3 "$here/latency.py" "$database" "http://$(address dashboard)" \
  || fail "latency.py failed"
stop_node TERM
[[ $status == 0 ]] || fail "exit $status after SIGTERM"
