#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# Makes a Python environment in .tools/NAME/ from the wheels pinned for it, once:
#
#   tools/venv.sh lab      JupyterLab and nbclient, for `make lab` and `make notebooks-nbclient`
#   tools/venv.sh book     Sphinx and MathJax, for `make book`
#   tools/venv.sh peers    PyTorch, JAX and DeepXDE, for `make bench-peers`
#   tools/venv.sh snakemake  Snakemake and its Slurm executor, for `make test` and `make slurm-test`
#
# Nothing else needs Python. PYTHON names the interpreter (default python3). The stamp is written last, so
# an environment that was killed half-way is begun again; two at once do no harm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

name=${1:-}
pins=tools/lab/$name.txt
target=$name
platform=
case $name in
  lab) what='JupyterLab' size='48 MB, 260 MB unpacked' ;;
  book) what='Sphinx' size='46 MB, 280 MB unpacked' ;;
  peers) what='PyTorch, JAX and DeepXDE' size='2.5 GB, 5 GB unpacked' pins=bench/peers/requirements.txt target=bench-peers platform='Linux x86_64' ;;
  snakemake) what='Snakemake' size='65 MB, 300 MB unpacked' pins=tools/snakemake.txt platform='Linux x86_64' ;;
  *) echo "usage: tools/venv.sh lab|book|peers|snakemake" >&2; exit 2 ;;
esac
dir=.tools/$name
python=${PYTHON:-python3}
fail() { printf '%s: %s\n' "$target" "$*" >&2; exit 1; }
# A new pin installs anew; so does a moved folder, whose path stands in the environment's programs.
installed() { [[ -x $dir/bin/python && -f $dir/installed && $(<"$dir/installed") == "$PWD"$'\n'"$(<"$pins")" ]]; }

installed && exit 0
[[ -z ${OFFLINE:-} || ${OFFLINE} == 0 ]] || fail "OFFLINE is set, so $what was not fetched; run it once with a network"
[[ -z $platform || $(uname -sm) == "$platform" ]] || fail "$what are pinned for Linux on x86-64, this is $(uname -sm)"
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) ||
  fail "$python does not run: install Python 3.11, 3.12 or 3.13, or name one: PYTHON=python3.12 make $target"
case $version in
  3.11 | 3.12 | 3.13) ;;
  *) fail "$what is pinned for Python 3.11 to 3.13, $python is $version; name one: PYTHON=python3.12 make $target" ;;
esac
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
  fail "$python can't make an environment: install its venv module (Debian: apt-get install python3-venv)"

mkdir -p .tools
if command -v flock >/dev/null; then
  exec 9>".tools/$name.lock"
  flock 9
  installed && exit 0 # by whoever held the lock
fi
printf '%s: fetching %s (%s, once)\n' "$target" "$what" "$size" >&2
rm -rf "$dir"
"$python" -m venv "$dir"
# --no-deps: the file lists all that is needed.
"$dir/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --retries 2 --timeout 60 \
  --require-hashes --no-deps --only-binary=:all: -r "$pins" >"$dir/log" 2>&1 || {
  case $(<"$dir/log") in
    *'DO NOT MATCH THE HASHES'*) fail 'the SHA-256 of a package that came is not the pinned one' ;;
    *Retrying*) fail 'the package index could not be reached' ;;
    *) fail "$({ grep -m1 '^ERROR' "$dir/log" || tail -n 1 "$dir/log"; } | cut -c 1-200)" ;;
  esac
}
printf '%s\n' "$PWD" "$(<"$pins")" >"$dir/new"
mv -f "$dir/new" "$dir/installed"
printf '%s: ready after %s s\n' "$target" "$SECONDS" >&2
