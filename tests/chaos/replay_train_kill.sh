#!/usr/bin/env bash
# Kills `banksia replay --train` at random points and starts it again on the same
# database until it completes, and kills its banksia-ml meanwhile: what models
# it makes, which of them predicts at each slot and what that says may not
# differ. The bars hold something to learn, so that models come to serve; later
# it turns into its opposite, so that they are demoted.
#
#   replay_train_kill.sh [FOLDER OF THE PROGRAMS]
#   KILLS     how many kills of the replay at least, over several databases (20)
#   SEED      of the random points (from the clock); told when something differs
set -euo pipefail

programs=${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/bin}
kills_wanted=${KILLS:-20}
. "$(dirname "${BASH_SOURCE[0]}")/killing.sh"

command_on() {
  command=("$programs/banksia" replay --bars "$work/bars"
    --from 2018-01-02 --to "$to" --db "sqlite:$1" --train --json
    --set model_kind=mlp --set model_retrain_interval_days=60
    --set demotion_days=3)
}

# dump DATABASE: what may not differ. Ids of trainings tell how often one was
# begun.
dump() {
  sqlite3 -cmd '.timeout 10000' "$1" \
    '.mode quote' \
    'SELECT * FROM predictions ORDER BY prediction_id' \
    'SELECT * FROM forecasts ORDER BY prediction_id, model_version' \
    'SELECT * FROM outcomes ORDER BY prediction_id, horizon_minutes' \
    'SELECT * FROM obligations ORDER BY prediction_id, horizon_minutes' \
    'SELECT * FROM cycles ORDER BY cycle_id' \
    'SELECT kind, due_at, status, reason FROM jobs ORDER BY due_at'
  (cd "$1.models"/replay-* && sha256sum ./*.model)
}

"$programs/plant_bars" "$work/bars" 262 7 12 0.3 200
to=$(tail -n 1 "$work/bars/S00.csv" | cut -d , -f 1)

# -- the undisturbed run ---------------------------------------------------------

begun=$(microseconds)
command_on "$work/reference.db"
answer=$("${command[@]}" 2>"$work/stderr") \
  || fail "the reference run failed: $(<"$work/stderr")"
span=$(($(microseconds) - begun))
digest=$(digest_of "$answer")
[[ -n $digest ]] || fail "no digest in: $answer"
dump "$work/reference.db" >"$work/reference"
served=$(sqlite3 "$work/reference.db" \
  "SELECT count(*) FROM forecasts WHERE served")
((served > 0)) || fail "no model came to serve"
demoted=$(sqlite3 "$work/reference.db" "SELECT count(*) FROM models
  WHERE reason LIKE 'out of bounds %'")
((demoted > 0)) || fail "no model was demoted"
printf 'reference: %s.%06d s, %s forecasts served, %s demoted, digest %s\n' \
  $((span / 1000000)) $((span % 1000000)) "$served" "$demoted" "$digest"

check() { # DATABASE ANSWER WHAT
  [[ $(digest_of "$2") == "$digest" ]] || fail "another digest $3: $2"
  dump "$1" >"$work/dump"
  cmp -s "$work/dump" "$work/reference" || fail "other rows $3: $(
    diff "$work/reference" "$work/dump" | cut -c 1-300 | sed 5q)"
}

# -- kills of the replay ---------------------------------------------------------

# What a kill has left.
look_at() {
  trained=$(sqlite3 -cmd '.timeout 10000' "$1" \
    "SELECT count(*) FROM trainings WHERE status = 'done'" \
    2>"$work/stderr" || printf 0)
  [[ $trained == 0 ]] || within=$((within + 1))
}

within=0
databases=0
while ((kills < kills_wanted)); do
  file=$work/killed-$databases.db
  databases=$((databases + 1))
  command_on "$file"
  kill_until_done 10 "$span" look_at "$file" "${command[@]}"
  check "$file" "$answer" "after $round kills"
  rm -rf "$file" "$file"-* "$file".models
done
((within > 0)) || fail "no kill hit a replay that had trained"
printf '%s databases, %s kills, %s after the first training: all equal\n' \
  "$databases" "$kills" "$within"

# -- kills of its processes ------------------------------------------------------

file=$work/orphaned.db
command_on "$file"
"${command[@]}" >"$work/answer" 2>"$work/stderr" &
replay=$!
ended=0
declare -A cut_off=()
for ((killed = 0; killed < 8; )); do
  kill -0 "$replay" 2>"$work/ignored" || break
  mapfile -t children < <(cat /proc/"$replay"/task/*/children \
    2>"$work/ignored" | tr ' ' '\n' | sed '/^$/d')
  if ((${#children[@]} > 0)); then
    victim=${children[RANDOM % ${#children[@]}]}
    # A training that is cut off each time ends the replay: each only once.
    as_of=$(tr '\0' '\n' 2>"$work/ignored" <"/proc/$victim/cmdline" \
      | sed -n '/^--as-of$/{n;p}')
    if [[ -z $as_of || -z ${cut_off[$as_of]:-} ]] \
      && kill -KILL "$victim" 2>"$work/ignored"; then
      killed=$((killed + 1))
      [[ -z $as_of ]] || cut_off[$as_of]=yes
    fi
  fi
  read -r -t 2 <> <(:) || true
done
wait "$replay" || ended=$?
((ended == 0)) || fail "exit $ended after $killed kills of banksia-ml: $(
  <"$work/stderr")"
((killed > 0)) || fail "no process to kill"
check "$file" "$(<"$work/answer")" "after $killed kills of banksia-ml"
printf '%s kills of banksia-ml, all equal\n' "$killed"
