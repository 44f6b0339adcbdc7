#!/usr/bin/env bash
# The long forms of what the suite runs in short, each by name.
#
#   ./soak.sh             lists the names
#   ./soak.sh NAME ARGS   builds, then runs it; ARGS go to its script
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/scripts/setup.sh"

# name | script below the repository | settings of the long form | what it does
runs=$(
  cat <<'RUNS'
replay-kill|tests/chaos/replay_kill.sh|KILLS=200|kills a replay again and again, resumes it, compares the digests
replay-train-kill|tests/chaos/replay_train_kill.sh|KILLS=100|the same of a replay that trains and predicts by its models, and kills banksia-ml
import-kill|tests/chaos/import_kill.sh|KILLS=100 SESSIONS=6000|kills imports of bars and news again and again, compares the stores
demo-kill|tests/chaos/demo_kill.sh|KILLS=50|kills the demo again and again, looks for lost or double rows
symbols-kill|tests/chaos/symbols_kill.sh|KILLS=16|changes what a node follows and kills it meanwhile
drain|tests/chaos/drain.py|ROUNDS=20|stops a node under load again and again: no request may fail
hostile|tests/chaos/hostile.py|BLOCKS=5|slow, broken and 10,000 idle clients: memory, and what another client waits
degraded|tests/chaos/degraded.py||takes one part of a node after the other away and asks every API
hostile-tls|tests/chaos/hostile_tls.py|HELD=2000|the same over TLS: strangers, broken and dawdling handshakes
overload|tests/chaos/overload.py|CLIENTS=64 SECONDS=60|floods a slow service: what it refuses, and what others notice
simulate|tests/chaos/simulate|SEEDS=1000|the whole node in virtual time under a thousand seeds of faults
learning-noise|tests/chaos/learning_noise.sh|SEEDS=100|trainings on markets with nothing to learn: none may be promoted but by the stated rate
fuzz|tests/fuzz/run.sh||libFuzzer on each parser with address and undefined sanitizers, ten minutes each
bench-replay|bench/replay.sh||bars a second of a replay over 25 years
bench-import|bench/import.sh||import of bars against sqlite3 .import of the same rows
bench-store|bench/store.sh||committed predictions a second against a bare loop
bench-supervision|bench/supervision.sh||crash to first reply against OTP, a supervised actor against a bare one
bench-crash-loop|bench/crash_loop.sh||what a symbol that crashes all the time costs the others
bench-parse|bench/parse.sh||reading of charts and CSV rows against bare parsing
bench-http|bench/http.sh||requests a second against bare Beast and CAF
bench-tracing|bench/tracing.sh||what traces cost, off, 1 % and 100 %
bench-start|bench/start.sh||time to readiness and memory of an idle demo
asan|test.sh|BANKSIA_PRESET=asan|every test with the address and undefined behaviour sanitizers
ubsan|test.sh|BANKSIA_PRESET=ubsan|every test with the undefined behaviour sanitizer
tsan|test.sh|BANKSIA_PRESET=tsan|every test with the thread sanitizer
RUNS
)

# Each line of the table whose script is there.
available() {
  local name script settings what
  while IFS='|' read -r name script settings what; do
    [[ -x $repository/$script ]] \
      && printf '%s|%s|%s|%s\n' "$name" "$script" "$settings" "$what"
  done <<<"$runs"
  return 0
}

list() {
  available | while IFS='|' read -r name _ _ what; do
    printf '  %-14s %s\n' "$name" "$what"
  done
}

if (($# == 0)) || [[ $1 == -h || $1 == --help ]]; then
  printf 'usage: ./soak.sh NAME [ARGS]\n'
  list
  exit 0
fi
wanted=$1
shift
line=$(available | awk -F '|' -v wanted="$wanted" '$1 == wanted')
if [[ -z $line ]]; then
  printf 'banksia: no long run of that name: %s: use one of\n' "$wanted" >&2
  list >&2
  exit 2
fi
IFS='|' read -r _ script settings _ <<<"$line"
if [[ $script != test.sh ]]; then
  ensure_packages tests
  build_everything
fi
# A setting of the caller is stronger than the long form's.
for setting in $settings; do
  name=${setting%%=*}
  [[ -n ${!name:-} ]] || export "${setting?}"
done
# The chaos scripts take the folder of the programs.
if [[ $script == tests/chaos/* ]]; then
  set -- "$build_folder/bin" "$@"
fi
say "running $script${settings:+ with $settings}"
exec "$repository/$script" "$@" </dev/null
