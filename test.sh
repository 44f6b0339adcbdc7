#!/usr/bin/env bash
# Installs what is missing, builds, runs the tests through ctest.
#
#   ./test.sh                         every test
#   ./test.sh -L unit -R calendar     arguments go to ctest
#   BANKSIA_PRESET=asan ./test.sh     with a sanitizer (asan, ubsan, tsan)
#
# Exits with ctest's code; no test executed is a failure.
set -euo pipefail

case ${1:-} in
  -h | --help)
    sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac

. "$(dirname "${BASH_SOURCE[0]}")/scripts/setup.sh"

# install_node_packages FOLDER: what a folder of tests takes from npm, at the
# versions of its lock file; npm leaves a copy of what it installed.
install_node_packages() {
  local folder=$repository/$1
  local installed=$folder/node_modules/.package-lock.json
  if [[ -e $installed && ! $folder/package-lock.json -nt $installed ]]; then
    return
  fi
  say "installing the packages of $1"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error) </dev/null \
    || fail "npm ci failed in $1: see above"
}

ensure_packages tests
build_everything
install_node_packages tests/browser
install_node_packages tests/contract
install_node_packages tests/tracing

parallel=(-j2)
for argument in "$@"; do
  case $argument in
    -j* | --parallel*) parallel=() ;;
  esac
done
# `exec`: the exit code is ctest's, and its closing lines are the last ones.
exec ctest --test-dir "$build_folder" --output-on-failure --no-tests=error \
  "${parallel[@]}" "$@" </dev/null
