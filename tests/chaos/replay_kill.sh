#!/usr/bin/env bash
# Kills `banksia replay` at random points and starts it again on the same
# database until it completes: nothing may be lost, doubled or different.
#
#   replay_kill.sh [FOLDER OF THE PROGRAMS]
#   KILLS     how many kills at least, over several databases (30)
#   SESSIONS  simulated days (600)
#   SEED      of the random points (from the clock); told when something differs
set -euo pipefail

programs=${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/bin}
kills_wanted=${KILLS:-30}
sessions=${SESSIONS:-600}
. "$(dirname "${BASH_SOURCE[0]}")/killing.sh"

# The command under test, but for --db. --from is late, so that the import and
# the history are a part of what is killed.
command_on() {
  command=("$programs/banksia" replay --bars "$work/bars"
    --index "$work/bars/XJO.csv"
    --symbols CBA.AX,WBC.AX,ANZ.AX,NAB.AX,MQG.AX,QBE.AX,SUN.AX
    --from 2010-03-01 --to "$to" --interval 1d --db "sqlite:$1" --json)
}

# dump DATABASE: every row of what may not differ. Wall-clock fields are in
# none of these tables; received_at of bars is left out.
dump() {
  sqlite3 -cmd '.timeout 10000' "$1" \
    '.mode quote' \
    'SELECT * FROM predictions ORDER BY prediction_id' \
    'SELECT * FROM outcomes ORDER BY prediction_id, horizon_minutes' \
    'SELECT * FROM obligations ORDER BY prediction_id, horizon_minutes' \
    'SELECT * FROM cycles ORDER BY cycle_id' \
    'SELECT symbol, interval, opened_at, open, high, low, close, volume,
       known_at, verdict FROM bars ORDER BY 1, 2, 3' \
    | sha256sum
}

# sound DATABASE: a second connection sees a whole database at any time.
sound() {
  local verdict
  verdict=$(sqlite3 -cmd '.timeout 10000' "$1" 'PRAGMA integrity_check') \
    || fail "a database that cannot be read: $verdict"
  [[ $verdict == ok ]] || fail "integrity_check: $verdict"
  # Each cycle was stored whole: its rows are as many as it says, and each
  # prediction that decided is owed an outcome or has it, never both.
  [[ -z $(sqlite3 "$1" \
    "SELECT name FROM sqlite_master WHERE name = 'obligations'") ]] && return
  local torn
  torn=$(sqlite3 -cmd '.timeout 10000' "$1" "
    WITH rows AS (SELECT cycle_id, count(*) AS n FROM predictions GROUP BY 1),
      settled AS (SELECT prediction_id FROM outcomes
        UNION ALL SELECT prediction_id FROM obligations)
    SELECT (SELECT count(*) FROM cycles LEFT JOIN rows USING(cycle_id)
        WHERE predictions + abstentions <> coalesce(n, 0))
      + (SELECT count(*) FROM rows LEFT JOIN cycles USING(cycle_id)
        WHERE status IS NULL)
      + (SELECT count(*) FROM settled)
      - (SELECT count(DISTINCT prediction_id) FROM settled)
      + (SELECT count(*) FROM predictions LEFT JOIN settled AS s
        USING(prediction_id) WHERE abstained = (s.prediction_id IS NOT NULL))
    ") || fail "cycles and obligations cannot be counted"
  [[ $torn == 0 ]] || fail "$torn cycles or predictions are torn"
}

# made DATABASE: how many predictions it holds; 0 before there is a table.
made() {
  sqlite3 -cmd '.timeout 10000' "$1" 'SELECT count(*) FROM predictions' \
    2>"$work/stderr" || printf 0
}

"$programs/make_bars" "$work/bars" "$sessions" "$seed"
to=$(tail -n 1 "$work/bars/CBA.csv" | cut -d , -f 1)

# -- the undisturbed run ---------------------------------------------------------

begun=$(microseconds)
command_on "$work/reference.db"
answer=$("${command[@]}") || fail "the reference run failed"
span=$(($(microseconds) - begun))
digest=$(digest_of "$answer")
[[ -n $digest ]] || fail "no digest in: $answer"
reference=$(dump "$work/reference.db")
sound "$work/reference.db"
printf 'reference: %s.%06d s, digest %s\n' $((span / 1000000)) \
  $((span % 1000000)) "$digest"

# -- kills -----------------------------------------------------------------------

# What a kill has left.
look_at() {
  [[ ! -e $1 ]] || sound "$1"
  [[ $(made "$1") == 0 ]] || within=$((within + 1))
}

within=0
databases=0
while ((kills < kills_wanted)); do
  file=$work/killed-$databases.db
  databases=$((databases + 1))
  command_on "$file"
  # Some kills fall into the import, some into the replay, some come too late;
  # ten a database, then it may end.
  kill_until_done 10 "$span" look_at "$file" "${command[@]}"
  [[ $(digest_of "$answer") == "$digest" ]] \
    || fail "another digest after $round kills: $answer"
  [[ $(dump "$file") == "$reference" ]] \
    || fail "other rows after $round kills"
  sound "$file"
  rm -f "$file" "$file"-*
done

((within > 0)) || fail "no kill hit a replay that had begun to store"
printf '%s databases, %s kills after the first stored cycle\n' \
  "$databases" "$within"
printf '%s kills, all equal\n' "$kills"
