# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Writes lorenz_trajectories.json: trajectories of the Lorenz system by others.

    pip install numpy==2.4.6 scipy==1.17.1 && python lorenz_trajectories.py > lorenz_trajectories.json

"rk45" is scipy.integrate.solve_ivp at its default tolerances, over 5 s. "exact" is
a Taylor series of order 30 in steps of 1/200 s with 50 digits, over 25 s: neither
its rounding nor the terms left out have grown past 1e-20 by then.
"""

import json
from decimal import Decimal, getcontext

import numpy as np
from scipy.integrate import solve_ivp

getcontext().prec = 50
ORDER, PER_SECOND = 30, 200


def rk45(mu, start):
    sigma, rho, beta = mu

    def f(t, s):
        x, y, z = s
        return [sigma * (y - x), x * (rho - z) - y, x * y - beta * z]

    # Times between the steps, so that the interpolant is seen.
    times = np.arange(51) / 10
    return solve_ivp(f, (0, 5), start, method="RK45", t_eval=times).y.T.tolist()


def exact(mu, start):
    sigma, rho, beta = map(Decimal, mu)
    state = [Decimal(s) for s in start]
    h = Decimal(1) / PER_SECOND
    out = [list(map(float, state))]
    for second in range(25):
        for _ in range(PER_SECOND):
            x, y, z = ([s] for s in state)
            for k in range(ORDER):
                xz = sum(x[j] * z[k - j] for j in range(k + 1))
                xy = sum(x[j] * y[k - j] for j in range(k + 1))
                x.append(sigma * (y[k] - x[k]) / (k + 1))
                y.append((rho * x[k] - xz - y[k]) / (k + 1))
                z.append((xy - beta * z[k]) / (k + 1))
            state = []
            for series in (x, y, z):
                total = Decimal(0)
                for c in reversed(series):
                    total = total * h + c
                state.append(total)
        out.append(list(map(float, state)))
    return out


cases = []
# Lorenz's own parameters; those of the paper's figure 2; and a spiral into C+.
for mu, start in (
    ([10.0, 28.0, 8 / 3], [1.0, 1.0, 1.0]),
    ([10.0, 21.7, 5 / 3], [-8.0, 7.0, 3.5]),
    ([10.0, 12.0, 2.0], [3.0, -9.0, -6.0]),
):
    cases.append({"mu": mu, "start": start, "rk45": rk45(mu, start), "exact": exact(mu, start)})
print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")
