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
from torch.func import grad, grad_and_value

import peer


def main_weights(weights, nu):
    """The main network's weights [ν, in, out] and biases [ν, 1, out] at ν [ν, 1]."""
    h = (2 * nu - (peer.NU_HIGH + peer.NU_LOW)) / (peer.NU_HIGH - peer.NU_LOW)
    *hidden, (w, b) = zip(weights[::2], weights[1::2])
    for v, c in hidden:
        h = torch.tanh(torch.addmm(c, h, v))
    flat = torch.addmm(b, h, w)
    return [
        (flat[:, at : at + i * o].reshape(-1, i, o), flat[:, at + i * o : at + (i + 1) * o].reshape(-1, 1, o))
        for i, o, at in peer.pieces()
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


class Peer:
    version = f"torch {torch.__version__}"

    def __init__(self, variant, inputs):
        given = {name: torch.from_numpy(a) for name, a in inputs.items()}
        self.nu, self.points = given["nu"], given["points"]
        self.places = given["data/points"].expand(len(self.nu), -1, -1)
        self.values = given["data/values"][:, None]
        self.start = [given[f"weight/{name}"] for name in peer.NAMES]
        self.compiled = variant == "compiled"
        self.derivatives = functional if self.compiled else nested
        self.gradient = torch.compile(self.functional_gradient, dynamic=False) if self.compiled else self.backward
        self.box = torch.tensor([[0.0, 1.0], [-1.0, 1.0]], dtype=self.nu.dtype)  # of t and x
        self.reset()

    def reset(self):
        self.weights = [w.clone().requires_grad_(not self.compiled) for w in self.start]
        fused = {"fused": True} if self.compiled else {}
        self.adam = torch.optim.Adam(self.weights, lr=peer.RATE, **fused)

    def terms(self, weights, nu, points):
        main = main_weights(weights, nu)
        v, g, v_xx = self.derivatives(main, points)
        residual = g[..., :1] + v * g[..., 1:] - nu[:, None] * v_xx
        misfit = u(main, self.places) - self.values
        return residual.square().mean(), misfit.square().mean()

    def backward(self, weights, nu, points):
        terms = self.terms(weights, nu, points)
        return torch.autograd.grad(sum(terms), weights), terms

    def functional_gradient(self, weights, nu, points):
        def loss(weights):
            terms = self.terms(weights, nu, points)
            return sum(terms), terms

        gradients, (_, terms) = grad_and_value(loss, has_aux=True)(weights)
        return gradients, terms

    def step(self, nu, points):
        gradients, _ = self.gradient(self.weights, nu, points)
        for w, g in zip(self.weights, gradients):
            w.grad = g
        self.adam.step()

    def answer(self):
        gradients, terms = self.gradient(self.weights, self.nu, self.points)
        found = [t.detach().numpy() for t in terms], [g.numpy() for g in gradients]
        for _ in range(peer.TWIN_STEPS):
            self.step(self.nu, self.points)
        stepped = [(w.detach() - s).numpy() for w, s in zip(self.weights, self.start)]
        self.reset()
        return *found, stepped

    def steps(self, n):
        low, width = self.box[:, 0], self.box[:, 1] - self.box[:, 0]
        for _ in range(n):
            nu = peer.NU_LOW + (peer.NU_HIGH - peer.NU_LOW) * torch.rand_like(self.nu)
            self.step(nu, low + width * torch.rand_like(self.points))


peer.serve(Peer)
