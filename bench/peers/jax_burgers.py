# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""The HyperPINN's training step on Burgers' equation in JAX, u_t + u u_x − ν u_xx.

nested: jax.grad of jax.grad at one point under vmap, one jitted step at a time.
forward: a jvp along x of the gradient of all points, several jitted steps in a
lax.scan.

Tried beside the latter, on one core: a jvp of a jvp took 1.4 times as long, and
jax.experimental.jet with a jvp along t 1.8 times."""

import jax
import jax.numpy as jnp
import numpy as np

import burgers

BOX = np.array([[0.0, 1.0], [-1.0, 1.0]])  # of t and x


def main_weights(weights, nu):
    """The main network's weights [in, out] and biases [out] at one ν, [1]."""
    h = (2 * nu - (burgers.NU_HIGH + burgers.NU_LOW)) / (burgers.NU_HIGH - burgers.NU_LOW)
    *hidden, (w, b) = ((weights[f"{layer}/w"], weights[f"{layer}/b"]) for layer in burgers.LAYERS)
    for v, c in hidden:
        h = jnp.tanh(h @ v + c)
    flat = h @ w + b
    return [
        (flat[at : at + i * o].reshape(i, o), flat[at + i * o : at + (i + 1) * o]) for i, o, at in burgers.pieces()
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


class Burgers:
    rate = burgers.RATE
    VARIANTS = ("nested", "forward")

    def __init__(self, variant, data):
        self.derivatives = forward if variant == "forward" else nested
        self.given = data["nu"], data["points"]
        self.places, self.values = data["data/points"], data["data/values"]

    def draw(self, key):
        a, b = jax.random.split(key)
        nu, points = self.given
        low, width = jnp.asarray(BOX[:, 0], nu.dtype), jnp.asarray(BOX[:, 1] - BOX[:, 0], nu.dtype)
        drawn = burgers.NU_LOW + (burgers.NU_HIGH - burgers.NU_LOW) * jax.random.uniform(a, nu.shape, nu.dtype)
        return drawn, low + width * jax.random.uniform(b, points.shape, nu.dtype)

    def terms(self, weights, nu, points):
        def at(nu, points):
            main = main_weights(weights, nu)
            v, v_t, v_x, v_xx = self.derivatives(main, points)
            residual = v_t + v * v_x - nu * v_xx
            return {"residual": jnp.mean(residual**2), "data": jnp.mean((u(main, self.places) - self.values) ** 2)}

        return {name: jnp.mean(term) for name, term in jax.vmap(at)(nu, points).items()}
