#!/usr/bin/env bash
# A real node on free ports beside a collector that reads what it sends by
# OpenTelemetry's own classes (traced.mjs), or one that is split into processes (split.mjs).
#   tracing.sh BINARY_DIR [traced.mjs|split.mjs]
set -euo pipefail
binaries=$1
here=$(cd "$(dirname "$0")" && pwd)
command -v node >/dev/null || { echo "banksia-skip: no node here"; exit 0; }
[ -d "$here/node_modules/@opentelemetry/otlp-transformer" ] \
  || { echo "banksia-skip: run npm ci in tests/tracing (test.sh does)"; exit 0; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
node "$here/${2:-traced.mjs}" "$binaries" "$folder"
