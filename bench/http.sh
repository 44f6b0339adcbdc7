#!/usr/bin/env bash
# Requests a second of a running node beside a server of Beast and CAF alone
# that sends the same bytes: `/livez`, and `/predictions/latest`, for which both
# ask one actor a request. In turns, so that the machine's moods hit both.
#
#   bench/http.sh [ROUNDS] [SECONDS]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rounds=${1:-5}
length=${2:-4}
connections=32
bare=$build_folder/bin/bench_bare_http
need_program "$banksia"
need_program "$bare"
command -v wrk >/dev/null || install_packages wrk
scratch_folder

node_pid=
bare_pid=
finish() {
  [ -z "$node_pid" ] || kill -TERM "$node_pid" 2>/dev/null || true
  [ -z "$bare_pid" ] || kill -TERM "$bare_pid" 2>/dev/null || true
  wait
  rm -rf "$scratch"
}
trap finish EXIT

# The market stands almost still: what is measured is the answering.
"$banksia" run --env demo --data-dir "$scratch" --set clock_speed=1 \
  --set prediction_port=0 --set evaluation_port=0 --set ml_port=0 --set data_port=0 \
  --set dashboard_port=0 --set node_port=0 2>"$scratch/stderr" &
node_pid=$!
until [ -s "$scratch/run/node.json" ]; do
  kill -0 "$node_pid" 2>/dev/null || { cat "$scratch/stderr"; fail "the node did not start"; }
  sleep 0.1
done
node=http://$(field "$scratch/run/node.json" addresses.prediction)
curl -sf "$node/livez" >"$scratch/livez"
latest=$scratch/latest
curl -sf "$node/predictions/latest" >"$latest"

coproc BARE { exec "$bare" "$scratch/livez" "$latest" 2; }
bare_pid=$BARE_PID
read -r port <&"${BARE[0]}"
peer=http://127.0.0.1:$port

# rate URL: requests a second; every answer must be a 2xx.
rate() {
  wrk -t1 -c"$connections" -d"${length}s" "$1" >"$scratch/wrk"
  ! grep -q 'Non-2xx' "$scratch/wrk" || fail "$1: not every answer was a success"
  awk '/Requests\/sec/ { print $2 }' "$scratch/wrk"
}

say "$rounds rounds of ${length} s, $connections connections, /predictions/latest is $(wc -c <"$latest") bytes"
for path in /livez /predictions/latest; do
  ratios=()
  for ((i = 1; i <= rounds; ++i)); do
    ours=$(rate "$node$path")
    theirs=$(rate "$peer$path")
    ratios+=("$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.3f", a / b }')")
    printf '  %-20s %9s /s  bare %9s /s  ratio %s\n' "$path" "$ours" "$theirs" "${ratios[-1]}"
  done
  printf '%-20s median ratio %s\n' "$path" "$(median "${ratios[@]}")"
done
