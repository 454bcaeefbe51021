# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""The sizes of the HyperPINN on Burgers' equation, which PyTorch and JAX share."""

MAIN = [2, 8, 8, 8, 8, 8, 8, 1]  # widths of the main network: t, x to u
LAYERS = ["hyper0", "hyper1", "hyper2", "hyper3", "head"]  # of the hypernetwork
NU_LOW, NU_HIGH = 0.001, 0.1
RATE = 1e-3  # of Adam


def pieces():
    """The main network's layers as (in, out, start) in what the hypernetwork writes."""
    start = 0
    for i, o in zip(MAIN, MAIN[1:]):
        yield i, o, start
        start += (i + 1) * o
