#!/usr/bin/env bash
# Fails when a program has left a sanitizer's report in FOLDER, and shows it once:
# what was shown moves to FOLDER/shown.
#
#   findings.sh FOLDER
set -euo pipefail

folder=${1:?findings.sh FOLDER}
mkdir -p "$folder/shown"
found=0
for report in "$folder"/of.*; do
  [[ -s $report ]] || continue
  found=$((found + 1))
  echo "== ${report##*/}"
  # A report of ThreadSanitizer can be long; the file has the rest.
  head -n 60 "$report"
  mv "$report" "$folder/shown/"
done
if ((found > 0)); then
  echo "$found programs have left a report of a sanitizer; they are in $folder/shown"
  exit 1
fi
echo "no program has left a report of a sanitizer"
