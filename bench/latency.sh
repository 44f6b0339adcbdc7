#!/usr/bin/env bash
# How long a node takes to answer when much is stored: /predictions/latest at
# 1,000 requests a second, then every GET route of /openapi.json, lists with
# filters, orders and pages from all over what is stored; the store's queries;
# start-up and memory. The node runs on meanwhile, its market at ten times
# the wall's speed with a cycle each market minute.
#
#   bench/latency.sh [PREDICTIONS] [FOLDER]
#
# FOLDER keeps the database for the next time; without it a scratch folder is
# used. Ten million predictions take 15 GB. Exit 1 where a limit is missed:
# 5 ms for the latest and for each query, 20 ms for lists, all of the 99th
# percentile; 100 MB of memory. Each target is asked once before it is measured:
# `first` is the longest of those, with pages of old rows read from the disk.
#
# REALTIME=1 lets node and client run before whatever else the machine does; then
# `/livez`, which asks nobody, tells what is left of that. `commit`
# waits for the disk, so it has no limit; beside it the bench
# tells how long an fdatasync of that disk takes meanwhile.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

predictions=${1:-10000000}
load=$build_folder/bin/bench_open_load
rows=$build_folder/bin/bench_latency_rows
for program in "$banksia" "$load" "$rows"; do
  need_program "$program"
done
scratch_folder
folder=${2:-$scratch/node}
database=$folder/data/trading_predictions.db
made=$folder/made.json
missed=0
node=
before_others=()
client_before=()
if [[ -n ${REALTIME:-} ]]; then
  before_others=(chrt -r 1)
  # Threads of one such priority wait 100 ms for each other: the client must not
  # be charged for that.
  client_before=(chrt -r 2)
fi

disk=
trap '[[ -z $disk ]] || kill "$disk"; stop_node; rm -rf "$scratch"' EXIT

if [[ ! -s $made ]]; then
  mkdir -p "$folder/data"
  "$rows" "$database" "$predictions" >"$scratch/made.json" 2>/dev/null
  mv "$scratch/made.json" "$made"
fi
say "stored: $(cat "$made")"

began=$(now_us)
"${before_others[@]}" "$banksia" run --data-dir "$folder" --set price_source=store --set clock=accelerated \
  --set clock_speed=10 --set prediction_interval_minutes=1 \
  --set simulation_interval_minutes=30 --set ml=off --set reads_per_minute=0 \
  --set prediction_port=0 --set evaluation_port=0 --set ml_port=0 --set data_port=0 \
  --set dashboard_port=0 --set node_port=0 >"$scratch/output.txt" 2>&1 </dev/null &
node=$!
address=
until [[ -n $address ]] && curl -sfo "$scratch/ready" "http://$address/readyz"; do
  kill -0 "$node" 2>/dev/null || { cat "$scratch/output.txt"; fail "the node did not start"; }
  sleep 0.02
  [[ ! -s $folder/run/node.json ]] \
    || [[ $(field "$folder/run/node.json" pid) != "$node" ]] \
    || address=$(field "$folder/run/node.json" addresses.dashboard)
done
printf 'ready after %s s\n' "$(seconds $(($(now_us) - began)))"
port=${address##*:}
# What a commit waits for whatever the program does, on that disk in this time.
python3 "$repository/bench/latency_routes.py" disk "$folder/data/disk" &
disk=$!

# check LIMIT P99: "ok", or "SLOW" and the whole bench has failed.
check() {
  if [[ $1 == 0 ]]; then
    verdict=
  elif awk -v p="$2" -v limit="$1" 'BEGIN { exit !(p < limit) }'; then
    verdict=ok
  else
    verdict="SLOW (limit $1)"
    missed=1
  fi
}

# measure NAME LIMIT RATE SECONDS CONNECTIONS: targets on stdin.
measure() {
  local count failures p50 p99 most first asked=$scratch/asked_now
  cat >"$asked"
  count=$(wc -l <"$asked")
  read -r _ _ _ _ first < <("${client_before[@]}" "$load" "$port" 20 \
    "$(awk -v n="$count" 'BEGIN { print n / 20 + 0.001 }')" 1 <"$asked") \
    || fail "$1: no answers"
  read -r count failures p50 p99 most < <("${client_before[@]}" "$load" "$port" "$3" "$4" "$5" \
    <"$asked") \
    || fail "$1: no answers"
  check "$2" "$p99"
  printf '%-48s %6d  p50 %7.3f  p99 %7.3f  max %7.3f  first %7.3f ms  %s\n' \
    "$1" "$count" "$p50" "$p99" "$most" "$first" "$verdict"
  [[ $failures == 0 ]] || { printf '  %s answers were no 2xx\n' "$failures"; missed=1; }
}

measure '/livez, 1,000/s' 0 1000 5 64 <<<'/livez'
measure '/predictions/latest, 1,000/s for 30 s' 5 1000 30 64 <<<'/predictions/latest'

python3 "$repository/bench/latency_routes.py" targets "http://$address" \
  "$(field "$made" first_slot)" "$(field "$made" last_slot)" >"$scratch/targets"
while IFS=$'\t' read -r name limit targets; do
  printf '%s\n' "$targets" | tr '\t' '\n' >"$scratch/asked"
  measure "$name" "$limit" 100 4 16 <"$scratch/asked"
done <"$scratch/targets"

curl -sfo "$scratch/metrics" "http://$address/metrics"
echo 'queries of the store (p99 below 5 ms):'
python3 "$repository/bench/latency_routes.py" queries "$scratch/metrics" 5 || missed=1
# megabytes FIELD: of the node's memory.
megabytes() {
  awk -v field="$1:" '$1 == field { print $2 / 1000 }' "/proc/$node/status"
}
memory=$(megabytes VmRSS)
check 100 "$memory"
printf 'memory: %s MB resident (%s its own, %s of files: program and libraries), %s at most  %s\n' \
  "$memory" "$(megabytes RssAnon)" "$(megabytes RssFile)" "$(megabytes VmHWM)" "$verdict"
kill -TERM "$disk" && wait "$disk" && disk=
stop_node
((missed == 0)) || fail "a limit was missed"
