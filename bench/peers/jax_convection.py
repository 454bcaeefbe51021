# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""The steps on convection in JAX, u_t + β u_x: Hyper-LR-PINN's Phase 1 on several β
and its Phase 2 at one, and the vanilla PINN.

nested: jax.grad at one point under vmap, one jitted step at a time.
forward: a jvp along (x, t) = (β, 1) of all points together, several jitted steps in a
lax.scan."""

import jax
import jax.numpy as jnp

LOWRANK = range(3)


class Convection:
    rate = 2.5e-4
    VARIANTS = ("nested", "forward")
    given = ()

    def __init__(self, variant, data):
        self.variant, self.data = variant, data

    def draw(self, key):
        return ()

    def terms(self, weights):
        d = self.data

        def at(mu, diagonals):
            layers = self.layers(weights, diagonals)
            network = lambda points: u(layers, points)
            direction = jnp.stack([mu[0], jnp.ones_like(mu[0])])  # of x and t
            if self.variant == "forward":
                residual = jax.jvp(network, (d["points"],), (jnp.broadcast_to(direction, d["points"].shape),))[1]
            else:
                residual = jax.vmap(lambda p: jax.grad(network)(p) @ direction)(d["points"])
            start = network(d["initial/points"]) - d["initial/values"]
            edge = network(d["lower/points"]) - network(d["upper/points"])
            return {name: jnp.mean(a**2) for name, a in (("residual", residual), ("initial", start), ("boundary", edge))}

        terms = jax.vmap(at)(d["mu"], self.diagonals(weights, d["mu"]))
        return {name: jnp.mean(a) for name, a in terms.items()} | self.penalty(weights)

    def diagonals(self, weights, mu):
        """What the layers need that differs between β, with a leading axis of β."""
        return ()

    def penalty(self, weights):
        return {}


def u(layers, points):
    """A network of layers (w, b) on points [..., 2]: [...]."""
    h = points
    for w, b in layers[:-1]:
        h = jnp.tanh(h @ w if b is None else h @ w + b)
    w, b = layers[-1]
    return (h @ w + b)[..., 0]


class PINN(Convection):
    """The vanilla PINN: dense layers of 50."""

    rate = 1e-3

    def layers(self, weights, _):
        n = len(weights) // 2
        return [(weights[f"dense{i}/w"], weights[f"dense{i}/b"]) for i in range(n)]


def ends(w, middle):
    return [(w["start/w"], w["start/b"]), *((m, None) for m in middle), (w["end/w"], w["end/b"])]


class Phase2(Convection):
    """Phase 2: the bases are data, the diagonals weights."""

    def layers(self, w, _):
        d = self.data
        return ends(w, [(d[f"basis{i}/u"] * w[f"diagonal{i}"]) @ d[f"basis{i}/v"] for i in LOWRANK])


class Phase1(Convection):
    """Phase 1: a hypernetwork writes the diagonals at each β."""

    def diagonals(self, w, mu):
        h = mu
        for m in range(3):
            h = jnp.tanh(h @ w[f"hyper{m}/w"] + w[f"hyper{m}/b"])
        return [jax.nn.relu(h @ w[f"head{i}/w"] + w[f"head{i}/b"]) for i in LOWRANK]

    def layers(self, w, s):
        return ends(w, [(w[f"basis{i}/u"] * s[i]) @ w[f"basis{i}/v"] for i in LOWRANK])

    def penalty(self, w):
        bases = [w[f"basis{i}/{part}"] for i in LOWRANK for part in "uv"]
        return {"orthogonality": 4 * sum(jnp.linalg.norm(b @ b.T - jnp.eye(len(b), dtype=b.dtype)) / b.size for b in bases)}


STEPS = (PINN, Phase1, Phase2)
