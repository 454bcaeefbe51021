#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# Makes the Python environment of `make bench-peers` in .tools/peers/, once: nothing else needs it.
# PYTHON names the interpreter (default python3).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

dir=.tools/peers
pins=bench/peers/requirements.txt
python=${PYTHON:-python3}
fail() { printf 'bench-peers: %s\n' "$*" >&2; exit 1; }

if [[ -x $dir/bin/python ]] && cmp -s "$pins" "$dir/installed"; then exit 0; fi # a new pin installs anew
[[ -z ${OFFLINE:-} || ${OFFLINE} == 0 ]] || fail "OFFLINE is set, so PyTorch, JAX and DeepXDE were not fetched"
[[ $(uname -sm) == "Linux x86_64" ]] || fail "PyTorch and JAX are pinned for Linux on x86-64, this is $(uname -sm)"
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' ||
  fail "PyTorch and JAX are pinned for Python 3.11 to 3.13; name one: PYTHON=python3.12 make bench-peers"

printf 'bench-peers: fetching PyTorch, JAX and DeepXDE (2.5 GB, 5 GB unpacked, once)\n' >&2
rm -rf "$dir"
"$python" -m venv "$dir"
# --no-deps: the file lists what is needed, and PyTorch's own list is longer.
"$dir/bin/python" -m pip install --quiet --no-input --disable-pip-version-check \
  --require-hashes --no-deps --only-binary=:all: -r "$pins"
cp "$pins" "$dir/installed"
