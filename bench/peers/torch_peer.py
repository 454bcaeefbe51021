# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""A training step in PyTorch: a model's terms, their gradient and Adam. The models
are in torch_burgers.py and torch_convection.py, each a class by the name of the step
with

    rate            of Adam
    VARIANTS        the ways to take the step, and whether torch.compile compiles each
    terms(weights)  the terms of the loss by name
    draw()          new points for the next step, where it has them"""

import torch
from torch.func import grad_and_value

import peer
import torch_burgers
import torch_convection

STEPS = {m.__name__.lower(): m for m in (torch_burgers.Burgers, *torch_convection.STEPS)}


class Peer:
    version = f"torch {torch.__version__}"

    def __init__(self, step, variant, inputs):
        weights, data = peer.split(inputs)
        self.start = {name: torch.from_numpy(a) for name, a in weights.items()}
        self.model = STEPS[step](variant, {name: torch.from_numpy(a) for name, a in data.items()})
        self.compiled = self.model.VARIANTS[variant]
        self.gradient = torch.compile(self.functional, dynamic=False) if self.compiled else self.backward
        self.reset()

    def reset(self):
        self.weights = {n: w.clone().requires_grad_(not self.compiled) for n, w in self.start.items()}
        fused = {"fused": True} if self.compiled else {}
        self.adam = torch.optim.Adam(self.weights.values(), lr=self.model.rate, **fused)

    def backward(self, weights, *points):
        terms = self.model.terms(weights, *points)
        return dict(zip(weights, torch.autograd.grad(sum(terms.values()), weights.values()))), terms

    def functional(self, weights, *points):
        def loss(weights):
            terms = self.model.terms(weights, *points)
            return sum(terms.values()), terms

        gradients, (_, terms) = grad_and_value(loss, has_aux=True)(weights)
        return gradients, terms

    def step(self, points):
        gradients, _ = self.gradient(self.weights, *points)
        for name, w in self.weights.items():
            w.grad = gradients[name]
        self.adam.step()

    def answer(self):
        gradients, terms = self.gradient(self.weights, *self.model.given)
        found = [{n: a.detach().numpy().copy() for n, a in part.items()} for part in (terms, gradients)]
        for _ in range(peer.TWIN_STEPS):
            self.step(self.model.given)
        stepped = {n: (w.detach() - self.start[n]).numpy() for n, w in self.weights.items()}
        self.reset()
        return *found, stepped

    def steps(self, n):
        for _ in range(n):
            self.step(self.model.draw())


peer.serve(Peer)
