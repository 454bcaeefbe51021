#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# `make slurm-test`: a preset through Snakemake and a real Slurm. While it runs, one job is killed and a
# node's daemon is killed and started again. What comes out must be the bits of a plain local run.
#
#   tools/slurm/test.sh [EXPERIMENT…]     PRESET=smoke, MINUTES=0.3 a job; the transcript is out/slurm-test/transcript.txt
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

preset=${PRESET:-smoke} minutes=${MINUTES:-0.3}
program=${PROGRAM:-$PWD/.tools/bin/reproduce} snakemake=${SNAKEMAKE:-$PWD/.tools/snakemake/bin/snakemake}
out=$PWD/out/slurm-test
rm -rf "$out"
mkdir -p "$out"
exec > >(tee "$out/transcript.txt") 2>&1
begin=$SECONDS
say() { printf '[%4d s] %s\n' $((SECONDS - begin)) "$*"; }
fail() { say "FAILED: $*"; exit 1; }

# Short, since a socket's path must be.
cluster=$(mktemp -d "${TMPDIR:-/tmp}/slurm.XXXXXX")
running=
end() {
  if [[ -n $running ]]; then kill "$running" 2>/dev/null || true; fi
  tools/slurm/cluster.sh stop "$cluster" || true
  cp "$cluster"/*.log "$out/" 2>/dev/null || true
  rm -rf "$cluster"
}
trap end EXIT

say "a plain local run of preset $preset $*"
"$program" run --plain --preset "$preset" --store "$out/local" --out "$out/local-report" "$@" >"$out/local.log" 2>&1 ||
  fail "the local run: $(tail -n 1 "$out/local.log")"
grep 'runs found' "$out/local.log"

"$program" export snakemake "$out/workflow" --preset "$preset" --minutes "$minutes" --cores "$(nproc)" \
  --store "$out/shared" --out "$out/shared-report" "$@"
tools/slurm/cluster.sh start "$cluster"
export SLURM_CONF=$cluster/slurm.conf PATH=$cluster/bin:$PATH
say "Slurm $(sinfo --version), $(sinfo --noheader --format='%D nodes of %c processors')"

say "snakemake --profile profiles/slurm"
(
  cd "$out/workflow"
  exec "$snakemake" --profile profiles/slurm --slurm-no-account --slurm-status-command squeue \
    --slurm-init-seconds-before-status-checks 5 --slurm-keep-successful-logs
) >"$out/snakemake.log" 2>&1 &
running=$!

records() { find "$out/shared/runs" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l; }
# victim NODE: a job whose program is training on a node.
victim() {
  local id
  for id in $(squeue --noheader --states=R --nodelist="$1" --format=%A); do
    if grep -q 'backend: ' "$out/workflow/.snakemake/slurm_logs"/rule_train/*/"$id.log" 2>/dev/null; then
      echo "$id"
      return
    fi
  done
}
disturbed() { kill -0 "$running" 2>/dev/null || fail "snakemake ended before $1: see $out/snakemake.log"; }

killed=
until [[ -n $killed ]]; do
  disturbed 'a job could be killed'
  sleep .5
  killed=$(victim n1)
done
scancel --signal=KILL --full "$killed"
say "job $killed on n1 killed with SIGKILL; $(records) records are there"

until [[ -n $(victim n2) ]]; do
  disturbed 'a node could be restarted'
  sleep .5
done
say "n2's daemon killed while job $(victim n2) runs; $(records) records are there"
tools/slurm/cluster.sh restart "$cluster" n2
say "n2's daemon runs again"

status=0
wait "$running" || status=$?
running=
say "snakemake ended with exit code $status; jobs by state: $(squeue --noheader --states=all --format='%T' | sort | uniq -c | tr -s ' \n' ' ')"
((status == 0)) || fail "see $out/snakemake.log"
[[ $(squeue --noheader --states=all --jobs="$killed" --format=%T) != COMPLETED ]] || fail "the killed job $killed is said to be complete"
restarts=$(grep -c 'Trying to restart job' "$out/snakemake.log" || true)
say "jobs begun again by Snakemake: $restarts"
((restarts >= 1)) || fail "no job was begun again"

diff -rq --exclude=manifest.json "$out/local/runs" "$out/shared/runs" || fail "the records differ"
"$program" verify "$out/shared" | tail -n 1
[[ -s $out/shared-report/report.html ]] || fail "there is no report"
say "passed: $(records) records, the same bits as the local run's (configurations, histories, metrics, weights)"
