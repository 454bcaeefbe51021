# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""The HyperPINN's training step on Burgers' equation in PyTorch, u_t + u u_x − ν u_xx.

nested: torch.autograd.grad of autograd.grad, eager, as a first version would be.
compiled: torch.func.grad of torch.func.grad, and the loss's gradient around it, in
one torch.compile; Adam fused.

Tried beside the latter, on one core: forward mode, which is the best in JAX, takes 1.5
times as long, be it a torch.func.jvp of a jvp or of a grad (not compiled, 3 times as
long as nested); vmap over ν instead of bmm, the C++ wrapper and max-autotune gain
nothing."""

import torch
from torch.func import grad

import burgers


def main_weights(weights, nu):
    """The main network's weights [ν, in, out] and biases [ν, 1, out] at ν [ν, 1]."""
    h = (2 * nu - (burgers.NU_HIGH + burgers.NU_LOW)) / (burgers.NU_HIGH - burgers.NU_LOW)
    *hidden, (w, b) = ((weights[f"{layer}/w"], weights[f"{layer}/b"]) for layer in burgers.LAYERS)
    for v, c in hidden:
        h = torch.tanh(torch.addmm(c, h, v))
    flat = torch.addmm(b, h, w)
    return [
        (flat[:, at : at + i * o].reshape(-1, i, o), flat[:, at + i * o : at + (i + 1) * o].reshape(-1, 1, o))
        for i, o, at in burgers.pieces()
    ]


def u(main, points):
    """The main network on points [ν, point, 2]: [ν, point, 1]."""
    h, last = points, len(main) - 1
    for layer, (w, b) in enumerate(main):
        h = torch.baddbmm(b, h, w)
        if layer < last:
            h = torch.tanh(h)
    return h


def nested(main, points):
    """u, its gradient and u_xx by nested autograd.grad."""
    points = points.detach().requires_grad_()
    v = u(main, points)
    (g,) = torch.autograd.grad(v.sum(), points, create_graph=True)
    (g_x,) = torch.autograd.grad(g[..., 1].sum(), points, create_graph=True)
    return v, g, g_x[..., 1:]


def functional(main, points):
    """The same by torch.func.grad, which torch.compile sees through."""

    def total(points):
        v = u(main, points)
        return v.sum(), v

    def along_x(points):
        g, v = grad(total, has_aux=True)(points)
        return g[..., 1].sum(), (v, g)

    g_x, (v, g) = grad(along_x, has_aux=True)(points)
    return v, g, g_x[..., 1:]


class Burgers:
    rate = burgers.RATE
    VARIANTS = {"nested": False, "compiled": True}

    def __init__(self, variant, data):
        self.derivatives = functional if variant == "compiled" else nested
        self.given = data["nu"], data["points"]
        self.places = data["data/points"].expand(len(data["nu"]), -1, -1)
        self.values = data["data/values"][:, None]
        self.box = torch.tensor([[0.0, 1.0], [-1.0, 1.0]], dtype=data["nu"].dtype)  # of t and x

    def draw(self):
        nu, points = self.given
        low, width = self.box[:, 0], self.box[:, 1] - self.box[:, 0]
        return burgers.NU_LOW + (burgers.NU_HIGH - burgers.NU_LOW) * torch.rand_like(nu), low + width * torch.rand_like(points)

    def terms(self, weights, nu, points):
        main = main_weights(weights, nu)
        v, g, v_xx = self.derivatives(main, points)
        residual = g[..., :1] + v * g[..., 1:] - nu[:, None] * v_xx
        misfit = u(main, self.places) - self.values
        return {"residual": residual.square().mean(), "data": misfit.square().mean()}
