#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# Runs a program of .tools/lab/ with the project's kernel and settings, and with nothing of the user's:
# what Jupyter writes goes to .tools/jupyter/.
#
#   tools/lab/jupyter.sh jupyter lab
#   tools/lab/jupyter.sh python tools/lab/nbclient_run.py
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=$root/.tools/lab/bin
if [[ ! -x $bin/python ]]; then
  echo "lab: JupyterLab is not installed: run make lab, or tools/venv.sh lab" >&2
  exit 1
fi
mine=$root/.tools/jupyter
mkdir -p "$mine"
export JUPYTER_PATH="$root/tools/lab/share/jupyter" JUPYTER_CONFIG_PATH="$root/tools/lab/etc"
export JUPYTER_CONFIG_DIR="$mine/config" JUPYTER_DATA_DIR="$mine/data" JUPYTER_RUNTIME_DIR="$mine/runtime"
export IPYTHONDIR="$mine/ipython" PYTHONDONTWRITEBYTECODE=1
program=$1
shift
exec "$bin/$program" "$@"
