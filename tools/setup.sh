#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# Puts XLA's CPU plugin into .tools/xla/, once. Called by `make setup`.
#
# First choice is the wheel pinned in tools/xla-cpu.txt, second GoMLX's own installer. Where neither
# can be had, or there is no C compiler to build the bindings with, it says so in one line and exits
# 0: the pure-Go backend needs neither.
# Nothing but success is remembered, so the next call tries again. OFFLINE=1 skips the network.
#
# The plugin, a note of its SHA-256 (for the runs' manifests) and last the stamp are moved into place
# whole, so a set-up that is killed at any point leaves a plugin that works or none, and is begun
# again; two at once do no harm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

dir=.tools/xla
plugin=$dir/pjrt_c_api_cpu_plugin.so # the name by which go-xla finds it (pjrt.AvailablePlugins)
stamp=$dir/installed
pins=$(cat tools/xla-cpu.txt; grep gomlx/go-xla go.mod || true) # a new pin of either installs anew

installed() { [[ -e $plugin && -f $stamp && $(<"$stamp") == "$pins" ]]; }
say() { printf 'setup: %s\n' "$*" >&2; }
without() { # without REASON: how the set-up ends where XLA can't be had
  if [[ -e $plugin ]]; then
    say "$*; keeping the XLA CPU plugin of an earlier set-up"
  else
    say "$*; going on with the pure-Go backend, about 15 times slower"
  fi
  exit 0
}

installed && exit 0
[[ -z ${OFFLINE:-} || ${OFFLINE} == 0 ]] || without "OFFLINE is set, so no XLA CPU plugin was fetched"
if [[ $(go env CGO_ENABLED) != 1 ]]; then
  without "no C compiler found (or CGO_ENABLED=0), and the XLA bindings don't build without one: install gcc or clang"
fi

mkdir -p "$dir"
if command -v flock >/dev/null; then
  exec 9>.tools/setup.lock
  flock 9
  installed && exit 0 # by whoever held the lock
  rm -rf .tools/tmp-xla.* # what a killed set-up left
fi
tmp=$(mktemp -d .tools/tmp-xla.XXXXXX)
trap 'rm -rf "$tmp"' EXIT

finish() { # finish PLUGIN HOW
  { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -d ' ' -f 1 >"$tmp/sha256"
  rm -f "$stamp"
  mv -f "$1" "$plugin"
  mv -f "$tmp/sha256" "$plugin.sha256"
  printf '%s\n' "$pins" >"$tmp/installed"
  mv -f "$tmp/installed" "$stamp"
  say "XLA CPU plugin ready after ${SECONDS} s ($2)"
  exit 0
}

package=$(sed -n 's/^\([a-z].*==[^ ]*\).*/\1/p' tools/xla-cpu.txt)
say "fetching the XLA CPU plugin ($package, 63 MB, once)"
if python3 -m pip download --quiet --no-input --disable-pip-version-check --retries 2 --timeout 30 \
  --require-hashes --no-deps --only-binary=:all: -r tools/xla-cpu.txt -d "$tmp" >"$tmp/log" 2>&1 &&
  python3 -m zipfile -e "$tmp"/*.whl "$tmp/wheel" >>"$tmp/log" 2>&1; then
  finish "$tmp"/wheel/*/libpjrt_cpu.so "$package"
fi
case $(<"$tmp/log") in
  *Retrying*) reason='the package index could not be reached' ;;
  *'DO NOT MATCH THE HASHES'*) reason='the SHA-256 of what came is not the pinned one' ;;
  *) reason=$({ grep -m1 '^ERROR' "$tmp/log" || tail -n 1 "$tmp/log"; } | sed 's/^.*line [0-9]*: //' | cut -c 1-160) ;;
esac
say "no $package for $(uname -sm): $reason; trying GoMLX's own installer"

if go run ./tools/installpjrt "$tmp/gomlx" >"$tmp/log" 2>&1; then
  finish "$tmp"/gomlx/pjrt_c_api_cpu_*_plugin.so "GoMLX's installer"
fi
without "no XLA CPU plugin: $(grep -v '^exit status' "$tmp/log" | tail -n 1 | cut -c 1-160)"
