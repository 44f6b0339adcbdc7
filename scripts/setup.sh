# Shared by run.sh, test.sh, soak.sh and the benchmarks: what the machine needs,
# and the build. Sourced, never run; expects `set -euo pipefail`.
#
# Sets: repository   the folder of this checkout
#       preset       the CMake preset (BANKSIA_PRESET, or release)
#       build_folder where that preset builds

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=${BANKSIA_PRESET:-release}

# Everything comes from Debian 12 itself.
build_packages=(
  build-essential cmake ninja-build ccache mold
  libcaf-dev                 # actors: core, io, openssl
  libboost1.81-dev           # Asio, Beast, Math (headers)
  libboost-json1.81-dev libboost-url1.81-dev libboost-system1.81-dev
  libcli11-dev               # command line
  libhowardhinnant-date-dev tzdata
  libpugixml-dev             # RSS and Atom
  # Forecasts. Without OpenBLAS LibTorch falls back to Debian's reference BLAS,
  # which takes about ten times as long.
  libtorch-dev libopenblas0-pthread
  libspdlog-dev libssl-dev libsqlite3-dev libtomlplusplus-dev
  prometheus-cpp-dev zlib1g-dev
)
# Program and the package that brings it; a program that came from elsewhere is
# as good.
test_programs=(
  chromium:chromium
  curl:curl
  node:nodejs
  npm:npm
  prometheus:prometheus
  promtool:prometheus
  python3:python3
  sqlite3:sqlite3
  python3:python3
)

say() {
  printf 'banksia: %s\n' "$*"
}

fail() {
  printf 'banksia: %s\n' "$*" >&2
  exit 1
}

case $preset in
  release) build_folder=$repository/build ;;
  debug | asan | ubsan | tsan) build_folder=$repository/build/$preset ;;
  *) fail "no such preset: BANKSIA_PRESET=$preset: use release, debug, asan, ubsan or tsan" ;;
esac

is_debian_12() {
  [[ -r /etc/os-release ]] && (
    # shellcheck source=/dev/null
    . /etc/os-release
    [[ ${ID:-} == debian && ${VERSION_ID:-} == 12 ]]
  )
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "cannot install packages: neither root nor sudo: install as root: $*"
  fi
}

# install_packages PACKAGE...: by apt, once for all of them.
install_packages() {
  say "installing: $*"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null \
    || fail "the package lists cannot be fetched: apt-get update: check the network"
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends "$@" </dev/null \
    || fail "apt-get could not install: $*: see its message above"
}

# missing_packages PACKAGE...: those that are not installed, one a line.
missing_packages() {
  local package
  local -A installed=()
  while read -r package; do
    installed[$package]=1
  done < <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" \
    2>/dev/null | sed -n 's/^installed //p')
  for package in "$@"; do
    [[ -n ${installed[$package]:-} ]] || printf '%s\n' "$package"
  done
}

# ensure_packages build|tests: installs what building (and testing) needs and
# the machine lacks. Silent, offline and quick when nothing is missing.
ensure_packages() {
  local purpose=$1
  local -a missing=()
  if ! is_debian_12; then
    say "this system is not Debian 12: nothing is installed here; the build needs what Debian 12 calls: ${build_packages[*]}"
    return
  fi
  mapfile -t missing < <(missing_packages "${build_packages[@]}")
  if [[ $purpose == tests ]]; then
    local entry
    for entry in "${test_programs[@]}"; do
      command -v "${entry%%:*}" >/dev/null || missing+=("${entry##*:}")
    done
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || missing+=(ca-certificates)
  fi
  if ((${#missing[@]} > 0)); then
    install_packages "${missing[@]}"
  fi
}

# build_jobs: one a core, but no more than memory carries (1.2 GB a compiler).
build_jobs() {
  local cores memory_kb by_memory
  cores=$(nproc)
  memory_kb=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
  by_memory=$((memory_kb / 1258291))
  ((by_memory >= 1)) || by_memory=1
  printf '%s\n' $((cores < by_memory ? cores : by_memory))
}

# build_everything: configures and builds all targets of the preset. Configures
# each time, because new test folders are found only then.
build_everything() {
  local log=$build_folder/configure.log
  mkdir -p "$build_folder"
  say "configuring (preset $preset)"
  (cd "$repository" && cmake --preset "$preset") >"$log" 2>&1 </dev/null || {
    cat "$log" >&2
    fail "configuring failed: see above and $log"
  }
  say "building in ${build_folder#"$repository"/}"
  cmake --build "$build_folder" -j "$(build_jobs)" </dev/null \
    || fail "the build failed: see above"
}
