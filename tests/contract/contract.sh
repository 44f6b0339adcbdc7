#!/usr/bin/env bash
# The HTTP contract of a real node on free ports: every operation of its OpenAPI
# documents is called (contract.mjs), and the documents are linted.
#   contract.sh BINARY_DIR        DOCUMENTS=FOLDER keeps them
set -euo pipefail
binaries=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../demo_node.sh"
needs node curl
[ -d "$here/node_modules/ajv" ] \
  || { echo "banksia-skip: run npm ci in tests/contract (test.sh does)"; exit 0; }
export DOCUMENTS=${DOCUMENTS:-$work}

# An hour of the market a second, so that there are outcomes soon.
start_node clock_speed=3600
NODE_JSON=$folder/run/node.json TOKEN=$(cat "$folder/operator.token") \
  node "$here/contract.mjs"
drain_node

# No telemetry, no look for a newer version: a test asks nobody.
cd "$here"
REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true CI=true \
  node_modules/.bin/redocly lint --config "$here/redocly.yaml" \
  "$DOCUMENTS"/{prediction,evaluation,ml,data,dashboard}.json
echo "ok: the documents hold and lint"
