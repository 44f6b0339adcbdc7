#!/usr/bin/env bash
# The demo as a person sees it: a real node on free ports, a real browser. The
# node is started and stopped here, by pid, and must stop cleanly.
#   demo.sh BINARY_DIR        SCREENSHOT=FILE keeps the picture
set -euo pipefail
binaries=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../demo_node.sh"
needs node chromium curl
[ -d "$here/node_modules/playwright-core" ] \
  || { echo "banksia-skip: run npm ci in tests/browser (test.sh does)"; exit 0; }

start_node
BASE_URL="http://$(address dashboard)" node "$here/dashboard.mjs"
drain_node
echo "ok: the node drained and exited 0"
