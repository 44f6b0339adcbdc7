#!/usr/bin/env bash
# What traces cost: three nodes of the demo's market, one that traces nothing,
# one that samples a trace in a hundred, one that samples all, with a collector
# that takes everything. Processor time of a node for each answer of
# /predictions/latest, and for each cycle of its seven symbols at an hour of the
# market a second. In turns; the median of the ratio to the node that traces
# nothing.
#
#   bench/tracing.sh [ROUNDS] [SECONDS]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rounds=${1:-5}
length=${2:-4}
connections=16
need_program "$banksia"
command -v wrk >/dev/null || install_packages wrk
command -v node >/dev/null || fail "no node: install nodejs"
scratch_folder

pids=()
finish() {
  [ ${#pids[@]} -eq 0 ] || kill -TERM "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$scratch"
}
trap finish EXIT

node -e '
  const server = require("http").createServer((request, response) => {
    request.resume().on("end", () => response.end("{}"));
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
' >"$scratch/port" &
pids+=($!)
until [ -s "$scratch/port" ]; do sleep 0.1; done
collector=http://127.0.0.1:$(cat "$scratch/port")

names=(off 1% 100%)
endpoints=("" "$collector" "$collector")
ratios=(1 0.01 1)
nodes=()
addresses=()
for i in 0 1 2; do
  folder=$scratch/$i
  mkdir "$folder"
  "$banksia" run --env demo --data-dir "$folder" --set clock_speed=3600 \
    --set ml=off --set reads_per_minute=0 \
    --set prediction_port=0 --set evaluation_port=0 --set ml_port=0 --set data_port=0 \
    --set dashboard_port=0 --set node_port=0 \
    --set tracing_endpoint="${endpoints[i]}" --set tracing_sample_ratio="${ratios[i]}" \
    2>"$folder/stderr" &
  nodes+=($!)
  pids+=($!)
  until [ -s "$folder/run/node.json" ]; do
    kill -0 "${nodes[i]}" 2>/dev/null || { cat "$folder/stderr"; fail "the node did not start"; }
    sleep 0.1
  done
  addresses+=("http://$(field "$folder/run/node.json" addresses.prediction)")
done

# ticks PID: processor time of a process so far, in hundredths of a second.
ticks() {
  awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# database I
database() {
  find "$scratch/$1" -name '*.db' -print -quit
}

# cycles I: the cycles that a node has stored.
cycles() {
  sqlite3 "$(database "$1")" "SELECT count(*) FROM cycles WHERE status <> 'scheduled'"
}
until (($(cycles 0) > 0 && $(cycles 1) > 0 && $(cycles 2) > 0)); do sleep 0.2; done

# per_cycle I: microseconds of a node for each cycle, while nobody asks.
per_cycle() {
  local before=$(ticks "${nodes[$1]}") done=$(cycles "$1")
  sleep "$length"
  awk -v used=$(($(ticks "${nodes[$1]}") - before)) -v made=$(($(cycles "$1") - done)) \
    'BEGIN { if (made < 1) exit 1; print used * 1e4 / made }' \
    || fail "no cycle within $length s: measure for longer"
}

# per_request I: microseconds of a node for each answer.
per_request() {
  local before=$(ticks "${nodes[$1]}")
  wrk -t1 -c"$connections" -d"${length}s" "${addresses[$1]}/predictions/latest" >"$scratch/wrk"
  ! grep -q 'Non-2xx' "$scratch/wrk" || fail "not every answer was a success"
  awk -v used=$(($(ticks "${nodes[$1]}") - before)) \
    '/requests in/ { print used * 1e4 / $1 }' "$scratch/wrk"
}

say "$rounds rounds of ${length} s a node, $connections connections; all three nodes run at once"
for what in per_request per_cycle; do
  sampled=()
  all=()
  for ((round = 1; round <= rounds; ++round)); do
    costs=()
    for i in 0 1 2; do
      costs+=("$($what "$i")")
    done
    sampled+=("$(awk -v a="${costs[1]}" -v b="${costs[0]}" 'BEGIN { printf "%.3f", a / b }')")
    all+=("$(awk -v a="${costs[2]}" -v b="${costs[0]}" 'BEGIN { printf "%.3f", a / b }')")
    printf '  %-12s %s %8.1f us  %s %8.1f us (%s)  %s %8.1f us (%s)\n' "$what" \
      "${names[0]}" "${costs[0]}" "${names[1]}" "${costs[1]}" "${sampled[-1]}" \
      "${names[2]}" "${costs[2]}" "${all[-1]}"
  done
  printf '%-12s median ratio to off: %s %s, %s %s\n' "$what" \
    "${names[1]}" "$(median "${sampled[@]}")" "${names[2]}" "$(median "${all[@]}")"
done
