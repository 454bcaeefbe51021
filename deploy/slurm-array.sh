#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# A preset as a Slurm array: each task trains one part of the runs, all into one store on the shared file system.
# From the repository's folder, after `make setup` and `go build -buildvcs=false -o .tools/bin/reproduce ./cmd/reproduce`:
#
#   sbatch --array=1-8 deploy/slurm-array.sh laptop
#
# The number of parts is the number of tasks. For the report when all of them have ended, with the id that sbatch printed:
#
#   sbatch --dependency=afterok:ID --wrap '.tools/bin/reproduce report --preset laptop'
#
# A task that was killed, requeued or given twice goes on from its checkpoint or finds its runs finished.
#SBATCH --job-name=reproduce
#SBATCH --array=1-4
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --time=06:00:00
#SBATCH --requeue
#SBATCH --signal=INT@60
#SBATCH --output=reproduce-%A_%a.log
set -euo pipefail
cd "$SLURM_SUBMIT_DIR"

# A signal 60 seconds before the time is over goes to srun's task, which writes its checkpoint.
srun .tools/bin/reproduce run --plain --preset "${1:-quick}" --store "${STORE:-runs}" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
