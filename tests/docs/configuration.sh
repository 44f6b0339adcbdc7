#!/usr/bin/env bash
# docs/configuration.md is what `banksia check-config --reference` prints.
#   configuration.sh BANKSIA PAGE
set -euo pipefail
banksia=$1
page=$2

written=$(mktemp)
trap 'rm -f "$written"' EXIT
"$banksia" check-config --reference >"$written"
if ! diff -u "$page" "$written"; then
  printf 'docs/configuration.md differs from the program: write it again:\n'
  printf '  build/bin/banksia check-config --reference > docs/configuration.md\n'
  exit 1
fi
