# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Runs notebooks with nbclient, Jupyter's own runner, as a reference for `notebooks run`.

    tools/lab/jupyter.sh python tools/lab/nbclient_run.py [--preset smoke] [--jobs 2] [--timeout 600]
        [--out out/notebooks-nbclient] [notebook.ipynb …]

Each notebook runs in its folder with the project's kernel, as in JupyterLab, and is written, executed, to
--out. Without arguments these are the notebooks of notebooks/solutions. `notebooks summary` then makes
of the folder what `notebooks compare` compares. The exit status is 0 when all ran to their end, 1 when one
failed, 2 when one is not there.
"""

import argparse
import asyncio
import os
import pathlib
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = pathlib.Path(__file__).resolve().parents[2]
RAISES = "raises"  # ours, of a cell that fails on purpose
RAISES_JUPYTER = "raises-exception"  # what nbclient calls it


async def execute(path, out, timeout):
    """Runs one notebook, writes it, and returns what went wrong, or None."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    lent = [c for c in notebook.cells if RAISES in c.metadata.get("tags", []) and RAISES_JUPYTER not in c.metadata.tags]
    for cell in lent:
        cell.metadata.tags.append(RAISES_JUPYTER)
    deadline = time.monotonic() + timeout
    client = NotebookClient(
        notebook,
        kernel_name="gonb",
        resources={"metadata": {"path": str(path.parent)}},
        timeout_func=lambda cell: max(1, int(deadline - time.monotonic())),
        record_timing=True,
    )
    problem = None
    try:
        await client.async_execute()
    except CellExecutionError as e:
        problem = str(e)
    except DeadKernelError:
        problem = "the kernel died"
    except CellTimeoutError:
        problem = f"timed out: the notebook took more than {timeout:g} s"
    for cell in lent:
        cell.metadata.tags.remove(RAISES_JUPYTER)
    nbformat.validate(notebook)
    nbformat.write(notebook, out / path.name)
    return problem


async def main():
    parser = argparse.ArgumentParser(description="Run notebooks with nbclient, as a reference.")
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path, help="default: all in notebooks/solutions")
    parser.add_argument("--preset", choices=["smoke", "quick"], default="quick")
    parser.add_argument("--jobs", type=int, default=2, help="notebooks at once (default 2)")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for each notebook (default 600)")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "out/notebooks-nbclient")
    args = parser.parse_args()

    paths = [p.resolve() for p in args.notebooks] or sorted((ROOT / "notebooks/solutions").glob("*.ipynb"))
    for path in paths:
        if not path.is_file():
            print(f"nbclient: {path} is not there", file=sys.stderr)
            return 2
    if not paths:
        print("nbclient: notebooks/solutions has no notebook", file=sys.stderr)
        return 2
    os.environ.update(NB_PRESET=args.preset, NB_STRICT="1")  # the kernels inherit them
    args.out.mkdir(parents=True, exist_ok=True)
    for old in args.out.glob("*.ipynb"):
        old.unlink()  # the summary is of this run

    slots = asyncio.Semaphore(args.jobs)

    async def one(path):
        async with slots:
            began = time.monotonic()
            problem = await execute(path, args.out, args.timeout)
            seconds = time.monotonic() - began
            print(f"{'FAIL' if problem else 'ok  '}  {path.stem}  {seconds:.1f} s", flush=True)
            if problem:
                print("      " + problem.strip().replace("\n", "\n      "), flush=True)
            return problem

    failed = sum(problem is not None for problem in await asyncio.gather(*map(one, paths)))
    print(f"nbclient: {len(paths) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(asyncio.run(main()))
