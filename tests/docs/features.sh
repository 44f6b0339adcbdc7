#!/usr/bin/env bash
# docs/features.md is what the table of features says.
#   features.sh FEATURE_REFERENCE PAGE
set -euo pipefail
reference=$1
page=$2

written=$(mktemp)
trap 'rm -f "$written"' EXIT
"$reference" >"$written"
if ! diff -u "$page" "$written"; then
  printf 'docs/features.md differs from models/features/feature_table.cpp: write it again:\n'
  printf '  build/bin/feature_reference > docs/features.md\n'
  exit 1
fi
