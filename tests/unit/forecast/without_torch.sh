#!/usr/bin/env bash
# The node loads no LibTorch, directly or through a library.
#   without_torch.sh NODE OTHER    OTHER does load it: the check would see it
set -euo pipefail

loads_torch() {
  local libraries
  libraries=$(ldd "$1")
  [[ $libraries == *libtorch* || $libraries == *libc10* ]]
}

if ! loads_torch "$2"; then
  echo "ldd shows no LibTorch in $2, which uses it: this check sees nothing"
  exit 1
fi
if loads_torch "$1"; then
  echo "$1 loads LibTorch: keep banksia_forecast out of what it links"
  exit 1
fi
echo "the node loads no LibTorch"
