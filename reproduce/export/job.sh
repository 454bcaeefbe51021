#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# Runs a command on so many processors: job.sh THREADS COMMAND…
#
# XLA takes a thread for each processor that it may use, and how many it takes shows in the last bits of
# the results. Where a scheduler has given a job just its processors, nothing is left to do here. Where it
# has not, this takes free ones by a lock on each, which goes with the processes that hold it.
set -euo pipefail
threads=$1
shift

bind=()
if [[ $(uname) == Linux ]] && command -v taskset flock >/dev/null; then
  IFS=, read -ra ranges <<<"$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)"
  allowed=()
  for range in "${ranges[@]}"; do
    mapfile -t -O "${#allowed[@]}" allowed < <(seq "${range%-*}" "${range#*-}")
  done
  if ((${#allowed[@]} > threads)); then
    locks=${TMPDIR:-/tmp}/reproduce-processors-$UID
    mkdir -p -m 700 "$locks" 2>/dev/null || true
    mine=() others=()
    for cpu in $(shuf -e "${allowed[@]}"); do
      lock=
      if ((${#mine[@]} < threads)) && { exec {lock}>"$locks/$cpu"; } 2>/dev/null && flock --nonblock "$lock"; then
        mine+=("$cpu")
      else
        others+=("$cpu")
        [[ -z $lock ]] || exec {lock}>&-
      fi
    done
    # Where too few are free, some are shared.
    mine+=("${others[@]:0:threads-${#mine[@]}}")
    bind=(taskset --cpu-list "$(IFS=,; echo "${mine[*]}")")
  fi
fi

# A run that another process trains is waited for: that may be this job, begun by a Snakemake that was
# killed since.
said=$(mktemp)
trap 'rm -f "$said"' EXIT
while :; do
  status=0
  "${bind[@]}" "$@" 2> >(tee "$said" >&2) || status=$?
  ((status == 0)) && exit 0
  grep -q 'another process is training this run' "$said" || exit "$status"
  echo "job.sh: another process is training a run of this job; waiting for it" >&2
  sleep 20
done
