#!/usr/bin/env bash
# The HTTP contract of a real node on free ports: every operation of its OpenAPI
# documents is called (contract.mjs), and the documents are linted.
#   contract.sh BINARY_DIR        DOCUMENTS=FOLDER keeps them
set -euo pipefail
binaries=$1
here=$(cd "$(dirname "$0")" && pwd)
command -v node >/dev/null || { echo "banksia-skip: no node here"; exit 0; }
[ -d "$here/node_modules/ajv" ] \
  || { echo "banksia-skip: run npm ci in tests/contract (test.sh does)"; exit 0; }

folder=$(mktemp -d)
pid=
finish() {
  [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
export DOCUMENTS=${DOCUMENTS:-$folder}

# An hour of the market a second, so that there are outcomes soon.
"$binaries/banksia" run --env demo --data-dir "$folder" --set clock_speed=3600 \
  --set prediction_port=0 --set evaluation_port=0 --set ml_port=0 --set data_port=0 \
  --set dashboard_port=0 --set node_port=0 \
  2>"$folder/stderr" &
pid=$!

# Where the node listens is written when it does; a deadline bounds the wait.
deadline=$((SECONDS + 30))
until [ -s "$folder/run/node.json" ]; do
  kill -0 "$pid" 2>/dev/null || { cat "$folder/stderr"; exit 1; }
  [ $SECONDS -lt $deadline ] || { echo "the node did not start"; exit 1; }
  read -rt 0.1 <> <(:) || true
done

NODE_JSON=$folder/run/node.json TOKEN=$(cat "$folder/operator.token") \
  node "$here/contract.mjs"

kill -TERM "$pid"
status=0
wait "$pid" || status=$?
pid=
[ "$status" -eq 0 ] || { cat "$folder/stderr"; echo "exit $status"; exit 1; }

# No telemetry, no look for a newer version: a test asks nobody.
cd "$here"
REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true CI=true \
  node_modules/.bin/redocly lint --config "$here/redocly.yaml" \
  "$DOCUMENTS"/{prediction,evaluation,ml,data,dashboard}.json
echo "ok: the documents hold and lint"
