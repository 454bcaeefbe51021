#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# Installs the notebooks' kernel, once: gonb and the goimports that it runs into .tools/bin/, and gopls,
# with which it completes what a person types, into .tools/kernel/ (pins: tools/kernel/go.mod). A kernel
# that finds gopls starts it, which takes 10 s of processor time and 600 MB: the kernelspec shows it to
# those kernels alone that JupyterLab starts. Called by `make kernel`.
#
# OFFLINE=1 builds from Go's module cache or not at all. The three programs and last the stamp are moved
# into place whole, so an installation that is killed at any point is begun again by the next call; two
# at once do no harm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bin=$PWD/.tools/bin
programs=(gonb goimports gopls)
at() { if [[ $1 == gopls ]]; then echo "$PWD/.tools/kernel"; else echo "$bin"; fi; } # where a program goes
stamp=.tools/kernel/installed
fail() { printf 'kernel: %s\n' "$*" >&2; exit 1; }

command -v go >/dev/null || fail "no go command found: install Go 1.26 or newer (https://go.dev/dl)"
version=$(cd tools/kernel && go env GOVERSION) || fail "go does not run (see above)"
pins=$(printf '%s\n' "$version"; cat tools/kernel/go.mod tools/kernel/go.sum) # a new pin or a new Go installs anew
missing() { # the programs that are not there, on one line
  local p
  for p in "${programs[@]}"; do if [[ ! -x $(at "$p")/$p ]]; then printf ' %s' "$p"; fi; done
}
installed() { [[ -z $(missing) && -f $stamp && $(<"$stamp") == "$pins" ]]; }

installed && exit 0
mkdir -p "$bin" .tools/kernel
if command -v flock >/dev/null; then
  exec 9>.tools/kernel/lock
  flock 9
  installed && exit 0 # by whoever held the lock
  rm -rf .tools/kernel/tmp.* # what a killed installation left
fi
tmp=$(mktemp -d "$PWD/.tools/kernel/tmp.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

# Neither a workspace around us, nor flags, platform or place of the caller's own have a say.
env=(GOWORK=off GOFLAGS= GOOS= GOARCH= GOBIN="$tmp")
if [[ -n ${OFFLINE:-} && ${OFFLINE} != 0 ]]; then
  env+=(GOPROXY=off)
  what=$(missing)
  (cd tools/kernel && env "${env[@]}" go install tool 9>&-) >"$tmp/log" 2>&1 ||
    fail "OFFLINE is set and Go's module cache lacks what the kernel is built from (missing:${what:- the pinned versions}); run make kernel once with a network"
else
  printf 'kernel: building gonb, goimports and gopls (about a minute, once)\n' >&2
  (cd tools/kernel && env "${env[@]}" go install tool 9>&-) >"$tmp/log" 2>&1 ||
    fail "not built: $(grep -v '^go: downloading' "$tmp/log" | tail -n 1 | cut -c 1-200)"
fi

rm -f "$stamp"
for p in "${programs[@]}"; do mv -f "$tmp/$p" "$(at "$p")/$p"; done
printf '%s\n' "$pins" >"$tmp/installed"
mv -f "$tmp/installed" "$stamp"
printf 'kernel: ready after %s s\n' "$SECONDS" >&2
