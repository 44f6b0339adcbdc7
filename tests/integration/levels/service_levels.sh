#!/usr/bin/env bash
# A day of the market on a fast clock; then a kill, a new start on a slow clock,
# and every service level compared with a calculation from the tables.
#   service_levels.sh BINARY_DIR
set -euo pipefail
binaries=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../demo_node.sh"
history=(service_sample_seconds=2 simulation_start=2025-07-01 cycle_deadline_ms=60000)
needs python3 sqlite3 curl

start_node clock_speed=7200 "${history[@]}"
ask_around() {
  local round path
  for round in 1 2 3 4 5; do
    for path in predictions/latest data/prices/CBA.AX evaluations/metrics; do
      curl -sf -o "$work/answer" "http://$(address dashboard)/$path" || true
    done
  done
}
ask_around
# More than 24 hours behind the first open.
until_done 150 "the market's second day" reached '2025-07-02 06:30'
trained() {
  [[ $(ask "SELECT count(*) FROM jobs WHERE kind = 'training'
    AND status <> 'owed'") -gt 0 ]]
}
until_done 60 "a training has ended" trained
ask_around
samples() { [[ $(ask 'SELECT count(*) FROM service_samples') -gt $1 ]]; }
until_done 30 "samples are stored" samples 2

# What a killed node did not store was no time of readiness.
stop_node KILL
before=$(ask "SELECT max(time) FROM service_samples WHERE service = 'node'")
start_node clock_speed=1 "${history[@]}"
again() {
  [[ $(ask "SELECT max(time) > $before FROM service_samples
    WHERE service = 'node'") == 1 ]]
}
until_done 30 "samples after the kill" again
gap=$(ask "SELECT min(time - CAST(seconds * 1000000 AS INTEGER)) - $before
  FROM service_samples WHERE service = 'node' AND time > $before")
((gap > 100000)) || fail "the kill left a gap of $gap us only"

python3 "$here/levels.py" "$folder/data/demo.db" \
  "http://$(address dashboard)" "$gap" || fail "levels.py failed"

# A node that is told to stop stores its last span.
newest=$(ask "SELECT max(time) FROM service_samples WHERE service = 'node'")
stop_node TERM
[[ $status == 0 ]] || fail "exit $status after SIGTERM"
last=$(ask "SELECT max(time) FROM service_samples WHERE service = 'node'")
((last > newest)) || fail "the last span was not stored"
echo "ok: every level as the tables say; a gap of $((gap / 1000)) ms is seen"
