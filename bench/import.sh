#!/usr/bin/env bash
# `banksia import bars` of 1.7 million packed rows against `sqlite3 .import` of
# the rows it stored, unpacked, in the order of the file, into the same schema
# with the same settings. Alternating pairs, the median of their ratio.
#
#   bench/import.sh [DATA] [PAIRS]
#
# The peer has less to do: it neither unpacks, nor reads dates, nor judges rows.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

data=${1:-$repository/../shared/data}
pairs=${2:-3}
packed=market/scale/asx_all_equities_eod_2015-2018.csv.gz
need_program "$banksia"
need_data "$data" "$packed"
scratch_folder

# timed COMMAND...: runs it; sets `taken`, in microseconds.
timed() {
  local began ended
  began=$(now_us)
  "$@"
  ended=$(now_us)
  taken=$((ended - began))
}

by_banksia() {
  rm -f "$scratch"/ours.db*
  timed "$banksia" import bars "$data/$packed" --db "sqlite:$scratch/ours.db" \
    --json >"$scratch/answer.json" </dev/null
}

import_by_sqlite() {
  sqlite3 "$scratch/peer.db" >/dev/null <<SQL
PRAGMA synchronous=FULL;
PRAGMA wal_autocheckpoint=1000;
PRAGMA cache_size=-32768;
.import --csv "$scratch/rows.csv" bars
SQL
}

by_sqlite() {
  rm -f "$scratch"/peer.db*
  sqlite3 "$scratch/peer.db" "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; $schema" >/dev/null
  timed import_by_sqlite
}

# Not counted: fills caches and makes the peer's rows.
by_banksia
read_rows=$(field "$scratch/answer.json" read)
rows=$(sqlite3 "$scratch/ours.db" 'SELECT count(*) FROM bars')
schema=$(sqlite3 "$scratch/ours.db" \
  "SELECT sql FROM sqlite_master WHERE name = 'bars'")
sqlite3 -csv "$scratch/ours.db" \
  'SELECT * FROM bars ORDER BY opened_at, symbol' >"$scratch/rows.csv"
say "$read_rows rows read, $rows stored"

ratios=()
for ((i = 1; i <= pairs; ++i)); do
  if ((i % 2)); then
    by_banksia
    ours=$taken
    by_sqlite
    peers=$taken
  else
    by_sqlite
    peers=$taken
    by_banksia
    ours=$taken
  fi
  [[ $(sqlite3 "$scratch/peer.db" 'SELECT count(*) FROM bars') == "$rows" ]] \
    || fail "the peer stored another number of rows"
  ratio=$(awk -v a="$ours" -v b="$peers" 'BEGIN { printf "%.3f", a / b }')
  ratios+=("$ratio")
  printf 'pair %d: banksia %s s (%d rows/s), sqlite3 %s s (%d rows/s), ratio %s\n' \
    "$i" "$(seconds "$ours")" $((read_rows * 1000000 / ours)) \
    "$(seconds "$peers")" $((rows * 1000000 / peers)) "$ratio"
done
printf 'median ratio %s (time of banksia over time of sqlite3) over %d pairs\n' \
  "$(median "${ratios[@]}")" "$pairs"
