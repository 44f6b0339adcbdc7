#!/usr/bin/env bash
# The README's five minutes do what the page says: its commands are run in an
# empty folder, and every line that it shows is printed, in that order. A line
# of `…` stands for any lines; how long something took and the digest, which
# belongs to a processor, may differ.
#   tour.sh README BINARY_DIR
set -euo pipefail
page=$(realpath "$1")
PATH=$(realpath "$2"):$PATH
export PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

steady() {
  sed -E 's/ in [0-9.]+ s$/ in TIME s/; s/^digest( +)[0-9a-f]{64}$/digest\1HEX/'
}

# One file a command, `N.command`, and what the page shows after it, `N.shown`.
awk '
  /^## / { inside = $0 == "## Five minutes" }
  /^```/ { block = !block; going_on = 0; next }
  !inside || !block { next }
  /^\$ / { ++n; sub(/^\$ /, ""); print > (n ".command"); printf "" > (n ".shown")
           going_on = /\\$/; next }
  going_on { print > (n ".command"); going_on = /\\$/; next }
  { print > (n ".shown") }
' "$page"

count=0
while [[ -e $((count + 1)).command ]]; do
  count=$((count + 1))
  command=$(<"$count.command")
  # The shell of the page keeps what it exports; here the programs are found.
  [[ $command != "export PATH="* ]] || continue
  bash -c "$command" >output 2>&1 </dev/null || {
    printf 'failed: %s\n' "$command"
    cat output
    exit 1
  }
  steady <output >printed
  steady <"$count.shown" >shown
  awk -v command="$command" '
    NR == FNR { printed[++n] = $0; next }
    $0 ~ /^ *…$/ { next }
    { for (++at; at <= n && printed[at] != $0; ++at);
      if (at > n) { print "not printed by: " command "\n" $0; exit 1 } }
  ' printed shown
done
((count > 4)) || { echo "no commands found in $page"; exit 1; }
printf '%d commands, as the page says\n' "$count"
