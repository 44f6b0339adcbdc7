# Sourced by the scripts that kill one command at random points and start it
# again on the same database until it completes. Takes SEED from the
# environment; makes `seed`, `work` (a folder, gone at the end) and `kills`.

seed=${SEED:-$((${EPOCHREALTIME/./} % 1000000))}
RANDOM=$seed
kills=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  local script=${0##*/}
  printf '%s: seed %s: %s\n' "${script%.sh}" "$seed" "$1" >&2
  exit 1
}

microseconds() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

digest_of() { sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p' <<<"$1"; }

# kill_until_done ROUNDS SPAN AFTER_KILL FILE COMMAND...: so many kills at
# points within SPAN microseconds, some too late; then the command may end.
# AFTER_KILL FILE looks at what each one has left. Sets `round` (kills of this
# command) and `answer`.
kill_until_done() {
  local rounds=$1 span=$2 after_kill=$3 file=$4 point status
  shift 4
  for ((round = 0; ; ++round)); do
    point=$(((RANDOM * 32768 + RANDOM) % span))
    ((round < rounds)) || point=600000000
    status=0
    answer=$(timeout -s KILL "$(printf '%d.%06d' $((point / 1000000)) \
      $((point % 1000000)))" "$@" 2>"$work/stderr") || status=$?
    case $status in
      0) return ;;
      137)
        kills=$((kills + 1))
        "$after_kill" "$file"
        ;;
      *) fail "exit $status after $kills kills: $answer $(<"$work/stderr")" ;;
    esac
  done
}
