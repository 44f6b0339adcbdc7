#!/usr/bin/env bash
# Reading prices: Yahoo's chart in MB/s against Boost.JSON's tree of the same
# bytes, CSV rows a second against counting the lines with memchr. The bodies
# are made by the program. Alternating pairs, the median of their ratio.
#
#   bench/parse.sh [PAIRS] [BARS]
#
# The ratio is ours over the peer's: 1 is as fast, less is slower.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

program=$build_folder/bin/bench_parse
need_program "$program"
exec "$program" "$@"
