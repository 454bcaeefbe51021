# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Prints the golden values of TestReferenceAgreesWithSciPy.

    python reference.py     # numpy, scipy

Finite differences of fourth order on half the period (the solution is even) with
4,000 intervals, and the implicit Radau method with rtol 1e-10: nothing in common
with the Go code but the equation. Halving the intervals moves the values by less
than 1e-6.
"""
import sys

import numpy as np
from scipy.integrate import solve_ivp
from scipy.sparse import lil_matrix

NU, RHO, N = 1e-4, 5.0, int(sys.argv[1]) if len(sys.argv) > 1 else 4000
x = np.linspace(0, 1, N + 1)
u0 = x**2 * np.cos(np.pi * x)

# u_xx with mirror images at x = 0 and, by evenness and period, at x = 1.
second = lil_matrix((N + 1, N + 1))
for i in range(N + 1):
    for offset, weight in ((-2, -1), (-1, 16), (0, -30), (1, 16), (2, -1)):
        j = abs(i + offset)
        j = 2 * N - j if j > N else j
        second[i, j] += weight / 12 * N**2
second = second.tocsc()


def jacobian(t, u):
    from scipy.sparse import diags

    return (NU * second + diags(RHO * (1 - 3 * u**2))).tocsc()


times = [0.2, 0.5, 1.0]
s = solve_ivp(lambda t, u: NU * (second @ u) + RHO * (u - u**3), (0, 1), u0,
              method="Radau", jac=jacobian, t_eval=times, rtol=1e-10, atol=1e-12)
for k, t in enumerate(times):
    for at in (0.0, 0.25, 0.45, 0.6, 1.0):
        print(f"{{{at}, {t}, {s.y[round(at * N), k]:.9f}}},")
