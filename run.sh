#!/usr/bin/env bash
# Installs what is missing, builds, starts the demo.
#
#   ./run.sh                the demo: a simulated market on a fast clock
#   ./run.sh --build-only   stops after the build (tests' programs included)
#   ./run.sh -- ARGS        passes ARGS to `banksia run` instead of `--env demo`
#
# Data, logs and models lie in the checkout, or where BANKSIA_DATA_DIR says.
set -euo pipefail

build_only=
arguments=(--env demo)
while (($# > 0)); do
  case $1 in
    --build-only)
      build_only=yes
      ;;
    --)
      shift
      arguments=("$@")
      break
      ;;
    -h | --help)
      sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *)
      printf 'banksia: unknown argument: %s: use --build-only, or -- and what banksia run takes\n' "$1" >&2
      exit 2
      ;;
  esac
  shift
done

. "$(dirname "${BASH_SOURCE[0]}")/scripts/setup.sh"

ensure_packages build
build_everything
if [[ -n $build_only ]]; then
  say "built: ${build_folder#"$repository"/}/bin/banksia"
  exit 0
fi
# Relative paths in ARGS are the caller's; the data folder stays the same from
# wherever the script is called.
export BANKSIA_DATA_DIR=${BANKSIA_DATA_DIR:-$repository}
if [[ ${arguments[*]} == "--env demo" ]]; then
  say "starting the demo; Ctrl-C ends it"
  say "dashboard: http://127.0.0.1:8080/dashboard/"
else
  say "starting: banksia run ${arguments[*]}"
  say "dashboard: http://127.0.0.1:8080/dashboard/ unless configured otherwise (run/node.json has the address)"
fi
# A node that crashes is started again; signals reach it through its parent.
exec "$build_folder/bin/banksia" run --supervised "${arguments[@]}" </dev/null
