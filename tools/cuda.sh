#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# Puts XLA's CUDA plugin and NVIDIA's libraries into .tools/cuda/, once. Called by `make cuda`.
#
#   tools/cuda.sh [13|12]   the wheels pinned in tools/cuda13.txt (default) or tools/cuda12.txt
#
# The driver is no part of it: the machine's owner installs that. Where it is missing or too old it is
# said, and the files are fetched all the same: a login node without a GPU may fetch for those that have
# one. The folder is laid out as the plugin expects it: what it opens lies in ../nvidia beside it.
#
# The wheels are unpacked aside and moved into place whole, the stamp last, so a set-up that is killed
# leaves what was there before, and is begun again; two at once do no harm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'cuda: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

major=${1:-13}
case $major in
  13) size='2.4 GB' driver=580 ;;
  12) size='3.2 GB' driver=525 ;;
  *) echo "usage: tools/cuda.sh [13|12]" >&2; exit 2 ;;
esac
pins=tools/cuda$major.txt
dir=.tools/cuda
plugin=$dir/pjrt/pjrt_c_api_cuda_plugin.so # the name by which go-xla finds it (pjrt.AvailablePlugins)
python=${PYTHON:-python3}
installed() { [[ -e $plugin && -f $dir/installed && $(<"$dir/installed") == "$(<"$pins")" ]]; }

if [[ ! -e /dev/nvidia0 && ! -e /dev/dxg ]]; then
  say "no NVIDIA GPU on this machine; what is fetched here serves one that has it, with driver $driver or newer"
fi
installed && exit 0
[[ $(uname -sm) == 'Linux x86_64' ]] || fail "the wheels are pinned for Linux on x86-64, this is $(uname -sm)"
[[ -z ${OFFLINE:-} || ${OFFLINE} == 0 ]] || fail "OFFLINE is set, so nothing was fetched; run it once with a network"
"$python" -m pip --version >/dev/null 2>&1 || fail "$python has no pip, which fetches the wheels: install it (Debian: apt-get install python3-pip), or name another: PYTHON=python3.12 make cuda"

mkdir -p .tools
if command -v flock >/dev/null; then
  exec 9>.tools/cuda.lock
  flock 9
  installed && exit 0 # by whoever held the lock
  rm -rf .tools/tmp-cuda.* # what a killed set-up left
fi
tmp=$(mktemp -d .tools/tmp-cuda.XXXXXX)
trap 'rm -rf "$tmp"' EXIT

say "fetching XLA's plugin and NVIDIA's libraries for CUDA $major ($size, once)"
# The platforms are named so that a Python of any version and a pip of any age take the same wheels.
"$python" -m pip download --quiet --no-input --disable-pip-version-check --retries 2 --timeout 60 --no-cache-dir \
  --require-hashes --no-deps --only-binary=:all: \
  --platform manylinux_2_27_x86_64 --platform manylinux_2_25_x86_64 --platform manylinux_2_17_x86_64 \
  --platform manylinux2014_x86_64 --platform manylinux_2_12_x86_64 --platform manylinux2010_x86_64 \
  --platform manylinux_2_5_x86_64 --platform manylinux1_x86_64 \
  -r "$pins" -d "$tmp/wheels" >"$tmp/log" 2>&1 || {
  case $(<"$tmp/log") in
    *'DO NOT MATCH THE HASHES'*) fail 'the SHA-256 of a wheel that came is not the pinned one' ;;
    *Retrying*) fail 'the package index could not be reached' ;;
    *'No space left'*) fail "no room for $size of wheels and what they unpack to; free some space" ;;
    *) fail "$({ grep -m1 '^ERROR' "$tmp/log" || tail -n 1 "$tmp/log"; } | cut -c 1-200)" ;;
  esac
}
for wheel in "$tmp"/wheels/*.whl; do
  "$python" -m zipfile -e "$wheel" "$tmp/new" >>"$tmp/log" 2>&1 || fail "unpacking ${wheel##*/}: $(tail -n 1 "$tmp/log" | cut -c 1-160)"
  rm -f "$wheel" # so that the disk holds each only once
done
mkdir "$tmp/new/pjrt"
mv "$tmp/new/jax_plugins/xla_cuda$major/xla_cuda_plugin.so" "$tmp/new/pjrt/${plugin##*/}"
rm -rf "$tmp/new/jax_plugins"
find "$tmp/new/nvidia" -type d -name include -prune -exec rm -rf {} + # C headers, which nobody reads here
find "$tmp/new/nvidia" -type f -path '*/bin/*' -exec chmod +x {} +    # ptxas: zipfile keeps no modes
sha256sum "$tmp/new/pjrt/${plugin##*/}" | cut -d ' ' -f 1 >"$tmp/new/pjrt/${plugin##*/}.sha256"
cp "$pins" "$tmp/new/installed"
[[ ! -e $dir ]] || mv "$dir" "$tmp/old"
mv "$tmp/new" "$dir"
say "CUDA $major ready after ${SECONDS} s; \`reproduce doctor\` says whether the driver is"
