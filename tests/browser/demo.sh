#!/usr/bin/env bash
# The demo as a person sees it: a real node on free ports, a real browser. The
# node is started and stopped here, by pid, and must stop cleanly.
#   demo.sh BINARY_DIR        SCREENSHOT=FILE keeps the picture
set -euo pipefail
binaries=$1
here=$(cd "$(dirname "$0")" && pwd)
for tool in node chromium; do
  command -v "$tool" >/dev/null || { echo "banksia-skip: no $tool here"; exit 0; }
done
[ -d "$here/node_modules/playwright-core" ] \
  || { echo "banksia-skip: run npm ci in tests/browser (test.sh does)"; exit 0; }

folder=$(mktemp -d)
pid=
finish() {
  [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

"$binaries/banksia" run --env demo --data-dir "$folder" \
  --set prediction_port=0 --set evaluation_port=0 --set ml_port=0 --set data_port=0 \
  --set ml_port=0 --set dashboard_port=0 --set node_port=0 \
  2>"$folder/stderr" &
pid=$!

# Where the node listens is written when it does; a deadline bounds the wait.
deadline=$((SECONDS + 30))
until [ -s "$folder/run/node.json" ]; do
  kill -0 "$pid" 2>/dev/null || { cat "$folder/stderr"; exit 1; }
  [ $SECONDS -lt $deadline ] || { echo "the node did not start"; exit 1; }
  read -rt 0.1 <> <(:) || true
done
address=$(sed -n 's/.*"dashboard":"\([^"]*\)".*/\1/p' "$folder/run/node.json")

BASE_URL="http://$address" node "$here/dashboard.mjs"

kill -TERM "$pid"
status=0
wait "$pid" || status=$?
pid=
[ "$status" -eq 0 ] || { cat "$folder/stderr"; echo "exit $status"; exit 1; }
echo "ok: the node drained and exited 0"
