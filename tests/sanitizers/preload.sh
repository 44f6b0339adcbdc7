#!/usr/bin/env bash
# Programs of a build without a sanitizer, on the memory of AddressSanitizer: what is
# freed twice or leaked, and what the C library is told to read or write of it.
# It sees less than the preset asan (no load or store of our own code), builds
# nothing, and is quick enough for a whole node under load.
#
#   preload.sh PROGRAMS FOLDER
#
# makes FOLDER with a stand-in for each of PROGRAMS (say build/bin), for
#
#   FOLDER/test_trainer -n -v 3
#   tests/chaos/roles.py FOLDER
#   tests/sanitizers/findings.sh FOLDER/findings
#
# A training whose memory is bounded (training_memory_mb) has no room for it, nor has
# a test that bounds a shell's.
set -euo pipefail

programs=$(realpath "${1:?preload.sh PROGRAMS FOLDER}")
folder=${2:?preload.sh PROGRAMS FOLDER}
library=$(realpath "$(gcc -print-file-name=libasan.so)")
suppressions=$(realpath "$(dirname "${BASH_SOURCE[0]}")")/leak.supp
mkdir -p "$folder/findings"
findings=$(realpath "$folder")/findings/of

# A signal that a test sends is no finding.
options="log_path=$findings:log_exe_name=1:halt_on_error=0:handle_segv=0"
for program in "$programs"/*; do
  [[ -f $program && -x $program ]] || continue
  stand_in=$folder/${program##*/}
  cat >"$stand_in" <<END
#!/bin/sh
export ASAN_OPTIONS='$options'
export LSAN_OPTIONS='print_suppressions=0:suppressions=$suppressions'
LD_PRELOAD='$library' exec '$program' "\$@"
END
  chmod +x "$stand_in"
done
