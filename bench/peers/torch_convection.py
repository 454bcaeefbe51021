# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""The steps on convection in PyTorch, u_t + β u_x: Hyper-LR-PINN's Phase 1 on several
β and its Phase 2 at one, and the vanilla PINN. Each in four ways:

published: as the method's published code formulates it, written anew. In Phase 1 each
sample takes its own μ through the hypernetwork and has weight matrices of its own;
u_x, u_t and u_xx come from nested torch.autograd.grad though ν and ρ are 0; the
network is called once for each term, and Phase 1's orthogonality is added at each call.
reverse, forward: one set of matrices for each β, and only the derivative that the
equation has, by torch.func.grad or by torch.func.jvp along (x, t) = (β, 1), compiled.
tangent: the same derivative pushed through the layers by hand, compiled."""

import torch
from torch.func import grad, jvp

LOWRANK = range(3)


class Convection:
    rate = 2.5e-4
    VARIANTS = {"published": False, "reverse": True, "forward": True, "tangent": True}
    given = ()

    def __init__(self, variant, data):
        self.variant, self.data = variant, data
        self.points, self.mu = data["points"], data["mu"]  # [point, (x, t)], [β, (β, ν, ρ)]
        self.direction = torch.stack([self.mu[:, 0], torch.ones_like(self.mu[:, 0])], 1)[:, None]  # [β, 1, (x, t)]

    def draw(self):
        return ()

    def terms(self, weights):
        if self.variant == "published":
            return self.published(weights)
        layers = self.layers(weights)
        network = lambda points: u(layers, points)
        first, lower, upper = (self.data[f"{n}/points"] for n in ("initial", "lower", "upper"))
        out = {
            "residual": self.residual(layers, network).square().mean(),
            "initial": (network(self.everywhere(first))[..., 0] - self.data["initial/values"]).square().mean(),
            "boundary": (network(self.everywhere(lower)) - network(self.everywhere(upper))).square().mean(),
        }
        return out | self.penalty(weights, 4)

    def everywhere(self, points):
        """Points [point, 2] at each β: [β, point, 2]."""
        return points.expand(len(self.mu), -1, -1)

    def residual(self, layers, network):
        points = self.everywhere(self.points)
        along = self.direction.expand_as(points)
        if self.variant == "tangent":
            return tangent(layers, points, along)
        if self.variant == "forward":
            # Dual numbers are written in place, which a view of one number can't be.
            return jvp(network, (points.contiguous(),), (along.contiguous(),))[1]
        return (grad(lambda p: network(p).sum())(points) * along).sum(-1)

    def published(self, weights):
        def call(points):
            x, t = (self.everywhere(points)[..., i].reshape(-1, 1).clone().requires_grad_() for i in (0, 1))
            mu = self.mu.repeat_interleave(len(points), 0)
            return self.sampled(weights, torch.cat([x, t], 1), mu), x, t, mu

        v, x, t, mu = call(self.points)
        (v_x,) = torch.autograd.grad(v.sum(), x, create_graph=True)
        (v_t,) = torch.autograd.grad(v.sum(), t, create_graph=True)
        (v_xx,) = torch.autograd.grad(v_x.sum(), x, create_graph=True)
        beta, nu, rho = mu.T[..., None]
        residual = beta * v_x - nu * v_xx - rho * v * (1 - v) + v_t
        start, lower, upper = (call(self.data[f"{n}/points"])[0] for n in ("initial", "lower", "upper"))
        values = self.data["initial/values"].expand(len(self.mu), -1).reshape(-1, 1)
        out = {
            "residual": residual.square().mean(),
            "initial": (start - values).square().mean(),
            "boundary": (lower - upper).square().mean(),
        }
        calls = [self.penalty(weights, 1) for _ in range(4)]
        return out | {name: sum(c[name] for c in calls) for name in calls[0]}

    def penalty(self, weights, calls):
        return {}


def u(layers, points):
    """A network of layers (w, b) on points: w is [β, in, out] or [in, out]."""
    h = points
    for w, b in layers[:-1]:
        h = h @ w
        h = torch.tanh(h if b is None else h + b)
    w, b = layers[-1]
    return h @ w + b


def tangent(layers, points, along):
    """The derivative of u along a direction, layer by layer."""
    h, d = points, along
    for w, b in layers[:-1]:
        h, d = h @ w, d @ w
        h = torch.tanh(h if b is None else h + b)
        d = (1 - h * h) * d
    return d @ layers[-1][0]


class PINN(Convection):
    """The vanilla PINN: dense layers of 50."""

    rate = 1e-3

    def layers(self, weights):
        n = len(weights) // 2
        return [(weights[f"dense{i}/w"], weights[f"dense{i}/b"]) for i in range(n)]

    def sampled(self, weights, points, mu):
        return u(self.layers(weights), points)


def ends(w, middle):
    """The layers between the two end layers, which are the same for all β."""
    return [(w["start/w"], w["start/b"]), *((m, None) for m in middle), (w["end/w"], w["end/b"])]


class Phase2(Convection):
    """Phase 2: the bases are data, the diagonals weights."""

    def layers(self, w):
        d = self.data
        return ends(w, [(d[f"basis{i}/u"] * w[f"diagonal{i}"]) @ d[f"basis{i}/v"] for i in LOWRANK])

    def sampled(self, w, points, mu):
        d = self.data
        middle = [d[f"basis{i}/u"] @ torch.diag(w[f"diagonal{i}"]) @ d[f"basis{i}/v"] for i in LOWRANK]
        return u(ends(w, middle), points)


class Phase1(Convection):
    """Phase 1: a hypernetwork writes the diagonals at each β."""

    def diagonals(self, w, mu):
        h = mu
        for m in range(3):
            h = torch.tanh(h @ w[f"hyper{m}/w"] + w[f"hyper{m}/b"])
        return [torch.relu(h @ w[f"head{i}/w"] + w[f"head{i}/b"]) for i in LOWRANK]

    def layers(self, w):
        s = self.diagonals(w, self.mu)
        return ends(w, [(w[f"basis{i}/u"] * s[i][:, None]) @ w[f"basis{i}/v"] for i in LOWRANK])

    def sampled(self, w, points, mu):
        s = self.diagonals(w, mu)
        h = torch.tanh(points @ w["start/w"] + w["start/b"])[:, None]
        for i in LOWRANK:
            h = torch.tanh(torch.bmm(h, w[f"basis{i}/u"] @ torch.diag_embed(s[i]) @ w[f"basis{i}/v"]))
        return (h @ w["end/w"] + w["end/b"])[:, 0]

    def penalty(self, w, calls):
        total = 0
        for i in LOWRANK:
            for b in (w[f"basis{i}/u"], w[f"basis{i}/v"]):
                total = total + torch.linalg.norm(b @ b.T - torch.eye(len(b), dtype=b.dtype)) / b.numel()
        return {"orthogonality": calls * total}


STEPS = (PINN, Phase1, Phase2)
