#!/usr/bin/env bash
# promtool takes the shipped rules and scrape configuration, each alert fires and
# stays silent when alerts.test.yml says so, and names only metrics there are.
#   alerts.sh CHECKOUT
set -euo pipefail
root=$1
here=$(cd "$(dirname "$0")" && pwd)
rules=$root/deploy/prometheus/alerts.yml

fail() {
  printf 'alerts: %s\n' "$1" >&2
  exit 1
}

command -v promtool >/dev/null || {
  echo "banksia-skip: no promtool here"
  exit 0
}

said=$(promtool check rules "$rules" 2>&1) || fail "$said"
said=$(promtool check config "$root/deploy/prometheus/prometheus.yml" 2>&1) \
  || fail "$said"
said=$(promtool test rules "$here/alerts.test.yml" 2>&1) || fail "$said"

mapfile -t alerts < <(sed -n 's/^ *- alert: //p' "$rules")
((${#alerts[@]} > 20)) || fail "only ${#alerts[@]} alerts were found"
for alert in "${alerts[@]}"; do
  tests=$(grep -A2 "alertname: $alert\$" "$here/alerts.test.yml") \
    || fail "no test of $alert"
  grep -q 'exp_alerts: \[\]' <<<"$tests" || fail "$alert is never silent"
  grep -qE 'exp_alerts:$' <<<"$tests" || fail "$alert never fires"
done

mapfile -t metrics < <(grep -oE 'banksia_[a-z_]+' "$rules" | sort -u)
((${#metrics[@]} > 10)) || fail "only ${#metrics[@]} metrics were found"
for metric in "${metrics[@]}"; do
  grep -rqF "\"$metric\"" "$root/actors" "$root/runtime" \
    || fail "no such metric: $metric"
done

# Each promise of the node has its rule.
mapfile -t levels < <(sed -n '/^## Service levels/,/^Both lengths/s/^| `\([a-z_]*\)` |.*/\1/p' \
  "$root/docs/operations.md")
((${#levels[@]} == 10)) || fail "${#levels[@]} service levels were found"
for level in "${levels[@]}"; do
  grep -qF "level=\"$level\"" "$rules" || fail "no alert of the level $level"
done
printf 'alerts: %d alerts over %d metrics\n' "${#alerts[@]}" "${#metrics[@]}"
