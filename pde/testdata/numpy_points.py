# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Writes numpy_points.json: golden values of NumPy's legacy generator.

Run with any Python 3 and NumPy (the legacy RandomState is frozen by NEP 19):

    python numpy_points.py > numpy_points.json

The index lists are drawn as the authors of Hyper-LR-PINN draw theirs: without
replacement under seed 0 from the 99 x 255 interior grid points, collocation
points first, then the test points from what is left.
"""

import hashlib
import json

import numpy as np


def summary(index):
    text = ",".join(str(int(i)) for i in index)
    return {
        "first": [int(i) for i in index[:5]],
        "last": [int(i) for i in index[-5:]],
        "sum": int(np.sum(index)),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


golden = {"uint32": {}, "points": []}
for seed in (0, 1, 20231016):
    draws = np.random.RandomState(seed).randint(0, 2**32, size=1300, dtype=np.uint32)
    golden["uint32"][str(seed)] = summary(draws)

interior = 99 * 255
for collocation in (10, 1000, 6000):
    random = np.random.RandomState(0)
    index = random.choice(interior, collocation, replace=False)
    rest = list(set(range(interior)) - set(index))
    test = random.choice(rest, 1000, replace=False)
    golden["points"].append(
        {"collocation": collocation, "index": summary(index), "test": summary(test)}
    )

print(json.dumps(golden, indent=1))
