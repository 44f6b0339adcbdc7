#!/usr/bin/env bash
# Speed of `banksia replay`, end to end: process start, import, replay, last
# commit.
#
#   bench/replay.sh [DATA] [seven|scale|all]
#
# and where the time goes: of the wall in the import, in the handlers of each kind
# of actor (these overlap: there are two cores and more threads). "actors" is what
# is not the store's: symbols, cycle, feed, evaluator, scheduler.
#
# seven: seven symbols and the index, daily bars 1997 to 2022.
# scale: every equity of the exchange, daily bars 2015 to 2018.
# Each twice: import and replay into an empty database; then the replay alone,
# over the bars that are stored by then. Both must come to the same digest.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

data=${1:-$repository/../shared/data}
which=${2:-all}
need_program "$banksia"

# replay NAME DATABASE ARGS: runs it, prints a line, sets `digest`.
replay() {
  local name=$1 database=$2 began ended
  shift 2
  began=$(now_us)
  "$banksia" replay "$@" --db "sqlite:$database" --json \
    >"$scratch/answer.json" </dev/null
  ended=$(now_us)
  local bars cycles predictions outcomes
  bars=$(field "$scratch/answer.json" bars)
  cycles=$(field "$scratch/answer.json" cycles)
  predictions=$(field "$scratch/answer.json" predictions)
  outcomes=$(field "$scratch/answer.json" outcomes)
  digest=$(field "$scratch/answer.json" digest)
  ((bars > 0)) || fail "the replay saw no bars: $name"
  printf '%-20s %s bars, %s cycles, %s predictions, %s outcomes in %s s: %s bars/s\n' \
    "$name" "$bars" "$cycles" "$predictions" "$outcomes" \
    "$(seconds $((ended - began)))" $((bars * 1000000 / (ended - began)))
  # actor_ns: nanoseconds of all actors but the store's, a bar.
  actor_ns=$(sqlite3 :memory: "
    SELECT printf('%.0f', sum(value) * 1e9 / $bars)
    FROM json_each(readfile('$scratch/answer.json'), '\$.busy_seconds')
    WHERE key NOT LIKE 'store/%'")
  printf '%20s import %.2f s; busy: %s; actors %s ns a bar\n' '' \
    "$(field "$scratch/answer.json" import_seconds)" \
    "$(sqlite3 :memory: "
      SELECT group_concat(printf('%s %.2f s', key, value), ', ')
      FROM json_each(readfile('$scratch/answer.json'), '\$.busy_seconds')
      WHERE value >= 0.005")" "$actor_ns"
}

# forget DATABASE: what was predicted, not the bars.
forget() {
  sqlite3 "$1" 'DELETE FROM outcomes; DELETE FROM obligations;
    DELETE FROM predictions; DELETE FROM cycles; DELETE FROM runs;
    PRAGMA wal_checkpoint(TRUNCATE);' >/dev/null
}

# A file of bars without a bar: nothing to import.
no_bars() {
  printf 'Date,Open,High,Low,Close,Volume\n' >"$scratch/$1"
  printf '%s\n' "$scratch/$1"
}

scratch_folder
if [[ $which == seven || $which == all ]]; then
  daily=$data/market/asx_raw_daily_1997-2022
  need_data "$data" market/asx_raw_daily_1997-2022
  span=(--from 1997-01-02 --to 2022-12-30 --interval 1d)
  replay "seven, with import" "$scratch/seven.db" \
    --bars "$daily"/{CBA,WBC,ANZ,NAB,MQG,QBE,SUN}.csv \
    --index "$daily/XJO.csv" "${span[@]}"
  first=$digest
  forget "$scratch/seven.db"
  replay "seven, replay alone" "$scratch/seven.db" --bars "$(no_bars CBA.csv)" \
    --index "$(no_bars XJO.csv)" "${span[@]}"
  [[ $digest == "$first" ]] || fail "the two replays differ"
  seven_ns=$actor_ns
fi
if [[ $which == scale || $which == all ]]; then
  packed=market/scale/asx_all_equities_eod_2015-2018.csv.gz
  need_data "$data" "$packed"
  span=(--from 2015-01-02 --to 2018-12-31 --interval 1d)
  replay "scale, with import" "$scratch/scale.db" --bars "$data/$packed" \
    "${span[@]}"
  first=$digest
  forget "$scratch/scale.db"
  replay "scale, replay alone" "$scratch/scale.db" \
    --bars "$(no_bars CBA.csv)" "${span[@]}"
  [[ $digest == "$first" ]] || fail "the two replays differ"
  [[ -z ${seven_ns:-} ]] \
    || awk -v few="$seven_ns" -v many="$actor_ns" 'BEGIN {
      printf "actor cost a bar, all equities over seven symbols: %.2f\n",
        many / few }'
  printf 'database: %s MB\n' $(($(stat -c %s "$scratch/scale.db") / 1000000))
fi
