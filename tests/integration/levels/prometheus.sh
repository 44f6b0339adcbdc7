#!/usr/bin/env bash
# A real Prometheus scrapes all services of a node; its queries give what the
# store holds, and promtool has nothing to say about the metrics.
#   prometheus.sh BINARY_DIR
set -euo pipefail
binaries=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../demo_node.sh"
history=(service_sample_seconds=2 simulation_start=2025-07-01 cycle_deadline_ms=60000)
needs python3 sqlite3 curl prometheus promtool
services=(prediction evaluation ml data dashboard)

start_node clock_speed=7200 "${history[@]}"
until_done 150 "the market's second day" reached '2025-07-02 05:00'
stop_node TERM
[[ $status == 0 ]] || fail "exit $status after SIGTERM"
# From here on nothing moves that is asked for below.
start_node clock_speed=1 "${history[@]}"

# -- the formats -----------------------------------------------------------------

for service in "${services[@]}"; do
  curl -sf -o "$work/metrics" "http://$(address "$service")/metrics" \
    || fail "no metrics of $service"
  promtool check metrics <"$work/metrics" >"$work/lint" 2>&1 \
    || fail "promtool of $service: $(<"$work/lint")"
  [[ ! -s $work/lint ]] || fail "promtool of $service: $(<"$work/lint")"
done
curl -sf -D "$work/headers" -o "$work/open" \
  -H 'Accept: application/openmetrics-text;version=1.0.0' \
  "http://$(address dashboard)/metrics"
grep -qi '^content-type: application/openmetrics-text; version=1.0.0' \
  "$work/headers" || fail "OpenMetrics is not spoken: $(<"$work/headers")"
[[ $(tail -n 1 "$work/open") == '# EOF' ]] || fail "OpenMetrics has no end"

# -- nothing that a client sends becomes a label ---------------------------------

for ((i = 0; i < 100; ++i)); do
  printf 'url = "http://%s/zzfind%d/x?symbol=zzfind%d"\noutput = "%s"\n' \
    "$(address data)" "$i" "$i" "$work/answer"
  printf 'url = "http://%s/data/prices/ZZFIND%d.AX"\noutput = "%s"\n' \
    "$(address data)" "$i" "$work/answer"
done >"$work/urls"
curl -s -K "$work/urls"
curl -s -o "$work/answer" -X ZZFIND "http://$(address data)/livez"
curl -sf -o "$work/metrics" "http://$(address dashboard)/metrics"
! grep -qi zzfind "$work/metrics" || fail "a client's word became a label"
grep -q 'route="unmatched"' "$work/metrics" || fail "unknown paths are not counted"

# -- Prometheus ------------------------------------------------------------------

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
{
  printf 'global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n'
  for service in "${services[@]}"; do
    printf '  - {job_name: %s, static_configs: [{targets: ["%s"]}]}\n' \
      "$service" "$(address "$service")"
  done
} >"$work/prometheus.yml"
promtool check config "$work/prometheus.yml" >"$work/lint" 2>&1 \
  || fail "$(<"$work/lint")"
prometheus "--config.file=$work/prometheus.yml" \
  "--web.listen-address=127.0.0.1:$port" "--storage.tsdb.path=$work/tsdb" \
  >"$work/prometheus.log" 2>&1 </dev/null &
others+=($!)

BASE="http://127.0.0.1:$port" python3 "$here/prometheus.py" \
  "$folder/data/demo.db" "http://$(address dashboard)" \
  || fail "$(tail -n 3 "$work/prometheus.log")"

kill -TERM "${others[0]}"
wait "${others[0]}" || fail "Prometheus did not end well"
others=()
stop_node TERM
[[ $status == 0 ]] || fail "exit $status after SIGTERM"
