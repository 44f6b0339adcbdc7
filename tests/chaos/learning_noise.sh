#!/usr/bin/env bash
# Trainings on markets with nothing to learn: at most the stated rate of them is
# promoted, and none is taken for a leak.
#
#   learning_noise.sh [FOLDER OF THE PROGRAMS]
#   SEEDS   how many markets (100)
set -euo pipefail

programs=${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/bin}
exec "$programs/learning_noise" "${SEEDS:-100}"
