#!/usr/bin/env bash
# Fuzzes each parser with libFuzzer, two side by side, with the address and the
# undefined behaviour sanitizer. Without clang: the driver without coverage.
#
#   tests/fuzz/run.sh [--seconds N] [TARGET]...
#
# N is for each target (600). What libFuzzer learns stays in
# build/fuzz/corpus/TARGET, an input that fails in build/fuzz/findings.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/setup.sh"

seconds=600
wanted=()
while (($# > 0)); do
  case $1 in
    --seconds)
      seconds=${2:?--seconds needs a number}
      shift
      ;;
    -h | --help)
      sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    -*) fail "no such option: $1: see tests/fuzz/run.sh --help" ;;
    *) wanted+=("$1") ;;
  esac
  shift
done
[[ $seconds =~ ^[1-9][0-9]*$ ]] || fail "no number of seconds: $seconds"

seeds=$repository/tests/fuzz/corpus
folder=$repository/build/fuzz
if ((${#wanted[@]} == 0)); then
  for path in "$seeds"/*; do
    wanted+=("${path##*/}")
  done
fi
for target in "${wanted[@]}"; do
  [[ -d $seeds/$target ]] || fail "no such target: $target: use one of $(ls -x "$seeds")"
done

# libFuzzer comes with clang's runtime library.
if is_debian_12 && ! command -v clang++ >/dev/null; then
  (install_packages clang libclang-rt-14-dev) \
    || say "clang could not be installed"
fi
programs=$build_folder/bin
by=driver
mkdir -p "$folder/findings"
if command -v clang++ >/dev/null; then
  if (cd "$repository" && cmake --preset fuzz) >"$folder/configure.log" 2>&1 </dev/null \
    && cmake --build "$folder" -j "$(build_jobs)" \
      --target "${wanted[@]/#/fuzz_}" </dev/null; then
    programs=$folder/bin
    by=libFuzzer
  else
    fail "the fuzz targets do not build: see above and $folder/configure.log"
  fi
else
  say "no clang++: fuzzing without coverage and sanitizers"
fi

# fuzz_one TARGET: the last lines go to the terminal, all of it to a file.
fuzz_one() {
  local target=$1 log=$folder/$1.log learned=$folder/corpus/$1 code=0
  mkdir -p "$learned"
  if [[ $by == libFuzzer ]]; then
    "$programs/fuzz_$target" -max_total_time="$seconds" -max_len=16384 \
      -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 \
      -artifact_prefix="$folder/findings/$target-" \
      "$learned" "$seeds/$target" >"$log" 2>&1 </dev/null || code=$?
  else
    (cd "$folder/findings" \
      && "$programs/fuzz_$target" "$seeds/$target" "$seconds" "$RANDOM") \
      >"$log" 2>&1 </dev/null || code=$?
  fi
  if ((code)); then
    tail -n 40 "$log" >&2
    say "$target fails: see $log and $folder/findings"
    return 1
  fi
  printf '%s: %s\n' "$target" "$(sed -n \
    -e 's/^stat::number_of_executed_units: */runs /p' \
    -e '/none fails/p' "$log")"
}

say "fuzzing ${#wanted[@]} targets by $by, $seconds s each"
failed=0
running=0
for target in "${wanted[@]}"; do
  if ((running == 2)); then
    wait -n || failed=1
    running=$((running - 1))
  fi
  fuzz_one "$target" &
  running=$((running + 1))
done
while ((running > 0)); do
  wait -n || failed=1
  running=$((running - 1))
done
((failed == 0)) || fail "some targets fail: see above"
say "no target fails"
