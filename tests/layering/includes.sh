#!/usr/bin/env bash
# Dependencies point one way, read off the includes themselves:
#
#   messages <- models <- actors <- apps, runtime beneath actors, config beside
#
#   includes.sh CHECKOUT   prints each include that points the wrong way; exit 1
#   includes.sh --self-test
set -euo pipefail

# folder | what it may include of ours | what it may not include of others
rules='messages|messages|sqlite3|spdlog|boost/(asio|beast)|fstream|filesystem|thread|mutex
models|messages models|caf/|sqlite3|spdlog|boost/(asio|beast)|prometheus|fstream|filesystem|iostream|thread|mutex
runtime|runtime|nothing
config|config messages models|caf/|sqlite3|spdlog|boost/(asio|beast)|prometheus
actors|actors messages models runtime|spdlog|sqlite3|CLI/|toml
cluster|cluster actors messages models runtime|spdlog|sqlite3|CLI/|toml
apps|apps cluster actors config messages models runtime|torch|ATen
bench|bench apps actors config messages models runtime|torch|ATen'
# CAF lies in the wire mapping and the interfaces alone; what is left of
# messages/ is free of it, so that models/ is.
include_form='#include [<"]([^>"]*)[>"]'
caf_headers='^messages/(inspect|wire|actors|carried|cluster|trace|caf_pch)\.(hpp|cpp)$'

check() {
  local root=$1 wrong=0 folder ours others line file target
  while IFS='|' read -r folder ours others; do
    [[ -d $root/$folder ]] || continue
    while IFS= read -r line; do
      file=${line%%:*}
      [[ $line =~ $include_form ]]
      target=${BASH_REMATCH[1]}
      file=${file#"$root"/}
      if [[ $line == *'#include "'* ]]; then
        [[ " $ours " == *" ${target%%/*} "* ]] && continue
      else
        if [[ $folder == messages && $target == caf/* ]]; then
          [[ $file =~ $caf_headers ]] && continue
        elif [[ ! $target =~ ^($others) ]]; then
          continue
        fi
      fi
      printf '%s includes %s\n' "$file" "$target"
      wrong=$((wrong + 1))
    done < <(grep -rnE '^ *#include [<"]' "$root/$folder" \
      --include='*.hpp' --include='*.cpp')
  done <<<"$rules"
  # LibTorch belongs to one folder, and so do the headers that include it: who
  # uses a model sees headers that are free of it.
  while IFS= read -r file; do
    case ${file#"$root"/} in
      models/forecast/torch/*) ;;
      *)
        printf '%s includes LibTorch\n' "${file#"$root"/}"
        wrong=$((wrong + 1))
        ;;
    esac
  done < <(grep -rlE '#include (<(torch|ATen|c10)/|"models/forecast/torch/)' \
    "$root"/{messages,models,runtime,config,actors,cluster,apps,bench} \
    --include='*.hpp' --include='*.cpp' 2>/dev/null || true)
  ((wrong == 0))
}

# plant FILE INCLUDE: the check must find this one, and must say so.
plant() {
  local folder
  folder=$(mktemp -d)
  mkdir -p "$folder"/{messages,models,runtime,config,actors,apps} \
    "$(dirname "$folder/$1")"
  printf '#include "messages/time.hpp"\n' >"$folder/models/right.hpp"
  printf '#include %s\n' "$2" >"$folder/$1"
  if said=$(check "$folder"); then
    printf 'not found: %s in %s\n' "$2" "$1"
    rm -rf "$folder"
    return 1
  fi
  rm -rf "$folder"
  [[ $said == *"$1"* ]]
}

if [[ ${1:-} == --self-test ]]; then
  plant messages/time.hpp '"models/market/calendar.hpp"'
  plant messages/domain.hpp '<caf/all.hpp>'
  plant models/market/x.cpp '"runtime/storage/sqlite.hpp"'
  plant models/market/x.cpp '<caf/actor.hpp>'
  plant models/market/x.cpp '<fstream>'
  plant models/market/x.cpp '<boost/asio.hpp>'
  plant runtime/http/x.hpp '"messages/domain.hpp"'
  plant runtime/http/x.hpp '"models/market/calendar.hpp"'
  plant config/x.hpp '"actors/run_plan.hpp"'
  plant actors/x.cpp '"apps/banksia/node.hpp"'
  plant actors/x.cpp '"config/settings.hpp"'
  plant apps/banksia/x.cpp '"tests/x.hpp"'
  plant apps/banksia/x.cpp '<torch/torch.h>'
  plant models/forecast/x.hpp '<ATen/ATen.h>'
  plant models/forecast/x.cpp '"models/forecast/torch/network.hpp"'
  plant apps/banksia-ml/x.cpp '<torch/torch.h>'
  plant actors/x.cpp '<c10/core/Device.h>'
  echo "17 wrong includes, all found"
  exit 0
fi
check "${1:?usage: includes.sh CHECKOUT | --self-test}"
echo "every include points the right way"
