#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# A Slurm cluster on this machine: a controller and two nodes on loopback, by whoever calls it, without
# systemd, cgroups or accounting. All that it writes is in DIR; nothing of the system's own Slurm or MUNGE
# is touched.
#
#   tools/slurm/cluster.sh start DIR         then: export SLURM_CONF=DIR/slurm.conf PATH=DIR/bin:$PATH; sinfo
#   tools/slurm/cluster.sh restart DIR n2    kill a node's daemon with SIGKILL, and start it again
#   tools/slurm/cluster.sh stop DIR
set -euo pipefail

fail() { printf 'slurm: %s\n' "$*" >&2; exit 1; }
[[ ${1:-} == @(start|restart|stop) && -n ${2:-} ]] || { echo "usage: tools/slurm/cluster.sh start|stop DIR, or restart DIR NODE" >&2; exit 2; }
export PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch; do
  command -v "$program" >/dev/null || fail "$program is not installed; on Debian: apt-get install --no-install-recommends slurm-wlm munge"
done
mkdir -p "$2"
dir=$(cd "$2" && pwd)
export SLURM_CONF=$dir/slurm.conf

# ends PIDFILE [SIGNAL]: ends a daemon, if it runs, and waits until it is gone.
ends() {
  local pid
  [[ -s $1 ]] || return 0
  pid=$(<"$1")
  kill "-${2:-TERM}" "$pid" 2>/dev/null || return 0
  for _ in {1..100}; do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep .1
  done
  kill -KILL "$pid" 2>/dev/null || true
}

stop() {
  local name
  ! command -v scancel >/dev/null || timeout 10 scancel --quiet --user "$(id -un)" 2>/dev/null || true
  for name in n1 n2 slurmctld munged; do ends "$dir/$name.pid"; done
}

case $1 in
  stop) stop; exit ;;
  restart)
    [[ ${3:-} == n[12] ]] || fail "there are the nodes n1 and n2, not '${3:-}'"
    ends "$dir/$3.pid" KILL
    slurmd -N "$3"
    exit
    ;;
esac

user=$(id -un)
chmod 755 "$dir"
mkdir -p "$dir"/{munge,state,spool/n1,spool/n2}
chmod 700 "$dir/munge"
[[ -s $dir/munge/key ]] || (umask 077; head -c 1024 /dev/urandom >"$dir/munge/key")
# The socket's path has to be short, and its folder open to others by MUNGE's rules.
cat >"$SLURM_CONF" <<EOF
ClusterName=repro
SlurmctldHost=localhost
SlurmctldPort=26817
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
SlurmUser=$user
SlurmdUser=$user
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/%n.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
JobCompType=jobcomp/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
ReturnToService=2
# Ended jobs are asked for with squeue.
MinJobAge=3600
NodeName=n[1-2] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[26818-26819] CPUs=$(nproc) RealMemory=16000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
EOF

# Snakemake's executor takes SLURM_CONF, as all of Slurm's variables, from the srun within a job.
mkdir -p "$dir/bin"
printf '#!/bin/sh\nSLURM_CONF=%s exec %s "$@"\n' "$SLURM_CONF" "$(command -v srun)" >"$dir/bin/srun"
chmod 755 "$dir/bin/srun"

trap 'stop' ERR
munged --force --key-file="$dir/munge/key" --socket="$dir/munge.socket" --pid-file="$dir/munged.pid" \
  --log-file="$dir/munge/log" --seed-file="$dir/munge/seed" 2>"$dir/munge/said"
slurmctld -c
for node in n1 n2; do slurmd -N "$node"; done
for _ in {1..60}; do
  [[ $(sinfo --noheader --Node --format=%t 2>/dev/null | grep -c '^idle$') == 2 ]] && exit 0
  sleep .5
done
sinfo --Node || true
stop
fail "the nodes are not there after 30 s; see the logs in $dir"
