#!/usr/bin/env bash
# Writes docs/results.md: what forecasts would have been worth on recorded daily
# bars, retrained each year. Figures only; no price is copied.
#
#   docs/results.sh [FOLDER OF BARS]
#   KIND   of model (ensemble, which the node trains; mlp takes a tenth of the time)
#   PAGE   the page to write (docs/results.md)
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
programs=$repository/build/bin
bars=${1:-$repository/../shared/data/market/asx_raw_daily_1997-2022}
kind=${KIND:-ensemble}
page=${PAGE:-$repository/docs/results.md}

if [[ ! -d $bars ]]; then
  printf 'banksia: no recorded bars: %s: give their folder\n' "$bars" >&2
  exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$programs/banksia" import bars "$bars" --db "$work/bars.db" >"$work/import"
"$programs/banksia-ml" evaluate --db "$work/bars.db" --index XJO.AX \
  --from 1998-01-01 --to 2022-12-30 --kind "$kind" >"$work/report"
{
  cat <<'TEXT'
# What forecasts were worth

Written by `docs/results.sh` from recorded daily bars of ASX banks and insurers, 1998 to 2022, as they traded. Each year is
forecast by a model that was trained, stopped and calibrated on the years before it; how numbers are made is in
[evaluation](evaluation.md), what is trained in [forecasts](forecasts.md). The same build, processor capability and BLAS
write the same bytes.

The verdict at the top is the one that decides whether a model may serve: *not promoted* means that the rules predict.

```
TEXT
  cat "$work/report"
  printf '```\n'
} >"$work/page"
mv "$work/page" "$page"
