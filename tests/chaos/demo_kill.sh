#!/usr/bin/env bash
# Kills a demo node at random points, also while it starts, and starts it again
# on the same data folder until its market has come far enough. Up to one market
# time it must hold what an undisturbed node holds, row by row.
#
#   demo_kill.sh [FOLDER OF THE PROGRAMS]
#   KILLS   how many kills at least, over several folders (10)
#   SPEED   market seconds a second (60000)
#   SEED    of the random points (from the clock); told when something differs
set -euo pipefail

programs=${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/bin}
kills_wanted=${KILLS:-10}
speed=${SPEED:-60000}
seed=${SEED:-$((${EPOCHREALTIME/./} % 1000000))}
RANDOM=$seed

# Rows are compared up to the end of the third session; the market goes on one
# session more, so that everything due by then has been evaluated.
compared_until="CAST(strftime('%s', '2025-07-03 06:10') AS INTEGER) * 1000000"
run_until="CAST(strftime('%s', '2025-07-04 06:10') AS INTEGER) * 1000000"

work=$(mktemp -d)
node=
cleanup() {
  [[ -z $node ]] || kill -KILL "$node" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

fail() {
  printf 'demo_kill: seed %s: %s\n' "$seed" "$1" >&2
  exit 1
}

# ask FOLDER SQL: an answer from the node's database.
ask() {
  sqlite3 -cmd '.timeout 10000' "$1/data/demo.db" "$2" 2>"$work/stderr"
}

start_node() {
  "$programs/banksia" run --env demo --data-dir "$1" \
    --set "clock_speed=$speed" --set simulation_start=2025-07-01 \
    --set cycle_deadline_ms=60000 \
    --set prediction_port=0 --set evaluation_port=0 --set ml_port=0 --set data_port=0 \
    --set ml_port=0 --set dashboard_port=0 --set node_port=0 \
    >"$1.log" 2>&1 </dev/null &
  node=$!
}

# reached FOLDER: whether its market time has passed the end.
reached() {
  [[ -e $1/data/demo.db ]] \
    && [[ $(ask "$1" "SELECT market_time >= $run_until FROM runs
      WHERE run = 'live'") == 1 ]]
}

# pause MICROSECONDS: the random moment of a kill, or between two looks.
pause() {
  read -rt "$(printf '%d.%06d' $(($1 / 1000000)) $(($1 % 1000000)))" \
    <> <(:) || true
}

# serves FOLDER: whether the node that runs now has started; a killed one leaves
# its file.
serves() {
  grep -qs "\"pid\":$node\b" "$1/run/node.json"
}

# finish FOLDER: waits for the end of the market, then stops the node in order.
finish() {
  local deadline=$((SECONDS + 120)) status=0
  until serves "$1" && reached "$1"; do
    kill -0 "$node" 2>/dev/null || fail "the node ended: $(tail -n 3 "$1.log")"
    ((SECONDS < deadline)) || fail "the market does not get on"
    pause 50000
  done
  kill -TERM "$node"
  wait "$node" || status=$?
  node=
  [[ $status == 0 ]] || fail "exit $status after SIGTERM: $(tail -n 3 "$1.log")"
}

# dump FOLDER: every row that may not differ, up to the compared time.
dump() {
  ask "$1" "
    SELECT quote(prediction_id), p.* FROM predictions AS p
      WHERE timestamp <= $compared_until ORDER BY prediction_id;
    SELECT * FROM outcomes
      WHERE due_at <= $compared_until ORDER BY prediction_id, horizon_minutes;
    SELECT cycle_id, scheduled_at, status, predictions, abstentions FROM cycles
      WHERE scheduled_at <= $compared_until ORDER BY cycle_id;
    SELECT symbol, interval, opened_at, open, high, low, close, volume, known_at
      FROM bars WHERE known_at <= $compared_until ORDER BY 1, 2, 3;
    SELECT headline_id, symbol, title, known_at FROM headlines
      WHERE known_at <= $compared_until ORDER BY 1, 2"
}

# sound FOLDER: a second connection sees a whole database.
sound() {
  local verdict
  verdict=$(ask "$1" 'PRAGMA integrity_check') || fail "$(<"$work/stderr")"
  [[ $verdict == ok ]] || fail "integrity_check: $verdict"
}

# differ FILE FILE WHAT: says where two dumps part.
differ() {
  fail "$3: $(diff "$1" "$2" | cut -c 1-300 | head -n 4)"
}

# -- the undisturbed node --------------------------------------------------------

mkdir "$work/reference"
begun=${EPOCHREALTIME/[.,]/}
start_node "$work/reference"
finish "$work/reference"
span=$((${EPOCHREALTIME/[.,]/} - begun))
sound "$work/reference"
dump "$work/reference" >"$work/reference.rows"
predictions=$(ask "$work/reference" "SELECT count(*) FROM predictions
  WHERE timestamp <= $compared_until")
outcomes=$(ask "$work/reference" "SELECT count(*) FROM outcomes
  WHERE due_at <= $compared_until")
((predictions > 200 && outcomes > 300)) \
  || fail "only $predictions predictions and $outcomes outcomes to compare"
[[ $(ask "$work/reference" "SELECT count(*) FROM obligations
  WHERE due_at <= $compared_until") == 0 ]] || fail "outcomes are still owed"
printf 'reference: %d.%06d s, %d predictions, %d outcomes\n' \
  $((span / 1000000)) $((span % 1000000)) "$predictions" "$outcomes"

# -- kills -----------------------------------------------------------------------

kills=0
within=0
folders=0
while ((kills < kills_wanted)); do
  folder=$work/killed-$folders
  folders=$((folders + 1))
  mkdir "$folder"
  for ((round = 0; round < 5; ++round)); do
    start_node "$folder"
    pause $(((RANDOM * 32768 + RANDOM) % (span / 3)))
    kill -KILL "$node" 2>/dev/null || fail "it ended: $(tail -n 3 "$folder.log")"
    wait "$node" 2>/dev/null || true
    node=
    kills=$((kills + 1))
    if [[ -e $folder/data/demo.db ]]; then
      sound "$folder"
      [[ $(ask "$folder" 'SELECT count(*) FROM predictions' || printf 0) == 0 ]] \
        || within=$((within + 1))
    fi
  done
  start_node "$folder"
  finish "$folder"
  sound "$folder"
  dump "$folder" >"$work/killed.rows"
  cmp -s "$work/reference.rows" "$work/killed.rows" \
    || differ "$work/reference.rows" "$work/killed.rows" \
      "other rows after $round kills"
  rm -rf "$folder"
done

((within > 0)) || fail "no kill hit a node that had begun to predict"
printf '%d folders, %d kills after the first prediction\n' "$folders" "$within"
printf '%d kills, all equal\n' "$kills"
