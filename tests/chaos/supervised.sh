#!/usr/bin/env bash
# A node under its parent: crashes are followed by a start, stops by an end, and
# nothing remains of either when the other is killed.
#
#   supervised.sh [FOLDER OF THE PROGRAMS]
#   KILLS     how many crashes (5)
#   SLOWNESS  how much longer a start may take than 2 s (1)
set -euo pipefail

programs=${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/bin}
kills_wanted=${KILLS:-5}
slowness=${SLOWNESS:-1}

work=$(mktemp -d)
parent=
node=
cleanup() {
  # The parent first: it would start the node again.
  [[ -z $parent ]] || kill -KILL "$parent" 2>/dev/null || true
  [[ -z $node ]] || kill -KILL "$node" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

fail() {
  printf 'supervised: %s\n' "$1" >&2
  tail -n 5 "$work"/*.log >&2 || true
  exit 1
}

pause() {
  read -rt 0.01 <> <(:) || true
}

# milliseconds: of a clock that only the difference counts of.
milliseconds() {
  printf '%d' $((${EPOCHREALTIME/[.,]/} / 1000))
}

# within MS COMMAND...: tries again until it holds; sets took.
within() {
  local limit=$1 begun
  shift
  begun=$(milliseconds)
  until "$@"; do
    took=$(($(milliseconds) - begun))
    ((took <= limit)) || return 1
    pause
  done
  took=$(($(milliseconds) - begun))
}

# start_parent FOLDER ARGS...
start_parent() {
  local folder=$1
  shift
  mkdir -p "$folder"
  "$programs/banksia" run --supervised --env demo --data-dir "$folder" \
    --set prediction_port=0 --set evaluation_port=0 --set ml_port=0 --set data_port=0 \
    --set ml_port=0 --set dashboard_port=0 --set node_port=0 "$@" \
    >>"$folder.log" 2>&1 </dev/null &
  parent=$!
}

# runs PID: a zombie does not.
runs() {
  [[ -e /proc/$1/stat ]] && ! grep -qs '^State:.[ZX]' "/proc/$1/status"
}

gone() {
  ! runs "$1"
}

# is_ready FOLDER [OTHER PID]: a node that is not that one answers; sets node.
is_ready() {
  local address pid
  pid=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$1/run/node.json" 2>/dev/null) \
    || return 1
  [[ -n $pid && $pid != "${2:-}" ]] || return 1
  address=$(sed -n 's/.*"dashboard":"\([^"]*\)".*/\1/p' "$1/run/node.json")
  curl -fsS -o "$work/answer" -m 1 "http://$address/readyz" 2>"$work/stderr" \
    || return 1
  node=$pid
}

# finished: waits for the parent; sets status.
finished() {
  status=0
  wait "$parent" || status=$?
  parent=
}

# The shell's own word on it is not wanted.
kill_parent() {
  {
    kill -KILL "$parent"
    finished
  } 2>/dev/null
}

nothing_holds() {
  flock -n "$1/run/node.lock" true
}

# -- crashes ---------------------------------------------------------------------

folder=$work/crashes
# A sanitizer would make an end of its own of the signal that comes below.
for kind in ASAN UBSAN TSAN; do
  options=${kind}_OPTIONS
  export "$options=${!options:+${!options}:}handle_segv=0"
done
start_parent "$folder"
within 30000 is_ready "$folder" || fail "the node did not start"
[[ $node != "$parent" ]] || fail "there is no parent"
[[ $(cut -d ' ' -f 5 "/proc/$node/stat") == "$node" ]] \
  || fail "the node is not in a group of its own"
slowest=0
for ((i = 1; i <= kills_wanted; ++i)); do
  victim=$node
  ((i % 2)) && signal=KILL || signal=SEGV
  kill -"$signal" "$victim"
  # The first at once; each later one may wait twice as long as the one before.
  within $((slowness * 2000 + (i > 1 ? 200 << (i - 2) : 0))) \
    is_ready "$folder" "$victim" \
    || fail "no new node after SIG$signal number $i"
  ((i > 1)) || first=$took
  ((took <= slowest)) || slowest=$took
done
[[ $(grep -c '^banksia: the node ended: signal ' "$folder.log") \
  == "$kills_wanted" ]] || fail "not each crash was told"
grep -q '^banksia: the node ended: signal 9 (SIGKILL): starting it again at once$' \
  "$folder.log" || fail "the first restart was not at once"
printf 'crash to ready: first %d ms, slowest of %d with backoff %d ms\n' \
  "$first" "$kills_wanted" "$slowest"

# -- a second node on the folder --------------------------------------------------

status=0
"$programs/banksia" run --supervised --env demo --data-dir "$folder" \
  --set dashboard_port=0 >"$work/second.log" 2>&1 </dev/null || status=$?
[[ $status == 69 ]] || fail "exit $status where 69 was to be passed on"
[[ $(wc -l <"$work/second.log") == 1 ]] || fail "69 was not the end of it"

# -- a stop ------------------------------------------------------------------------

kill -TERM "$parent"
within 5000 gone "$parent" || fail "no end within 5 s of SIGTERM"
stopped=$took
finished
[[ $status == 0 ]] || fail "exit $status after SIGTERM"
gone "$node" || fail "the node outlived its parent's stop"
nothing_holds "$folder" || fail "something holds the data folder"
node=
printf 'SIGTERM to end: %d ms\n' "$stopped"

# -- a hang-up, as of a closed terminal -------------------------------------------

start_parent "$folder"
within 30000 is_ready "$folder" || fail "the node did not start again"
kill -HUP "$parent"
within 5000 gone "$parent" || fail "no end within 5 s of SIGHUP"
finished
[[ $status == 0 ]] || fail "exit $status after SIGHUP"
node=

# -- a hang-up under nohup ---------------------------------------------------------

trap '' HUP
start_parent "$folder"
trap - HUP
within 30000 is_ready "$folder" || fail "the node did not start under nohup"
kill -HUP "$parent" "$node"
! within 300 gone "$node" || fail "SIGHUP ended a node under nohup"
kill -INT "$parent"
within 5000 gone "$parent" || fail "no end within 5 s of SIGINT"
finished
[[ $status == 0 ]] || fail "exit $status after SIGINT"
node=

# -- bad configuration -------------------------------------------------------------

status=0
"$programs/banksia" run --supervised --env demo --data-dir "$folder" \
  --set no_such_key=1 >"$work/config.log" 2>&1 </dev/null || status=$?
[[ $status == 78 ]] || fail "exit $status where 78 was to be passed on"
[[ $(grep -c '^banksia: ' "$work/config.log") == 1 ]] \
  || fail "78 was not the end of it"

status=0
BANKSIA_LIFELINE_FD=99 "$programs/banksia" run --env demo \
  --data-dir "$folder" >"$work/lifeline.log" 2>&1 </dev/null || status=$?
[[ $status == 1 ]] || fail "exit $status where there is no lifeline"
grep -q '^banksia: no pipe: BANKSIA_LIFELINE_FD=99: ' "$work/lifeline.log" \
  || fail "a wrong lifeline was not told"

# -- the parent is killed ----------------------------------------------------------

start_parent "$folder"
within 30000 is_ready "$folder" || fail "the node did not start a third time"
kill_parent
within 12000 gone "$node" || fail "an orphan 12 s after its parent was killed"
orphan=$took
nothing_holds "$folder" || fail "something holds the data folder"
[[ ! -e $folder/run/node.json ]] || fail "the node did not drain"
grep -q 'its parent is gone: it stops too' "$folder/logs/banksia.jsonl" \
  || fail "the node did not tell why it stopped"
node=
printf 'SIGKILL of the parent to the end of the node: %d ms\n' "$orphan"

# -- the parent is killed while the node cannot drain ------------------------------

start_parent "$folder" --set drain_timeout_ms=1000
within 30000 is_ready "$folder" || fail "the node did not start a fourth time"
kill -STOP "$node"
kill_parent
kill -CONT "$node" 2>/dev/null || true
within 5000 gone "$node" || fail "a node that was halted became an orphan"
node=
echo "ok: nothing remains"
