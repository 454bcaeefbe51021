#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# Part of `make check`: of the files named on stdin (NUL-separated), each source file starts with the
# copyright and SPDX line, and none names a path of somebody's machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

notice='Copyright 20[0-9][0-9] The PINN Repro Authors\. SPDX-License-Identifier: Apache-2\.0$'
# An absolute path into a home or work folder; not the same words inside a web address or a relative path.
machine_path='(^|[^[:alnum:]_./}-])/(root|work|home|Users)/[[:alnum:]_.]'
status=0

while IFS= read -r -d '' f; do
  [[ -f $f ]] || continue # deleted, not yet committed
  case $f in
    *.go) grep -qE "^// $notice" <(head -n 1 "$f") || { echo "$f:1: expected // Copyright YEAR The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0" >&2; status=1; } ;;
    *.sh | *.py | *.mk | Makefile | .ci/run) # the first line, or the second below #!
      grep -qE "^# $notice" <(head -n 2 "$f") || { echo "$f:1: expected # Copyright YEAR The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0" >&2; status=1; } ;;
  esac
  if grep -nIHE "$machine_path" "$f" >&2; then
    echo "$f: names a path of one machine; write it relative to the repository" >&2
    status=1
  fi
done
exit $status
