#!/usr/bin/env bash
# Changes what a demo node follows, over HTTP, and kills the node at a random
# moment around each change; then starts it again on the same data folder. What
# was acknowledged must be stored, and every cycle must have one row for each
# symbol followed as of its slot, whatever moment was hit.
#
#   symbols_kill.sh [FOLDER OF THE PROGRAMS]
#   KILLS   how many (10)
#   SEED    of the random points (from the clock); told when something is wrong
set -euo pipefail

programs=${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/bin}
kills=${KILLS:-10}
seed=${SEED:-$((${EPOCHREALTIME/./} % 1000000))}
RANDOM=$seed

work=$(mktemp -d)
node=
cleanup() {
  [[ -z $node ]] || kill -KILL "$node" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

fail() {
  printf 'symbols_kill: seed %s: %s\n' "$seed" "$1" >&2
  exit 1
}

ask() {
  sqlite3 -cmd '.timeout 10000' "$work/data/demo.db" "$1"
}

# pause MICROSECONDS: a random moment, or between two looks.
pause() {
  read -rt "$(printf '%d.%06d' $(($1 / 1000000)) $(($1 % 1000000)))" \
    <> <(:) || true
}

start_node() {
  "$programs/banksia" run --env demo --data-dir "$work" \
    --set clock_speed=20000 --set simulation_start=2025-07-01 \
    --set cycle_deadline_ms=60000 \
    --set prediction_port=0 --set evaluation_port=0 --set ml_port=0 --set data_port=0 \
    --set ml_port=0 --set dashboard_port=0 --set node_port=0 \
    >"$work/node.log" 2>&1 </dev/null &
  node=$!
  local deadline=$((SECONDS + 60))
  until grep -qs "\"pid\":$node\b" "$work/run/node.json"; do
    kill -0 "$node" 2>/dev/null || fail "it ended: $(tail -n 3 "$work/node.log")"
    ((SECONDS < deadline)) || fail "it does not start"
    pause 20000
  done
  url=http://$(grep -o '"data":"[^"]*"' "$work/run/node.json" | cut -d '"' -f 4)
}

# post BODY: the status of the answer; 000 when the node died over it.
post() {
  curl -s -m 30 -o "$work/answer" -w '%{http_code}' \
    -H "Authorization: Bearer $(<"$work/operator.token")" \
    -H 'Content-Type: application/json' -d "$1" "$url/data/symbols" || true
}

# insist BODY: asks again while the node says that it is not ready yet.
insist() {
  local deadline=$((SECONDS + 30)) status
  status=$(post "$1")
  while [[ $status == 503 ]] && ((SECONDS < deadline)); do
    pause 20000
    status=$(post "$1")
  done
  printf '%s' "$status"
}

# cycles_reach N: so many have ended.
cycles_reach() {
  local deadline=$((SECONDS + 60))
  until (($(ask "SELECT count(*) FROM cycles WHERE status <> 'scheduled'") >= $1))
  do
    ((SECONDS < deadline)) || fail "cycles do not go on"
    pause 20000
  done
}

# One after the other; each makes sense after those before it.
changes=('WES.AX added' 'WBC.AX halted' 'BHP.AX added' 'WBC.AX resumed'
  'WES.AX halted' 'SUN.AX renamed SNC.AX' 'BHP.AX removed' 'WES.AX resumed'
  'SNC.AX halted' 'QBE.AX delisted' 'BHP.AX added' 'SNC.AX resumed'
  'WES.AX removed' 'CBA.AX halted' 'MQG.AX renamed MQX.AX' 'CBA.AX resumed')

body_of() {
  local symbol event successor
  read -r symbol event successor <<<"$1"
  printf '{"symbol":"%s","event":"%s"%s}' "$symbol" "$event" \
    "${successor:+,\"successor\":\"$successor\"}"
}

acknowledged=0
next=0
start_node
cycles_reach 2
for ((k = 0; k < kills; ++k)); do
  ((next < ${#changes[@]})) || break
  change=${changes[next]}
  before=$(ask 'SELECT count(*) FROM listing_changes')
  # The node dies while the change is on its way, or soon after.
  (
    pause $((RANDOM % 60000))
    kill -KILL "$node"
  ) &
  killer=$!
  status=$(post "$(body_of "$change")")
  wait "$node" 2>/dev/null || true
  wait "$killer"
  node=
  start_node
  stored=$(($(ask 'SELECT count(*) FROM listing_changes') - before))
  ((stored <= 1)) || fail "stored $stored times: $change"
  case $status in
    200)
      acknowledged=$((acknowledged + 1))
      ((stored == 1)) || fail "acknowledged and lost: $change"
      ;;
    000 | 503)
      # Nobody was told; what is not there is asked for again.
      if ((stored == 0)); then
        status=$(insist "$(body_of "$change")")
        [[ $status == 200 ]] || fail "$change: $status $(<"$work/answer")"
      fi
      ;;
    *) fail "$change: $status $(<"$work/answer")" ;;
  esac
  next=$((next + 1))
  cycles_reach $(($(ask 'SELECT count(*) FROM cycles') + 2))
done
cycles_reach $(($(ask 'SELECT count(*) FROM cycles') + 20))
kill -TERM "$node"
wait "$node" || fail "exit $? after SIGTERM: $(tail -n 3 "$work/node.log")"
node=

# -- what must be true ------------------------------------------------------------

[[ $(ask 'SELECT count(*) FROM listing_changes') == "$next" ]] \
  || fail 'a change is lost or double'
[[ $(ask "SELECT count(*) FROM cycles WHERE status = 'missed'") == 0 ]] \
  || fail 'a cycle was missed'
wrong=$(ask "
  WITH marks(symbol, at, state) AS (
    SELECT value, 0, 'added' FROM json_each('[\"CBA.AX\",\"WBC.AX\",\"ANZ.AX\",
      \"NAB.AX\",\"MQG.AX\",\"QBE.AX\",\"SUN.AX\"]')
    UNION ALL SELECT symbol, effective_at, event FROM listing_changes
    UNION ALL SELECT successor, effective_at, 'added' FROM listing_changes
      WHERE event = 'renamed'),
  followed(cycle_id, symbol, state) AS (
    SELECT c.cycle_id, m.symbol, m.state FROM cycles c JOIN marks m ON m.at =
      (SELECT max(at) FROM marks n WHERE n.symbol = m.symbol AND
        n.at <= c.scheduled_at)
      WHERE c.status IN ('completed', 'late') AND m.state NOT IN
        ('removed', 'delisted', 'renamed'))
  SELECT 'missing ' || f.symbol || ' ' || f.cycle_id FROM followed f
    LEFT JOIN predictions p ON p.cycle_id = f.cycle_id AND p.symbol = f.symbol
    WHERE p.symbol IS NULL OR (f.state = 'halted')
      <> (coalesce(p.reason, '') = 'halted')
  UNION ALL
  SELECT 'unfollowed ' || p.symbol || ' ' || p.cycle_id FROM predictions p
    LEFT JOIN followed f ON f.cycle_id = p.cycle_id AND f.symbol = p.symbol
    WHERE f.symbol IS NULL
  LIMIT 3")
[[ -z $wrong ]] || fail "rows are not those of what was followed: $wrong"
unready=$(ask "SELECT count(*) FROM predictions WHERE symbol IN ('WES.AX',
  'BHP.AX', 'SNC.AX', 'MQX.AX') AND reason = 'insufficient_history'")
[[ $unready == 0 ]] || fail "$unready rows of symbols without their past"
# A successor's rows are made from the bars of both codes, whenever it came.
while read -r id; do
  [[ -z $id ]] || "$programs/banksia" explain "$id" --json \
    --db "sqlite:$work/data/demo.db" >"$work/explained" \
    || fail "no explanation of $id"
  [[ -z $id ]] || grep -q '"identical":true' "$work/explained" \
    || fail "another prediction when made again: $id"
done <<<"$(ask "SELECT prediction_id FROM predictions WHERE symbol IN ('SNC.AX',
  'MQX.AX') ORDER BY timestamp LIMIT 12")"
printf 'symbols_kill: %d kills, %d acknowledged before one, %d cycles\n' "$next" \
  "$acknowledged" "$(ask 'SELECT count(*) FROM cycles')"
