# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Writes golden.json: losses and gradients of both phases by JAX.

    pip install jax==0.10.2 && python golden.py

An implementation of its own, in float64: one point and one parameter setting at
a time, with derivatives by nested reverse mode, as the paper's equations are
written. Weights and points follow from formulas, so that the Go test can make
the same ones. Each gradient is given by its norm and by its sum with the weights
cos(i), i the element's number: the latter tells a transposed gradient apart.
"""
import json
import pathlib

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

WIDTH = 6
MUS = [[3.0, 0.25, 1.5], [2.0, 0.5, 0.75]]  # beta, nu, rho

SHAPES = {"start/w": (2, WIDTH), "start/b": (WIDTH,), "end/w": (WIDTH, 1), "end/b": (1,)}
for l in range(3):
    SHAPES[f"basis{l}/u"] = SHAPES[f"basis{l}/v"] = (WIDTH, WIDTH)
for m in range(3):
    SHAPES[f"hyper{m}/w"], SHAPES[f"hyper{m}/b"] = (3 if m == 0 else WIDTH, WIDTH), (WIDTH,)
for l in range(3):
    SHAPES[f"head{l}/w"], SHAPES[f"head{l}/b"] = (WIDTH, WIDTH), (WIDTH,)
for l in range(3):
    SHAPES[f"diagonal{l}"] = (WIDTH,)


def formula(name):
    """sin(i^2 + c), c the sum of the name's bytes: full rank, and of a size that bends tanh."""
    n = int(np.prod(SHAPES[name]))
    return jnp.array(np.sin(np.arange(n) ** 2 + sum(name.encode()))).reshape(SHAPES[name])


COLLOCATION = [(2 * np.pi * (0.618 * i % 1), 0.414 * i % 1) for i in range(1, 8)]
INITIAL = [(2 * np.pi * i / 5, 0.0) for i in range(5)]
BOUNDARY = [i / 3 for i in range(4)]


def hyper(w, mu):
    h = mu
    for m in range(3):
        h = jnp.tanh(h @ w[f"hyper{m}/w"] + w[f"hyper{m}/b"])
    return [jax.nn.relu(h @ w[f"head{l}/w"] + w[f"head{l}/b"]) for l in range(3)]


def network(w, s, x, t):
    h = jnp.tanh(jnp.array([x, t]) @ w["start/w"] + w["start/b"])
    for l in range(3):
        h = jnp.tanh(h @ (w[f"basis{l}/u"] @ jnp.diag(s[l]) @ w[f"basis{l}/v"]))
    return (h @ w["end/w"] + w["end/b"])[0]


def terms(w, diagonals):
    """diagonals: mu to s. Means are over points and settings."""
    residual, initial, boundary = [], [], []
    for mu in MUS:
        beta, nu, rho = mu
        s = diagonals(jnp.array(mu))
        u = lambda x, t: network(w, s, x, t)
        u_x, u_t = jax.grad(u, 0), jax.grad(u, 1)
        u_xx = jax.grad(u_x, 0)
        for x, t in COLLOCATION:
            residual.append(u_t(x, t) + beta * u_x(x, t) - nu * u_xx(x, t) - rho * u(x, t) * (1 - u(x, t)))
        initial += [u(x, t) - (1 + np.sin(x)) for x, t in INITIAL]
        boundary += [u(0.0, t) - u(2 * np.pi, t) for t in BOUNDARY]
    square = lambda r: jnp.mean(jnp.stack(r) ** 2)
    return {"residual": square(residual), "initial": square(initial), "boundary": square(boundary)}


def penalty(w, paper):
    total = 0
    for l in range(3):
        for b in (w[f"basis{l}/u"], w[f"basis{l}/v"]):
            if paper:
                total += jnp.linalg.norm(b.T @ b - jnp.eye(WIDTH)) ** 2
            else:
                total += jnp.linalg.norm(b @ b.T - jnp.eye(WIDTH))
    return 4 * total / WIDTH**2


def golden(loss, w):
    values = loss(w)
    gradients = jax.grad(lambda w: sum(loss(w).values()))(w)
    probe = lambda g: float(jnp.sum(g.ravel() * jnp.cos(jnp.arange(g.size))))
    return {
        "terms": {k: float(v) for k, v in values.items()},
        "gradients": {k: [float(jnp.linalg.norm(g)), probe(g)] for k, g in gradients.items()},
    }


weights = {name: formula(name) for name in SHAPES}
phase1 = {k: v for k, v in weights.items() if not k.startswith("diagonal")}
phase2 = {k: v for k, v in weights.items() if k.startswith(("start", "end", "diagonal"))}
bases = {k: v for k, v in weights.items() if k.startswith("basis")}

out = {}
for name in ("code", "paper"):
    out["phase1-" + name] = golden(lambda w: terms(w, lambda mu: hyper(w, mu)) | {"orthogonality": penalty(w, name == "paper")}, phase1)
MUS = MUS[:1]  # Phase 2 is for one setting
out["phase2"] = golden(lambda w: terms(w | bases, lambda mu: [w[f"diagonal{l}"] for l in range(3)]), phase2)
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(out, indent=1, sort_keys=True) + "\n")
