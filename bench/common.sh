# Shared by the benchmarks; sourced, never run.

. "$(dirname "${BASH_SOURCE[0]}")/../scripts/setup.sh"

banksia=$build_folder/bin/banksia

# need_program FILE: it has been built.
need_program() {
  [[ -x $1 ]] || fail "not built: ${1#"$repository"/}: run ./run.sh --build-only"
}

# need_data FOLDER NAME: the data are there, or the benchmark is skipped.
need_data() {
  if [[ ! -e $1/$2 ]]; then
    printf 'banksia-skip: no test data: %s: give the data folder as the first argument\n' "$1/$2"
    exit 0
  fi
}

# scratch_folder: a new folder on the disk of the build, so that fsync costs
# what it costs a node; removed at the end. Sets `scratch`.
scratch_folder() {
  mkdir -p "$build_folder"
  scratch=$(mktemp -d "$build_folder/bench.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
}

# stop_node: the node whose pid is in `node`, if any; waits.
stop_node() {
  if [[ -n $node ]]; then
    kill -TERM "$node" 2>/dev/null || true
    wait "$node" || true
    node=
  fi
}

# now_us: microseconds of the wall clock.
now_us() {
  printf '%s\n' "${EPOCHREALTIME/[.,]/}"
}

# seconds MICROSECONDS
seconds() {
  awk -v us="$1" 'BEGIN { printf "%.2f", us / 1e6 }'
}

# field FILE NAME: a member of a JSON document.
field() {
  sqlite3 :memory: "SELECT json_extract(readfile('$1'), '\$.$2')"
}

# median NUMBER...
median() {
  printf '%s\n' "$@" | sort -g | awk '
    { x[NR] = $1 }
    END { m = int((NR + 1) / 2); print NR % 2 ? x[m] : (x[m] + x[m + 1]) / 2 }'
}
