# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""The HyperPINN's training step on Burgers' equation in JAX, u_t + u u_x − ν u_xx.

nested: jax.grad of jax.grad at one point under vmap, one jitted step at a time.
forward: a jvp along x of the gradient of all points, 64 jitted steps in a lax.scan.

Tried beside the latter, on one core: a jvp of a jvp took 1.4 times as long, and
jax.experimental.jet with a jvp along t 1.8 times."""

import sys

import jax
import jax.numpy as jnp
import numpy as np

import peer

SCAN = 64
BOX = np.array([[0.0, 1.0], [-1.0, 1.0]])  # of t and x


def main_weights(weights, nu):
    """The main network's weights [in, out] and biases [out] at one ν, [1]."""
    h = (2 * nu - (peer.NU_HIGH + peer.NU_LOW)) / (peer.NU_HIGH - peer.NU_LOW)
    *hidden, (w, b) = zip(weights[::2], weights[1::2])
    for v, c in hidden:
        h = jnp.tanh(h @ v + c)
    flat = h @ w + b
    return [
        (flat[at : at + i * o].reshape(i, o), flat[at + i * o : at + (i + 1) * o]) for i, o, at in peer.pieces()
    ]


def u(main, points):
    """The main network on points [..., 2]: [...]."""
    h = points
    for w, b in main[:-1]:
        h = jnp.tanh(h @ w + b)
    w, b = main[-1]
    return (h @ w + b)[..., 0]


def nested(main, points):
    """u, u_t, u_x, u_xx by nested reverse mode at each point."""

    def at(point):
        def f(t, x):
            return u(main, jnp.stack([t, x]))

        t, x = point
        u_t, u_x = jax.grad(f, (0, 1))(t, x)
        return f(t, x), u_t, u_x, jax.grad(jax.grad(f, 1), 1)(t, x)

    return jax.vmap(at)(points)


def forward(main, points):
    """The same by forward mode over reverse mode, all points together."""

    def total(points):
        v = u(main, points)
        return v.sum(), v

    along_x = jnp.broadcast_to(jnp.array([0, 1], points.dtype), points.shape)
    (g, v), (g_x, _) = jax.jvp(jax.grad(total, has_aux=True), (points,), (along_x,))
    return v, g[:, 0], g[:, 1], g_x[:, 1]


def adam(weights, moments, count, gradients):
    count = count + 1
    first = [0.9 * m + 0.1 * g for m, g in zip(moments[0], gradients)]
    second = [0.999 * m + 0.001 * g * g for m, g in zip(moments[1], gradients)]
    c1, c2 = 1 - 0.9**count, 1 - 0.999**count
    weights = [w - peer.RATE * (m / c1) / (jnp.sqrt(v / c2) + 1e-8) for w, m, v in zip(weights, first, second)]
    return weights, (first, second), count


class Peer:
    version = f"jax {jax.__version__}"

    def __init__(self, variant, inputs):
        if inputs["nu"].dtype == np.float64:
            jax.config.update("jax_enable_x64", True)
        given = {name: jnp.asarray(a) for name, a in inputs.items()}
        self.nu, self.points = given["nu"], given["points"]
        self.places, self.values = given["data/points"], given["data/values"]
        self.start = [given[f"weight/{name}"] for name in peer.NAMES]
        self.derivatives = forward if variant == "forward" else nested
        self.scan = SCAN if variant == "forward" else 1
        self.run = jax.jit(self.scanned if self.scan > 1 else self.drawn)
        self.key = jax.random.key(0)
        self.state = self.fresh()

    def fresh(self):
        zeros = [jnp.zeros_like(w) for w in self.start]
        return self.start, (zeros, zeros), jnp.zeros((), self.nu.dtype)

    def terms(self, weights, nu, points):
        def at(nu, points):
            main = main_weights(weights, nu)
            v, v_t, v_x, v_xx = self.derivatives(main, points)
            residual = v_t + v * v_x - nu * v_xx
            return jnp.mean(residual**2), jnp.mean((u(main, self.places) - self.values) ** 2)

        return [jnp.mean(term) for term in jax.vmap(at)(nu, points)]

    def gradient(self, weights, nu, points):
        def loss(weights):
            terms = self.terms(weights, nu, points)
            return sum(terms), terms

        (_, terms), gradients = jax.value_and_grad(loss, has_aux=True)(weights)
        return gradients, terms

    def step(self, state, nu, points):
        weights, moments, count = state
        gradients, terms = self.gradient(weights, nu, points)
        return adam(weights, moments, count, gradients), sum(terms)

    def drawn(self, state, key):
        """One step at points of its own."""
        a, b = jax.random.split(key)
        low, width = jnp.asarray(BOX[:, 0], self.nu.dtype), jnp.asarray(BOX[:, 1] - BOX[:, 0], self.nu.dtype)
        nu = peer.NU_LOW + (peer.NU_HIGH - peer.NU_LOW) * jax.random.uniform(a, self.nu.shape, self.nu.dtype)
        return self.step(state, nu, low + width * jax.random.uniform(b, self.points.shape, self.nu.dtype))

    def scanned(self, state, key):
        return jax.lax.scan(self.drawn, state, jax.random.split(key, self.scan))

    def answer(self):
        gradients, terms = jax.jit(self.gradient)(self.start, self.nu, self.points)
        state, step = self.fresh(), jax.jit(self.step)
        for _ in range(peer.TWIN_STEPS):
            state, _ = step(state, self.nu, self.points)
        return terms, gradients, [w - s for w, s in zip(state[0], self.start)]

    def steps(self, n):
        if n % self.scan:
            sys.exit(f"{n} steps are no multiple of {self.scan}")
        for _ in range(n // self.scan):
            self.key, key = jax.random.split(self.key)
            self.state, loss = self.run(self.state, key)
        jax.block_until_ready((self.state, loss))


peer.serve(Peer)
