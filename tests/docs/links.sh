#!/usr/bin/env bash
# Every relative link in the Markdown pages leads to a file of the checkout.
#   links.sh REPOSITORY
set -euo pipefail
cd "$1"

pages=(README.md CHANGELOG.md docs/*.md bench/README.md)
checked=0
broken=0
for page in "${pages[@]}"; do
  while read -r target; do
    case $target in
      http://* | https://* | '#'*) continue ;;
    esac
    checked=$((checked + 1))
    if [[ ! -e $(dirname "$page")/${target%%#*} ]]; then
      printf '%s: broken link: %s\n' "$page" "$target"
      broken=$((broken + 1))
    fi
  done < <(grep -o ']([^)]*)' "$page" | sed 's/^](//; s/)$//')
done
printf '%d links checked, %d broken\n' "$checked" "$broken"
# No link found means that this script no longer reads pages.
((checked > 0 && broken == 0))
