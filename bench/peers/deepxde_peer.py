# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""The vanilla PINN's training step on convection, u_t + β u_x, in DeepXDE, on PyTorch:
its network, its Jacobians and its own step. What is ours is that the points are given
ones, and the boundary condition, which matches given pairs of places."""

import os

os.environ["DDE_BACKEND"] = "pytorch"

import deepxde as dde  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

import peer  # noqa: E402

RATE = 1e-3  # of Adam
TERMS = ["residual", "initial", "boundary"]


class Match:
    """u at points of one side against u at those of the other."""

    def __init__(self, lower, upper):
        self.points = np.vstack([lower, upper])

    def collocation_points(self, _):
        return self.points

    def error(self, X, inputs, outputs, beg, end, aux_var=None):
        middle = beg + (end - beg) // 2
        return outputs[beg:middle] - outputs[middle:end]


class Given(dde.data.PDE):
    """A problem on given collocation points."""

    def __init__(self, points, *args):
        self.points = points
        super().__init__(*args)

    def train_points(self):
        return self.points


class Peer:
    version = f"deepxde {dde.__version__}"

    def __init__(self, step, variant, inputs):
        dde.config.set_default_float(str(inputs["points"].dtype))
        self.start, data = peer.split(inputs)
        beta = float(data["mu"][0, 0])

        def residual(x, y):
            return dde.grad.jacobian(y, x, i=0, j=1) + beta * dde.grad.jacobian(y, x, i=0, j=0)

        space = dde.geometry.Interval(0, 2 * np.pi)
        conditions = [
            dde.icbc.PointSetBC(data["initial/points"], data["initial/values"][:, None]),
            Match(data["lower/points"], data["upper/points"]),
        ]
        self.data = Given(data["points"], dde.geometry.GeometryXTime(space, dde.geometry.TimeDomain(0, 1)), residual, conditions)
        self.depth = len(self.start) // 2
        sizes = [self.start[f"dense{i}/w"].shape[0] for i in range(self.depth)] + [1]
        self.net = dde.nn.FNN(sizes, "tanh", "Glorot uniform")
        self.reset()

    def reset(self):
        with torch.no_grad():
            for i, linear in enumerate(self.net.linears):
                linear.weight.copy_(torch.from_numpy(self.start[f"dense{i}/w"].T))
                linear.bias.copy_(torch.from_numpy(self.start[f"dense{i}/b"]))
        self.model = dde.Model(self.data, self.net)
        self.model.compile("adam", lr=RATE, verbose=0)

    def named(self, of):
        """An array of each weight, in our names and shapes."""
        out = {}
        for i, linear in enumerate(self.net.linears):
            out[f"dense{i}/w"], out[f"dense{i}/b"] = of(linear.weight).T.copy(), of(linear.bias).copy()
        return out

    def answer(self):
        _, losses = self.model.outputs_losses_train(self.data.train_x, self.data.train_y, None)
        self.net.zero_grad()
        losses.sum().backward()
        gradients = self.named(lambda p: p.grad.numpy())
        terms = dict(zip(TERMS, losses.detach().numpy()))
        self.steps(peer.TWIN_STEPS)
        weights = self.named(lambda p: p.detach().numpy())
        self.reset()
        return terms, gradients, {name: w - self.start[name] for name, w in weights.items()}

    def steps(self, n):
        for _ in range(n):
            self.model.train_step(self.data.train_x, self.data.train_y, None)


peer.serve(Peer)
