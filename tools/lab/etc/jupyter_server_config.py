# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""What JupyterLab is set to in this project. tools/lab/jupyter.sh names this folder to it."""

import pathlib

root = pathlib.Path(__file__).resolve().parents[3]
c = get_config()  # noqa: F821

c.ServerApp.ip = "127.0.0.1"

# The whole project is served, so that a notebook can link to results/ and a student can open the
# packages that a lesson uses; Lab opens on the lessons.
c.ServerApp.root_dir = str(root)
c.LabApp.default_url = "/lab/tree/notebooks/README.md" if (root / "notebooks/README.md").exists() else "/lab"
c.FileContentsManager.preferred_dir = str(root / "notebooks") if (root / "notebooks").is_dir() else str(root)

# The notebooks are Go: the environment's own Python kernel is not offered.
c.KernelSpecManager.allowed_kernelspecs = {"gonb"}
c.KernelSpecManager.ensure_native_kernel = False
c.MultiKernelManager.default_kernel_name = "gonb"

# Nothing asks the network: no news, no search for updates, no extensions from PyPI.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"

# Go is completed by the kernel (gopls); other language servers are not looked for.
c.LanguageServerManager.autodetect = False
