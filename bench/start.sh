#!/usr/bin/env bash
# From the start of a demo node to its first 200 on /readyz, and its resident
# memory some seconds later. The median of several starts, each on an empty
# data folder; then once more on the folder of the last.
#
#   bench/start.sh [STARTS] [SECONDS]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

starts=${1:-5}
settle=${2:-20}
need_program "$banksia"
scratch_folder
node=

trap 'stop_node; rm -rf "$scratch"' EXIT

# start_node FOLDER: sets `taken` to the microseconds until readiness.
start_node() {
  local folder=$1 began address='' deadline
  mkdir -p "$folder"
  began=$(now_us)
  deadline=$((began + 60000000))
  "$banksia" run --env demo --data-dir "$folder" \
    --set prediction_port=0 --set evaluation_port=0 --set ml_port=0 --set data_port=0 \
    --set ml_port=0 --set node_port=0 --set dashboard_port=0 \
    >"$scratch/output.txt" 2>&1 </dev/null &
  node=$!
  while :; do
    if [[ -z $address && -e $folder/run/node.json ]]; then
      address=$(field "$folder/run/node.json" addresses.dashboard)
    fi
    if [[ -n $address ]] \
      && curl -fs -o "$scratch/ready.txt" "http://$address/readyz"; then
      break
    fi
    if ! kill -0 "$node" 2>/dev/null; then
      node=
      cat "$scratch/output.txt" >&2
      fail "the node ended before it was ready"
    fi
    (($(now_us) < deadline)) || fail "not ready within 60 s"
    sleep 0.01
  done
  taken=$(($(now_us) - began))
}

# memory NAME: a line of the node's status, in MB.
memory() {
  awk -v name="$1:" '$1 == name { printf "%.1f", $2 / 1024 }' \
    "/proc/$node/status"
}

times=()
for ((i = 1; i <= starts; ++i)); do
  folder=$scratch/node$i
  start_node "$folder"
  times+=("$(seconds "$taken")")
  ((i == starts)) || stop_node
done
printf 'ready after %s s (median of %d first starts: %s)\n' \
  "$(median "${times[@]}")" "$starts" "${times[*]}"
sleep "$settle"
printf 'after %s s of the demo: resident %s MB, at most %s MB so far\n' \
  "$settle" "$(memory VmRSS)" "$(memory VmHWM)"
stop_node
start_node "$folder"
printf 'ready again after %s s, on the data of the run before\n' \
  "$(seconds "$taken")"
