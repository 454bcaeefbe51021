# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Trains a small network with PyTorch's Adam and writes the trajectory to adam.json.

    python adam.py > adam.json     # torch 2.15.0, CPU, one thread

The network is u = tanh(x w0 + b0) w1; the loss has two terms, "fit" and "norm".
Initial weights are of closed form, so that nothing random is shared.
"""
import json
import math

import torch

torch.set_num_threads(1)
STEPS, RATE, FINAL, WARMUP = 60, 1e-2, 1e-4, 10
WIDTH, POINTS = 4, 8


def run(dtype, schedule):
    x = torch.tensor([[-1 + 2 * i / (POINTS - 1)] for i in range(POINTS)], dtype=dtype)
    y = torch.tensor([[math.sin(3 * (-1 + 2 * i / (POINTS - 1)))] for i in range(POINTS)], dtype=dtype)
    weights = {
        "w0": torch.tensor([[math.cos(1.0 + j) for j in range(WIDTH)]], dtype=dtype),
        "b0": torch.tensor([[0.1 * j for j in range(WIDTH)]], dtype=dtype),
        "w1": torch.tensor([[math.sin(2.0 + j)] for j in range(WIDTH)], dtype=dtype),
    }
    for w in weights.values():
        w.requires_grad_(True)
    adam = torch.optim.Adam(weights.values(), lr=RATE)
    scheduler = None
    if schedule == "cosine":
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(adam, T_max=STEPS - 1, eta_min=FINAL)
    if schedule == "warmup":
        scheduler = torch.optim.lr_scheduler.LambdaLR(adam, lambda k: min(1.0, (k + 1) / WARMUP))
    out = {"dtype": str(dtype).removeprefix("torch."), "schedule": schedule, "terms": []}
    for _ in range(STEPS):
        adam.zero_grad()
        u = torch.tanh(x @ weights["w0"] + weights["b0"]) @ weights["w1"]
        terms = [((u - y) ** 2).mean(), 0.1 * (weights["w1"] ** 2).sum()]
        out["terms"].append([t.item() for t in terms])
        sum(terms).backward()
        adam.step()
        if scheduler:
            scheduler.step()
    flat = lambda t: [float(v) for v in t.detach().flatten()]
    out["weights"] = {n: flat(w) for n, w in weights.items()}
    out["moment1"] = {n: flat(adam.state[w]["exp_avg"]) for n, w in weights.items()}
    out["moment2"] = {n: flat(adam.state[w]["exp_avg_sq"]) for n, w in weights.items()}
    return out


runs = [run(torch.float64, s) for s in ("", "cosine", "warmup")] + [run(torch.float32, "")]
for r in runs:  # four rows are enough to see where two trajectories part
    r["terms"] = {str(k): r["terms"][k - 1] for k in (1, 2, 20, STEPS)}
print(json.dumps(runs, indent=1))
