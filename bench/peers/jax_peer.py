# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""A training step in JAX: a model's terms, their gradient and Adam. The models are in
jax_burgers.py and jax_convection.py, each a class by the name of the step with

    rate            of Adam
    VARIANTS        the ways to take the step
    terms(weights)  the terms of the loss by name
    draw(key)       new points for the next step, where it has them

The variant forward takes SCAN steps in a lax.scan, the others one at a time."""

import sys

import jax
import jax.numpy as jnp
import numpy as np

import jax_burgers
import jax_convection
import peer

STEPS = {m.__name__.lower(): m for m in (jax_burgers.Burgers, *jax_convection.STEPS)}
SCAN = 64


def adam(rate, weights, moments, count, gradients):
    count = count + 1
    first = {n: 0.9 * moments[0][n] + 0.1 * g for n, g in gradients.items()}
    second = {n: 0.999 * moments[1][n] + 0.001 * g * g for n, g in gradients.items()}
    c1, c2 = 1 - 0.9**count, 1 - 0.999**count
    weights = {n: w - rate * (first[n] / c1) / (jnp.sqrt(second[n] / c2) + 1e-8) for n, w in weights.items()}
    return weights, (first, second), count


class Peer:
    version = f"jax {jax.__version__}"

    def __init__(self, step, variant, inputs):
        if inputs["points"].dtype == np.float64:
            jax.config.update("jax_enable_x64", True)
        weights, data = peer.split(inputs)
        self.start = {name: jnp.asarray(a) for name, a in weights.items()}
        self.model = STEPS[step](variant, {name: jnp.asarray(a) for name, a in data.items()})
        self.scan = SCAN if variant == "forward" else 1
        self.run = jax.jit(self.scanned if self.scan > 1 else self.drawn)
        self.key = jax.random.key(0)
        self.state = self.fresh()

    def fresh(self):
        zeros = {n: jnp.zeros_like(w) for n, w in self.start.items()}
        return self.start, (zeros, zeros), jnp.zeros((), next(iter(zeros.values())).dtype)

    def gradient(self, weights, *points):
        def loss(weights):
            terms = self.model.terms(weights, *points)
            return sum(terms.values()), terms

        (_, terms), gradients = jax.value_and_grad(loss, has_aux=True)(weights)
        return gradients, terms

    def step(self, state, *points):
        weights, moments, count = state
        gradients, terms = self.gradient(weights, *points)
        return adam(self.model.rate, weights, moments, count, gradients), sum(terms.values())

    def drawn(self, state, key):
        """One step at points of its own."""
        return self.step(state, *self.model.draw(key))

    def scanned(self, state, key):
        return jax.lax.scan(self.drawn, state, jax.random.split(key, self.scan))

    def answer(self):
        gradients, terms = jax.jit(self.gradient)(self.start, *self.model.given)
        state, step = self.fresh(), jax.jit(self.step)
        for _ in range(peer.TWIN_STEPS):
            state, _ = step(state, *self.model.given)
        return terms, gradients, {n: w - self.start[n] for n, w in state[0].items()}

    def steps(self, n):
        if n % self.scan:
            sys.exit(f"{n} steps are no multiple of {self.scan}")
        for _ in range(n // self.scan):
            self.key, key = jax.random.split(self.key)
            self.state, loss = self.run(self.state, key)
        jax.block_until_ready((self.state, loss))


peer.serve(Peer)
