# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Solves two least-squares problems with SciPy and with the algorithm of train/lm.go.

    python lm.py > lm.json     # scipy 1.17.1, numpy 2.4.6

"rosenbrock" is (10 (y - x^2), 1 - x) from (-1.2, 1). "fit" is the network of adam.py with
its 8 misfits and 4 penalties, and 8 more on w0 and b0. "solution" is what SciPy's MINPACK (method "lm") ends at,
"trajectory" the losses before the first steps of Madsen, Nielsen and Tingleff's algorithm
3.16 on columns of length 1, in NumPy, with J by complex steps.
"""
import json

import numpy as np
from scipy.optimize import least_squares

WIDTH, POINTS, STEPS = 4, 8, 15
X = np.array([-1 + 2 * i / (POINTS - 1) for i in range(POINTS)])
Y = np.sin(3 * X)


def rosenbrock(w):
    return np.array([10 * (w[1] - w[0] ** 2), 1 - w[0]])


def fit(w):
    w0, b0, w1 = w[:WIDTH], w[WIDTH : 2 * WIDTH], w[2 * WIDTH :]
    u = np.tanh(np.outer(X, w0) + b0) @ w1
    return np.concatenate([(u - Y) / np.sqrt(POINTS), np.sqrt(0.1) * w1, 0.1 * w0, 0.1 * b0])


def jacobian(f, w):
    step = 1e-30
    columns = [f(w + 1j * step * e).imag / step for e in np.eye(len(w))]
    return np.stack(columns, axis=1)


def madsen(f, w):
    losses, mu, nu = [], 1e-3, 2
    for _ in range(STEPS):
        r, J = f(w), jacobian(f, w)
        losses.append(float(r @ r))
        length = np.linalg.norm(J, axis=0)
        unit = 1 / np.maximum(length, 1e-3 * length.max())
        J = J * unit
        g, mu = J.T @ r, max(mu, 2.0**-52)
        while True:
            h = np.linalg.solve(J.T @ J + mu * np.eye(len(w)), -g)
            new = f(w + unit * h)
            gain = (r @ r - new @ new) / (h @ (mu * h - g))
            if gain > 0:
                w, mu, nu = w + unit * h, mu * max(1 / 3, 1 - (2 * gain - 1) ** 3), 2
                break
            mu, nu = mu * nu, 2 * nu
    return losses


out = {}
j = np.arange(WIDTH)
for name, f, w in [
    ("rosenbrock", rosenbrock, np.array([-1.2, 1.0])),
    ("fit", fit, np.concatenate([np.cos(1.0 + j), 0.1 * j, np.sin(2.0 + j)])),
]:
    s = least_squares(f, w, jac=lambda w: jacobian(f, w), method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15)
    out[name] = {"loss": float(2 * s.cost), "solution": s.x.tolist(), "trajectory": madsen(f, w)}
print(json.dumps(out, indent=1))
