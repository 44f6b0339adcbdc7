# A demo node on free ports, for tests in shell, which source this file. They set
# `binaries`, and `environment` for another one than the demo's; `work` is a folder
# that goes at the end, `node` the node's pid.

work=$(mktemp -d)
folder=$work/node
mkdir "$folder"
node=
others=()

clean_up() {
  local pid
  for pid in $node "${others[@]}"; do
    kill -KILL "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap clean_up EXIT

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  tail -n 5 "$work/node.log" >&2 || true
  exit 1
}

needs() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || {
      echo "banksia-skip: no $tool here"
      exit 0
    }
  done
}

# until_done SECONDS WHAT COMMAND...: tries again until it succeeds.
until_done() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [[ -z $node ]] || kill -0 "$node" 2>/dev/null || fail "the node ended"
    ((SECONDS < deadline)) || fail "in time was not seen: $what"
    read -rt 0.1 <> <(:) || true
  done
}

# ask SQL: an answer from the node's database.
ask() {
  sqlite3 -cmd '.timeout 10000' "$folder/data/demo.db" "$1"
}

# start_node KEY=VALUE...: of its configuration; ready when it comes back.
start_node() {
  local setting settings=()
  for setting in "$@"; do
    settings+=(--set "$setting")
  done
  rm -f "$folder/run/node.json"
  "$binaries/banksia" run --env "${environment:-demo}" --data-dir "$folder" "${settings[@]}" \
    --set prediction_port=0 --set evaluation_port=0 --set ml_port=0 \
    --set data_port=0 --set dashboard_port=0 --set node_port=0 \
    >>"$work/node.log" 2>&1 </dev/null &
  node=$!
  until_done 60 "the node listens" test -s "$folder/run/node.json"
  until_done 60 "the node is ready" \
    curl -sf -o "$work/ready" "http://$(address dashboard)/readyz"
}

# address SERVICE: where it listens.
address() {
  sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$folder/run/node.json"
}

# stop_node SIGNAL: and waits; tells its exit status in `status`.
stop_node() {
  status=0
  kill "-$1" "$node"
  wait "$node" 2>/dev/null || status=$?
  node=
}

# drain_node: SIGTERM, on which it must exit 0.
drain_node() {
  stop_node TERM
  ((status == 0)) || fail "the node drained and exited $status"
}

# reached TIME: whether the market's clock has passed it, and what was due by
# then is made.
reached() {
  [[ $(ask "SELECT market_time >= CAST(strftime('%s', '$1') AS INTEGER)
    * 1000000 FROM runs WHERE run = 'live'") == 1 ]]
}
