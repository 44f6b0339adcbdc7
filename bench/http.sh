#!/usr/bin/env bash
# Requests a second of a running node beside a server of Beast and CAF alone
# that sends the same bodies: `/livez`, and `/predictions/latest`, for which both
# ask one actor a request. Both have two threads for connections, CAF's workers
# set alike, and no core of their own. In turns of a second, each pair in the
# other order, so that the machine's moods hit both.
#
#   bench/http.sh [ROUNDS] [SECONDS]     ROUNDS x SECONDS pairs
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rounds=${1:-5}
pairs=$((rounds * ${2:-4}))
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

"$banksia" run --env demo --data-dir "$scratch" \
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
# The demo's market goes on while it is measured; its first cycle comes soon.
for ((tries = 0; ; ++tries)); do
  curl -sf "$node/predictions/latest" >"$latest"
  [ "$(field "$latest" 'predictions[0].prediction_id')" = "" ] || break
  ((tries < 600)) || fail "the node made no prediction within a minute"
  sleep 0.1
done

coproc BARE { exec "$bare" "$scratch/livez" "$latest" 2; }
bare_pid=$BARE_PID
read -r port <&"${BARE[0]}"
peer=http://127.0.0.1:$port

# ticks PID: processor time of a process so far, in hundredths of a second.
ticks() {
  awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# rate PID URL: requests a second, and microseconds of that process for each, which
# a busy machine disturbs less; every answer must be a 2xx.
rate() {
  local before
  before=$(ticks "$1")
  wrk -t1 -c"$connections" -d1s "$2" >"$scratch/wrk"
  ! grep -q 'Non-2xx' "$scratch/wrk" || fail "$2: not every answer was a success"
  awk -v used=$(($(ticks "$1") - before)) '
    /requests in/ { count = $1 }
    /Requests\/sec/ { print $2, used * 1e4 / count }' "$scratch/wrk"
}

# measure_ours PATH, measure_theirs PATH: set ours and our_us, theirs and their_us.
measure_ours() { read -r ours our_us < <(rate "$node_pid" "$node$1"); }
measure_theirs() { read -r theirs their_us < <(rate "$bare_pid" "$peer$1"); }

say "$pairs pairs of 1 s each, $connections connections, /predictions/latest is $(wc -c <"$latest") bytes"
for path in /livez /predictions/latest; do
  ratios=()
  costs=()
  for ((i = 1; i <= pairs; ++i)); do
    if ((i % 2)); then
      measure_ours "$path"
      measure_theirs "$path"
    else
      measure_theirs "$path"
      measure_ours "$path"
    fi
    ratios+=("$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.3f", a / b }')")
    costs+=("$(awk -v a="$our_us" -v b="$their_us" 'BEGIN { printf "%.3f", b / a }')")
    printf '  %-20s %9s /s (%.1f us)  bare %9s /s (%.1f us)  ratio %s, of processor time %s\n' \
      "$path" "$ours" "$our_us" "$theirs" "$their_us" "${ratios[-1]}" "${costs[-1]}"
  done
  printf '%-20s median ratio %s, of processor time %s\n' "$path" \
    "$(median "${ratios[@]}")" "$(median "${costs[@]}")"
done
