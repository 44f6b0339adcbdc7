#!/usr/bin/env bash
# Kills `banksia import bars` and `import news` at random points and starts them
# again on the same database until they complete: the store must end the same.
#
#   import_kill.sh [FOLDER OF THE PROGRAMS]
#   KILLS     how many kills at least (20)
#   SESSIONS  simulated days of bars (1500)
#   SEED      of the random points (from the clock); told when something differs
set -euo pipefail

programs=${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/bin}
kills_wanted=${KILLS:-20}
sessions=${SESSIONS:-1500}
. "$(dirname "${BASH_SOURCE[0]}")/killing.sh"

# make_news FILE: headlines of years, some told twice, some without a date.
make_news() {
  awk -v seed="$seed" 'BEGIN {
    srand(seed)
    split("CBA WBC ANZ NAB MQG QBE SUN", code, " ")
    split("profit costs dividend margin outlook lending", what, " ")
    split("rises falls beats misses stalls surges", how, " ")
    print "symbol,title,published,source"
    for (i = 0; i < 12000; ++i) {
      at = i % 97 == 0 ? "soon" : 1500000000 + i * 3600
      n = rand() < 0.2 && i > 7 ? i - 7 : i
      printf "%s,Report %d: %s %s by %d million%s,%s,Example\n",
        code[1 + i % 7], n, what[1 + n % 6], how[1 + n % 5], n,
        rand() < 0.5 ? "" : " again", at
    }
  }' >"$1"
}

# dump DATABASE: every row of what may not differ; received_at does.
dump() {
  sqlite3 -cmd '.timeout 10000' "$1" \
    '.mode quote' \
    'SELECT symbol, interval, opened_at, open, high, low, close, volume,
       known_at, verdict FROM bars ORDER BY 1, 2, 3' \
    'SELECT * FROM bar_repairs ORDER BY 1, 2, 3, 4' \
    'SELECT headline_id, symbol, title, source, published_at, known_at, score
       FROM headlines ORDER BY symbol, headline_id' \
    'SELECT kind, file, line, symbol, reason, payload FROM quarantine
       ORDER BY 1, 2, 3, 4, 5, 6' \
    | sha256sum
}

# rows DATABASE: how many it holds; 0 before there are tables.
rows() {
  sqlite3 -cmd '.timeout 10000' "$1" \
    'SELECT (SELECT count(*) FROM bars) + (SELECT count(*) FROM headlines)' \
    2>/dev/null || printf 0
}

import_both() {
  "$programs/banksia" import bars "$work/bars" --db "sqlite:$1" >/dev/null \
    && exec "$programs/banksia" import news "$work/news.csv" \
      --db "sqlite:$1" >/dev/null
}
export -f import_both
export programs work

"$programs/make_bars" "$work/bars" "$sessions" "$seed"
make_news "$work/news.csv"

begun=$(microseconds)
import_both_once() { (import_both "$1"); }
import_both_once "$work/reference.db" || fail "the reference import failed"
span=$(($(microseconds) - begun))
reference=$(dump "$work/reference.db")
whole=$(rows "$work/reference.db")

begun=$(microseconds)
import_both_once "$work/reference.db" || fail "the second import failed"
again=$(($(microseconds) - begun))
[[ $(dump "$work/reference.db") == "$reference" ]] \
  || fail "importing again changed something"
printf '%s rows in %d ms; read again in %d ms\n' "$whole" $((span / 1000)) \
  $((again / 1000))

# What a kill has left.
look_at() {
  stored=$(rows "$1")
  ((stored == 0 || stored >= whole)) || within=$((within + 1))
  [[ ! -e $1 ]] || [[ $(sqlite3 -cmd '.timeout 10000' "$1" \
    'PRAGMA integrity_check') == ok ]] || fail "a torn database"
}

within=0
databases=0
while ((kills < kills_wanted)); do
  file=$work/killed-$databases.db
  databases=$((databases + 1))
  # The group is killed: the shell between and the program.
  # shellcheck disable=SC2016
  kill_until_done 5 "$span" look_at "$file" bash -c 'import_both "$0"' "$file"
  [[ $(dump "$file") == "$reference" ]] \
    || fail "other rows after $round kills"
  rm -f "$file" "$file"-*
done

((within > 0)) || fail "no kill hit an import that had stored a part"
printf '%s kills, %s of them in the middle, all equal\n' "$kills" "$within"
