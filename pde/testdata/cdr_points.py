# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Writes cdr_points.json: reference solutions by a route of their own.

    pip install numpy scipy && python cdr_points.py > cdr_points.json

u_t + beta u_x - nu u_xx - rho u (1 - u) = 0 with the wide Gaussian initial
condition, 2 pi-periodic, as a Fourier-Galerkin system: coefficients of the initial
condition by adaptive quadrature, products without aliasing, and everything
(convection too, which the Go code moves into the coordinate) by the explicit
DOP853 with rtol 1e-12.
"""

import json

import numpy as np
from scipy.integrate import quad, solve_ivp

# Modes kept. Those left out start below 0.11/K^2, touch the kept ones through the
# product only, as 1/K^3, and are gone after a time 1/(nu K^2): 1e-11 in all.
K = 64
k = np.arange(K + 1)


def half(x):
    return np.exp(-(((x - np.pi) / (np.pi / 2)) ** 2) / 2)


def solve(mu, points):
    beta, nu, rho = mu
    linear = -nu * k**2 - 1j * beta * k
    n = 4 * K

    def slope(_, c):
        spectrum = np.zeros(n // 2 + 1, complex)
        spectrum[: K + 1] = c
        u = np.fft.irfft(spectrum * n, n)
        return linear * c + np.fft.rfft(rho * u * (1 - u))[: K + 1] / n

    # Even about pi, so the coefficients are real.
    start = [quad(half, 0, np.pi, weight="cos", wvar=j, epsabs=1e-15)[0] / np.pi for j in k]
    times = sorted({t for _, t in points})
    run = solve_ivp(slope, (0, times[-1]), np.array(start, complex), method="DOP853",
                    t_eval=times, rtol=1e-12, atol=1e-14)
    values = []
    for x, t in points:
        c = run.y[:, times.index(t)]
        values.append(float(c[0].real + 2 * np.sum(c[1:] * np.exp(1j * k[1:] * x)).real))
    return values


points = [[0.0, 0.1], [1.0, 0.1], [4.5, 0.37], [3.0, 1.0], [6.0, 1.0]]
golden = [
    {"mu": mu, "at": points, "u": solve(mu, points)}
    for mu in ([3.0, 3.0, 3.0], [0.0, 0.5, 5.0], [2.5, 1.5, -2.0])
]
print(json.dumps(golden))
